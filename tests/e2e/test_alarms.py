"""What an operator is told on the embedded cloud: alarms that are raised by failures, and the mails of incidents.

The emulator evaluates alarms only when a metric is put, looks at a metric's name and never at its dimensions, and
measures nothing but the functions that are invoked directly. So the test does what CloudWatch and SQS do beside it: it
reads the metrics in the functions' logs and the depths of queues, puts them under their own dimensions, and counts an
alarm as raised where the very metric that it watches has crossed its threshold too.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from rich.console import Console

from cli.connecting.deployment import Pipeline
from cli.connecting.opening import CloudOptions, choose_engine, pipeline, plan
from cli.connecting.watching import until
from infra.embedded.cloud import Cloud, running_cloud
from shared.ledger import keys
from shared.services.events import SCHEDULED_TIME, RunRequest
from tests.chaos.source import served
from tests.fakes.faults import Rule
from tests.fakes.texts import PAPERS
from tests.fakes.translate import FakeTranslate

WEEK = "2025-W37"
TICKS = ("2025-10-08T00:00:00Z", "2025-10-08T01:00:00Z", "2025-10-08T02:00:00Z")
"""A Wednesday, as late as a new stack may begin."""
ERRORS = {"FetchErrors", "TranslateErrors", "AggregateErrors"}
RAISED = ERRORS | {"DigestsDeadLetterNotEmpty"}
"""Not that no tick does its work: the emulator evaluates no missing data."""
_QUEUES, _DEPTH = "AWS/SQS", "ApproximateNumberOfMessagesVisible"
_PATIENCE_SECONDS = 150.0

Alarm = dict[str, Any]


class Alarms:
    """The alarms of one cloud, and the part of CloudWatch that the emulator leaves out."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._metrics = cloud.client("cloudwatch")
        self._logs = cloud.client("logs")
        self._sqs = cloud.client("sqs")
        self._read: set[tuple[str, str]] = set()

    def all(self) -> dict[str, Alarm]:
        """Each alarm by the name that it has in the runbook."""
        found = self._metrics.describe_alarms()["MetricAlarms"]
        return {alarm["AlarmDescription"].partition(":")[0]: alarm for alarm in found}

    def name(self, alarm: str) -> str:
        """The runbook's name of the alarm that AWS calls `alarm`."""
        return next(name for name, described in self.all().items() if described["AlarmName"] == alarm)

    def evaluate(self) -> None:
        """Have the emulator look at the metrics that it has measured itself."""
        self._put("test", "Nothing", [], 1)

    def collect(self) -> None:
        """Put what the functions have reported since last time, and how full the queues are."""
        for group in self._logs.describe_log_groups()["logGroups"]:
            for event in self._logs.filter_log_events(logGroupName=group["logGroupName"])["events"]:
                line = (event["logStreamName"], event["message"])
                if line not in self._read and event["message"].startswith('{"_aws"'):
                    self._read.add(line)
                    self._put_reported(json.loads(event["message"]))
        for alarm in self.all().values():
            if (alarm["Namespace"], alarm["MetricName"]) == (_QUEUES, _DEPTH):
                self._put(_QUEUES, _DEPTH, alarm["Dimensions"], self._depth(alarm["Dimensions"][0]["Value"]))

    def raised(self) -> set[str]:
        """The alarms in state ALARM whose own metric is where it must be for that."""
        return {
            name
            for name, alarm in self.all().items()
            if alarm["StateValue"] == "ALARM" and self._value(alarm) >= alarm["Threshold"]
        }

    def _put_reported(self, report: dict[str, Any]) -> None:
        """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html"""
        for directive in report["_aws"]["CloudWatchMetrics"]:
            for names in directive["Dimensions"]:
                dimensions = [{"Name": name, "Value": report[name]} for name in sorted(names)]
                for metric in directive["Metrics"]:
                    for value in report[metric["Name"]]:
                        self._put(directive["Namespace"], metric["Name"], dimensions, value)

    def _put(self, namespace: str, name: str, dimensions: list[dict[str, str]], value: float) -> None:
        datum = {"MetricName": name, "Dimensions": dimensions, "Value": value}
        self._metrics.put_metric_data(Namespace=namespace, MetricData=[datum])

    def _depth(self, queue: str) -> int:
        url = reachable_url(self._cloud, self._sqs.get_queue_url(QueueName=queue)["QueueUrl"])
        answer = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
        return int(answer["Attributes"]["ApproximateNumberOfMessages"])

    def _value(self, alarm: Alarm) -> float:
        """What the alarm's own metric has come to within one period, 0 where there is no metric of its dimensions."""
        named = self._metrics.list_metrics(Namespace=alarm["Namespace"], MetricName=alarm["MetricName"])["Metrics"]
        if alarm["Dimensions"] not in [metric["Dimensions"] for metric in named]:
            return 0.0
        now, statistic = datetime.now(UTC), alarm["Statistic"]
        points = self._metrics.get_metric_statistics(
            Namespace=alarm["Namespace"],
            MetricName=alarm["MetricName"],
            Dimensions=alarm["Dimensions"],
            Period=alarm["Period"],
            StartTime=now - timedelta(seconds=alarm["Period"]),
            EndTime=now + timedelta(minutes=1),
            Statistics=[statistic],
        )["Datapoints"]
        values = [point[statistic] for point in points] or [0.0]
        return float(sum(values) if statistic == "Sum" else max(values))


