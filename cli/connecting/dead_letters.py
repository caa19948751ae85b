"""A queue with its dead-letter queue, as an operator sees them, and the two ways to redrive what is dead.

AWS moves a whole dead-letter queue by a task of its own. The embedded cloud has no such task, so there every message is
received, sent to the queue it came from, and deleted: in this order, so that a crash may repeat it, never lose it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from shared.aws import aws_errors
from shared.errors import CloudError, QueueUnavailable

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import ListMessageMoveTasksResultEntryTypeDef

_HOLD_SECONDS = 30
"""How long a message stays with who has received it; so long a crash of this command hides it."""
_TASK_SECONDS = 2.0


@dataclass(frozen=True)
class Depth:
    """How many messages wait in a queue, how many are at work or in back-off, and how many are dead.

    On AWS these are approximate, and true only after a minute without change:
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-resources-required-process-messages.html
    """

    waiting: int
    in_flight: int
    dead: int

    @property
    def alive(self) -> int:
        """How many messages will still be delivered."""
        return self.waiting + self.in_flight


@dataclass(frozen=True)
class WorkQueue:
    """A queue that a function consumes, by the addresses of itself and of its dead-letter queue."""

    sqs: SQSClient
    name: str
    url: str
    dead_url: str

    @aws_errors(QueueUnavailable, "AWS cannot be used")
    def depth(self) -> Depth:
        """How full the two queues are."""
        waiting, in_flight = _count(self.sqs, self.url)
        return Depth(waiting, in_flight, sum(_count(self.sqs, self.dead_url)))

    @aws_errors(QueueUnavailable, "AWS cannot be used")
    def alive(self) -> int:
        """How many messages will still be delivered."""
        return sum(_count(self.sqs, self.url))

    @aws_errors(QueueUnavailable, "AWS cannot be used")
    def send(self, body: str) -> None:
        """Give its function a message."""
        self.sqs.send_message(QueueUrl=self.url, MessageBody=body)

    @aws_errors(QueueUnavailable, "AWS cannot be used")
    def dead_arn(self) -> str:
        """The ARN of the dead-letter queue."""
        answer = self.sqs.get_queue_attributes(QueueUrl=self.dead_url, AttributeNames=["QueueArn"])
        return answer["Attributes"]["QueueArn"]


@dataclass(frozen=True)
class FailureQueue:
    """A queue of ticks that came to nothing, which later ticks make up for: there is nothing to redrive."""

    sqs: SQSClient
    name: str
    url: str

    @aws_errors(QueueUnavailable, "AWS cannot be used")
    def depth(self) -> int:
        """How many messages it holds."""
        return sum(_count(self.sqs, self.url))


Redrive = Callable[[WorkQueue, float], int]
"""Sends what is dead in a queue back to work, within so many seconds; how many messages that were, as far as is known.
"""


@aws_errors(QueueUnavailable, "AWS cannot be used")
def redrive_by_task(queue: WorkQueue, seconds: float, pause: Callable[[float], None] = time.sleep) -> int:
    """Redrive by StartMessageMoveTask, or join the task that runs. Raises CloudError where it fails or lasts longer.

    A queue has one such task at a time, whoever started it:
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
    """
    dead = queue.dead_arn()
    before = task = _newest_task(queue, dead)
    if not _is_active(task):
        try:
            queue.sqs.start_message_move_task(SourceArn=dead)
        except ClientError as error:
            # Somebody else may have been faster.
            if not _is_active(_newest_task(queue, dead)):
                raise CloudError(
                    f"SQS does not redrive the {queue.name} dead-letter queue: {error.response['Error'].get('Message')}"
                ) from error
        # The list may not show the new task at once, and an old one is not ours.
        task = None
    waited = 0.0
    while task is None or _is_active(task):
        if waited >= seconds:
            raise CloudError(
                f"The redrive of the {queue.name} dead-letter queue still runs, after {waited:.0f} s. Nothing is lost:"
                " repeat the command, which joins it."
            )
        pause(_TASK_SECONDS)
        waited += _TASK_SECONDS
        newest = _newest_task(queue, dead)
        is_new = task is not None or _started(newest) != _started(before)
        task = newest if is_new else None
    if task.get("Status") == "FAILED":
        reason = task.get("FailureReason", "SQS does not say why")
        raise CloudError(f"The redrive of the {queue.name} dead-letter queue failed: {reason}.")
    return task.get("ApproximateNumberOfMessagesMoved", 0)


@aws_errors(QueueUnavailable, "AWS cannot be used")
def redrive_by_hand(queue: WorkQueue, seconds: float) -> int:
    """Redrive by receiving, sending and deleting each message. Raises CloudError where that lasts longer.

    A message that somebody else has received, to look at it, is waited for.
    """
    deadline = time.monotonic() + seconds
    sent: set[str] = set()
    dead_again: dict[str, str] = {}
    while queue.depth().dead > len(dead_again):
        if time.monotonic() >= deadline:
            raise CloudError(
                f"The {queue.name} dead-letter queue does not empty: somebody else holds its messages, or they fail as"
                " fast as they are sent. Nothing is lost: repeat the command."
            )
        answer = queue.sqs.receive_message(
            QueueUrl=queue.dead_url, MaxNumberOfMessages=10, WaitTimeSeconds=1, VisibilityTimeout=_HOLD_SECONDS
        )
        for message in answer.get("Messages", ()):
            if message["MessageId"] in sent:
                # Dead again already: that is this redrive's outcome, and nothing to send once more.
                dead_again[message["MessageId"]] = message["ReceiptHandle"]
                continue
            sent.add(queue.sqs.send_message(QueueUrl=queue.url, MessageBody=message["Body"])["MessageId"])
            queue.sqs.delete_message(QueueUrl=queue.dead_url, ReceiptHandle=message["ReceiptHandle"])
    for handle in dead_again.values():
        queue.sqs.change_message_visibility(QueueUrl=queue.dead_url, ReceiptHandle=handle, VisibilityTimeout=0)
    return len(sent)


@aws_errors(QueueUnavailable, "AWS cannot be used")
def discard(queue: WorkQueue, is_done: Callable[[str], bool]) -> int:
    """Delete the dead messages whose body says that they are done with; how many. The others stay.

    A message that somebody else looks at just now stays too: a redrive finds out that nothing is left to do for it.
    """
    held: list[str] = []
    seen: set[str] = set()
    discarded = 0
    while True:
        answer = queue.sqs.receive_message(
            QueueUrl=queue.dead_url, MaxNumberOfMessages=10, WaitTimeSeconds=1, VisibilityTimeout=_HOLD_SECONDS
        )
        fresh = [message for message in answer.get("Messages", ()) if message["MessageId"] not in seen]
        if not fresh:
            break
        for message in fresh:
            seen.add(message["MessageId"])
            if is_done(message["Body"]):
                queue.sqs.delete_message(QueueUrl=queue.dead_url, ReceiptHandle=message["ReceiptHandle"])
                discarded += 1
            else:
                held.append(message["ReceiptHandle"])
    for handle in held:
        queue.sqs.change_message_visibility(QueueUrl=queue.dead_url, ReceiptHandle=handle, VisibilityTimeout=0)
    return discarded


def _count(sqs: SQSClient, url: str) -> tuple[int, int]:
    """How many messages can be received now, and how many later."""
    answer = sqs.get_queue_attributes(
        QueueUrl=url,
        AttributeNames=[
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
        ],
    )
    counts = answer["Attributes"]
    later = counts["ApproximateNumberOfMessagesNotVisible"], counts["ApproximateNumberOfMessagesDelayed"]
    return int(counts["ApproximateNumberOfMessages"]), sum(map(int, later))


def _newest_task(queue: WorkQueue, dead: str) -> ListMessageMoveTasksResultEntryTypeDef | None:
    return next(iter(queue.sqs.list_message_move_tasks(SourceArn=dead, MaxResults=1).get("Results", ())), None)


def _is_active(task: ListMessageMoveTasksResultEntryTypeDef | None) -> bool:
    return task is not None and task.get("Status") in ("RUNNING", "CANCELLING")


def _started(task: ListMessageMoveTasksResultEntryTypeDef | None) -> int | None:
    return None if task is None else task.get("StartedTimestamp")
