"""Reading a run's papers anew, showing what would change, and changing it once a person has said so."""

from datetime import UTC, datetime

from rich.console import Console

from cli.connecting.deployment import Pipeline
from cli.showing.asking import is_sure
from cli.showing.phases import phase
from cli.showing.terminal import say
from shared.errors import MissingManifest
from shared.ledger import keys
from shared.ledger.records import Manifest
from shared.papers import Paper
from shared.services.events import RefetchRequest
from shared.services.refetch import Difference, adopt, difference
from shared.text.display import one_line


def refetch(pipeline: Pipeline, request: RefetchRequest, console: Console, *, yes: bool) -> bool:
    """Have the run hold the papers that the source has now, if a person wants it; whether it holds them now.

    Raises SourceError, UnknownRun, and RunConflict where somebody else changes the run at the same time.
    """
    run, store = request.run, pipeline.store
    with phase(f"fetching the papers of {run} anew"):
        pipeline.fire(datetime.now(UTC), request)
    held, proposed = (store.record(key, Manifest) for key in (keys.manifest(run), keys.proposed(run)))
    if held is None or proposed is None:
        raise MissingManifest(f"Run {run} has lost its papers while they were read anew: repeat the command.")
    changes = difference(held, proposed)
    _show(changes, console)
    if not changes:
        say(console, f"The papers of {run} are what they were.")
        return True
    question = (
        f"Have run {run} hold these papers? Its digests are published and announced anew, and the manifest of before"
        f" is kept as {keys.replaced(run, held.revision)}."
    )
    if not is_sure(question, yes=yes):
        return False
    adopt(store, held, proposed)
    return True


def _show(changes: Difference, console: Console) -> None:
    for paper in changes.come:
        say(console, f"in: {_named(paper)}", "green")
    for paper in changes.leave:
        say(console, f"out: {_named(paper)}", "red")
    for moved in changes.moved:
        say(console, f"moved: {moved.was} → {moved.now}: {_named(moved.paper)}")
    for paper in changes.mended:
        say(console, f"now with its text: {_named(paper)}")


def _named(paper: Paper) -> str:
    return f"{paper.id} {one_line(paper.title)}"
