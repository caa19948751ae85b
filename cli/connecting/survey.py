"""What the ledger and the queues say of every run, or of one.

All runs are read from one listing; of a run whose completion was announced only the manifest is read, unless one run
was asked for.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from cli.connecting.dead_letters import WorkQueue
from cli.connecting.deployment import Pipeline
from cli.showing.overview import (
    Failures,
    FailureStatus,
    Marked,
    OpenIncident,
    QueueStatus,
    RunStatus,
    Status,
    findings,
    listed,
)
from shared.digest.formats import DIGEST
from shared.doubts import Kept, marks
from shared.editions import Edition
from shared.errors import LedgerError, UnknownRun
from shared.failures import FailureClass
from shared.ledger import keys
from shared.ledger.markers import is_announced
from shared.ledger.records import FailedResult, Manifest, Result, TranslatedResult
from shared.ledger.results import missing, papers_with_result, read_result
from shared.ledger.store import Reader
from shared.services.tell import held_incidents


@dataclass(frozen=True)
class Queues:
    """How full the queues are, and the failure queues."""

    work: tuple[QueueStatus, ...]
    failures: tuple[FailureStatus, ...]


@dataclass(frozen=True)
class Ledger:
    """A ledger to be read, and how to look at the queues beside it: None where only another command could."""

    store: Reader
    queues: Callable[[], Queues | None]
    is_running: bool
    """Whether something works, or may work, on what is in the queues."""


def ledger_of(pipeline: Pipeline) -> Ledger:
    """What can be read of a pipeline that runs."""
    return Ledger(pipeline.store, lambda: _queues(pipeline), is_running=True)


def survey(ledger: Ledger | None, where: str, run: str = "") -> Status:
    """The status of `run`, or of all runs; None for a ledger is one on which nothing has ever run.

    `where` are the options that lead other commands to this ledger, each after a space. An object that cannot be read
    hides nothing but what it held. Raises UnknownRun where there is no such run.
    """
    if ledger is None:
        _require(run, ())
        return Status((), (), (), tuple(findings((), (), (), where, is_running=False)))
    # The queues first: what leaves them while the ledger is read is seen as done, never as lost.
    looked = ledger.queues()
    queues, failures = (None, None) if looked is None else (looked.work, looked.failures)
    damaged: list[str] = []
    runs = _runs(ledger.store, run, damaged)
    found = tuple(findings(runs, queues, failures, where, only=run, is_running=ledger.is_running, damaged=damaged))
    # The queues and the incidents are those of every run.
    if run:
        return Status(runs, (), (), found, tuple(damaged))
    return Status(runs, queues, failures, found, tuple(damaged), tuple(_open_incidents(ledger.store)))


def incomplete(store: Reader, run: str = "") -> tuple[RunStatus, ...]:
    """The digests of `run`, or of all runs, that are neither complete nor accepted as they are.

    Raises UnknownRun where there is no such run.
    """
    return tuple(status for status in _runs(store, run, []) if not status.is_final)


def editions(store: Reader, run: str = "") -> tuple[Edition, ...]:
    """The editions of `run`, or of all runs. Raises UnknownRun where there is no such run."""
    wanted = [found for listed in store.list(keys.RUNS) if (found := keys.parse_requested(listed.key))]
    _require(run, tuple(dict.fromkeys(edition.run for edition in wanted)))
    return tuple(edition for edition in wanted if run in ("", edition.run))


def _queues(pipeline: Pipeline) -> Queues:
    return Queues(
        tuple(_queue(queue) for queue in (pipeline.papers, pipeline.digests)),
        tuple(FailureStatus(queue.name, queue.depth(), queue.url) for queue in pipeline.failures),
    )


def _queue(queue: WorkQueue) -> QueueStatus:
    depth = queue.depth()
    return QueueStatus(queue.name, depth.waiting, depth.in_flight, depth.dead, queue.dead_url)


def _require(run: str, known: Sequence[str]) -> None:
    if run and run not in known:
        raise UnknownRun(f"There is no run {run} here. Runs there are: {listed(known[::-1]) or 'none'}.")


def _runs(store: Reader, run: str, damaged: list[str]) -> tuple[RunStatus, ...]:
    """What cannot be read is put into `damaged`, as the error says it."""
    listed = tuple(entry.key for entry in store.list(keys.RUNS))
    wanted = [found for key in listed if (found := keys.parse_requested(key))]
    names = tuple(dict.fromkeys(edition.run for edition in wanted))
    _require(run, names)
    manifests: dict[str, Manifest] = {}
    for name in names:
        if run in ("", name):
            with _noting(damaged):
                manifest = store.record(keys.manifest(name), Manifest)
                if manifest is not None:
                    manifests[name] = manifest
    return tuple(
        _run(store, manifests[edition.run], edition, frozenset(listed), damaged, closely=bool(run))
        for edition in wanted
        if edition.run in manifests
    )


def _open_incidents(store: Reader) -> Iterator[OpenIncident]:
    for incident in held_incidents(store).open:
        yield OpenIncident(incident.cause.name, incident.cause.title, incident.since, incident.cause.do)


@contextmanager
def _noting(damaged: list[str]) -> Iterator[None]:
    try:
        yield
    except LedgerError as error:
        damaged.append(str(error))


def _run(
    store: Reader, manifest: Manifest, edition: Edition, known: Collection[str], damaged: list[str], *, closely: bool
) -> RunStatus:
    run, language, expected = edition.run, edition.language, manifest.expected
    is_complete = keys.announced(edition, "complete") in known
    if is_complete and manifest.revision:
        is_complete = is_announced(store, manifest, language, "complete")
    complete = RunStatus(
        run=run, language=language, state="complete", expected=expected, translated=expected, pending=0
    )
    if is_complete and not closely:
        return complete
    present = papers_with_result(store, edition)
    results: dict[str, Result] = {}
    for paper in manifest.papers:
        with _noting(damaged):
            result = read_result(store, edition, paper.id) if paper.id in present else None
            if result is not None:
                results[paper.id] = result
    marked = tuple(_marked(manifest, results)) if closely else ()
    if is_complete:
        # Nothing that is complete ever becomes anything else.
        return replace(complete, marked=marked)
    published = store.etag(keys.digest(edition, DIGEST)) is not None
    accepted = tuple(sorted(result.paper for result in results.values() if _is_accepted(result)))
    failed = tuple(_failures(result for result in results.values() if not _is_accepted(result)))
    pending = len(missing(manifest, present))
    is_accepted = bool(accepted) and not failed and not pending
    return RunStatus(
        run=run,
        language=language,
        state=("accepted" if is_accepted else "partial") if published else "open",
        expected=expected,
        translated=sum(isinstance(result, TranslatedResult) for result in results.values()),
        pending=pending,
        accepted=accepted,
        failed=failed,
        marked=marked,
    )


def _marked(manifest: Manifest, results: Mapping[str, Result]) -> Iterator[Marked]:
    for paper in manifest.papers:
        result = results.get(paper.id)
        if isinstance(result, TranslatedResult) and (found := marks(result.doubts, result.kept).values()):
            kept = sum(isinstance(mark, Kept) for mark in found)
            yield Marked(paper.id, doubtful=len(found) - kept, kept=kept)


def _is_accepted(result: Result) -> bool:
    return isinstance(result, FailedResult) and result.accepted


def _failures(results: Iterable[Result]) -> Iterator[Failures]:
    papers: dict[tuple[FailureClass, str, str], list[str]] = defaultdict(list)
    for result in results:
        if isinstance(result, FailedResult):
            papers[result.failure.kind, result.failure.code, result.failure.cause].append(result.paper)
    for (kind, code, cause), ids in papers.items():
        yield Failures(kind, code, cause, tuple(sorted(ids)))
