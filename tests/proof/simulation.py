"""The world of one interleaving: the three handlers on fakes that can fail, repeat, crash or pause at every call.

Time is what the choices make of it: a message that was postponed comes back whenever it is chosen, also while its
handler still runs; a paused handler goes on whenever it is chosen.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from enum import IntEnum
from functools import partial
from typing import Any, cast

from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from functions.aggregate import handler as aggregate
from functions.fetch import handler as fetch
from functions.translate import handler as translate
from shared.editions import Edition
from shared.engines.amazon import amazon_engine
from shared.errors import AwsError, RunConflict, UsageError
from shared.ledger import keys
from shared.ledger.records import Manifest, Memory, PaperMemory, decode
from shared.ledger.store import Store
from shared.makers import Makers
from shared.notices.incident_mail import sns_tell
from shared.notices.mail import sns_announce
from shared.papers import Paper
from shared.periods import Period
from shared.queues import Queue
from shared.services import making
from shared.services.accept import accept_results
from shared.services.deliver import Translating
from shared.services.fetching import Fetching
from shared.services.messages import decode_paper
from shared.services.publish import Publishing
from shared.services.refetch import adopt, difference
from shared.settings import Settings
from shared.translation.judge_version import JUDGE_VERSION
from tests.fakes import aws, texts
from tests.fakes.aws import BUCKET, DIGESTS, DIGESTS_DEAD, PAPERS, PAPERS_DEAD, TOPIC, client_error
from tests.proof import invariants
from tests.proof.choices import Choices
from tests.proof.invariants import Invariant, Violation
from tests.proof.tasks import Task

START = datetime(2025, 9, 15, 1, tzinfo=UTC)
NEWER, OLDER = "2025-W37", "2025-W36"
SOURCE = {NEWER: texts.PAPERS[:3], OLDER: texts.PAPERS[2:5]}
"""Two runs, neighbours in the archive, which share one paper."""
LANGUAGES = ("ko", "pt")
WANTED = [Edition(run, language) for run in SOURCE for language in LANGUAGES]
SETTINGS = Settings(languages=LANGUAGES, top=3, receives=3)
ANOTHER_ENGINE = replace(SETTINGS, engines=tuple(f"{language}=another" for language in LANGUAGES))
LEFT = (
    {texts.PAPERS[0].title: "kept", texts.PAPERS[3].title: "doubt"},
    {texts.PAPERS[0].title: "doubt", texts.PAPERS[1].title: "kept", texts.PAPERS[3].title: "doubt"},
)
"""What is wrong with which paper's translation, later and at first: one gets worse, one better, one stays as it is."""


def is_first(engine: str) -> bool:
    """Whether results are made as at first, now that `engine` is asked: by the same engine, for the same judge."""
    return (
        engine == SETTINGS.engine(LANGUAGES[0]) and making.present_makers(SETTINGS, LANGUAGES[0]).judge == JUDGE_VERSION
    )


PERSON = "person"

_MOST_STEPS = 3000
_MOST_FAULTS = 12
_MOST_CALLS_OF_THE_DOOMED = 10
_TRANSLATORS, _AGGREGATES = 3, 2
_ENGINE_ERRORS = (
    ("ThrottlingException", 400),
    ("InternalServerException", 500),
    ("UnsupportedLanguagePairException", 400),
    ("AccessDeniedException", 400),
)


