"""A record that fails takes no neighbour along, comes back in its own time, and reaches the dead-letter queue."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, cast

import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from functions.aggregate import handler as aggregate
from functions.deliveries import RESERVE_MILLISECONDS, process
from functions.fetch import handler as fetch
from functions.translate import handler as translate
from shared.digest.view import View
from shared.editions import Edition
from shared.engines.amazon import amazon_engine
from shared.errors import LedgerError, MessageError, SourceUnreachable, UsageError
from shared.ledger import keys
from shared.ledger.file import File
from shared.papers import Paper
from shared.services.deliver import Translating
from shared.services.fetching import Fetching
from shared.services.messages import DigestMessage, PaperMessage, encode
from shared.services.publish import Publication, Publishing
from shared.settings import Settings
from tests.fakes.aws import DIGESTS, PAPERS, PAPERS_DEAD, Cloud, Context, FakeTranslate, sqs_event
from tests.fakes.texts import PAPERS as WEEK
from tests.fakes.texts import TRANSLATIONS, no_paper

SETTINGS = Settings(top=3, languages=("ko", "pt"), receives=3)
TICK = {"scheduled_time": "2025-09-15T01:00:00Z"}

Handle = Callable[[dict[str, Any], Any], Any]


def poll(cloud: Cloud, url: str, handle: Handle, context: Context | None = None, most: int = 10) -> int:
    """What Lambda does: receive a batch, invoke, delete what the answer does not name; how many were received."""
    received = cloud.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=most, VisibilityTimeout=540).get(
        "Messages", []
    )
    if received:
        answer = handle(sqs_event(received), context or Context())
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        for message in received:
            if message["MessageId"] not in failed:
                cloud.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return len(received)


def handling(cloud: Cloud, receive: Callable[[SQSRecord], int | None]) -> Handle:
    """A function behind the papers queue that gives each record to `receive`."""
    logger = Logger(service="test")
    return partial(process, queue=cloud.papers, settings=SETTINGS, logger=logger, receive=receive)


@pytest.fixture
def cloud() -> Cloud:
    return Cloud(receives=SETTINGS.receives)


def test_what_is_done_is_deleted_and_what_is_not_comes_back_after_its_own_time(cloud: Cloud) -> None:
    cloud.papers.send(["done", "later", "done too"])

    poll(cloud, PAPERS, handling(cloud, lambda record: 60 if record.body == "later" else None))

    [left] = cloud.sqs.messages(PAPERS)
    assert (left.body, left.visible_at - cloud.clock.now) == ("later", timedelta(seconds=60))


def test_a_record_that_crashes_fails_alone_and_backs_off(cloud: Cloud) -> None:
    cloud.papers.send(["poisonous", "good"])
    seen: list[str] = []

    def receive(record: SQSRecord) -> None:
        seen.append(record.body)
        if record.body == "poisonous":
            raise LedgerError("damaged")

    waits = []
    for _ in range(SETTINGS.receives):
        poll(cloud, PAPERS, handling(cloud, receive))
        [left] = cloud.sqs.messages(PAPERS)
        waits.append((left.visible_at - cloud.clock.now).total_seconds())
        cloud.clock.now = left.visible_at

    assert sorted(seen) == ["good"] + ["poisonous"] * 3
    assert all(base / 2 <= wait <= base for wait, base in zip(waits, (30, 60, 120), strict=True))


def test_poison_reaches_the_dead_letter_queue_untouched_and_at_once(cloud: Cloud) -> None:
    cloud.papers.send(["poison"])

    def receive(record: SQSRecord) -> None:
        raise MessageError("unreadable")

    for _ in range(SETTINGS.receives + 1):
        poll(cloud, PAPERS, handling(cloud, receive))

    assert cloud.sqs.bodies(PAPERS) == []
    assert cloud.sqs.bodies(PAPERS_DEAD) == ["poison"]


def test_records_that_there_is_no_time_for_are_given_back_at_once(cloud: Cloud) -> None:
    cloud.papers.send(["slow", "waiting"])
    context = Context()
    begun: list[str] = []

    def receive(record: SQSRecord) -> None:
        begun.append(record.body)
        context.milliseconds = RESERVE_MILLISECONDS - 1

    poll(cloud, PAPERS, handling(cloud, receive), context)

    assert begun == ["slow"]
    assert [(left.body, left.visible_at) for left in cloud.sqs.messages(PAPERS)] == [("waiting", cloud.clock.now)]


def test_a_record_whose_time_cannot_be_set_is_not_taken_for_done(cloud: Cloud) -> None:
    cloud.papers.send(["message"])

    def receive(record: SQSRecord) -> int:
        cloud.clock.advance(seconds=541)
        return 60

    poll(cloud, PAPERS, handling(cloud, receive))

    assert cloud.sqs.bodies(PAPERS) == ["message"]


# The three functions.


class Pipeline:
    """The three functions over one cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.engine = FakeTranslate(TRANSLATIONS)
        self.told: list[tuple[str, str]] = []
        self.source_error: Exception | None = None
        store = cloud.store
        self.fetching = Fetching(SETTINGS, store, cloud.papers, cloud.digests, self.read_papers, no_paper)
        engine_for = partial(amazon_engine, cast("Any", self.engine), terminology=None)
        translating = Translating(SETTINGS, store, engine_for, jitter=lambda: 0.5)
        self.translation = translate.Runtime(translating, cloud.papers)
        self.aggregation = aggregate.Runtime(SETTINGS, Publishing(store, self.announce), cloud.digests)

    def read_papers(self, base: str, period: object, top: int, believe_few: bool) -> tuple[Paper, ...]:
        if self.source_error is not None:
            raise self.source_error
        return WEEK[:top]

    def announce(self, view: View, healed: bool) -> None:
        self.told.append((view.digest.language, view.digest.state))

    def run(self) -> None:
        """Let the functions work until no message can be received."""
        translating = partial(translate.handle, runtime=self.translation)
        aggregating = partial(aggregate.handle, runtime=self.aggregation)
        while poll(self.cloud, PAPERS, translating, most=1) + poll(self.cloud, DIGESTS, aggregating):
            pass

    def digest(self, language: str) -> bytes:
        return self.cloud.s3.objects[keys.digest(Edition("2025-W37", language), "digest.json")].body


