"""After a person's word in the ledger: its digests are published again, and no dead message is left about it."""

from collections.abc import Collection, Sequence
from pathlib import Path

from rich.console import Console

from cli.connecting.dead_letters import discard
from cli.connecting.deployment import Pipeline
from cli.connecting.finishing import finish
from cli.connecting.watching import Watch
from cli.showing.tables import show_files
from shared.editions import Edition
from shared.errors import MessageError
from shared.services.correct import Touched
from shared.services.messages import decode_paper


def settle(pipeline: Pipeline, touched: Sequence[Touched], out: Path, console: Console) -> None:
    """Take the dead messages away that are about what was rewritten, then `publish_again`."""
    papers = {(digest.edition, paper) for digest in touched for paper in digest.rewritten}
    if papers:
        discard(pipeline.papers, lambda body: _is_about(body, papers))
    publish_again(pipeline, touched, out, console)


def publish_again(pipeline: Pipeline, touched: Sequence[Touched], out: Path, console: Console) -> None:
    """Have the digests published, downloaded and shown that say something else now. Raises CloudError as `finish` does.

    One that was never published waits for its papers.
    """
    watches: list[Watch] = []
    for digest in touched:
        watch = Watch(pipeline.store, digest.edition)
        if (watch.has_files() or watch.standing().is_complete) and (digest.rewritten or not watch.is_up_to_date()):
            watches.append(watch)
    for entry in finish(pipeline, watches, out) if watches else ():
        show_files(console, entry.folder)


def _is_about(body: str, papers: Collection[tuple[Edition, str]]) -> bool:
    try:
        message = decode_paper(body)
    except MessageError:
        return False
    return (message.edition, message.paper) in papers
