"""`chorok run`: one period, from Hugging Face's page to the digest's files on this machine."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import click
from msgspec import structs
from rich.console import Console

from cli import options, values
from cli.connecting.deployment import Pipeline
from cli.connecting.finishing import Finished, await_papers, deadline_in, finish
from cli.connecting.opening import NO_ENGINE, CloudOptions, open_pipeline
from cli.connecting.refetching import refetch as refetched
from cli.connecting.watching import Watch
from cli.showing.phases import phase
from cli.showing.tables import show_papers
from cli.showing.terminal import say
from shared.editions import Edition
from shared.errors import ChorokError, CloudError, ModelUnreachable, SourceUnreachable, UsageError
from shared.ledger import keys
from shared.ledger.keys import SAMPLE
from shared.periods import PeriodKind, last_finished_week
from shared.services.correct import remember_persons
from shared.services.events import AgainRequest, RefetchRequest, RunRequest
from shared.services.forget import editions_of
from shared.services.sample import sample_memory, sample_papers
from shared.settings import Settings


@dataclass(frozen=True)
class RunOptions:
    """What `chorok run` was asked for. `wait` is in seconds."""

    request: RunRequest | AgainRequest
    wait: float
    out: Path

    @property
    def again(self) -> tuple[str, ...]:
        """The papers that are to be translated afresh."""
        return self.request.papers if isinstance(self.request, AgainRequest) else ()


def run(pipeline: Pipeline, chosen: RunOptions, console: Console) -> bool:
    """Fire the schedule's target, wait, download, show; whether every digest is complete.

    Raises ChorokError, also where a paper that was to be translated again has kept its translation.
    """
    finished = make(pipeline, chosen, console)
    for entry in finished:
        show_papers(console, entry.standing, entry.folder)
    kept = sorted({paper for entry in finished for paper in entry.standing.awaited} & set(chosen.again))
    if kept:
        raise CloudError(
            f"No new translation came for {', '.join(kept)}, so the digest keeps the one before. `chorok status` says"
            " whether it is still at work; the translate function's log says what the engine answered."
        )
    return all(entry.standing.is_complete for entry in finished)


def make(pipeline: Pipeline, chosen: RunOptions, console: Console) -> tuple[Finished, ...]:
    """Fire the schedule's target, wait, download. Raises ChorokError."""
    watches = send(pipeline, chosen)
    await_papers(pipeline, watches, deadline_in(chosen.wait), console)
    return finish(pipeline, watches, chosen.out)


def send(pipeline: Pipeline, chosen: RunOptions) -> tuple[Watch, ...]:
    """Fire the schedule's target; what to watch from now on. Raises ChorokError."""
    time = datetime.now(UTC)
    settings = pipeline.settings()
    name = chosen.request.run or last_finished_week(time, settings.zone).name
    languages = tuple(dict.fromkeys(chosen.request.languages)) or settings.languages
    watches = tuple(Watch(pipeline.store, Edition(name, language), chosen.again) for language in languages)
    with phase(f"fetching the papers of {name}"):
        pipeline.fire(time, chosen.request)
    return watches


def run_sample(pipeline: Pipeline, chosen: RunOptions, console: Console) -> bool:
    """The bundled sample week, its translations served by the memory; as `run`."""
    entries = sample_memory()
    languages = tuple(dict.fromkeys(entry.language for entry in entries))
    for language, paper in product(languages, sample_papers()):
        sources = (language, paper.title), (language, paper.abstract)
        own = [entry for entry in entries if (entry.language, entry.source) in sources]
        remember_persons(pipeline.store, language, paper.id, own)
    return run(pipeline, replace(chosen, request=RunRequest(SAMPLE, languages)), console)


