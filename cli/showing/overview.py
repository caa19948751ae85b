"""How every run stands, what lies in the queues, and what to do next: as tables and lines.

What to do follows from the counts alone, so `findings` is a pure function.
"""

import shlex
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rich.console import Console
from rich.table import Table

from cli.showing.checkup import Hearing, Trouble, heard
from cli.showing.terminal import cell, say
from shared.editions import Edition
from shared.failures import FailureClass, remedy_of
from shared.text.display import one_line


@dataclass(frozen=True)
class Failures:
    """The papers of one digest that failed for one cause."""

    kind: FailureClass
    code: str
    cause: str
    papers: tuple[str, ...]


@dataclass(frozen=True)
class Marked:
    """How many sentences of a paper are doubtful, and how many are kept in English."""

    paper: str
    doubtful: int
    kept: int


@dataclass(frozen=True, kw_only=True)
class RunStatus:
    """How a run stands in one language, as counts of papers; `open` is what has not been published yet.

    `accepted` are the papers that failed and at which a person leaves it; a digest that lacks no others is accepted.
    `marked` are the papers with sentences that are doubtful or kept in English, where one run was asked about.
    """

    run: str
    language: str
    state: Literal["open", "partial", "accepted", "complete"]
    expected: int
    translated: int
    pending: int
    accepted: tuple[str, ...] = ()
    failed: tuple[Failures, ...] = ()
    marked: tuple[Marked, ...] = ()

    @property
    def is_final(self) -> bool:
        """Whether nothing is left to do."""
        return self.state in ("complete", "accepted")

    @property
    def edition(self) -> Edition:
        """The edition this is the status of."""
        return Edition(self.run, self.language)


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
    papers: tuple[str, ...] = ()
    """The papers that it is about, those of each digest in one text."""
    shown_by: tuple[str, ...] = ()
    """The commands that show them, one each."""


@dataclass(frozen=True)
class OpenIncident:
    """What an operator was told of by mail and is not over: its name, what it is, since when, and what to do."""

    name: str
    title: str
    since: datetime
    do: str


