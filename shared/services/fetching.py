"""What the fetch function does: at every tick, and at a person's request, make true what is not yet true.

Everything is looked up in the ledger, so that a tick may come twice, late, or after a crash at any step. The order is
what makes that safe: manifest before request, request before messages, messages before the `dispatched` marker.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import msgspec

from shared.errors import LedgerError, RunConflict, SourceError, UsageError
from shared.failures import Failure, FailureClass
from shared.huggingface.address import validate_source
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.keys import SAMPLE
from shared.ledger.records import Dispatched, Manifest, Requested, Result
from shared.ledger.results import missing, papers_with_result, read_results, store_result
from shared.ledger.store import Store
from shared.papers import HUGGING_FACE, Paper
from shared.periods import Period, last_finished_week, parse_period, require_over
from shared.queues import BATCH_BYTES, Queue
from shared.services.messages import DigestMessage, PaperMessage, encode
from shared.services.sample import sample_papers
from shared.settings import Settings

SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"
"""https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html"""
BUDGET_EXCEEDED = "BudgetExceeded"
UPKEEP = timedelta(weeks=4)
"""How long ticks look after a run that is not complete."""

PapersReader = Callable[[str, Period, int, bool], tuple[Paper, ...]]
"""Base address, period, how many, whether fewer are believed → the papers. Raises SourceError."""


@dataclass(frozen=True)
class Request:
    """What a person asks for beyond a plain tick.

    `run` is a period's name, `sample`, or a run that exists; "" is the last finished week. `top`, `languages` and
    `source` are 0, () and "" for what the run holds, or else the deployment's settings. `again` names papers whose
    memory is ignored; `only` names the only papers that are sent, () for all. With `publish` nothing is sent to
    translate: aggregate is asked to publish whatever is there. With `read` the run's papers are read where it has no
    manifest yet, and nothing else is done.
    """

    run: str = ""
    top: int = 0
    languages: tuple[str, ...] = ()
    source: str = ""
    again: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    publish: bool = False
    read: bool = False


@dataclass(frozen=True)
class FetchEvent:
    """The event of the schedule's target: the time it was scheduled for, and a person's request if there is one."""

    scheduled_time: str
    request: Request | None = None


@dataclass(frozen=True)
class Dispatch:
    """What one dispatch did for one run and language: papers, messages, their characters, papers over budget."""

    run: str
    language: str
    papers: int
    messages: int
    characters: int
    over_budget: int = 0


@dataclass(frozen=True)
class Tick:
    """What a tick did, how many digests of the newest week are overdue, and what it could not do, and why."""

    dispatches: tuple[Dispatch, ...]
    overdue: int
    troubles: tuple[SourceError | LedgerError, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What a person's request came to: the dispatches, or the name and message of an error of the tree.

    `retry_after` is in seconds, where Hugging Face said how long to wait.
    """

    dispatches: tuple[Dispatch, ...] = ()
    error: str = ""
    message: str = ""
    retry_after: int | None = None


def parse_event(event: object) -> tuple[datetime, Request | None]:
    """The scheduled time, in UTC, and the request in an event.

    Raises UsageError where there is no time that can be read: without a time there is no run to name.
    """
    try:
        parsed = msgspec.convert(event, FetchEvent)
        time = datetime.fromisoformat(parsed.scheduled_time)
    except (msgspec.ValidationError, ValueError) as error:
        raise UsageError(
            f"The event has no scheduled time that can be read ({error}); it must be ISO 8601, as EventBridge Scheduler"
            " puts in place of <aws.scheduler.scheduled-time>."
        ) from error
    if time.tzinfo is None:
        raise UsageError(f"The scheduled time {parsed.scheduled_time} has no time zone.")
    return time.astimezone(UTC), parsed.request


