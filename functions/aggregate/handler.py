"""The handler behind the digests queue: whatever was signalled, publish what the ledger says."""

import os
from dataclasses import asdict, dataclass
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
from functions.deliveries import process
from functions.parameters import secret
from shared.aws import WITHIN_AN_INVOCATION, read_times_quickly
from shared.ledger.store import Store
from shared.metrics import Metric
from shared.notices.channels import post_announce
from shared.notices.mail import sns_announce
from shared.notices.notice import Announce, in_turn
from shared.queues import Queue
from shared.services.messages import DigestMessage, decode_digest
from shared.services.publish import Publishing
from shared.settings import Resources, Settings

logger = Logger(service="aggregate")
metrics = metrics_of("aggregate")


@dataclass(frozen=True)
class Runtime:
    """What the handler works with between invocations."""

    settings: Settings
    publishing: Publishing
    queue: Queue


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Lambda's entry point. `event` is a batch of SQS records; the answer names those that come back."""
    return handle(event, context, _runtime())


def handle(event: dict[str, Any], context: LambdaContext, runtime: Runtime) -> PartialItemFailureResponse:
    """Publish for each record; see `functions.deliveries.process` for the answer."""

    looked: set[DigestMessage] = set()

    def receive(record: SQSRecord) -> None:
        # What a batch holds is older than its first look: that answers equal messages, and any look answers a signal.
        for message in decode_digest(record.body):
            if message in looked:
                continue
            logger.append_keys(run=message.run, language=message.language)
            publication = runtime.publishing.publish(message)
            logger.info("looked", **asdict(publication))
            lacking = publication.state == "partial" and not publication.accepted
            metrics.add_metric(Metric.DIGESTS_PARTIAL, MetricUnit.Count, lacking)
            metrics.add_metric(Metric.DIGESTS_COMPLETE, MetricUnit.Count, publication.state == "complete")
            metrics.flush_metrics()
            looked.update((message, DigestMessage(message.run, message.language, signal=True)))

    return process(event, context, queue=runtime.queue, settings=runtime.settings, logger=logger, receive=receive)


@cache
def _runtime() -> Runtime:
    boto3.setup_default_session(botocore_session=read_times_quickly(botocore.session.get_session()))
    settings = Settings.from_environment(os.environ)
    resources = Resources.from_environment(os.environ)
    publishing = Publishing(
        store=Store(boto3.client("s3", config=WITHIN_AN_INVOCATION), resources.bucket),
        announce=_announce(settings, resources),
        site=settings.site,
    )
    queue = Queue(boto3.client("sqs", config=WITHIN_AN_INVOCATION), resources.digests_queue)
    return Runtime(settings, publishing, queue)


def _announce(settings: Settings, resources: Resources) -> Announce:
    """Mail first, then the channels whose addresses are in the parameter, where there is one."""
    mail = sns_announce(
        boto3.client("sns", config=WITHIN_AN_INVOCATION), resources.topic, resources.bucket, settings.site
    )
    if not settings.webhook_parameter:
        return mail

    def addresses() -> str:
        return secret(settings.webhook_parameter)

    def warn(reason: str) -> None:
        logger.warning("webhook failed", reason=reason)

    return in_turn(mail, post_announce(addresses, settings.site, warn))
