"""What is to be known of a stack and its account before somebody signs it off, asked of AWS: it changes nothing.

Each question costs nothing, or, of Amazon Translate, a few characters. One that AWS refuses hides no other.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import boto3.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from cli.showing.checkup import Deployed, Hearing, StackFacts, Trouble
from shared.aws import aws_message
from shared.engines.calls import is_offered
from shared.errors import ChorokError
from shared.metrics import NAMESPACE, Metric
from shared.schedule import longest_gap
from shared.settings import AMAZON, Settings

Client = Callable[[str], Any]
_Found = TypeVar("_Found")
_CONFIG = Config(connect_timeout=5, read_timeout=15, retries={"total_max_attempts": 2, "mode": "standard"})
_BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"
"""https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html"""
_WORD = "Hello"
_MEASURED, _PERIOD_SECONDS = timedelta(days=14), 900
_ABSENT = ("ParameterNotFound", "ValidationError")
"""How SSM says that there is no such parameter, and CloudFormation that there is no such stack."""


def stack_facts(stack: str) -> StackFacts:
    """What there is to know of `stack`, with the caller's own AWS configuration."""
    session = boto3.session.Session()
    try:
        region = session.region_name or ""
    except BotoCoreError as error:
        return StackFacts(stack, datetime.now(UTC), "", account=Trouble(aws_message(error)))
    return collect(stack, region, partial(session.client, config=_CONFIG), datetime.now(UTC))


def collect(stack: str, region: str, client: Client, now: datetime) -> StackFacts:
    """What there is to know of `stack` in `region` at the time `now`; `client` makes a service's."""
    facts = StackFacts(stack, now, region)
    if not region:
        return facts
    account = _ask(lambda: str(client("sts").get_caller_identity()["Account"]))
    offered = is_offered("translate", region)
    if isinstance(account, Trouble):
        return StackFacts(stack, now, region, offered, account)
    deployed = _ask(lambda: _deployed(stack, client, now))
    settings = deployed.settings if isinstance(deployed, Deployed) else Settings()
    by_amazon = [code for code in settings.languages if settings.engine(code) == AMAZON]
    return StackFacts(
        stack,
        now,
        region,
        offered,
        account,
        bootstrap=_ask(lambda: _bootstrap(client)),
        translated=_ask(lambda: _translated(client, by_amazon[0])) if by_amazon and offered else "",
        terminologies=_ask(lambda: _terminologies(client)) if by_amazon and offered else 0,
        concurrency=_ask(
            lambda: int(client("lambda").get_account_settings()["AccountLimit"]["UnreservedConcurrentExecutions"])
        ),
        deployed=deployed,
    )


def stack_hearing(stack: str) -> Hearing | Trouble:
    """Who hears of `stack`, and what is in alarm, with the caller's own AWS configuration."""

    def look() -> Hearing:
        client = partial(boto3.session.Session().client, config=_CONFIG)
        found = client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
        return _hearing(_outputs(found).get("Topic", ""), client)

    return _ask(look)


def _outputs(stack: dict[str, Any]) -> dict[str, str]:
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", ())}


def _ask(question: Callable[[], _Found]) -> _Found | Trouble:
    try:
        return question()
    except (BotoCoreError, ClientError) as error:
        return Trouble(aws_message(error))
    except ChorokError as error:
        return Trouble(str(error))


def _is_absent(error: ClientError) -> bool:
    return error.response.get("Error", {}).get("Code") in _ABSENT


def _bootstrap(client: Client) -> int | None:
    try:
        return int(client("ssm").get_parameter(Name=_BOOTSTRAP)["Parameter"]["Value"])
    except ClientError as error:
        if _is_absent(error):
            return None
        raise


def _translated(client: Client, language: str) -> str:
    answer = client("translate").translate_text(Text=_WORD, SourceLanguageCode="en", TargetLanguageCode=language)
    return str(answer["TranslatedText"])


def _terminologies(client: Client) -> int:
    pages = client("translate").get_paginator("list_terminologies").paginate()
    return sum(len(page.get("TerminologyPropertiesList", ())) for page in pages)


def _deployed(stack: str, client: Client, now: datetime) -> Deployed | None:
    try:
        found = client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if _is_absent(error):
            return None
        raise
    outputs = _outputs(found)
    target = client("scheduler").get_schedule(Name=outputs.get("Schedule", stack))
    function = client("lambda").get_function_configuration(FunctionName=target["Target"]["Arn"])
    settings = Settings.from_environment(function.get("Environment", {}).get("Variables", {}))
    return Deployed(
        status=found["StackStatus"],
        created=found["CreationTime"],
        settings=settings,
        runtime=function.get("Runtime", ""),
        functions_at_once=_functions_at_once(client, [outputs.get("PapersQueue", ""), outputs.get("DigestsQueue", "")]),
        hearing=_ask(lambda: _hearing(outputs.get("Topic", ""), client)),
        ticked=_ask(lambda: _ticked(settings.name, client, now)),
        gap=longest_gap(target["ScheduleExpression"]),
    )


def _functions_at_once(client: Client, queues: list[str]) -> int:
    """How many functions the queues at these addresses may start at once."""
    names = {url.rpartition("/")[2] for url in queues}
    pages = client("lambda").get_paginator("list_event_source_mappings").paginate()
    return sum(
        mapping.get("ScalingConfig", {}).get("MaximumConcurrency", 0)
        for page in pages
        for mapping in page["EventSourceMappings"]
        if mapping.get("EventSourceArn", "").rpartition(":")[2] in names
    )


def _hearing(topic: str, client: Client) -> Hearing:
    subscriptions = [
        found
        for page in client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
        for found in page["Subscriptions"]
    ]
    # https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html: instead of an ARN.
    pending = tuple(each["Endpoint"] for each in subscriptions if each["SubscriptionArn"] == "PendingConfirmation")
    confirmed = sum(each["SubscriptionArn"].startswith("arn:") for each in subscriptions)
    alarms = [
        alarm
        for page in client("cloudwatch").get_paginator("describe_alarms").paginate(StateValue="ALARM")
        for alarm in page["MetricAlarms"]
        if topic in alarm.get("AlarmActions", ())
    ]
    named = (str(alarm.get("AlarmDescription") or alarm["AlarmName"]).partition(":")[0] for alarm in alarms)
    return Hearing(confirmed, pending, tuple(sorted(named)))


def _ticked(stack: str, client: Client, now: datetime) -> datetime | None:
    """When a tick last did its work, as CloudWatch has counted, to a quarter of an hour."""
    points = client("cloudwatch").get_metric_statistics(
        Namespace=NAMESPACE,
        MetricName=Metric.TICKS_DONE.value,
        Dimensions=[{"Name": "service", "Value": "fetch"}, {"Name": "stack", "Value": stack}],
        StartTime=now - _MEASURED,
        EndTime=now,
        Period=_PERIOD_SECONDS,
        Statistics=["Maximum"],
    )["Datapoints"]
    times: list[datetime] = [point["Timestamp"] for point in points if point["Maximum"]]
    return max(times, default=None)
