"""The handler behind the schedule: a tick, or a person's request, becomes what is not yet true."""

import os
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from functools import cache, partial
from typing import Any

import boto3
import botocore.session
from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.counting import metrics_of
from functions.parameters import secret
from shared.aws import WITHIN_AN_INVOCATION, read_times_quickly
from shared.errors import AwsError, ChorokError, DispatchError, LedgerContention, SourceError, SourceThrottled
from shared.huggingface.client import Client, is_token
from shared.huggingface.source import paper_by_id, top_papers
from shared.ledger.store import Store
from shared.metrics import Metric
from shared.notices.incident_mail import sns_tell
from shared.papers import HUGGING_FACE, Paper
from shared.periods import Period
from shared.queues import Queue
from shared.services.adopt import adopt
from shared.services.events import Answer, Dispatch, Request, parse_event, parse_request
from shared.services.fetching import Fetching
from shared.services.request import answer
from shared.services.tick import tick
from shared.settings import Resources, Settings

logger = Logger(service="fetch")
metrics = metrics_of("fetch")
_PATIENCE_SECONDS = 45
"""How long the function has, of its two minutes, for what Hugging Face tells it to wait."""


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda passes it
    """Lambda's entry point. `shared.services.events` says what `event` is; errors of the domain are the function's."""
    return handle(event, _fetching())


def handle(event: dict[str, Any], fetching: Fetching) -> dict[str, Any]:
    """Do what the event asks for, and answer with an Answer or a PaperAnswer as JSON, errors included.

    What a person asked for wrongly is not a failure of the function, and neither is what the next tick makes up for:
    a tick that could not do its work only does not report that it did. Raises UsageError for an event that is none,
    SettingsError, and for a person's request AwsError and LedgerContention, after which it may succeed in a moment.
    """
    time, content = parse_event(event)
    if content is None:
        return asdict(_tick(fetching, time))
    _adopt(fetching, time)
    request: Request | None = None
    try:
        request = parse_request(content)
        answered = answer(fetching, time, request)
    except (AwsError, LedgerContention):
        # It is nobody's request that is wrong.
        raise
    except ChorokError as error:
        run, languages = getattr(request, "run", ""), ",".join(getattr(request, "languages", ()))
        logger.warning("refused", run=run, language=languages, error=type(error).__name__, reason=str(error))
        retry_after = error.retry_after if isinstance(error, SourceThrottled) else None
        message = " ".join([str(error), *getattr(error, "__notes__", ())])
        return asdict(Answer(error=type(error).__name__, message=message, retry_after=retry_after))
    if isinstance(answered, Answer):
        _report(answered.dispatches)
    return asdict(answered)


def _tick(fetching: Fetching, time: datetime) -> Answer:
    """Have a tick done, and report what it did and saw. Raises SettingsError."""
    try:
        _adopt(fetching, time)
        done = tick(fetching, time)
    except (AwsError, DispatchError, LedgerContention) as error:
        logger.exception("tick not done", error=type(error).__name__)
        metrics.add_metric(Metric.TICKS_DONE, MetricUnit.Count, 0)
        metrics.flush_metrics()
        return Answer(error=type(error).__name__, message=str(error))
    for trouble in done.troubles:
        logger.warning("trouble", error=type(trouble).__name__, reason=str(trouble))
    for incident in done.incidents:
        logger.warning("incident", incident=incident.cause.name, since=incident.since.isoformat())
    unreadable = any(isinstance(trouble, SourceError) for trouble in done.troubles)
    metrics.add_metric(Metric.TICKS_DONE, MetricUnit.Count, done.is_done)
    metrics.add_metric(Metric.INCIDENTS_OPEN, MetricUnit.Count, len(done.incidents))
    metrics.add_metric(Metric.DIGESTS_OVERDUE, MetricUnit.Count, done.overdue)
    metrics.add_metric(Metric.SOURCE_UNREADABLE, MetricUnit.Count, unreadable)
    _report(done.dispatches)
    first = done.troubles[0] if done.troubles else None
    return Answer(done.dispatches, type(first).__name__ if first else "", str(first) if first else "")


def _adopt(fetching: Fetching, time: datetime) -> None:
    """Take over another stack's ledger, where that is not done yet. Raises AwsError, SettingsError."""
    if fetching.old is not None:
        copied = adopt(fetching.store, fetching.old, time)
        if copied:
            logger.info("adopted", bucket=fetching.old.bucket, objects=copied)


def _report(dispatches: Iterable[Dispatch]) -> None:
    """Log and count dispatches, and flush all that is counted."""
    for dispatch in dispatches:
        logger.info("dispatched", **asdict(dispatch))
        metrics.add_metric(Metric.PAPERS_EXPECTED, MetricUnit.Count, dispatch.messages)
        metrics.add_metric(Metric.BUDGET_EXCEEDED, MetricUnit.Count, dispatch.over_budget)
    if metrics.metric_set:
        metrics.flush_metrics()


def read_papers(
    source: str,
    period: Period,
    top: int,
    believe_few: bool,  # noqa: FBT001 - the shape is PapersReader's
    token_parameter: str = "",
) -> tuple[Paper, ...]:
    """The papers of a period from the base address `source`; odd entries beside them are logged as a count."""
    listing = top_papers(_client(source, token_parameter), period, top, believe_few=believe_few)
    if listing.odd:
        logger.warning("odd entries", run=period.name, entries=listing.odd)
    return listing.papers


def read_paper(source: str, paper: str, token_parameter: str = "") -> Paper:
    """The paper with this arXiv id, from the base address `source`."""
    return paper_by_id(_client(source, token_parameter), paper)


def _client(source: str, token_parameter: str) -> Client:
    """What reads from `source`, with the token where it is Hugging Face itself."""
    token = _token(token_parameter) if token_parameter and source == HUGGING_FACE else ""
    return Client(source, token=token, patience_seconds=_PATIENCE_SECONDS)


def _token(parameter: str) -> str:
    """The token for Hugging Face, or "" where it cannot be had: without one it only counts by address."""
    try:
        token = secret(parameter).strip()
    except AwsError as error:
        logger.warning("token unreadable", reason=str(error))
        return ""
    if not is_token(token):
        logger.warning("token unreadable", reason=f"The parameter {parameter} holds no token of Hugging Face.")
        return ""
    return token


@cache
def _fetching() -> Fetching:
    boto3.setup_default_session(botocore_session=read_times_quickly(botocore.session.get_session()))
    settings = Settings.from_environment(os.environ)
    resources = Resources.from_environment(os.environ)
    s3 = boto3.client("s3", config=WITHIN_AN_INVOCATION)
    sqs = boto3.client("sqs", config=WITHIN_AN_INVOCATION)
    return Fetching(
        settings=settings,
        store=Store(s3, resources.bucket),
        papers=Queue(sqs, resources.papers_queue),
        digests=Queue(sqs, resources.digests_queue),
        read_papers=partial(read_papers, token_parameter=settings.token_parameter),
        read_paper=partial(read_paper, token_parameter=settings.token_parameter),
        old=Store(s3, settings.adopt_bucket) if settings.adopt_bucket else None,
        dead_papers=Queue(sqs, resources.papers_dead_queue),
        tell=sns_tell(boto3.client("sns", config=WITHIN_AN_INVOCATION), resources.topic, settings.name),
    )
