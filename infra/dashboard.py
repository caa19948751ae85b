"""What an operator looks at: one page that answers whether the week is fine, and the questions to ask of the logs."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs

from shared.metrics import NAMESPACE, Metric

_WIDTH, _HALF = 24, 12
_WEEK, _HOUR = Duration.days(7), Duration.hours(1)
_MOST_LINES = 1000
_FIELDS = ("@timestamp", "service", "level", "message", "run", "language", "paper", "status", "code", "reason", "error")


@dataclass(frozen=True)
class Shown:
    """What the page shows of the stack with this name: its functions and queues, by their names."""

    name: str
    functions: Mapping[str, lambda_.Function]
    queues: Mapping[str, sqs.Queue]


def add_dashboard(stack: Stack, shown: Shown) -> None:
    """The page: alarms, then the week in numbers, then papers, calls and queues hour by hour."""
    alarms = [found for found in stack.node.find_all() if isinstance(found, cloudwatch.Alarm)]
    week = [
        _metric(shown.name, "fetch", Metric.PAPERS_EXPECTED, _WEEK),
        _metric(shown.name, "translate", Metric.PAPERS_TRANSLATED, _WEEK),
        _metric(shown.name, "translate", Metric.PAPERS_FAILED, _WEEK),
        _metric(shown.name, "aggregate", Metric.DIGESTS_COMPLETE, _WEEK),
        _metric(shown.name, "translate", Metric.CHARACTERS_BILLED, _WEEK),
        _metric(shown.name, "translate", Metric.MEMORY_HITS, _WEEK),
    ]
    papers = [
        _metric(shown.name, "translate", metric, _HOUR)
        for metric in (Metric.PAPERS_TRANSLATED, Metric.PAPERS_FAILED, Metric.TRANSLATE_THROTTLED)
    ]
    ticks = [
        _metric(shown.name, "fetch", metric, _HOUR)
        for metric in (Metric.TICKS_DONE, Metric.INCIDENTS_OPEN, Metric.DIGESTS_OVERDUE, Metric.SOURCE_UNREADABLE)
    ]
    calls = [function.metric_invocations(period=_HOUR, label=name) for name, function in shown.functions.items()]
    errors = [
        function.metric_errors(period=_HOUR, label=f"{name}, errors") for name, function in shown.functions.items()
    ]
    waiting = [
        queue.metric_approximate_number_of_messages_visible(period=_HOUR, statistic="Maximum", label=name)
        for name, queue in shown.queues.items()
    ]
    cloudwatch.Dashboard(
        stack,
        "Dashboard",
        dashboard_name=shown.name,
        default_interval=_WEEK,
        widgets=[
            [cloudwatch.AlarmStatusWidget(title="Is this week fine?", alarms=alarms, width=_WIDTH, height=4)],
            [
                cloudwatch.SingleValueWidget(
                    title="The last seven days", metrics=week, width=_WIDTH, height=4, set_period_to_time_range=True
                )
            ],
            [_graph("Papers", papers), _graph("What ticks found", ticks)],
            [_graph("Functions", calls, errors), _graph("Messages that wait, and dead ones", waiting)],
        ],
    )


def add_queries(stack: Stack, shown: Shown) -> None:
    """The questions, saved in CloudWatch Logs Insights: a run's, a paper's, and what went wrong."""
    groups = [function.log_group for function in shown.functions.values()]
    questions = {
        "a run": 'run = "2025-W37"',
        "a paper": 'run = "2025-W37" and paper = "2509.08721"',
        "what went wrong": 'level in ["WARNING", "ERROR", "CRITICAL"]',
    }
    for title, question in questions.items():
        logs.QueryDefinition(
            stack,
            f"Query{title.title().replace(' ', '')}",
            query_definition_name=f"{shown.name}/{title}",
            log_groups=groups,
            query_string=logs.QueryString(
                fields=list(_FIELDS), filter_statements=[question], sort="@timestamp", limit=_MOST_LINES
            ),
        )


def _graph(
    title: str, metrics: list[cloudwatch.Metric], other: list[cloudwatch.Metric] | None = None
) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=metrics, right=other or [], width=_HALF, height=6)


def _metric(stack: str, service: str, metric: Metric, period: Duration) -> cloudwatch.Metric:
    """A count of one function, as `functions.counting` reports it, summed."""
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=metric,
        dimensions_map={"service": service, "stack": stack},
        statistic="Sum",
        period=period,
    )
