"""The handler behind the papers queue: each message becomes a result, or comes back later."""

import os
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import boto3
import botocore.session
from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.counting import metrics_of
from functions.deliveries import first_received, process, received
from shared.aws import WITHIN_AN_INVOCATION, read_times_quickly
from shared.engines.by_name import find_engine, prompt_of
from shared.engines.naming import credit
from shared.engines.protocol import Engine
from shared.failures import THROTTLING_CODES
from shared.languages.table import Language
from shared.ledger.store import Store
from shared.metrics import Metric
from shared.queues import Queue
from shared.services.deliver import Delivery, Outcome, Translating
from shared.services.messages import decode_paper
from shared.settings import Resources, Settings
from shared.translation.ask import Asked

logger = Logger(service="translate")
metrics = metrics_of("translate")


@dataclass(frozen=True)
class Runtime:
    """What the handler works with between invocations."""

    translating: Translating
    queue: Queue


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Lambda's entry point. `event` is a batch of SQS records; the answer names those that come back."""
    return handle(event, context, _runtime())


def handle(event: dict[str, Any], context: LambdaContext, runtime: Runtime) -> PartialItemFailureResponse:
    """Deliver each record; see `functions.deliveries.process` for the answer."""

    def receive(record: SQSRecord) -> int | None:
        message = decode_paper(record.body)
        logger.append_keys(run=message.run, language=message.language, paper=message.paper)
        delivery = Delivery(record.message_id, received(record), first_received(record), datetime.now(UTC))
        outcome = runtime.translating.deliver(message, delivery)
        logger.info(
            "delivered",
            receives=delivery.receives,
            status=outcome.result.status if outcome.result else "waiting",
            failure_class=outcome.failure.kind if outcome.failure else None,
            code=outcome.failure.code if outcome.failure else None,
            retry_seconds=outcome.retry_seconds,
            characters=outcome.characters,
            remembered=outcome.remembered,
        )
        _count(outcome)
        return outcome.retry_seconds

    settings = runtime.translating.settings
    return process(event, context, queue=runtime.queue, settings=settings, logger=logger, receive=receive)


def _count(outcome: Outcome) -> None:
    failed = outcome.failure is not None
    counts = {
        Metric.PAPERS_TRANSLATED: outcome.result is not None and outcome.result.status == "translated",
        Metric.PAPERS_FAILED: failed and outcome.result is not None,
        Metric.CHARACTERS_BILLED: outcome.characters,
        Metric.MEMORY_HITS: outcome.remembered,
        Metric.TRANSLATE_THROTTLED: outcome.failure is not None and outcome.failure.code in THROTTLING_CODES,
    }
    for metric, count in counts.items():
        metrics.add_metric(metric, MetricUnit.Count, count)
    metrics.flush_metrics()


@cache
def _runtime() -> Runtime:
    boto3.setup_default_session(botocore_session=read_times_quickly(botocore.session.get_session()))
    settings = Settings.from_environment(os.environ)
    resources = Resources.from_environment(os.environ)

    @cache
    def engine_for(target: Language) -> Engine:
        return find_engine(settings.engine(target.code), target)

    def second_for(target: Language) -> Asked | None:
        name = settings.second_engine
        return Asked(credit(name), find_engine(name, target), prompt_of(name, target)) if name else None

    translating = Translating(
        settings=settings,
        store=Store(boto3.client("s3", config=WITHIN_AN_INVOCATION), resources.bucket),
        engine_for=engine_for,
        jitter=random.random,
        second_for=second_for,
    )
    return Runtime(translating, Queue(boto3.client("sqs", config=WITHIN_AN_INVOCATION), resources.papers_queue))