@dataclass(frozen=True)
class Seen:
    """Which alarms the emulator raised by itself, which all in all, and which were told on the topic; the subjects of
    the mails about incidents, and what the ticks answered."""

    by_itself: set[str]
    raised: set[str]
    told: set[str]
    subjects: list[str]
    answers: list[dict[str, Any]]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """What came of a cloud on which everything goes wrong that has an alarm, and its source and its engine beside."""
    with served({WEEK: PAPERS}) as source, FakeTranslate() as engine:
        engine.fail(Rule(code="AccessDeniedException"))
        options = CloudOptions(tmp_path_factory.mktemp("alarms") / "state")
        made = plan(
            options, choose_engine(options, {"AWS_ENDPOINT_URL_TRANSLATE": engine.address}, Console(quiet=True))
        )
        settings = {"CHOROK_SOURCE": "http://127.0.0.1:9"}
        with running_cloud(replace(made, environment=made.environment | settings)) as cloud:
            yield everything_fails(cloud, source)


def everything_fails(cloud: Cloud, source: str) -> Seen:
    alarms, deployed, heard = Alarms(cloud), pipeline(cloud), listener(cloud)
    for function in deployed.functions.list_functions()["Functions"]:
        # What is no event at all is an error of any function.
        deployed.functions.invoke(FunctionName=function["FunctionName"], Payload=b"{}")
    alarms.evaluate()
    by_itself = alarms.raised()

    # No paper can be translated, and the source does not answer three ticks.
    deployed.fire(datetime.now(UTC), RunRequest(WEEK, top=len(PAPERS), source=source))
    until(_PATIENCE_SECONDS, lambda: len(deployed.store.etags(keys.RESULTS)) == len(PAPERS))
    answers = [tick(deployed, time) for time in TICKS]
    deployed.digests.sqs.send_message(QueueUrl=deployed.digests.url, MessageBody="poison")

    def all_are_raised() -> bool:
        alarms.collect()
        return alarms.raised() >= RAISED

    until(_PATIENCE_SECONDS, all_are_raised)
    notices = heard()
    told = {alarms.name(json.loads(text)["AlarmName"]) for subject, text in notices if subject.startswith("ALARM")}
    subjects = [subject for subject, _ in notices if subject.startswith("Chorok: ")]
    return Seen(by_itself, alarms.raised(), told, subjects, answers)


def tick(deployed: Pipeline, time: str) -> dict[str, Any]:
    target = deployed.scheduler.get_schedule(Name=deployed.schedule)["Target"]
    event = target["Input"].replace(SCHEDULED_TIME, time)
    answered = deployed.functions.invoke(FunctionName=target["Arn"], Payload=event.encode())
    assert not answered.get("FunctionError")
    answer: dict[str, Any] = json.loads(answered["Payload"].read())
    return answer


def listener(cloud: Cloud) -> Callable[[], list[tuple[str, str]]]:
    """Subjects and texts of what was told on the stack's topic, from now on."""
    sqs = cloud.client("sqs")
    url = reachable_url(cloud, sqs.create_queue(QueueName="listener")["QueueUrl"])
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    cloud.client("sns").subscribe(TopicArn=cloud.outputs["Topic"], Protocol="sqs", Endpoint=arn)

    def heard() -> list[tuple[str, str]]:
        notices = []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            bodies = [json.loads(message["Body"]) for message in messages]
            notices += [(body.get("Subject") or "", body["Message"]) for body in bodies]
        return notices

    return heard


def reachable_url(cloud: Cloud, url: str) -> str:
    """The emulator's address of a queue where it answers now."""
    return f"{cloud.endpoint}{urlsplit(url).path}"


def test_the_emulator_itself_raises_the_errors_of_functions(seen: Seen) -> None:
    assert seen.by_itself == ERRORS


def test_each_alarm_is_raised_by_what_it_is_there_for(seen: Seen) -> None:
    assert seen.raised == RAISED


def test_every_raised_alarm_is_told_on_the_topic(seen: Seen) -> None:
    assert seen.raised <= seen.told


def test_each_incident_is_one_mail_and_a_tick_that_sees_it_no_error_of_the_function(seen: Seen) -> None:
    assert seen.subjects == [
        "Chorok: the deployment has to be mended (AccessDeniedException)",
        "Chorok: Hugging Face does not give the papers of 2025-W40",
    ]
    assert {answer["error"] for answer in seen.answers} == {"SourceUnreachable"}


def test_every_tick_tries_one_paper_while_the_deployment_is_wrong(seen: Seen) -> None:
    assert [[sent["messages"] for sent in answer["dispatches"]] for answer in seen.answers] == [[1], [1], [1]]
