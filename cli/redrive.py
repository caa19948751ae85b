"""`chorok redrive`: everything that failed goes back to work, and the digests are healed."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from cli import options
from cli.connecting.deployment import Pipeline
from cli.connecting.finishing import await_papers, deadline_in, finish
from cli.connecting.opening import CloudOptions, open_pipeline
from cli.connecting.reader_options import open_ledger
from cli.connecting.survey import editions, incomplete, survey
from cli.connecting.watching import Watch
from cli.showing.phases import phase
from cli.showing.standing import Standing
from cli.showing.tables import show_digests
from cli.showing.terminal import say
from shared.editions import Edition
from shared.ledger.records import TranslatedResult
from shared.services.events import DoubtfulRequest, SendRequest


@dataclass(frozen=True)
class RedriveOptions:
    """What `chorok redrive` was asked for: the run to wait for, "" for all; `wait` is in seconds.

    `doubtful` asks for what others have left doubtful or kept in English, too.
    """

    run: str
    wait: float
    out: Path
    doubtful: bool = False


def redrive(pipeline: Pipeline, chosen: RedriveOptions, console: Console) -> bool:
    """Redrive every dead-letter queue of a queue, wait for the run, download; whether its digests are complete then.

    A message goes back to work as it is. Only where the papers queue is empty and a paper still has neither a
    translation nor a new failure, its message is gone: that paper is sent again from the ledger. So nothing is sent
    twice, even if somebody else redrives at the same time. Raises ChorokError.
    """
    deadline = deadline_in(chosen.wait)
    # Before anything moves, so that what changes in the ledger from now on counts as the outcome.
    watches = [Watch(pipeline.store, status.edition) for status in incomplete(pipeline.store, chosen.run)]
    for queue in (pipeline.papers, pipeline.digests):
        moved = pipeline.redrive(queue, chosen.wait)
        say(console, f"{queue.name}: dead messages sent back to work: {moved}")
    asked = _ask_once_more(pipeline, chosen.run, console) if chosen.doubtful else {}
    watches = _joined(watches, asked)
    if not watches:
        say(console, "Every digest is complete or accepted.")
        return True
    is_over = await_papers(pipeline, watches, deadline, console) or time.monotonic() >= deadline
    if not is_over and _send_again(pipeline, watches, console):
        await_papers(pipeline, watches, deadline, console)
    finished = finish(pipeline, watches, chosen.out)
    standings = [entry.standing for entry in finished]
    for standing in standings:
        _say_outcome(standing, asked, console)
    show_digests(console, standings, [entry.folder for entry in finished])
    return all(standing.is_complete for standing in standings)


def _send_again(pipeline: Pipeline, watches: Sequence[Watch], console: Console) -> bool:
    """Send what is still awaited from the ledger, unless a message came to the queue meanwhile; whether it was sent."""
    if pipeline.papers.depth().alive:
        return False
    for watch in watches:
        standing = watch.standing()
        without = [paper for paper in standing.awaited if not isinstance(standing.results.get(paper), TranslatedResult)]
        if without:
            run, language = watch.edition.run, watch.edition.language
            request = SendRequest(tuple(sorted(without)), run, (language,))
            for dispatch in pipeline.fire(datetime.now(UTC), request):
                say(console, f"{watch.edition}: papers sent again from the ledger: {dispatch.messages}")
    return True


@dataclass(frozen=True)
class _Asked:
    """The watch of an edition, from before anything was asked for once more, and the papers that were."""

    watch: Watch
    papers: tuple[str, ...]


def _ask_once_more(pipeline: Pipeline, run: str, console: Console) -> dict[Edition, _Asked]:
    """Ask for what the judge and the engines of today may do better; where anything is asked for, what it is."""
    asked: dict[Edition, _Asked] = {}
    with phase("looking for what others have left doubtful"):
        for edition in editions(pipeline.store, run):
            watch = Watch(pipeline.store, edition)
            for dispatch in pipeline.fire(datetime.now(UTC), DoubtfulRequest(edition.run, (edition.language,))):
                if dispatch.once_more:
                    watch.expect(dispatch.once_more)
                    asked[edition] = _Asked(watch, dispatch.once_more)
                if dispatch.over_budget:
                    left = f"{edition}: left for the next time, as the budget is used up: {dispatch.over_budget}"
                    say(console, left, "yellow")
    if not asked:
        say(console, "Nothing is left of another judge or engine that may be done better.")
    return asked


def _joined(watches: Sequence[Watch], asked: Mapping[Edition, _Asked]) -> list[Watch]:
    """One watch an edition, the one from before anything was sent."""
    for watch in watches:
        if watch.edition in asked:
            watch.expect(asked[watch.edition].papers)
    watched = {watch.edition for watch in watches}
    return [*watches, *(entry.watch for edition, entry in asked.items() if edition not in watched)]


def _say_outcome(standing: Standing, asked: Mapping[Edition, _Asked], console: Console) -> None:
    """What came of the papers that were asked for once more."""
    if standing.edition not in asked:
        return
    papers = asked[standing.edition].papers
    results = [standing.results.get(paper) for paper in papers]
    right = sum(isinstance(found, TranslatedResult) and not (found.doubts or found.kept) for found in results)
    say(console, f"{standing.edition}: papers asked for once more: {len(papers)}, without doubts now: {right}")


@click.command("redrive")
@options.known_run
@click.option(
    "--doubtful",
    is_flag=True,
    help="Also ask once more for what is doubtful or kept in English, and was made by another judge or engine.",
)
@options.engine
@options.second_engine
@options.wait
@options.out
@options.state
@options.stack
def command(
    run: str, engine: str, second_engine: str, wait: float, out: Path, state: Path, stack: str, *, doubtful: bool
) -> int:
    """Send everything that failed back to work, and wait for it.

    The dead-letter queues are always emptied whole. RUN says which run to wait for; without it, all that are not
    complete are waited for. What a person has accepted is left as it is. The command may be repeated at any time.

    After a change of the judge or of an engine, papers of the last four weeks with sentences that are doubtful or kept
    in English are asked for once more by themselves on AWS; --doubtful does it for those of RUN or of all runs. What
    stands is replaced only by something better.

    Exit status: 0 every digest is complete, 3 a digest is partial.
    """
    console = Console()
    cloud = CloudOptions(state, engine, stack=stack, second_engine=second_engine)
    ledger = open_ledger(state, stack)
    found = survey(ledger, options.where(state, stack), run)
    looked = None if ledger is None else ledger.queues()
    dead = ledger is not None and (looked is None or any(queue.dead for queue in looked.work))
    doubtful = doubtful and bool(found.runs)
    if found.is_complete and not dead and not doubtful:
        say(console, "Nothing to do: every digest is complete or accepted, and the dead-letter queues are empty.")
        return 0
    languages = sorted({entry.language for entry in found.runs if doubtful or not entry.is_final})
    with open_pipeline(replace(cloud, languages=tuple(languages) or cloud.languages), console) as pipeline:
        complete = redrive(pipeline, RedriveOptions(run, wait, out, doubtful), console)
    return 0 if complete else options.PARTIAL