@dataclass(frozen=True)
class Fetching:
    """The fetch function's work, with what it works on."""

    settings: Settings
    store: Store
    papers: Queue
    digests: Queue
    read_papers: PapersReader

    def request(self, time: datetime, request: Request) -> tuple[Dispatch, ...]:
        """Do what a person asked for at `time`: send again whatever has no translation.

        Raises UsageError where the request cannot be met, SourceError where the papers cannot be had.
        """
        languages = tuple(dict.fromkeys(request.languages)) or self.settings.languages
        for code in languages:
            find_language(code)
        manifest = self._manifest(time, request)
        unknown = sorted({*request.again, *request.only} - {paper.id for paper in manifest.papers})
        if unknown:
            raise UsageError(f"{unknown[0]} is no paper of run {manifest.run}.")
        if request.read:
            return ()
        return tuple(self._serve(manifest, code, time, request) for code in languages)

    def tick(self, time: datetime) -> Tick:
        """Make true what is not yet true at `time`; trouble with one run stops nothing that concerns another."""
        dispatches: list[Dispatch] = []
        troubles: list[SourceError | LedgerError] = []
        week = last_finished_week(time - timedelta(hours=self.settings.settle_hours), self.settings.zone)
        try:
            self._begin(week, time)
        except (SourceError, LedgerError) as error:
            troubles.append(error)
        for run, language in self._unfinished(time):
            try:
                dispatches += self._keep_up(run, language, time)
            except LedgerError as error:
                troubles.append(error)
        return Tick(tuple(dispatches), self._overdue(week, time), tuple(troubles))

    def _begin(self, week: Period, time: datetime) -> None:
        manifest = self._held(week.name) or self._manifest(time, Request(run=week.name))
        for code in self.settings.languages:
            self._want(manifest, code, time)

    def _overdue(self, week: Period, time: datetime) -> int:
        """In how many languages the digest of `week` should be complete at `time` and is not."""
        hours = self.settings.settle_hours + self.settings.overdue_hours
        if time < week.end(self.settings.zone) + timedelta(hours=hours):
            return 0
        markers = (keys.announced(week.name, code, "complete") for code in self.settings.languages)
        return sum(self.store.etag(marker) is None for marker in markers)

    def _unfinished(self, time: datetime) -> Iterator[tuple[str, str]]:
        """Run and language of every digest that ticks still look after."""
        modified = {listed.key: listed.modified for listed in self.store.list(keys.RUNS)}
        for key in modified:
            run, language = keys.parse_requested(key) or ("", "")
            if run and time - modified[key] <= UPKEEP and keys.announced(run, language, "complete") not in modified:
                yield run, language

    def _keep_up(self, run: str, language: str, time: datetime) -> Iterator[Dispatch]:
        manifest = self._held(run)
        request = self.store.record(keys.requested(run, language), Requested)
        if manifest is None or request is None:
            return
        dispatched = self.store.record(keys.dispatched(run, language), Dispatched)
        if dispatched is None:
            absent = frozenset(missing(manifest, papers_with_result(self.store, run, language)))
            yield self._dispatch(manifest, language, time, absent)
        elif time >= datetime.fromisoformat(dispatched.scheduled_time) + timedelta(
            hours=self.settings.lost_after_hours
        ):
            self._write_off(manifest, language, time)
        if time > datetime.fromisoformat(request.scheduled_time):
            self.digests.send([encode(DigestMessage(run, language, publish=True))])

    def _serve(self, manifest: Manifest, language: str, time: datetime, request: Request) -> Dispatch:
        self._want(manifest, language, time)
        if request.publish:
            self.digests.send([encode(DigestMessage(manifest.run, language, publish=True))])
            return Dispatch(manifest.run, language, len(manifest.papers), messages=0, characters=0)
        results = read_results(self.store, manifest.run, language, (paper.id for paper in manifest.papers))
        wanted = frozenset(
            paper.id
            for paper in manifest.papers
            if (not request.only or paper.id in request.only)
            and (paper.id in request.again or paper.id not in results or results[paper.id].status != "translated")
        )
        dispatch = self._dispatch(manifest, language, time, wanted, request.again)
        # Nothing may be left to translate, so no result would wake aggregate: after a crash the digest may be missing.
        self.digests.send([encode(DigestMessage(manifest.run, language))])
        return dispatch

    def _manifest(self, time: datetime, request: Request) -> Manifest:
        """The manifest of the run asked for, written first if there is none."""
        run = request.run or last_finished_week(time, self.settings.zone).name
        if not keys.is_run(run):
            raise UsageError(f"{run!r} is no run. Runs are called 2025-W37, 2025-09, 2025-09-12 or sample.")
        held = self._held(run)
        if held is None:
            fresh = self._sample(time) if run == SAMPLE else self._read(run, time, request)
            if self.store.create(keys.manifest(run), fresh):
                return fresh
            held = self._held(run)
        if held is None:
            raise LedgerError(f"The manifest of run {run} was there and is gone; nothing may remove one.")
        source = self._source(request) if request.source else held.source
        asked = replace(held, top=request.top or held.top, source=source)
        if run != SAMPLE and asked != held:
            raise RunConflict(
                f"Run {run} already holds the top {held.top} of {held.source}, not the top {asked.top} of {source};"
                " a run never changes. Ask for what it holds, or use another state folder."
            )
        return held

    def _read(self, run: str, time: datetime, request: Request) -> Manifest:
        period, zone = parse_period(run), self.settings.zone
        require_over(period, time, zone)
        top, source = request.top or self.settings.top, self._source(request)
        believed_from = period.end(zone) + timedelta(hours=self.settings.settle_hours + self.settings.confirm_hours)
        papers = self.read_papers(source, period, top, time >= believed_from)
        return Manifest(run, run, source, HUGGING_FACE + period.path, top, time.isoformat(), papers)

    def _sample(self, time: datetime) -> Manifest:
        papers = sample_papers()
        return Manifest(SAMPLE, "", SAMPLE, f"{HUGGING_FACE}/papers", len(papers), time.isoformat(), papers)

    def _source(self, request: Request) -> str:
        return validate_source(request.source or self.settings.source, embedded=self.settings.embedded)

    def _held(self, run: str) -> Manifest | None:
        return self.store.record(keys.manifest(run), Manifest)

    def _want(self, manifest: Manifest, language: str, time: datetime) -> None:
        self.store.create(keys.requested(manifest.run, language), Requested(manifest.run, language, time.isoformat()))

    def _dispatch(
        self,
        manifest: Manifest,
        language: str,
        time: datetime,
        wanted: Collection[str],
        again: tuple[str, ...] = (),
    ) -> Dispatch:
        bodies: list[str] = []
        characters = over_budget = 0
        for paper in manifest.papers:
            if paper.id not in wanted:
                continue
            message = PaperMessage(
                run=manifest.run,
                language=language,
                paper=paper.id,
                title=paper.title,
                abstract=paper.abstract,
                again=time.isoformat() if paper.id in again else "",
            )
            length = len(paper.title) + len(paper.abstract)
            failure = self._unsendable(paper, encode(message), characters + length)
            if failure is None:
                bodies.append(encode(message))
                characters += length
            else:
                over_budget += failure.code == BUDGET_EXCEEDED
                store_result(self.store, _failed(manifest.run, language, paper.id, failure, time))
        self.papers.send(bodies)
        dispatched = Dispatched(manifest.run, language, time.isoformat(), len(bodies), characters)
        self.store.create(keys.dispatched(manifest.run, language), dispatched)
        return Dispatch(manifest.run, language, len(manifest.papers), len(bodies), characters, over_budget)

    def _unsendable(self, paper: Paper, body: str, characters: int) -> Failure | None:
        permanent = FailureClass.PERMANENT
        if paper.missing_text:
            return Failure(permanent, "NothingToTranslate", f"the source gives no {paper.missing_text}")
        if len(body.encode()) > BATCH_BYTES:
            return Failure(
                permanent, "TooLarge", f"the paper's text is larger than a message may be ({BATCH_BYTES} bytes)"
            )
        if 0 < self.settings.budget_characters < characters:
            budget = self.settings.budget_characters
            return Failure(permanent, BUDGET_EXCEEDED, f"the budget of {budget} characters for one dispatch is used up")
        return None

    def _write_off(self, manifest: Manifest, language: str, time: datetime) -> None:
        hours = self.settings.lost_after_hours
        failure = Failure(FailureClass.TRANSIENT, "Lost", f"no result came within {hours} hours of sending it")
        for paper in missing(manifest, papers_with_result(self.store, manifest.run, language)):
            store_result(self.store, _failed(manifest.run, language, paper, failure, time))


def _failed(run: str, language: str, paper: str, failure: Failure, time: datetime) -> Result:
    return Result(run, language, paper, status="failed", time=time.isoformat(), failure=failure)
