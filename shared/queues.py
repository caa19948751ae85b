"""Sending to an SQS queue without losing a message, deciding when one is received again, and looking without taking.

Limits: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html. A batch call
answers 200 even when single entries failed, so `Failed` is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final

from shared.aws import aws_errors
from shared.errors import DispatchError, QueueUnavailable

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

BATCH_ENTRIES = 10
BATCH_BYTES = 262_144
"""The least of what SQS has ever allowed for one batch, and so for one message."""
_SEND_ATTEMPTS = 3
_MOST_LOOKS = 10
_LOOK_SECONDS = 5
_VISIBLE: Final = "ApproximateNumberOfMessages"
_RECEIVED: Final = "ApproximateNumberOfMessagesNotVisible"


class Queue:
    """One SQS queue. All methods raise QueueUnavailable where SQS fails."""

    def __init__(self, sqs: SQSClient, url: str) -> None:
        self._sqs = sqs
        self._url = url

    def send(self, bodies: Iterable[str]) -> None:
        """Send every body. Raises DispatchError where SQS still refuses some; those sent stay sent."""
        for batch in _batches(bodies):
            self._send_batch(batch)

    def postpone(self, receipt_handle: str, seconds: int) -> None:
        """Have the received message come back after `seconds`."""
        with _sqs_errors():
            self._sqs.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
            )

    def count(self) -> int:
        """How many messages are in the queue, about: true once nothing has changed for a minute."""
        with _sqs_errors():
            answer = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=[_VISIBLE, _RECEIVED])
        return int(answer["Attributes"][_VISIBLE]) + int(answer["Attributes"][_RECEIVED])

    def look(self) -> Iterator[str]:
        """The bodies of messages in the queue, a hundred at most: they stay there, and out of sight for a moment."""
        seen: set[str] = set()
        for _ in range(_MOST_LOOKS):
            with _sqs_errors():
                answer = self._sqs.receive_message(
                    QueueUrl=self._url, MaxNumberOfMessages=BATCH_ENTRIES, VisibilityTimeout=_LOOK_SECONDS
                )
            fresh = [message for message in answer.get("Messages", ()) if message["MessageId"] not in seen]
            if not fresh:
                return
            seen.update(message["MessageId"] for message in fresh)
            yield from (message["Body"] for message in fresh)

    def _send_batch(self, bodies: Sequence[str]) -> None:
        left = dict(enumerate(bodies))
        refused = ""
        for _ in range(_SEND_ATTEMPTS):
            with _sqs_errors():
                answer = self._sqs.send_message_batch(
                    QueueUrl=self._url,
                    Entries=[{"Id": str(position), "MessageBody": body} for position, body in left.items()],
                )
            failed = answer.get("Failed", [])
            if not failed:
                return
            left = {int(entry["Id"]): left[int(entry["Id"])] for entry in failed}
            refused = failed[0]["Code"]
        raise DispatchError(f"SQS refused {len(left)} messages ({refused}). The next tick sends them again.")


def retry_delay(receives: int, base_seconds: int, cap_seconds: int, jitter: float) -> int:
    """Whole seconds to wait after the `receives`-th failed receive: exponential with equal jitter (0 to 1).

    Equal jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/.
    """
    # The exponent is bounded because a redriven message's count has no limit worth a bignum.
    longest: int = min(cap_seconds, base_seconds * 2 ** min(receives - 1, 20))
    return round(longest / 2 + jitter * longest / 2)


def _sqs_errors() -> AbstractContextManager[None]:
    return aws_errors(QueueUnavailable, "The queue cannot be used")


def _batches(bodies: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for body in bodies:
        length = len(body.encode())
        if batch and (len(batch) == BATCH_ENTRIES or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(body)
        size += length
    if batch:
        yield batch
