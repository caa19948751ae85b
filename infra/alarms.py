"""What only somebody outside can see, and so no tick can tell: each alarm acts on the topic and has an entry in
`docs/runbook.md`. All else is told by ticks, as incidents (`shared/incidents.py`).

An alarm is told when it begins and when it is over. Its description is a part of the mail: it says in plain words what
is wrong, and leads to the log that says why.
"""

from dataclasses import dataclass
from datetime import timedelta

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from shared.metrics import NAMESPACE, Metric

_FIVE_MINUTES = timedelta(minutes=5)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_TICKS = 2
"""Within how many ticks it is told that none has done its work."""


@dataclass(frozen=True)
class Watched:
    """What the alarms look at, in the stack of this name, and how far ticks are apart at most.

    `dead_signals` is the dead-letter queue of what wakes aggregate.
    """

    topic: sns.Topic
    functions: dict[str, lambda_.Function]
    dead_signals: sqs.Queue
    gap: timedelta
    name: str


def add_alarms(scope: Construct, watched: Watched) -> None:
    """Every alarm of the stack."""
    alarms = _Alarms(scope, watched)
    window = _TICKS * max(watched.gap, _HOUR)
    # An alarm looks back one day at most, or seven where its periods are hours or longer:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    period = _FIVE_MINUTES if window <= _DAY else _HOUR
    # Where no tick reports, this is INSUFFICIENT_DATA. Every alarm is born in that state and acts when it changes, so a
    # new stack is not taken for one in which nothing runs any more. Where ticks report that they could not do their
    # work, it is ALARM. Many short periods instead of two long ones, because CloudWatch looks a few periods further
    # back than it is told before it misses any
    # (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html).
    ticks = alarms.add(
        "TicksMissing",
        "no tick has done its work for as long as two take. Nothing is fetched, sent, published or told meanwhile.",
        cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=Metric.TICKS_DONE,
            dimensions_map={"service": "fetch", "stack": watched.name},
            statistic="Maximum",
            period=_duration(period),
        ),
        log_of="Fetch",
        comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        periods=window // period,
        missing=cloudwatch.TreatMissingData.MISSING,
    )
    ticks.add_insufficient_data_action(alarms.action)
    for name, function in watched.functions.items():
        errors = function.metric_errors(period=_duration(_FIVE_MINUTES), statistic="Sum")
        alarms.add(
            f"{name}Errors",
            f"the {name.lower()} function ends with errors: it crashes, takes too long, or cannot be loaded.",
            errors,
            log_of=name,
        )
    alarms.add(
        "DigestsDeadLetterNotEmpty",
        "a digest could not be published. The translations are safe. Mend what the log says, then: chorok redrive"
        f" --stack {watched.name}",
        watched.dead_signals.metric_approximate_number_of_messages_visible(
            period=_duration(_FIVE_MINUTES), statistic="Maximum"
        ),
        log_of="Aggregate",
    )


class _Alarms:
    def __init__(self, scope: Construct, watched: Watched) -> None:
        self._scope = scope
        self._functions = watched.functions
        self.action = actions.SnsAction(watched.topic)

    def add(
        self,
        name: str,
        what: str,
        metric: cloudwatch.IMetric,
        *,
        log_of: str,
        comparison: cloudwatch.ComparisonOperator = (cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD),
        periods: int = 1,
        missing: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING,
    ) -> cloudwatch.Alarm:
        """In alarm where the metric compares so with 1 in all of `periods`; the log of `log_of` says why."""
        alarm = cloudwatch.Alarm(
            self._scope,
            f"{name}Alarm",
            alarm_description=f"{name}: {what} Why: {self._log(log_of)} What to do: docs/runbook.md#{name.lower()}",
            metric=metric,
            threshold=1,
            evaluation_periods=periods,
            comparison_operator=comparison,
            treat_missing_data=missing,
        )
        alarm.add_alarm_action(self.action)
        alarm.add_ok_action(self.action)
        return alarm

    def _log(self, function: str) -> str:
        """The address at which the console shows a function's log."""
        region, group = Stack.of(self._scope).region, self._functions[function].log_group.log_group_name
        console = f"https://{region}.console.aws.amazon.com/cloudwatch/home"
        return f"{console}?region={region}#logsV2:log-groups/log-group/{group}"


def _duration(time: timedelta) -> Duration:
    return Duration.minutes(time // timedelta(minutes=1))
