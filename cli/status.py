"""`chorok status`: how every run stands, what lies in the queues, and what to do next.

What is expected and done is read from the ledger, all runs from one listing; of a run whose completion was announced
only the manifest is read. What to do follows from that alone, so `findings` is a pure function.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click
import msgspec
from rich.console import Console
from rich.table import Table

from cli import options
from cli.connecting.dead_letters import WorkQueue
from cli.connecting.deployment import Pipeline
from cli.connecting.opening import Wish, open_ledger
from shared.errors import UsageError
from shared.failures import FailureClass
from shared.ledger import keys
from shared.ledger.records import Manifest, Result
from shared.ledger.results import missing, papers_with_result, read_results
from shared.ledger.store import Store
from shared.services.fetching import BUDGET_EXCEEDED
from shared.text.display import one_line
from shared.translation.pipeline import EMPTY_CODE, REFUSED_CODE


@dataclass(frozen=True)
class Failures:
    """The papers of one digest that failed for one cause."""

    kind: FailureClass
    code: str
    cause: str
    papers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RunStatus:
    """How a run stands in one language, as counts of papers; `open` is what has not been published yet."""

    run: str
    language: str
    state: Literal["open", "partial", "complete"]
    expected: int
    translated: int
    pending: int
    failed: tuple[Failures, ...] = ()

    @property
    def name(self) -> str:
        """Run and language."""
        return f"{self.run} {self.language}"


@dataclass(frozen=True)
class QueueStatus:
    """How many messages wait in a queue, are at work or in back-off, and lie in its dead-letter queue at `dead_url`."""

    name: str
    waiting: int
    in_flight: int
    dead: int
    dead_url: str


@dataclass(frozen=True)
class FailureStatus:
    """How many ticks that came to nothing lie in the failure queue at `url`."""

    name: str
    messages: int
    url: str


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be, and what to do about it."""

    what: str
    do: str


@dataclass(frozen=True)
class Status:
    """All of it, as `--json` prints it."""

    runs: tuple[RunStatus, ...]
    queues: tuple[QueueStatus, ...]
    failures: tuple[FailureStatus, ...]
    findings: tuple[Finding, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every digest is complete."""
        return all(run.state == "complete" for run in self.runs)


def look(pipeline: Pipeline | None, where: str, run: str = "") -> Status:
    """The status of `run`, or of all runs; None for a pipeline is one on which nothing has ever run.

    `where` are the options that lead other commands to this pipeline, each after a space. Raises UsageError where there
    is no such run.
    """
    if pipeline is None:
        _require(run, ())
        return Status((), (), (), tuple(findings((), (), (), where, is_running=False)))
    # The queues first: what leaves them while the ledger is read is seen as done, never as lost.
    queues = tuple(_queue(queue) for queue in (pipeline.papers, pipeline.digests))
    failures = tuple(FailureStatus(queue.name, queue.depth(), queue.url) for queue in pipeline.failures)
    runs = _runs(pipeline.store, run)
    found = findings(runs, queues, failures, where, is_running=pipeline.is_running)
    return Status(runs, queues, failures, tuple(found))


def incomplete(store: Store, run: str = "") -> tuple[RunStatus, ...]:
    """The digests of `run`, or of all runs, that are not complete. Raises UsageError where there is no such run."""
    return tuple(status for status in _runs(store, run) if status.state != "complete")


def findings(
    runs: Sequence[RunStatus],
    queues: Sequence[QueueStatus],
    failures: Sequence[FailureStatus],
    where: str,
    *,
    is_running: bool,
) -> Iterator[Finding]:
    """What is wrong and what to do about it, each cause of failure once.

    Only what `is_running` is worth waiting for; a cloud that is not is started by any command that works on it.
    """
    if not runs:
        yield Finding("Nothing has run here yet.", f"chorok run{where}")
    alive = {queue.name: queue.waiting + queue.in_flight for queue in queues}
    redrive, again = f"chorok redrive{where}", f"Wait, then: chorok status{where}"
    failed: dict[tuple[FailureClass, str, str], list[tuple[RunStatus, int]]] = defaultdict(list)
    for run in runs:
        for entry in run.failed:
            failed[entry.kind, entry.code, entry.cause].append((run, len(entry.papers)))
    for (kind, code, cause), found in failed.items():
        papers = _papers(sum(count for _, count in found), [run for run, _ in found])
        yield Finding(f"{papers} failed: {one_line(cause)} ({code})", _remedy(kind, code, redrive))
    pending = [run for run in runs if run.pending]
    if pending:
        papers = _papers(sum(run.pending for run in pending), pending)
        if not alive.get("papers"):
            yield Finding(f"{papers} pending, and no message is left.", redrive)
        elif is_running:
            yield Finding(f"{papers} pending; messages at work: {alive['papers']}.", again)
        else:
            yield Finding(f"{papers} pending, and nothing runs that could work on them.", redrive)
    unpublished = [run for run in runs if run.state != "complete" and run.translated == run.expected]
    for run in unpublished:
        is_awaited = is_running and alive.get("digests")
        yield Finding(f"{run.name} is translated and not published yet.", again if is_awaited else redrive)
    for queue in queues:
        if queue.dead and not (failed or pending or unpublished):
            yield Finding(
                f"The {queue.name} dead-letter queue holds messages, though no paper is missing: {queue.dead}.",
                f"{redrive}; what is dead again afterwards is no message of chorok's. Look at it with:"
                f" {_command('receive-message', queue.dead_url)}",
            )
    for ticks in failures:
        if ticks.messages:
            yield Finding(
                f"The {ticks.name} failure queue holds ticks that came to nothing: {ticks.messages}. Later ones make up"
                " for them.",
                f"See docs/runbook.md#{ticks.name}failuresnotempty, then: {_command('purge-queue', ticks.url)}",
            )


def show(console: Console, status: Status) -> None:
    """The status as tables, each cause of failure once, and what to do next."""
    if status.runs:
        table = Table(expand=False)
        for heading in ("run", "language", "state"):
            table.add_column(heading)
        for heading in ("expected", "translated", "pending", "failed"):
            table.add_column(heading, justify="right")
        for run in status.runs:
            failed = sum(len(failures.papers) for failures in run.failed)
            counts = (run.expected, run.translated, run.pending, failed)
            state = f"[{_STYLES[run.state]}]{run.state}[/]"
            table.add_row(run.run, run.language, state, *map(str, counts))
        console.print(table)
    if status.queues:
        table = Table(expand=False)
        table.add_column("queue")
        for heading in ("waiting", "in flight", "dead"):
            table.add_column(heading, justify="right")
        for queue in status.queues:
            table.add_row(queue.name, str(queue.waiting), str(queue.in_flight), str(queue.dead))
        for ticks in status.failures:
            table.add_row(f"{ticks.name} failures", "", "", str(ticks.messages))
        console.print(table)
    for finding in status.findings:
        console.print(f"- {finding.what}", style="yellow", markup=False, highlight=False, soft_wrap=True)
        console.print(f"  → {finding.do}", markup=False, highlight=False, soft_wrap=True)


def to_json(status: Status) -> str:
    """The status as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(status), indent=1).decode()


