"""`chorok forget`: a run is taken away, with its results and digests."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
from rich.console import Console

from cli import options, values
from cli.connecting.deployment import Pipeline
from cli.connecting.finishing import until_done
from cli.connecting.opening import CloudOptions, open_without_engine
from cli.showing.asking import is_sure
from cli.showing.phases import phase
from cli.showing.terminal import say
from shared.errors import CloudError, UnknownRun
from shared.ledger import keys
from shared.periods import last_finished_week
from shared.services.events import RefetchRequest, kind_of
from shared.services.forget import editions_of, forget
from shared.services.messages import DigestMessage, encode


def take_away(pipeline: Pipeline, run: str, console: Console, *, yes: bool) -> bool:
    """Ask, then take the run away; whether the person wanted it.

    Raises UnknownRun, and CloudError where its digests are not gone in time, or where the stack cannot do it.
    """
    # The version that can read papers anew is the one that can take digests away.
    pipeline.require(kind_of(RefetchRequest(run)))
    editions = editions_of(pipeline.store, run)
    languages = ", ".join(edition.language for edition in editions)
    again = ""
    if run == last_finished_week(datetime.now(UTC), pipeline.settings().zone).name:
        again = " It is the last finished week, so a deployed stack's next tick makes it again."
    question = f"Forget run {run}{f' ({languages})' if languages else ''}: its papers, results and digests?{again}"
    if not is_sure(question, yes=yes):
        return False
    forget(pipeline.store, run, datetime.now(UTC))
    for edition in editions:
        pipeline.digests.send(encode(DigestMessage(edition.run, edition.language)))
    with phase(f"taking the digests of {run} away"):
        gone = until_done(pipeline, lambda: not any(pipeline.store.list(keys.of_run(keys.DIGESTS, run))))
    if not gone:
        raise CloudError(f"The digests of {run} are not gone in time: repeat the command.")
    say(
        console,
        f"{run} is forgotten. What was translated stays in the memory, and files on this machine where they are.",
    )
    return True


@click.command("forget")
@click.argument("run", callback=options.read_by(partial(values.run, "")))
@options.yes
@options.state
@options.stack
def command(run: str, state: Path, stack: str, *, yes: bool) -> int:
    """Take a run away, with its results and digests.

    The translation memory stays, and so do the files on this machine. It is made again only by `chorok run`, or by the
    next tick where it is the last finished week.

    Exit status: 0 it is gone, 1 you did not want it after all.
    """
    console = Console()
    with open_without_engine(CloudOptions(state, stack=stack)) as pipeline:
        if pipeline is None:
            raise UnknownRun(f"There is no run {run} here: nothing has run on {state}.")
        if take_away(pipeline, run, console, yes=yes):
            return 0
    say(console, "Nothing is changed.")
    return 1