def test_one_tick_becomes_a_complete_digest_in_each_language(cloud: Cloud) -> None:
    pipeline = Pipeline(cloud)

    answer = fetch.handle(TICK, pipeline.fetching)
    pipeline.run()

    assert [(dispatch["language"], dispatch["messages"]) for dispatch in answer["dispatches"]] == [("ko", 3), ("pt", 3)]
    assert all(b'"state": "complete"' in pipeline.digest(language) for language in ("ko", "pt"))
    assert sorted(pipeline.told) == [("ko", "complete"), ("pt", "complete")]
    assert cloud.sqs.bodies(PAPERS) + cloud.sqs.bodies(DIGESTS) + cloud.sqs.bodies(PAPERS_DEAD) == []


def test_what_fails_for_good_reaches_the_dead_and_one_redrive_heals_it(cloud: Cloud) -> None:
    pipeline = Pipeline(cloud)
    pipeline.engine.errors = [("UnsupportedLanguagePairException", 400)]
    fetch.handle(TICK, pipeline.fetching)
    pipeline.run()
    dead, partial_digest = cloud.sqs.bodies(PAPERS_DEAD), pipeline.digest("ko")

    cloud.sqs.redrive(PAPERS_DEAD)
    pipeline.run()

    assert len(dead) == 1
    assert b'"code": "UnsupportedLanguagePairException"' in partial_digest
    assert b'"state": "complete"' in pipeline.digest("ko")
    assert pipeline.told == [("ko", "partial"), ("pt", "complete"), ("ko", "complete")]
    assert len(pipeline.engine.calls) == 2 * 3 + 1


def test_poison_in_either_queue_keeps_no_paper_from_its_reader(cloud: Cloud) -> None:
    pipeline = Pipeline(cloud)
    for queue in (cloud.papers, cloud.digests):
        queue.send(["poison", encode(DigestMessage("2025-W37", "ko")), encode(PaperMessage("", "", "", "", ""))])

    fetch.handle(TICK, pipeline.fetching)
    pipeline.run()

    assert b'"state": "complete"' in pipeline.digest("ko")
    assert len(cloud.sqs.bodies(PAPERS_DEAD)) == 3


def test_equal_signals_of_one_batch_are_answered_by_one_look_and_those_of_the_next_by_another(cloud: Cloud) -> None:
    pipeline = Pipeline(cloud)
    fetch.handle(TICK, pipeline.fetching)
    pipeline.run()
    looks: list[DigestMessage] = []

    class Counted(Publishing):
        def publish(self, message: DigestMessage) -> Publication:
            looks.append(message)
            return super().publish(message)

    counted = replace(pipeline.aggregation, publishing=Counted(cloud.store, pipeline.announce))
    for _ in range(2):
        cloud.digests.send([encode(DigestMessage("2025-W37", language)) for language in ("ko", "ko", "pt", "ko")])
        poll(cloud, DIGESTS, partial(aggregate.handle, runtime=counted))

    assert looks == [DigestMessage("2025-W37", language) for language in ("ko", "pt")] * 2
    assert cloud.sqs.bodies(DIGESTS) == []


