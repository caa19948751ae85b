"""Holds what was called against what is allowed, both ways, and shows it as a table."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.permissions.policies import Allowance, arn
from tests.permissions.recording import Call

_ACTIONS = {
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjectsV2": "s3:ListBucket",
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "bedrock:Converse": "bedrock:InvokeModel",
}
"""The action that allows an operation, where it is not called as that is.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
"""
_POLLING = "Lambda, which polls the queue for the function"
_LOGS = "Lambda, which writes what the function prints"
BY_AWS = {
    ("Fetch", "sqs:SendMessage", "FetchFailures"): "Lambda, for a tick that failed each time",
    ("Schedule", "lambda:InvokeFunction", "Fetch"): "EventBridge Scheduler",
    ("Schedule", "sqs:SendMessage", "ScheduleFailures"): "EventBridge Scheduler, for what it could not deliver",
    (
        "Translate",
        "bedrock:InvokeModel",
        "foundation-model",
    ): "Bedrock, for the model behind the profile that is called",
    **{
        (who, f"sqs:{action}", ""): _POLLING
        for who in ("Translate", "Aggregate")
        for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
    },
    **{
        (who, f"logs:{action}", ""): _LOGS
        for who in ("Fetch", "Translate", "Aggregate")
        for action in ("CreateLogStream", "PutLogEvents")
    },
}
"""Who uses what no call of ours does: by function, action, and a part of the resource's name."""
BLIND_SPOTS = (
    "conditions, and what denies: resource policies of bucket, topic and queues, service control policies",
    "calls that AWS makes by itself: S3 to the digests queue, CloudWatch to the topic, and those said above",
    "branches that none of the paths takes: an allowance for these alone would be told as unused",
    "whether AWS asks for just these actions: which action an operation needs is a table here, from AWS's reference",
)
"""What this cannot see."""


@dataclass(frozen=True)
class Need:
    """What one call takes."""

    who: str
    action: str
    resource: str


@dataclass(frozen=True)
class Proof:
    """How often each allowance was used, the calls that none covers, and the allowances that nothing uses."""

    used: tuple[tuple[Allowance, int], ...]
    not_allowed: tuple[Need, ...]
    not_used: tuple[Allowance, ...]


def prove(calls: Sequence[Call], allowed: Sequence[Allowance]) -> Proof:
    """Hold the calls against what is allowed."""
    needs = Counter(need for call in calls for need in _needs(call))
    counts = [
        sum(count for need, count in needs.items() if allowance.covers(need.who, need.action, need.resource))
        for allowance in allowed
    ]
    return Proof(
        used=tuple(zip(allowed, counts, strict=True)),
        not_allowed=tuple(
            need for need in needs if not any(a.covers(need.who, need.action, need.resource) for a in allowed)
        ),
        not_used=tuple(a for a, count in zip(allowed, counts, strict=True) if not count and not by_aws(a)),
    )


def by_aws(allowance: Allowance) -> str:
    """The service of AWS that uses an allowance without a call of ours, or ""."""
    return next(
        (
            service
            for (who, action, part), service in BY_AWS.items()
            if (who, action) == (allowance.who, allowance.action) and part in allowance.shown
        ),
        "",
    )


def table(proof: Proof) -> Iterator[str]:
    """The lines of the table, and what is wrong."""
    yield f"{'who':<10} {'may':<28} {'used':<10} on"
    for allowance, count in sorted(proof.used, key=lambda used: (used[0].who, used[0].action, used[0].shown)):
        used = str(count) if count else "by AWS" if by_aws(allowance) else "NEVER"
        told = f"  ({by_aws(allowance)})" if not count and by_aws(allowance) else ""
        yield f"{allowance.who:<10} {allowance.action:<28} {used:<10} {allowance.shown}{told}"
    for need in proof.not_allowed:
        yield f"NOT ALLOWED: {need.who} calls {need.action} on {need.resource}"
    yield "It does not see:"
    for spot in BLIND_SPOTS:
        yield f"- {spot}"


def _needs(call: Call) -> Iterator[Need]:
    operation = f"{call.service}:{call.operation}"
    yield Need(call.who, _ACTIONS.get(operation, operation), arn(call.service, call.on))
    if operation in ("s3:GetObject", "s3:HeadObject") and not call.found:
        # Without it S3 says 403 of what is not there: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        yield Need(call.who, "s3:ListBucket", arn("s3", call.on.partition("/")[0]))
