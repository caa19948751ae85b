"""What the operator hears of without asking: each alarm acts on the topic and has an entry in `docs/runbook.md`.

An alarm looks back seven days at most
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html), so nothing here counts on a
weekly event: what is missing is reported by every tick.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from shared.metrics import NAMESPACE, Metric

RUNBOOK = "docs/runbook.md"
_FIVE_MINUTES = Duration.minutes(5)
_LONGEST_LOOK = timedelta(days=7)
_THROTTLES_AN_HOUR = 10
"""A throttled call heals by itself; so many in an hour say that the quota is too small."""


@dataclass(frozen=True)
class Watched:
    """What the alarms look at, in the stack of this name, and how far ticks are apart at most.

    `queues` maps each queue to the hours after which a message in it is too old.
    """

    topic: sns.Topic
    functions: dict[str, lambda_.Function]
    failures: dict[str, sqs.Queue]
    queues: dict[str, tuple[sqs.Queue, int]]
    gap: timedelta
    name: str


def add_alarms(scope: Construct, watched: Watched) -> None:
    """Every alarm of the stack."""
    alarms = _Alarms(scope, watched.topic)
    count = partial(_metric, watched.name)
    tick = max(watched.gap, timedelta(hours=1))
    for name, queue in watched.failures.items():
        alarms.add(
            f"{name}NotEmpty",
            queue.metric_approximate_number_of_messages_visible(period=_FIVE_MINUTES, statistic="Maximum"),
            1,
        )
    for name, (queue, hours) in watched.queues.items():
        alarms.add(
            f"{name}TooOld",
            queue.metric_approximate_age_of_oldest_message(period=_FIVE_MINUTES, statistic="Maximum"),
            hours * 3600,
        )
    for name, function in watched.functions.items():
        alarms.add(f"{name}Errors", function.metric_errors(period=_FIVE_MINUTES, statistic="Sum"), 1)
    alarms.add(
        "DigestsOverdue",
        count("fetch", Metric.DIGESTS_OVERDUE, "Maximum", _minutes(min(3 * tick, _LONGEST_LOOK))),
        1,
        # Every tick reports: where three are missing, nothing runs.
        missing=cloudwatch.TreatMissingData.BREACHING,
    )
    # What only ticks report stays in alarm from one to the next, and does not come and go between them.
    alarms.add("DigestsPartial", count("aggregate", Metric.DIGESTS_PARTIAL, "Sum", _minutes(tick)), 1)
    alarms.add("SourceUnreadable", count("fetch", Metric.SOURCE_UNREADABLE, "Sum", _minutes(tick)), 1)
    alarms.add("BudgetExceeded", count("fetch", Metric.BUDGET_EXCEEDED, "Sum", _minutes(tick)), 1)
    hour = Duration.hours(1)
    alarms.add("TranslateThrottled", count("translate", Metric.TRANSLATE_THROTTLED, "Sum", hour), _THROTTLES_AN_HOUR)


class _Alarms:
    def __init__(self, scope: Construct, topic: sns.Topic) -> None:
        self._scope = scope
        self._action = actions.SnsAction(topic)

    def add(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        threshold: int,
        missing: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING,
    ) -> None:
        """In alarm from `threshold` on, in one period of the metric."""
        alarm = cloudwatch.Alarm(
            self._scope,
            f"{name}Alarm",
            alarm_description=f"{name}: see {RUNBOOK}#{name.lower()}",
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=missing,
        )
        alarm.add_alarm_action(self._action)


def _minutes(time: timedelta) -> Duration:
    return Duration.minutes(time // timedelta(minutes=1))


def _metric(stack: str, service: str, metric: Metric, statistic: str, period: Duration) -> cloudwatch.Metric:
    """A metric of one function, as `functions.counting` reports it."""
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=metric,
        dimensions_map={"service": service, "stack": stack},
        statistic=statistic,
        period=period,
    )
