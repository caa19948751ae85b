"""`chorok backfill`: many weeks, sent one after the other and then waited for, each as `chorok run` makes it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import click
from msgspec import structs
from rich.console import Console
from rich.table import Table

from cli import options, values
from cli.connecting.deployment import Pipeline
from cli.connecting.finishing import Finished, await_papers, deadline_in, finish
from cli.connecting.opening import CloudOptions, open_pipeline
from cli.connecting.pace import Clock, Pace
from cli.connecting.watching import Watch
from cli.run import RunOptions, send
from cli.showing.tables import show_causes, show_files, state_cells
from cli.showing.terminal import cell, say
from shared.editions import Edition
from shared.errors import ChorokError
from shared.ledger import keys
from shared.ledger.markers import is_final
from shared.ledger.records import Manifest
from shared.settings import Settings


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
            sent[name] = _settled(pipeline, asked) or pace.ask(partial(send, pipeline, asked), console)
        except ChorokError as error:
            say(console, str(error), "red")
            sent[name] = error
    # The pipeline works on the later weeks while an earlier one is waited for.
    done = tuple(_finished(pipeline, name, found, chosen, console) for name, found in sent.items())
    _show(console, done)
    return done


def _settled(pipeline: Pipeline, chosen: RunOptions) -> tuple[Watch, ...]:
    """The week's digests, where all are complete already or accepted as they are, so that nothing has to be sent."""
    store, run = pipeline.store, chosen.request.run
    watches = tuple(Watch(store, Edition(run, code)) for code in chosen.request.languages)
    manifest = store.record(keys.manifest(run), Manifest)
    if manifest is None or not all(is_final(store, manifest, watch.edition.language) for watch in watches):
        return ()
    return watches


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