def renew(
    pipeline: Pipeline, chosen: RunOptions, top: int | None, source: str | None, console: Console, *, yes: bool
) -> RunOptions | None:
    """Have the run hold the papers that the source has now; what to run then, or None where a person does not want it.

    That is every language of the run. A run that has not begun has nothing to be replaced. Raises ChorokError.
    """
    settings = pipeline.settings()
    name = chosen.request.run or last_finished_week(datetime.now(UTC), settings.zone).name
    if pipeline.store.etag(keys.manifest(name)) is None:
        return chosen
    if not refetched(pipeline, RefetchRequest(name, top or 0, source or ""), console, yes=yes):
        return None
    wanted = [found.language for found in editions_of(pipeline.store, name)]
    languages = dict.fromkeys([*wanted, *(chosen.request.languages or settings.languages)])
    return replace(chosen, request=RunRequest(name, tuple(languages)))


@click.command("run")
@options.period("--week", PeriodKind.WEEK, "An ISO week, such as 2025-W37.")
@options.period("--date", PeriodKind.DAY, "A day, such as 2025-09-12.")
@options.period("--month", PeriodKind.MONTH, "A month, such as 2025-09.")
@click.option(
    "--again",
    multiple=True,
    metavar="PAPER",
    help="Translate this paper afresh, whatever the memory holds; repeatable, or separated by commas.",
)
@click.option(
    "--refetch",
    is_flag=True,
    help="Read the papers of a run anew, show what would change, and ask whether to change it.",
)
@options.yes
@options.top
@options.languages("ko")
@options.source
@options.engine
@options.second_engine
@options.receives
@options.wait
@click.option(
    "--or-sample",
    is_flag=True,
    help="Where Hugging Face or the model cannot be reached, run the bundled sample week instead.",
)
@options.out
@options.state
@options.stack
def command(
    week: str | None,
    date: str | None,
    month: str | None,
    again: tuple[str, ...],
    top: int | None,
    languages: tuple[str, ...],
    source: str | None,
    engine: str,
    second_engine: str,
    receives: int | None,
    wait: float,
    out: Path,
    state: Path,
    stack: str,
    *,
    refetch: bool,
    yes: bool,
    or_sample: bool,
) -> int:
    """Fetch a period's papers, translate them, and write the digest.

    Without a period, that is the last week that is over in Seoul. The pipeline runs on the embedded cloud that `chorok
    up` has started, or else on one that lives as long as this command.

    Exit status: 0 every digest is complete, 3 a digest is partial, 1 you did not want other papers after all.
    """
    period = values.period(week, date, month, stack)
    if refetch and (again or or_sample):
        raise UsageError("--refetch goes with neither --again nor --or-sample.")
    if or_sample and stack:
        raise UsageError("--or-sample is for the embedded cloud: a deployed one has no use for the sample.")
    console = Console()
    cloud = CloudOptions(state, engine, languages or Settings().languages, receives, stack, second_engine=second_engine)
    request = values.request(stack, top, languages, source, values.papers(again))
    chosen = RunOptions(structs.replace(request, run=period), wait, out)
    try:
        with open_pipeline(cloud, console) as pipeline:
            if refetch:
                renewed = renew(pipeline, chosen, top, source, console, yes=yes)
                if renewed is None:
                    say(console, "Nothing is changed.")
                    return 1
                chosen = renewed
            try:
                complete = run(pipeline, chosen, console)
            except SourceUnreachable as error:
                if not or_sample:
                    raise
                _say_sample(console, error)
                complete = run_sample(pipeline, chosen, console)
    except ModelUnreachable as error:
        if not or_sample:
            raise
        _say_sample(console, error)
        with open_pipeline(cloud, console, NO_ENGINE) as pipeline:
            complete = run_sample(pipeline, chosen, console)
    return 0 if complete else options.PARTIAL


def _say_sample(console: Console, error: ChorokError) -> None:
    console.rule("THE SAMPLE WEEK, NOT THIS WEEK", style="bold yellow")
    say(console, str(error), "yellow")
    say(console, "So this is the bundled sample: ten landmark papers, translated by a person.", "yellow")
