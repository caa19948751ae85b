"""What `make bench-quick` asserts: requests, bytes and sizes, which are the same on every machine and in every run.

The handlers run on S3 and SQS in memory, one message after the other, so that nothing depends on how fast anything is.
"""

import io
import logging
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

import msgspec

from functions.aggregate import handler as aggregate
from functions.fetch import handler as fetch
from functions.translate import handler as translate
from infra.engine.service import Service
from infra.engine.wire import TRANSLATE_TEXT, Request
from shared.engines.amazon import amazon_engine
from shared.ledger import keys
from shared.ledger.records import TranslatedResult, decode_result
from shared.papers import Paper
from shared.periods import Period
from shared.queues import Queue
from shared.services.deliver import Translating
from shared.services.fetching import Fetching
from shared.services.publish import Publishing
from shared.settings import Settings
from tests.bench.papers import papers
from tests.bench.rows import Row
from tests.fakes import aws
from tests.fakes.aws import DIGESTS, PAPERS, PAPERS_DEAD, Cloud
from tests.fakes.translate import korean

_WEEK, _MONTH = "2025-W37", "2025-09"
_SIZES = (10, 100)
_TOGETHER = 10
"""Signals in a batch: five callers at 0.15 s finish more papers than that in the second that SQS waits for them."""
_BEYOND = {10: 50, 100: 35}
"""What aggregate may ask for beyond 2.5 a paper: of each it reads the result and puts the page, and its looks take the
rest where papers are many."""
_REQUEST = datetime(2025, 9, 15, 1, tzinfo=UTC)
_LATER = datetime(2025, 10, 2, 1, tzinfo=UTC)


class _Client:
    """Amazon Translate as boto3's client has it, from the double's answers; `calls` are its translations."""

    def __init__(self) -> None:
        self.calls = 0
        self._service = Service(cache(korean), frozenset({"en-ko"}))

    def translate_text(self, **call: Any) -> Any:
        self.calls += 1
        return self._answer(TRANSLATE_TEXT, call)

    def _answer(self, operation: str, call: Any) -> Any:
        return msgspec.json.decode(self._service(Request(operation, {}, msgspec.json.encode(call))).body)


class _World:
    """A deployment in memory, with a Hugging Face of so many papers."""

    def __init__(self, count: int) -> None:
        self.cloud = Cloud()
        self.engine = _Client()
        self.listed = {_WEEK: papers(count), _MONTH: papers(count + 5)}
        self.top = count
        self.settings = Settings(top=count, budget_characters=0)
        self.asked: Counter[str] = Counter()
        store = self.cloud.store
        sqs: Any = _CountingQueues(self.cloud.sqs)
        self.sqs: _CountingQueues = sqs
        self.fetching = Fetching(
            self.settings,
            store,
            Queue(sqs, PAPERS),
            Queue(sqs, DIGESTS),
            self._read,
            self._read_one,
            dead_papers=Queue(sqs, PAPERS_DEAD),
            tell=lambda mail: None,
        )
        translating = Translating(
            self.settings,
            store,
            lambda target: amazon_engine(cast(Any, self.engine), target, None),
            random.Random(0).random,
        )
        self.translating = translate.Runtime(translating, Queue(sqs, PAPERS))
        self.aggregating = aggregate.Runtime(
            self.settings, Publishing(store, lambda view, healed: None), Queue(sqs, DIGESTS)
        )

    def _read(self, source: str, period: Period, top: int, believe_few: bool) -> tuple[Paper, ...]:
        return self.listed[period.name][:top]

    def _read_one(self, source: str, paper: str) -> Paper:
        return next(found for listed in self.listed.values() for found in listed if found.id == paper)

    def run(self, run: str, time: datetime, top: int) -> dict[str, Counter[str]]:
        """Make a run as a person asks for it; what each function asked of S3 and SQS meanwhile."""
        event = {
            "scheduled_time": time.isoformat(),
            "request": {"kind": "run", "run": run, "languages": ["ko"], "top": top},
        }
        asked = {"fetch": self._counted(lambda: fetch.handle(event, self.fetching))}
        asked["translate"] = asked["aggregate"] = Counter()
        while self.cloud.sqs.messages(PAPERS) or self.cloud.sqs.messages(DIGESTS):
            for _ in range(_TOGETHER):
                asked["translate"] = asked["translate"] + self._counted(lambda: self._deliver(PAPERS, 1))
            asked["aggregate"] = asked["aggregate"] + self._counted(lambda: self._deliver(DIGESTS, _TOGETHER))
        return asked

    def tick(self, time: datetime) -> Counter[str]:
        """A tick; what it asked for."""
        return self._counted(lambda: fetch.handle({"scheduled_time": time.isoformat()}, self.fetching))

    def results(self, run: str) -> list[TranslatedResult]:
        """The run's translations."""
        found = [
            decode_result(held.body, key)
            for key, held in self.cloud.s3.objects.items()
            if key.startswith(f"{keys.RESULTS}{run}/")
        ]
        return [result for result in found if isinstance(result, TranslatedResult)]

    def paid(self, run: str, time: datetime, top: int) -> int:
        """For how many papers the engine is paid in one more run."""
        before = {result.paper: result for result in self.results(run)}
        self.run(run, time, top)
        return sum(result.characters > 0 and before.get(result.paper) != result for result in self.results(run))

    def characters(self, run: str) -> tuple[int, int]:
        """The characters that were paid for, and those of the sources."""
        paid = sum(result.characters for result in self.results(run))
        return paid, sum(len(paper.title + paper.abstract + paper.summary) for paper in self.listed[run][: self.top])

    def _counted(self, work: Any) -> Counter[str]:
        self.cloud.s3.asked.clear()
        self.sqs.asked.clear()
        work()
        return Counter(self.cloud.s3.asked + self.sqs.asked)

    def _deliver(self, url: str, most: int) -> None:
        received = self.cloud.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=most).get("Messages", [])
        if not received:
            return
        event: Any = aws.sqs_event(received)
        context: Any = aws.Context()
        if url == PAPERS:
            answer = translate.handle(event, context, self.translating)
        else:
            answer = aggregate.handle(event, context, self.aggregating)
        assert not answer["batchItemFailures"]
        for message in received:
            self.cloud.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


