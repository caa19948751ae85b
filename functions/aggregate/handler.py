"""The handler behind the digests queue: whatever was signalled, publish what the ledger says."""

import os
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.deliveries import process
from shared.ledger.store import Store
from shared.messages import decode_digest
from shared.metrics import NAMESPACE, Metric
from shared.notices import sns_announce
from shared.publishing import Publishing
from shared.queues import Queue
from shared.settings import Resources, Settings

logger = Logger(service="aggregate")
metrics = Metrics(namespace=NAMESPACE, service="aggregate")


@dataclass(frozen=True)
class Runtime:
    """What the handler works with between invocations."""

    settings: Settings
    publishing: Publishing
    queue: Queue


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Lambda's entry point. `event` is a batch of SQS records; the answer names those that come back."""
    return handle(event, context, _runtime())


def handle(event: dict[str, Any], context: LambdaContext, runtime: Runtime) -> PartialItemFailureResponse:
    """Publish for each record; see `functions.deliveries.process` for the answer."""

    def receive(record: SQSRecord) -> None:
        for message in decode_digest(record.body):
            publication = runtime.publishing.publish(message)
            logger.info("looked", **asdict(publication))
            metrics.add_metric(Metric.DIGESTS_PARTIAL, MetricUnit.Count, publication.state == "partial")
            metrics.add_metric(Metric.DIGESTS_COMPLETE, MetricUnit.Count, publication.state == "complete")
            metrics.flush_metrics()

    return process(event, context, queue=runtime.queue, settings=runtime.settings, logger=logger, receive=receive)


@cache
def _runtime() -> Runtime:
    settings = Settings.from_environment(os.environ)
    resources = Resources.from_environment(os.environ)
    publishing = Publishing(
        store=Store(boto3.client("s3"), resources.bucket),
        announce=sns_announce(boto3.client("sns"), resources.topic, resources.bucket),
        site=settings.site,
    )
    queue = Queue(boto3.client("sqs"), resources.digests_queue)
    return Runtime(settings, publishing, queue)
