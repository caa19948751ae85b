"""`chorok redrive`: everything that failed goes back to work, and the digests are healed."""

import time
from collections.abc import Sequence
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
from cli.connecting.survey import incomplete, survey
from cli.connecting.watching import Watch
from cli.showing.tables import show_digests
from cli.showing.terminal import say
from shared.services.events import SendRequest


@dataclass(frozen=True)
class RedriveOptions:
    """What `chorok redrive` was asked for: the run to wait for, "" for all; `wait` is in seconds."""

    run: str
    wait: float
    out: Path


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
    if not watches:
        say(console, "Every digest is complete or accepted.")
        return True
    is_over = await_papers(pipeline, watches, deadline, console) or time.monotonic() >= deadline
    if not is_over and _send_again(pipeline, watches, console):
        await_papers(pipeline, watches, deadline, console)
    finished = finish(pipeline, watches, chosen.out)
    standings = [entry.standing for entry in finished]
    show_digests(console, standings, [entry.folder for entry in finished])
    return all(standing.is_complete for standing in standings)


def _send_again(pipeline: Pipeline, watches: Sequence[Watch], console: Console) -> bool:
    """Send what is still awaited from the ledger, unless a message came to the queue meanwhile; whether it was sent."""
    if pipeline.papers.depth().alive:
        return False
    for watch in watches:
        standing = watch.standing()
        if standing.awaited:
            run, language = watch.edition.run, watch.edition.language
            request = SendRequest(tuple(sorted(standing.awaited)), run, (language,))
            for dispatch in pipeline.fire(datetime.now(UTC), request):
                say(console, f"{watch.edition}: papers sent again from the ledger: {dispatch.messages}")
    return True


@click.command("redrive")
@options.known_run
@options.engine
@options.wait
@options.out
@options.state
@options.stack
def command(run: str, engine: str, wait: float, out: Path, state: Path, stack: str) -> int:
    """Send everything that failed back to work, and wait for it.

    The dead-letter queues are always emptied whole. RUN says which run to wait for; without it, all that are not
    complete are waited for. What a person has accepted is left as it is. The command may be repeated at any time.

    Exit status: 0 every digest is complete, 3 a digest is partial.
    """
    console = Console()
    cloud = CloudOptions(state, engine, stack=stack)
    ledger = open_ledger(state, stack)
    found = survey(ledger, options.where(state, stack), run)
    looked = None if ledger is None else ledger.queues()
    dead = ledger is not None and (looked is None or any(queue.dead for queue in looked.work))
    if found.is_complete and not dead:
        say(console, "Nothing to do: every digest is complete or accepted, and the dead-letter queues are empty.")
        return 0
    languages = sorted({entry.language for entry in found.runs if not entry.is_final})
    with open_pipeline(replace(cloud, languages=tuple(languages) or cloud.languages), console) as pipeline:
        complete = redrive(pipeline, RedriveOptions(run, wait, out), console)
    return 0 if complete else options.PARTIAL