class _CountingQueues:
    """SQS as it is given, with a count of what the functions ask of it."""

    def __init__(self, sqs: aws.FakeSQS) -> None:
        self._sqs = sqs
        self.asked: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        self.asked[name] += 1
        return getattr(self._sqs, name)


def asked(count: int) -> Counter[str]:
    """What a run of so many papers asks of S3 and SQS; with how many `characters` it pays for, and stores how many
    `bytes` for good.
    """
    logging.disable(logging.CRITICAL)
    try:
        with redirect_stdout(io.StringIO()):
            world = _World(count)
            total = sum(world.run(_WEEK, _REQUEST, count).values(), Counter[str]())
    finally:
        logging.disable(logging.NOTSET)
    paid, _ = world.characters(_WEEK)
    kept = {key: held for key, held in world.cloud.s3.objects.items() if not key.startswith(keys.ANSWERS)}
    return total + Counter(characters=paid, bytes=sum(len(held.body) for held in kept.values()))


def counts(large: bool) -> Iterator[Row]:
    """The requests of a run, a second run, a month after its week, and an idle tick, at two sizes."""
    # The functions log to standard output, and their metrics are lines of it.
    logging.disable(logging.CRITICAL)
    try:
        with redirect_stdout(io.StringIO()):
            rows = [row for count in _SIZES for row in _counted(count)]
    finally:
        logging.disable(logging.NOTSET)
    yield from rows


def _counted(count: int) -> Iterator[Row]:
    what, world = f"{count} papers", _World(count)
    asked = world.run(_WEEK, _REQUEST, count)
    for name, most, ceiling in (("fetch", 1.0, 1.0), ("translate", 5.2, 5.2), ("aggregate", None, None)):
        note = ", ".join(f"{number / count:.2f} {kind}" for kind, number in sorted(asked[name].items()))
        ours = asked[name].total() / count
        yield Row("Counts", f"{what}: {name}", ours, "requests a paper", most=most, ceiling=ceiling, note=note)
    fixed = asked["aggregate"].total() - 2.5 * count
    first = "the first of a deployment, which puts five files that later ones find as they are; and a second look"
    beyond = f"{what}: aggregate, but for 2.5 a paper"
    yield Row("Counts", beyond, fixed, "requests", most=45, ceiling=_BEYOND[count], note=first)
    paid, source = world.characters(_WEEK)
    yield Row("Counts", f"{what}: characters paid for", paid, "", floor=source, most=1.05, ceiling=1.06)
    yield Row("Counts", f"{what}: papers paid for the second time", world.paid(_WEEK, _REQUEST, count), "", most=0)
    new = world.paid(_MONTH, _LATER, count + 5)
    note = "a text of which every form was refused is not remembered, and is asked for again in another run"
    bill = f"{what}: papers paid for in a month with five new ones"
    yield Row("Counts", bill, new, "", most=5, ceiling=8, note=note)
    tick = world.tick(datetime(2025, 9, 16, 1, tzinfo=UTC))
    yield Row("Counts", f"{what}: an idle tick", tick.total(), "requests", most=5)
    yield Row("Counts", f"{what}: an idle tick's writes", tick["PutObject"], "requests", most=0)