_STYLES = {"open": "yellow", "partial": "red", "complete": "green"}
_REMEDIES = {
    BUDGET_EXCEEDED: "Deploy with a higher budget_characters, then: {redrive}",
    EMPTY_CODE: "Nothing can be done: the source gives no text.",
    "NothingToTranslate": "Nothing can be done: the source gives no text.",
    REFUSED_CODE: "Read what the gate found wrong; with a better engine or glossary: {redrive}",
    "UnsupportedLanguagePairException": "Choose an engine that knows the language, then: {redrive}",
}


def _remedy(kind: FailureClass, code: str, redrive: str) -> str:
    by_kind = "Mend that first, then: {redrive}" if kind is FailureClass.OURS else "{redrive}"
    return _REMEDIES.get(code, by_kind).format(redrive=redrive)


def _command(operation: str, url: str) -> str:
    """What the AWS CLI does with a queue, with the endpoint in its URL: on its own, version 1 asks another one."""
    return f"aws sqs {operation} --endpoint-url {'/'.join(url.split('/')[:3])} --queue-url {url}"


def _papers(count: int, runs: Sequence[RunStatus]) -> str:
    return f"{count} paper{'s' if count > 1 else ''} of {_listed([run.name for run in runs])}"


def _listed(names: Sequence[str]) -> str:
    few = 4
    return ", ".join(names[:few]) + (f" and {len(names) - few} more" if len(names) > few else "")


def _queue(queue: WorkQueue) -> QueueStatus:
    depth = queue.depth()
    return QueueStatus(queue.name, depth.waiting, depth.in_flight, depth.dead, queue.dead_url)


def _require(run: str, known: Sequence[str]) -> None:
    if run and run not in known:
        raise UsageError(f"There is no run {run} here. Runs there are: {_listed(known[::-1]) or 'none'}.")


def _runs(store: Store, run: str) -> tuple[RunStatus, ...]:
    listed = tuple(entry.key for entry in store.list(keys.RUNS))
    wanted = [found for key in listed if (found := keys.parse_requested(key))]
    names = tuple(dict.fromkeys(name for name, _ in wanted))
    _require(run, names)
    manifests = {name: store.record(keys.manifest(name), Manifest) for name in names if run in ("", name)}
    return tuple(
        _run(store, manifest, language, frozenset(listed))
        for name, language in wanted
        if (manifest := manifests.get(name)) is not None
    )


def _run(store: Store, manifest: Manifest, language: str, known: Collection[str]) -> RunStatus:
    run, expected = manifest.run, len(manifest.papers)
    if keys.announced(run, language, "complete") in known:
        # Nothing that is complete ever becomes anything else.
        return RunStatus(
            run=run, language=language, state="complete", expected=expected, translated=expected, pending=0
        )
    present = papers_with_result(store, run, language)
    results = read_results(store, run, language, (paper.id for paper in manifest.papers if paper.id in present))
    published = store.etag(keys.digest(run, language, "digest.json")) is not None
    return RunStatus(
        run=run,
        language=language,
        state="partial" if published else "open",
        expected=expected,
        translated=sum(result.status == "translated" for result in results.values()),
        pending=len(missing(manifest, present)),
        failed=tuple(_failures(results.values())),
    )


def _failures(results: Collection[Result]) -> Iterator[Failures]:
    papers: dict[tuple[FailureClass, str, str], list[str]] = defaultdict(list)
    for result in results:
        if result.failure is not None:
            papers[result.failure.kind, result.failure.code, result.failure.cause].append(result.paper)
    for (kind, code, cause), ids in papers.items():
        yield Failures(kind, code, cause, tuple(sorted(ids)))


@click.command("status")
@click.argument("run", default="")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@options.state
@options.stack
def command(run: str, state: Path, stack: str, *, as_json: bool) -> int:
    """Say how every run stands, or RUN alone, what lies in the queues, and what to do next.

    It only looks: nothing is fetched, sent or translated. Exit status: 0 every digest is complete, 3 one is not.
    """
    with open_ledger(Wish(state, stack=stack)) as pipeline:
        told = look(pipeline, options.where(state, stack), run)
    if as_json:
        click.echo(to_json(told))
    else:
        show(Console(), told)
    return 0 if told.is_complete else options.PARTIAL
