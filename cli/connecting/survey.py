"""What the ledger and the queues say of every run, or of one.

All runs are read from one listing; of a run whose completion was announced only the manifest is read.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from cli.connecting.dead_letters import WorkQueue
from cli.connecting.deployment import Pipeline
from cli.showing.overview import Failures, FailureStatus, QueueStatus, RunStatus, Status, findings, listed
from shared.digest.formats import DIGEST
from shared.editions import Edition
from shared.errors import UnknownRun
from shared.failures import FailureClass
from shared.ledger import keys
from shared.ledger.records import FailedResult, Manifest, Result, TranslatedResult
from shared.ledger.results import missing, papers_with_result, read_results
from shared.ledger.store import Store


def survey(pipeline: Pipeline | None, where: str, run: str = "") -> Status:
    """The status of `run`, or of all runs; None for a pipeline is one on which nothing has ever run.

    `where` are the options that lead other commands to this pipeline, each after a space. Raises UnknownRun where there
    is no such run.
    """
    if pipeline is None:
        _require(run, ())
        return Status((), (), (), tuple(findings((), (), (), where, is_running=False)))
    # The queues first: what leaves them while the ledger is read is seen as done, never as lost.
    queues = tuple(_queue(queue) for queue in (pipeline.papers, pipeline.digests))
    failures = tuple(FailureStatus(queue.name, queue.depth(), queue.url) for queue in pipeline.failures)
    runs = _runs(pipeline.store, run)
    found = tuple(findings(runs, queues, failures, where, only=run, is_running=pipeline.is_running))
    # The queues are those of every run.
    return Status(runs, () if run else queues, () if run else failures, found)


def incomplete(store: Store, run: str = "") -> tuple[RunStatus, ...]:
    """The digests of `run`, or of all runs, that are not complete. Raises UnknownRun where there is no such run."""
    return tuple(status for status in _runs(store, run) if status.state != "complete")


def _queue(queue: WorkQueue) -> QueueStatus:
    depth = queue.depth()
    return QueueStatus(queue.name, depth.waiting, depth.in_flight, depth.dead, queue.dead_url)


def _require(run: str, known: Sequence[str]) -> None:
    if run and run not in known:
        raise UnknownRun(f"There is no run {run} here. Runs there are: {listed(known[::-1]) or 'none'}.")


def _runs(store: Store, run: str) -> tuple[RunStatus, ...]:
    listed = tuple(entry.key for entry in store.list(keys.RUNS))
    wanted = [found for key in listed if (found := keys.parse_requested(key))]
    names = tuple(dict.fromkeys(edition.run for edition in wanted))
    _require(run, names)
    manifests = {name: store.record(keys.manifest(name), Manifest) for name in names if run in ("", name)}
    return tuple(
        _run(store, manifest, edition, frozenset(listed))
        for edition in wanted
        if (manifest := manifests.get(edition.run)) is not None
    )


def _run(store: Store, manifest: Manifest, edition: Edition, known: Collection[str]) -> RunStatus:
    run, language, expected = edition.run, edition.language, len(manifest.papers)
    if keys.announced(edition, "complete") in known:
        # Nothing that is complete ever becomes anything else.
        return RunStatus(
            run=run, language=language, state="complete", expected=expected, translated=expected, pending=0
        )
    present = papers_with_result(store, edition)
    results = read_results(store, edition, (paper.id for paper in manifest.papers if paper.id in present))
    published = store.etag(keys.digest(edition, DIGEST)) is not None
    return RunStatus(
        run=run,
        language=language,
        state="partial" if published else "open",
        expected=expected,
        translated=sum(isinstance(result, TranslatedResult) for result in results.values()),
        pending=len(missing(manifest, present)),
        failed=tuple(_failures(results.values())),
    )


def _failures(results: Collection[Result]) -> Iterator[Failures]:
    papers: dict[tuple[FailureClass, str, str], list[str]] = defaultdict(list)
    for result in results:
        if isinstance(result, FailedResult):
            papers[result.failure.kind, result.failure.code, result.failure.cause].append(result.paper)
    for (kind, code, cause), ids in papers.items():
        yield Failures(kind, code, cause, tuple(sorted(ids)))