@dataclass(frozen=True)
class Status:
    """All of it, as `--json` prints it; `damaged` says which objects cannot be read, and why.

    The queues are None while a command has them in its hands: only that command could count them. Who hears of a stack
    is None for an embedded cloud, which nobody listens to.
    """

    runs: tuple[RunStatus, ...]
    queues: tuple[QueueStatus, ...] | None
    failures: tuple[FailureStatus, ...] | None
    findings: tuple[Finding, ...]
    damaged: tuple[str, ...] = ()
    incidents: tuple[OpenIncident, ...] = ()
    hearing: Hearing | Trouble | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every digest is complete, or accepted as it is."""
        return not self.damaged and all(run.is_final for run in self.runs)


def findings(
    runs: Sequence[RunStatus],
    queues: Sequence[QueueStatus] | None,
    failures: Sequence[FailureStatus] | None,
    where: str,
    *,
    only: str = "",
    is_running: bool,
    damaged: Sequence[str] = (),
) -> Iterator[Finding]:
    """What is wrong and what to do about it, each cause of failure once; of the run `only`, if one is named.

    Only what `is_running` is worth waiting for; a cloud that is not is started by any command that works on it.
    """
    for what in damaged:
        yield Finding(f"Damaged: {what}.", _RESTORE if "--stack" in where else f"chorok doctor --repair{where}")
    if not runs and not damaged:
        if queues is None and is_running:
            yield Finding("Nothing has been stored yet; a command is at work.", f"Wait, then: chorok status{where}")
        else:
            yield Finding("Nothing has run here yet.", f"chorok run{where}")
    named = f" {only}" if only else ""
    alive = {queue.name: queue.waiting + queue.in_flight for queue in queues or ()}
    redrive, again = f"chorok redrive{named}{where}", f"Wait, then: chorok status{named}{where}"
    failed: dict[tuple[FailureClass, str, str], list[tuple[RunStatus, Failures]]] = defaultdict(list)
    for run in runs:
        for entry in run.failed:
            failed[entry.kind, entry.code, entry.cause].append((run, entry))
    for (kind, code, cause), found in failed.items():
        papers = _papers(sum(len(entry.papers) for _, entry in found), [run for run, _ in found])
        yield Finding(
            f"{papers} failed: {one_line(cause)} ({code})",
            remedy_of(kind, code, redrive),
            tuple(f"{run.edition}: {', '.join(entry.papers)}" for run, entry in found),
            tuple(_shown_by(run, paper, where) for run, entry in found for paper in entry.papers),
        )
    pending = [run for run in runs if run.pending]
    if pending:
        papers = _papers(sum(run.pending for run in pending), pending)
        if queues is None and is_running:
            yield Finding(f"{papers} pending, and a command is at work on this state.", again)
        elif queues is not None and not alive.get("papers"):
            yield Finding(f"{papers} pending, and no message is left.", redrive)
        elif is_running:
            yield Finding(f"{papers} pending; messages at work: {alive['papers']}.", again)
        else:
            yield Finding(f"{papers} pending, and nothing runs that could work on them.", redrive)
    unpublished = [run for run in runs if run.state != "complete" and run.translated == run.expected]
    for run in unpublished:
        is_awaited = is_running and (queues is None or alive.get("digests"))
        yield Finding(f"{run.edition} is translated and not published yet.", again if is_awaited else redrive)
    marked = sum(len(run.marked) for run in runs)
    if marked:
        papers = _papers(marked, [run for run in runs if run.marked])
        again = f"With another judge or engine, or a second one: chorok redrive --doubtful{named}{where}"
        yield Finding(f"{papers} with sentences that are doubtful or in English.", again)
    if only:
        return
    for queue in queues or ():
        if queue.dead and not (failed or pending or unpublished):
            yield Finding(
                f"The {queue.name} dead-letter queue holds messages, though no paper is missing: {queue.dead}.",
                f"{redrive}; what is dead again afterwards was not sent by chorok. Look at it:"
                f" {_by_hand('receive-message', queue.dead_url, where, is_running=is_running)}",
            )
    for ticks in failures or ():
        if ticks.messages:
            yield Finding(
                f"The {ticks.name} failure queue holds ticks that came to nothing: {ticks.messages}. Later ones make up"
                " for them, and they go by themselves within a day.",
                "See docs/runbook.md#ticksmissing; to have them go now:"
                f" {_by_hand('purge-queue', ticks.url, where, is_running=is_running)}",
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
            counts = (run.expected, run.translated, run.pending, failed + len(run.accepted))
            names = cell(run.run), cell(run.language), cell(run.state, _STYLES[run.state])
            table.add_row(*names, *map(str, counts))
        console.print(table)
    for run in status.runs:
        for found in run.marked:
            say(console, f"{run.edition}: {found.paper}: sentences doubtful {found.doubtful}, in English {found.kept}")
    if status.queues is None:
        say(console, "What is in the queues is not known: a command has them in its hands, or see `chorok doctor`.")
    elif status.queues:
        table = Table(expand=False)
        table.add_column("queue")
        for heading in ("waiting", "in flight", "dead"):
            table.add_column(heading, justify="right")
        for queue in status.queues:
            table.add_row(cell(queue.name), str(queue.waiting), str(queue.in_flight), str(queue.dead))
        for ticks in status.failures or ():
            table.add_row(cell(f"{ticks.name} failures"), "", "", str(ticks.messages))
        console.print(table)
    for incident in status.incidents:
        since = f"{incident.since:%Y-%m-%d %H:%M %Z}"
        say(console, f"! {one_line(incident.title)}, since {since} → {one_line(incident.do)}", "red")
    if isinstance(status.hearing, Hearing):
        say(console, heard(status.hearing))
    elif status.hearing is not None:
        say(console, f"Who hears of it, and what is in alarm, is not known: {status.hearing.why}")
    for finding in status.findings:
        say(console, f"- {finding.what}", "yellow")
        say(console, f"  → {finding.do}")
        for command in finding.shown_by:
            say(console, f"  → {command}")


_RESTORE = "Bring back an older version of the object: the bucket keeps them for 90 days."
_STYLES = {"open": "yellow", "partial": "red", "accepted": "green", "complete": "green"}


def _shown_by(run: RunStatus, paper: str, where: str) -> str:
    return f"chorok show {run.run} {paper} --lang {run.language}{where}"


def _by_hand(operation: str, url: str, where: str, *, is_running: bool) -> str:
    """What the AWS CLI does with a queue, with the endpoint in its URL: on its own, version 1 asks another one.

    An embedded cloud answers it only while it is up, and with the keys that it was started with.
    """
    if not is_running:
        return f"chorok up{where}; chorok status{where}"
    endpoint = "/".join(url.split("/")[:3])
    command = f"aws sqs {operation} --endpoint-url {shlex.quote(endpoint)} --queue-url {shlex.quote(url)}"
    return command if "--stack" in where else f'eval "$(chorok up{where} | grep ^export)"; {command}'


def _papers(count: int, runs: Sequence[RunStatus]) -> str:
    return f"{count} paper{'s' if count > 1 else ''} of {listed([str(run.edition) for run in runs])}"


def listed(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    few = 4
    return ", ".join(names[:few]) + (f" and {len(names) - few} more" if len(names) > few else "")
