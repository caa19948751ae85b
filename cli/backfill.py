"""`chorok backfill`: many weeks, sent one after the other and then waited for, each as `chorok run` makes it."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
from msgspec import structs
from rich.console import Console
from rich.table import Table

from cli import options, values
from cli.connecting.deployment import Pipeline
from cli.connecting.finishing import Finished, await_papers, deadline_in, finish
from cli.connecting.opening import CloudOptions, open_pipeline
from cli.connecting.watching import Watch
from cli.run import RunOptions, send
from cli.showing.tables import show_causes, show_files, state_cells
from cli.showing.terminal import cell, say
from shared.editions import Edition
from shared.errors import ChorokError, SourceThrottled
from shared.ledger import keys
from shared.settings import Settings

_PAGES = 100
_PAGES_SECONDS = 300.0
"""Hugging Face answers so many page requests in so many seconds (https://huggingface.co/docs/hub/rate-limits)."""
_MOST_WAITS = 5
_LONGEST_WAIT_SECONDS = 3600.0
"""After so many waits, or where Hugging Face asks for a longer one, a week is given up: others use up the limit."""


@dataclass(frozen=True)
class Clock:
    """A clock in seconds, and a way to let it go on."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Week:
    """How one week ended: with its digests, or with what left it without."""

    name: str
    finished: tuple[Finished, ...] = ()
    trouble: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether there is a complete digest in every language."""
        return not self.trouble and all(entry.standing.is_complete for entry in self.finished)


class Pace:
    """Lets so many requests through in so many seconds."""

    def __init__(self, clock: Clock, requests: int = _PAGES, seconds: float = _PAGES_SECONDS) -> None:
        self.clock = clock
        self._seconds = seconds
        self._made: deque[float] = deque(maxlen=requests)

    def wait(self) -> None:
        """Wait until one more request may be made."""
        if len(self._made) == self._made.maxlen:
            self.clock.sleep(max(0.0, self._made[0] + self._seconds - self.clock.now()))
        self._made.append(self.clock.now())


def backfill(
    pipeline: Pipeline, weeks: Sequence[str], chosen: RunOptions, console: Console, clock: Clock | None = None
) -> tuple[Week, ...]:
    """Make the digests of all `weeks` as `chosen` says; how each ended, after a table that shows it.

    All weeks are sent before any is waited for: the papers of one leave callers idle that another's can have.
    A week whose digests are complete is only downloaded, so the command may be repeated after a crash. A week that
    fails does not stop the others; where Hugging Face wants a pause, it is made.
    """
    pace = Pace(clock or Clock())
    languages = tuple(dict.fromkeys(chosen.request.languages)) or pipeline.settings().languages
    sent: dict[str, tuple[Watch, ...] | ChorokError] = {}
    for number, name in enumerate(weeks, start=1):
        say(console, f"{name}, {number} of {len(weeks)}", "bold")
        asked = replace(chosen, request=structs.replace(chosen.request, run=name, languages=languages))
        try:
            sent[name] = _complete(pipeline, asked) or _sent(pipeline, asked, console, pace)
        except ChorokError as error:
            say(console, str(error), "red")
            sent[name] = error
    # The pipeline works on the later weeks while an earlier one is waited for.
    done = tuple(_finished(pipeline, name, found, chosen, console) for name, found in sent.items())
    _show(console, done)
    return done


def _complete(pipeline: Pipeline, chosen: RunOptions) -> tuple[Watch, ...]:
    """The week's digests, where all of them are complete already, so that nothing has to be sent."""
    watches = tuple(Watch(pipeline.store, Edition(chosen.request.run, code)) for code in chosen.request.languages)
    are_complete = all(pipeline.store.etag(keys.announced(watch.edition, "complete")) for watch in watches)
    return watches if are_complete else ()


def _sent(pipeline: Pipeline, chosen: RunOptions, console: Console, pace: Pace) -> tuple[Watch, ...]:
    """The week's digests, once its papers are sent. Raises ChorokError."""
    waits = 0
    while True:
        pace.wait()
        try:
            return send(pipeline, chosen)
        except SourceThrottled as error:
            seconds = _PAGES_SECONDS if error.retry_after is None else error.retry_after
            if waits == _MOST_WAITS or seconds > _LONGEST_WAIT_SECONDS:
                raise
            waits += 1
            say(console, f"Hugging Face wants a pause: going on in {seconds:.0f} s", "yellow")
            pace.clock.sleep(seconds)


def _finished(
    pipeline: Pipeline, name: str, sent: tuple[Watch, ...] | ChorokError, chosen: RunOptions, console: Console
) -> Week:
    """How the week ends that was `sent`, after waiting for it."""
    if isinstance(sent, ChorokError):
        return Week(name, trouble=str(sent))
    try:
        await_papers(pipeline, sent, deadline_in(chosen.wait), console)
        return Week(name, finish(pipeline, sent, chosen.out))
    except ChorokError as error:
        say(console, str(error), "red")
        return Week(name, trouble=str(error))


def _show(console: Console, weeks: Sequence[Week]) -> None:
    table = Table(expand=False)
    for heading in ("week", "language", "state", "translated"):
        table.add_column(heading, overflow="fold")
    for week in weeks:
        if week.trouble:
            table.add_row(cell(week.name), "", cell("failed", "red"), "")
        for standing in (entry.standing for entry in week.finished):
            table.add_row(cell(week.name), cell(standing.edition.language), *state_cells(standing))
    console.print(table)
    for week in weeks:
        if week.trouble:
            say(console, f"{week.name}: {week.trouble}", "red")
    finished = [entry for week in weeks for entry in week.finished]
    show_causes(console, [entry.standing for entry in finished])
    for entry in finished:
        show_files(console, entry.folder)


@click.command("backfill")
@click.argument("weeks")
@options.top
@options.languages("ko")
@options.source
@options.engine
@options.second_engine
@options.wait
@options.out
@options.state
@options.stack
def command(
    weeks: str,
    top: int | None,
    languages: tuple[str, ...],
    source: str | None,
    engine: str,
    second_engine: str,
    wait: float,
    out: Path,
    state: Path,
    stack: str,
) -> int:
    """Make the digests of many weeks.

    WEEKS is a range such as 2025-W33..2025-W44. The command may be repeated: weeks that are complete are only
    downloaded. A week that fails does not stop the others; --wait is for each week.

    Exit status: 0 every digest is complete, 3 a digest is partial, 1 a week has no digest.
    """
    names = values.weeks(weeks, stack)
    asked = values.request(stack, top, languages, source)
    console = Console()
    cloud = CloudOptions(state, engine, languages or Settings().languages, stack=stack, second_engine=second_engine)
    with open_pipeline(cloud, console) as pipeline:
        chosen = RunOptions(asked, wait, out)
        done = backfill(pipeline, names, chosen, console)
    if any(week.trouble for week in done):
        return 1
    return 0 if all(week.is_complete for week in done) else options.PARTIAL