class SimulatedTime(datetime):
    """The time at which every translation is made: equal digests are rendered only once."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "SimulatedTime":
        return cls.fromtimestamp(START.timestamp(), tz)


class Crash(BaseException):
    """The machine under a handler is gone."""


INJECTED = (Crash, ClientError, BotoCoreError, AwsError)
"""All that may go wrong here."""


class Fate(IntEnum):
    """What happens to a call: its handler may pause or sleep, and its machine may crash, right before or after it."""

    DONE = 0
    PAUSE_BEFORE = 1
    PAUSE_AFTER = 2
    SLEEP_BEFORE = 3
    SLEEP_AFTER = 4
    CRASH_BEFORE = 5
    CRASH_AFTER = 6
    ERROR = 7
    """It is refused, and nothing has happened."""
    LOST_ANSWER = 8
    """It has happened, and an error is all that comes back."""
    REPEATED = 9

    @property
    def is_fault(self) -> bool:
        return self >= Fate.CRASH_BEFORE


_FATES = tuple(Fate)
"""By number: to look one up is a tenth of the time that `Fate(number)` takes, which counts in millions of calls."""


@dataclass(frozen=True)
class Weather:
    """The probability of each fate but `DONE`, of an error of the engine, and of receiving what is still worked on.

    `doom` is how probably the handler that was too slow then crashes a few calls later.
    """

    probabilities: tuple[float, ...]
    engine_error: float = 0.0
    duplicate: float = 0.0
    doom: float = 0.0

    @classmethod
    def drawn(cls, choices: Choices) -> "Weather":
        """Each interleaving has its own: what is frequent in all of them hides what is only seen without it."""

        def one_of(*probabilities: float) -> float:
            return probabilities[choices.among(len(probabilities))]

        pause, sleep, crash = one_of(0.01, 0.05, 0.1), one_of(0.0, 0.01, 0.04), one_of(0.0, 0.003, 0.01)
        error, lost, repeated = one_of(0.0, 0.003, 0.01), one_of(0.0, 0.003, 0.01), one_of(0.0, 0.003, 0.01)
        fates = (pause, pause, sleep, sleep, crash, crash, error, lost, repeated)
        engine_error, duplicate = one_of(0.0, 0.1, 0.5), one_of(0.0, 0.05, 0.2, 0.6)
        return cls(fates, engine_error, duplicate, doom=one_of(0.0, 0.5))

    @property
    def without_faults(self) -> "Weather":
        return Weather(self.probabilities[: Fate.PAUSE_AFTER])


@dataclass
class Delivery:
    """One invocation of translate: the message's paper, its `again`, and who is asked where it asks once more.

    `settled` says that the translation it asks for was stored when it began, `unkept` how many texts of the last answer
    the memory does not hold yet.
    """

    paper: invariants.Paper
    again: datetime | None
    once_more_by: Makers | None
    settled: bool
    unkept: int = 0


class Interposed:
    """A client of which every call goes through `around`."""

    def __init__(self, client: object, around: Callable[[str, Mapping[str, Any], Callable[[], Any]], Any]) -> None:
        self._client = client
        self._around = around

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        if operation == "get_paginator":
            return lambda name: aws.Paginator(getattr(self, name))
        method = getattr(self._client, operation)
        return lambda **request: self._around(operation, request, partial(method, **request))


class WaveringTranslate(aws.FakeTranslate):
    """An engine that never answers alike: the nth answer to the same text ends with as many exclamation marks."""

    def translate_text(self, **request: Any) -> dict[str, Any]:
        answer = super().translate_text(**request)
        earlier = self.calls.count(self.calls[-1]) - 1
        if earlier and answer["TranslatedText"].endswith("."):
            answer["TranslatedText"] = answer["TranslatedText"].removesuffix(".") + "!" * earlier
        return answer


class Cloud(aws.Cloud):
    """A cloud under watch."""

    def __init__(self) -> None:
        super().__init__(receives=SETTINGS.receives, page_size=7)
        self.watch = invariants.Watch(self)

    def _created(self, key: str) -> None:
        super()._created(key)
        self.watch.written(key)


class Simulation:
    """One interleaving. `happened` counts what was injected and what came of it."""

    def __init__(self, choices: Choices, *, traced: bool = False) -> None:
        self.happened: Counter[str] = Counter()
        self.trace: list[str] = []
        self.cloud = Cloud()
        self.cloud.clock.now = START
        self._traced = traced
        self.choices = choices
        self._weather = Weather.drawn(choices)
        self._running: Task | None = None
        self._tasks: list[Task] = []
        self._asleep: set[Task] = set()
        self._kinds: dict[Task, str] = {}
        self._messages: dict[Task, list[str]] = {}
        self._deliveries: dict[Task, Delivery] = {}
        self._tries: dict[Task, tuple[dict[str, Any], int]] = {}
        self._doomed: dict[Task, int] = {}
        self._extras: list[Callable[[], None]] = []
        self._numbers: Counter[str] = Counter()
        self._looked: list[str] = []

        s3, self._sqs, sns, engine = (
            cast("Any", Interposed(client, self._call))
            for client in (self.cloud.s3, self.cloud.sqs, self.cloud.sns, WaveringTranslate(texts.TRANSLATIONS))
        )
        store, papers, digests = Store(s3, BUCKET), Queue(self._sqs, PAPERS), Queue(self._sqs, DIGESTS)
        engine_for = partial(amazon_engine, engine, terminology=None)
        self._fetching = Fetching(
            SETTINGS,
            store,
            papers,
            digests,
            self._read_papers,
            texts.no_paper,
            dead_papers=Queue(self._sqs, PAPERS_DEAD),
            tell=sns_tell(sns, TOPIC, SETTINGS.name),
        )
        self._translating = translate.Runtime(Translating(SETTINGS, store, engine_for, jitter=lambda: 0.5), papers)
        self._aggregating = aggregate.Runtime(SETTINGS, Publishing(store, sns_announce(sns, TOPIC, BUCKET)), digests)

        self._know_makers()

    # The course of an interleaving.

    def play(self) -> None:
        """Run it to its end. Raises Violation where an invariant does not hold."""
        try:
            self._storm()
            self._weather = self._weather.without_faults
            self._come_to_rest(after_a_tick=False)
            invariants.require_nothing_lost(self.cloud)
            self._tick(hours=1)
            self._come_to_rest()
            invariants.require_nothing_lost(self.cloud)
            invariants.require_published(self.cloud, invariants.editions(self.cloud))
            self._redrive(PAPERS_DEAD)
            self._redrive(DIGESTS_DEAD)
            for run in SOURCE:
                self._ask(run)
            self._come_to_rest()
            self._tick(hours=1)
            self._come_to_rest()
            invariants.require_complete(self.cloud, WANTED)
            self._tick(hours=1)
            self._come_to_rest()
            invariants.require_all_over(self.cloud)
            self._require_idle_ticks()
        finally:
            making.JUDGE_VERSION = JUDGE_VERSION  # type: ignore[attr-defined]
            for task in self._tasks:
                task.abandon()

    def _storm(self) -> None:
        self._tick(hours=0)
        self._ask(OLDER)
        possible: list[Callable[[], None]] = [
            partial(self._tick, hours=0),
            partial(self._tick, hours=1),
            partial(self._tick, hours=5),
            partial(self._ask, NEWER),
            partial(self._ask, OLDER),
            *(partial(self._refetch, run) for run in SOURCE),
            *(partial(self._ask, run, again=[paper.id]) for run, papers in SOURCE.items() for paper in papers[:2]),
            *(partial(self._accept, run, paper.id) for run, papers in SOURCE.items() for paper in papers[:2]),
            partial(self._accept, NEWER),
            partial(self._redrive, PAPERS_DEAD),
            partial(self._redrive, DIGESTS_DEAD),
            self._deploy,
            self._deploy,
        ]
        self._extras = [possible[self.choices.among(len(possible))] for _ in range(self.choices.among(8))]
        for _ in range(_MOST_STEPS):
            if self._extras and self.choices.happens(0.03):
                self._extras.pop(0)()
            elif not self._step():
                if not self._extras:
                    return
                self._extras.pop(0)()

    def _come_to_rest(self, *, after_a_tick: bool = True) -> None:
        while self._step() or self._extras:
            if self._extras:
                self._extras.pop(0)()
        invariants.require_converged(self.cloud, after_a_tick=after_a_tick)
        invariants.require_told(self.cloud)
        self._require_money_adds_up()

    def _step(self) -> bool:
        moves = self._moves()
        if moves:
            moves[self.choices.among(len(moves))]()
        return bool(moves)

    def _moves(self) -> list[Callable[[], None]]:
        """What can happen next. A task that sleeps goes on when nothing else can."""
        moves: list[Callable[[], None]] = [
            partial(self._resume, task) for task in self._tasks if task not in self._asleep
        ]
        for url, most, start in (
            (PAPERS, _TRANSLATORS, self._start_translate),
            (DIGESTS, _AGGREGATES, self._start_aggregate),
        ):
            busy = sum(self._kinds[task] == url for task in self._tasks)
            if busy < most and self._free(url):
                moves.append(start)
        return moves or [partial(self._resume, task) for task in self._tasks]

    # What can be started.

    def _tick(self, hours: int) -> None:
        self.cloud.clock.advance(hours=hours)
        self._start_fetch({"scheduled_time": self.cloud.clock.now.isoformat()})

    def _ask(self, run: str, again: Sequence[str] = ()) -> None:
        request = {"run": run, "languages": LANGUAGES, "again": again}
        self.happened["again"] += len(again) * len(LANGUAGES)
        self._start_fetch({"scheduled_time": self.cloud.clock.now.isoformat(), "request": request})

    def _accept(self, run: str, paper: str = "") -> None:
        """A person leaves it at what is there; where the command crashes, nobody repeats it."""
        manifest, time = self.cloud.store.record(keys.manifest(run), Manifest), self.cloud.clock.now
        if manifest is not None:

            def accept() -> None:
                # Another person may have had the papers read anew, and this one left.
                with suppress(UsageError):
                    for language in LANGUAGES:
                        accept_results(self._fetching.store, manifest, language, time, paper)

            self._start("accept", accept, f"{run} {paper}")

    def _deploy(self) -> None:
        """Another judge, or another engine, once the deliveries are over that are at work.

        The judge's version is everybody's at once, so for that the ticks are awaited too.
        """
        judge = self.choices.among(2)
        while working := [task for task in self._tasks if self._kinds[task] in (PAPERS, *["fetch"] * judge)]:
            self._resume(working[0])
        if judge:
            making.JUDGE_VERSION = f"after {JUDGE_VERSION}"  # type: ignore[attr-defined]
        else:
            self._fetching = replace(self._fetching, settings=ANOTHER_ENGINE)
            translating = replace(self._translating.translating, settings=ANOTHER_ENGINE)
            self._translating = replace(self._translating, translating=translating)
        self._know_makers()
        self.happened["deployed"] += 1
        self._note("another judge or engine")

    def _know_makers(self) -> None:
        for language in LANGUAGES:
            self.cloud.watch.makers[language] = making.present_makers(self._fetching.settings, language)

    def _refetch(self, run: str) -> None:
        self._start(PERSON, partial(self._have_papers_replaced, run), run)

    def _have_papers_replaced(self, run: str) -> None:
        """What `chorok run --refetch` does where the person agrees. Nobody repeats it where it fails."""
        time = self.cloud.clock.now.isoformat()
        answer = fetch.handle({"scheduled_time": time, "request": {"kind": "refetch", "run": run}}, self._fetching)
        store = self._fetching.store
        held, proposed = (store.record(key, Manifest) for key in (keys.manifest(run), keys.proposed(run)))
        if not answer["error"] and held and proposed and difference(held, proposed):
            with suppress(RunConflict):
                adopt(store, held, proposed)
                fetch.handle({"scheduled_time": time, "request": {"run": run, "languages": LANGUAGES}}, self._fetching)

    def _redrive(self, url: str) -> None:
        self._note(f"redrive {url}")
        self.happened["redriven"] += len(self.cloud.sqs.messages(url))
        self.cloud.sqs.redrive(url)

    def _start_fetch(self, event: dict[str, Any], tries: int = 3) -> None:
        task = self._start("fetch", lambda: fetch.handle(event, self._fetching), f"{event}")
        self._tries[task] = event, tries - 1

    def _start_translate(self) -> None:
        received = self._receive(PAPERS, 1)
        if received:
            message = decode_paper(received[0]["Body"])
            paper = (message.edition, message.paper)
            # Two runs may hold one paper: its text is paid for once.
            self.happened["concurrent"] += any(
                (held.paper[0].language, held.paper[1]) == (message.language, message.paper)
                for held in self._deliveries.values()
            )
            handle = partial(translate.handle, runtime=self._translating)
            task = self._start(PAPERS, partial(self._invoke, PAPERS, handle, received), f"{paper} {message.again}")
            makers = making.present_makers(self._fetching.settings, message.language) if message.once_more else None
            settled = invariants.is_settled(self.cloud, paper, message.again, makers)
            self._deliveries[task] = Delivery(paper, message.again, makers, settled)
            if message.once_more:
                self.cloud.watch.asked.add(paper)
            self._messages[task] = [received[0]["MessageId"]]

    def _start_aggregate(self) -> None:
        received = self._receive(DIGESTS, 10 - self.choices.among(10))
        if received:
            handle = partial(aggregate.handle, runtime=self._aggregating)
            task = self._start(DIGESTS, partial(self._invoke, DIGESTS, handle, received))
            self._messages[task] = [message["MessageId"] for message in received]
            self.happened["two aggregates"] += sum(self._kinds[task] == DIGESTS for task in self._tasks) > 1

    def _invoke(self, url: str, handle: Callable[..., Any], received: Sequence[Mapping[str, Any]]) -> None:
        """What Lambda does with a batch: what the answer does not name is deleted."""
        answer = handle(aws.sqs_event(received), aws.Context())
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        for message in received:
            if message["MessageId"] not in failed:
                self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def _free(self, url: str) -> list[aws.Message]:
        held = {message for messages in self._messages.values() for message in messages}
        return [message for message in self.cloud.sqs.messages(url) if message.id not in held]

    def _receive(self, url: str, most: int) -> list[dict[str, Any]]:
        """Messages in any order; sometimes one whose handler still runs: its visibility timeout is over."""
        messages, free = self.cloud.sqs.messages(url), self._free(url)
        held = [message for message in messages if message not in free]
        again = held and self.choices.happens(self._weather.duplicate)
        possible = held if again else free
        first = self.choices.among(len(possible))
        chosen = possible[first : first + most]
        if again:
            self.happened["delivered twice"] += 1
            self._doom({message.id for message in chosen})
        for message in chosen:
            message.visible_at = self.cloud.clock.now
        messages.sort(key=lambda message: message not in chosen)
        answer = self.cloud.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=len(chosen), VisibilityTimeout=43_200, MessageSystemAttributeNames=["All"]
        )
        return list(answer.get("Messages", []))

    def _doom(self, messages: set[str]) -> None:
        for task, held in self._messages.items():
            if not messages.isdisjoint(held) and self.choices.happens(self._weather.doom):
                self.happened["doomed"] += 1
                self._doomed[task] = self.choices.among(_MOST_CALLS_OF_THE_DOOMED)

    # How tasks run.

    def _start(self, kind: str, work: Callable[[], object], detail: str = "") -> Task:
        name = kind.rpartition("/")[2]
        self._numbers[name] += 1
        task = Task(f"{name} {self._numbers[name]}", work)
        self._note(f"{task.name} starts {detail}")
        self._tasks.append(task)
        self._kinds[task] = kind
        return task

    def _resume(self, task: Task) -> None:
        self._asleep.discard(task)
        self._running = task
        task.resume()
        self._running = None
        if task.done:
            self._note(f"{task.name} ends {task.error!r}")
            self._finish(task)

    def _finish(self, task: Task) -> None:
        self._tasks.remove(task)
        self._messages.pop(task, None)
        self._doomed.pop(task, None)
        self._deliveries.pop(task, None)
        event, tries = self._tries.pop(task, ({}, 0))
        if isinstance(task.error, Violation):
            raise task.error
        if task.error is not None and not isinstance(task.error, INJECTED):
            raise Violation(Invariant.NO_SURPRISE, f"{task.name}: {task.error!r}") from task.error
        if task.error is not None and tries:
            self._extras.append(partial(self._start_fetch, event, tries))

    def _call(self, operation: str, request: Mapping[str, Any], perform: Callable[[], Any]) -> Any:
        """One call to AWS, and what happens to it."""
        task, fate = self._running, _FATES[self.choices.weighted(self._weather.probabilities)]
        assert task is not None
        if operation == "translate_text" and self.choices.happens(self._weather.engine_error):
            fate = Fate.ERROR
        if fate.is_fault and not self._may_fail():
            fate = Fate.DONE
        if task in self._doomed:
            self._doomed[task] -= 1
            fate = Fate.CRASH_AFTER if self._doomed[task] < 0 else fate
        if self._traced:
            self._note(f"{task.name} {operation} {request.get('Key', request.get('Prefix', ''))} {fate.name}")
        self.happened[fate.name] += 1
        self._looked += [request["Key"]] if operation == "get_object" else []
        if fate is Fate.CRASH_BEFORE:
            raise self._crash()
        self._wait(task, fate, Fate.PAUSE_BEFORE, Fate.SLEEP_BEFORE)
        if operation == "translate_text":
            self._called(self._deliveries[task], request["Text"])
        if fate is Fate.ERROR:
            raise self._error(operation, fate)
        before = self._texts_at(request["Key"]) if operation == "put_object" else {}
        answer = perform()
        if operation == "put_object" and task in self._deliveries:
            kept = self._texts_at(request["Key"])
            self._deliveries[task].unkept -= sum(before.get(key) != text for key, text in kept.items())
        if fate is Fate.LOST_ANSWER:
            raise self._error(operation, fate)
        if fate is Fate.REPEATED and operation != "translate_text":
            # The SDK had no answer and asked again: the second answer is all that its caller sees.
            answer = perform()
        if fate is Fate.CRASH_AFTER:
            raise self._crash()
        self._wait(task, fate, Fate.PAUSE_AFTER, Fate.SLEEP_AFTER)
        return answer

    def _texts_at(self, key: str) -> dict[str, Memory]:
        """What is remembered at `key`, if that is a paper's memory."""
        held = self.cloud.s3.objects.get(key) if keys.is_memory(key) else None
        return {} if held is None else decode(held.body, PaperMemory, key).texts

    def _wait(self, task: Task, fate: Fate, pause: Fate, sleep: Fate) -> None:
        """Let others go first, or sleep for as long as there is anything else to do."""
        if fate is sleep:
            self._asleep.add(task)
        if fate in (pause, sleep):
            task.pause()

    def _crash(self) -> Crash:
        self._count_lost_answer()
        return Crash()

    def _error(self, operation: str, fate: Fate) -> Exception:
        self._count_lost_answer()
        if fate is Fate.LOST_ANSWER and self.choices.among(2):
            return ReadTimeoutError(endpoint_url="https://aws")
        if operation == "translate_text" and fate is Fate.ERROR:
            code, status = _ENGINE_ERRORS[self.choices.among(len(_ENGINE_ERRORS))]
            return client_error(code, status, operation)
        if operation == "put_object" and fate is Fate.ERROR and self.choices.among(2):
            return client_error("ConditionalRequestConflict", 409, operation)
        return client_error("ServiceUnavailable", 503, operation)

    def _read_papers(self, base: str, period: Period, top: int, believe_few: bool) -> tuple[Paper, ...]:
        """The period's papers; while votes move, each time in another order."""

        def read() -> tuple[Paper, ...]:
            self._numbers[period.name] += 1
            is_refetched = self._kinds[cast("Task", self._running)] == PERSON
            papers = texts.PAPERS if is_refetched else SOURCE[period.name]
            first = self._numbers[period.name] % len(papers)
            return (papers[first:] + papers[:first])[:top]

        return cast("tuple[Paper, ...]", self._call("read_papers", {}, read))

    def _may_fail(self) -> bool:
        """Whether one more fault may be injected; counts it."""
        self.happened["faults"] += 1
        return self.happened["faults"] <= _MOST_FAULTS

    # What is paid for.

    def _called(self, delivery: Delivery, text: str) -> None:
        self.happened["calls"] += 1
        delivery.unkept = len(text.split("\n\n"))
        self.happened["kept elsewhere"] += invariants.is_kept_elsewhere(self.cloud, delivery.paper)
        if delivery.settled:
            raise Violation(Invariant.NOT_PAID_AGAIN, f"{delivery.paper}")

    def _count_lost_answer(self) -> None:
        """A fault costs another call only where a call was made and its answer is kept nowhere yet.

        The memory is no help to a request for a fresh translation: only the result is.
        """
        delivery = self._deliveries.get(cast("Task", self._running))
        if delivery is None:
            return
        if invariants.is_translated(self.cloud, delivery.paper, delivery.again, delivery.once_more_by):
            return
        if delivery.unkept > 0 or delivery.again or delivery.once_more_by:
            self.happened["lost calls"] += 1

    def _require_money_adds_up(self) -> None:
        papers = {paper.id for run in SOURCE.values() for paper in run}
        # Each judge and each engine may be asked for every paper: what was remembered of another is not theirs.
        allowed = len(papers) * len(LANGUAGES) * (1 + self.happened["deployed"]) + sum(
            self.happened[term] for term in ("again", "lost calls", "concurrent", "kept elsewhere")
        )
        if self.happened["calls"] > allowed:
            raise Violation(Invariant.MONEY, f"{self.happened['calls']} calls, {allowed} allowed: {self.happened}")

    def _require_idle_ticks(self) -> None:
        """Two more ticks write nothing, send nothing, and read no result."""
        self._looked.clear()
        before = dict(self.cloud.s3.objects)
        self._tick(hours=1)
        self._tick(hours=1)
        self._come_to_rest()
        changed = [key for key, held in self.cloud.s3.objects.items() if before.get(key) is not held]
        looked = [key for key in self._looked if key.startswith(keys.RESULTS)]
        if changed or looked:
            raise Violation(Invariant.IDLE, ", ".join([*changed, *looked]))

    def _note(self, event: str) -> None:
        if self._traced:
            self.trace.append(event)
