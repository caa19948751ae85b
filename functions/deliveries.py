"""What the two functions behind queues share: one record after the other, each failing alone.

A record that fails comes back after its own time, not after the queue's: its visibility timeout is set before the
failure is reported (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).
"""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.errors import MessageError
from shared.queues import Queue, retry_delay
from shared.settings import Settings

RESERVE_MILLISECONDS = 30_000
"""A record is begun only while the function has this long left, longer than a call that hangs; else it is given back
unfinished."""
ABOUT = ("message_id", "run", "language", "paper")
"""The keys of a log line that say which record it is about; the next record's lines hold none of them."""


class NotDone(Exception):
    """The record comes back later."""


def process(
    event: dict[str, Any],
    context: LambdaContext,
    *,
    queue: Queue,
    settings: Settings,
    logger: Logger,
    receive: Callable[[SQSRecord], int | None],
) -> PartialItemFailureResponse:
    """Give each record to `receive`, which answers None when done, or after how many seconds it should come back.

    `receive` appends to the logger's keys what the record is about, for every line until its end: see `ABOUT`.
    """

    # Powertools injects the context by name and fails every record of a handler without a parameter called `record`.
    def handle(record: SQSRecord) -> None:
        logger.append_keys(message_id=record.message_id)
        try:
            deliver(record)
        finally:
            logger.remove_keys(ABOUT)

    def deliver(record: SQSRecord) -> None:
        seconds: int | None = 0
        if context.get_remaining_time_in_millis() >= RESERVE_MILLISECONDS:
            try:
                seconds = receive(record)
            except MessageError as error:
                # No later receive can read it: it only has to use them up to reach the dead-letter queue.
                logger.error("message unreadable", error=str(error))
            except Exception as error:
                logger.exception("record failed", error=type(error).__name__)
                seconds = retry_delay(
                    received(record),
                    settings.retry_base_seconds,
                    settings.retry_cap_seconds,
                    random.random(),  # noqa: S311 - jitter, not a secret
                )
        if seconds is not None:
            queue.postpone(record.receipt_handle, seconds)
            raise NotDone

    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event=event, record_handler=handle, processor=processor, context=context)


def received(record: SQSRecord) -> int:
    """How often this message has been received, this time included."""
    return int(record.attributes.approximate_receive_count)


def first_received(record: SQSRecord) -> datetime:
    """When this message was received for the first time."""
    return datetime.fromtimestamp(int(record.attributes.approximate_first_receive_timestamp) / 1000, UTC)