def test_a_person_s_request_goes_through_the_same_function(cloud: Cloud) -> None:
    pipeline = Pipeline(cloud)

    fetch.handle(TICK | {"request": {"run": "2025-W37", "languages": ["ko"]}}, pipeline.fetching)
    pipeline.run()

    assert pipeline.told == [("ko", "complete")]


def test_a_tick_without_papers_is_no_error_of_the_function_and_all_else_is_done(cloud: Cloud) -> None:
    pipeline = Pipeline(cloud)
    fetch.handle(TICK, pipeline.fetching)
    pipeline.source_error = SourceUnreachable("down")

    answer = fetch.handle({"scheduled_time": "2025-09-22T01:00:00Z"}, pipeline.fetching)

    assert (answer["error"], answer["message"]) == ("SourceUnreachable", "down")
    assert encode(DigestMessage("2025-W37", "ko", publish=True)) in cloud.sqs.bodies(DIGESTS)


def test_a_tick_that_the_next_one_makes_up_for_is_no_error_of_the_function_either(cloud: Cloud) -> None:
    pipeline = Pipeline(cloud)
    cloud.sqs.refusals = 100

    answer = fetch.handle(TICK, pipeline.fetching)
    cloud.sqs.refusals = 0
    made_up = fetch.handle({"scheduled_time": "2025-09-15T02:00:00Z"}, pipeline.fetching)

    assert (answer["error"], made_up["error"]) == ("DispatchError", "")
    assert sum(dispatch["messages"] for dispatch in made_up["dispatches"]) == 2 * 3


# What the logs say.


@dataclass(frozen=True)
class Log:
    """Every line that the three functions log, each called by its own entry point."""

    stream: io.StringIO
    pipeline: Pipeline

    def lines(self, message: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.stream.getvalue().splitlines()]
        return [line for line in lines if line["message"] == message]


@pytest.fixture
def log(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    pipeline, stream = Pipeline(cloud), io.StringIO()
    monkeypatch.setattr(fetch, "_fetching", lambda: pipeline.fetching)
    monkeypatch.setattr(translate, "_runtime", lambda: pipeline.translation)
    monkeypatch.setattr(aggregate, "_runtime", lambda: pipeline.aggregation)
    handlers = [module.logger.registered_handler for module in (fetch, translate, aggregate)]
    before = [handler.setStream(stream) for handler in handlers]
    yield Log(stream, pipeline)
    for handler, old in zip(handlers, before, strict=True):
        handler.setStream(old)


def about(line: dict[str, Any]) -> tuple[str | None, ...]:
    return tuple(line.get(key) for key in ("function_request_id", "run", "language", "paper"))


def test_every_line_says_in_which_invocation_and_what_it_is_about(cloud: Cloud, log: Log) -> None:
    papers = [paper.id for paper in WEEK[: SETTINGS.top]]

    fetch.handler(TICK, cast("Any", Context()))
    poll(cloud, PAPERS, translate.handler)
    poll(cloud, DIGESTS, aggregate.handler)

    editions = [("request-1", "2025-W37", language) for language in SETTINGS.languages]
    assert [about(line) for line in log.lines("dispatched")] == [(*edition, None) for edition in editions]
    assert [about(line) for line in log.lines("delivered")] == [
        (*edition, paper) for edition in editions for paper in papers
    ]
    assert {about(line) for line in log.lines("looked")} == {(*edition, None) for edition in editions}


def test_a_failed_record_s_line_says_what_it_is_about_and_the_next_record_s_does_not(cloud: Cloud, log: Log) -> None:
    fetch.handler(TICK, cast("Any", Context()))
    cloud.papers.send(["poison"])
    cloud.store.write(keys.result(Edition("2025-W37", "pt"), WEEK[2].id), File(b"damaged", "application/json"))

    poll(cloud, PAPERS, translate.handler)

    assert [about(line) for line in log.lines("record failed")] == [("request-1", "2025-W37", "pt", WEEK[2].id)]
    assert [about(line) for line in log.lines("message unreadable")] == [("request-1", None, None, None)]


def test_a_refused_request_s_line_says_what_was_asked_for(log: Log) -> None:
    request = {"run": "2027-W01", "languages": ["ko", "pt"]}

    answer = fetch.handler(TICK | {"request": request}, cast("Any", Context()))

    assert answer["error"] == "PeriodNotOver"
    assert [about(line) for line in log.lines("refused")] == [("request-1", "2027-W01", "ko,pt", None)]


def test_an_event_that_names_no_time_is_refused(cloud: Cloud) -> None:
    with pytest.raises(UsageError):
        fetch.handle({"scheduled_time": "<aws.scheduler.scheduled-time>"}, Pipeline(cloud).fetching)
