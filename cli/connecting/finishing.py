"""From what was sent to the digests on this machine: wait for the papers, see to the publication, download."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from rich.console import Console

from cli.connecting.deployment import Pipeline
from cli.connecting.files import download, folder_of
from cli.connecting.watching import Idleness, Watch, standings_until, until
from cli.showing.meters import meter
from cli.showing.phases import phase
from cli.showing.standing import Standing
from shared.errors import CloudError
from shared.ledger.store import Store
from shared.services.events import PublishRequest

_PUBLISH_SECONDS = 600.0
"""How long a digest may take to be published once all its results are there, while a message asks for it."""
_SIGNAL_SECONDS = 1.0
"""How long the message about a new result may take; without one, a digest has to be asked for."""


@dataclass(frozen=True)
class Finished:
    """How one digest ended, and the folder where its files are."""

    standing: Standing
    folder: Path


def await_papers(pipeline: Pipeline, watches: Sequence[Watch], deadline: float, console: Console) -> bool:
    """Wait, with a progress bar, until every paper is translated or has failed; whether that came true.

    The wait ends early where the papers queue is empty, so that nothing can bring the rest, and at `deadline`, which is
    a time of `time.monotonic`.
    """
    idleness = Idleness(pipeline.papers, pipeline.settle_seconds)
    with meter(console) as shown:
        for standings in standings_until(deadline, lambda: _progress(watches), idleness.lasts):
            shown.show(standings)
    return not any(standing.awaited for standing in standings)


def finish(pipeline: Pipeline, watches: Sequence[Watch], out: Path) -> tuple[Finished, ...]:
    """Have every digest published as the ledger is by now, and download it.

    Raises CloudError, after the download, where a digest is not published in time.
    """

    def are_published() -> bool:
        return all(watch.is_published() for watch in watches)

    done = False
    with phase("waiting for the digests to be published"):
        if not any(watch.progress().awaited for watch in watches):
            done = until_done(pipeline, are_published)
        if not done:
            # As at a later tick, what is there is published.
            for run, languages in by_run(watches):
                pipeline.fire(datetime.now(UTC), PublishRequest(run, languages))
            done = until_done(pipeline, are_published)
    with phase("downloading the digests"):
        finished = tuple(bring(pipeline.store, watch, out) for watch in watches)
    if not done:
        raise CloudError(
            "A digest was not published in time, so its files may be old or missing. Read the aggregate function's log;"
            " a stack that an older version of chorok has deployed has to be deployed again."
        )
    return finished


def until_done(pipeline: Pipeline, is_done: Callable[[], bool]) -> bool:
    """Wait for what aggregate does, at most `_PUBLISH_SECONDS`, and only while a message may bring it about.

    Whether it is done then.
    """
    idleness = Idleness(pipeline.digests, max(_SIGNAL_SECONDS, pipeline.settle_seconds))
    done = False

    def is_over() -> bool:
        nonlocal done
        done = is_done()
        return done or idleness.lasts()

    until(_PUBLISH_SECONDS, is_over)
    return done or is_done()


def _progress(watches: Sequence[Watch]) -> tuple[Standing, ...]:
    return tuple(watch.progress() for watch in watches)


def bring(store: Store, watch: Watch, out: Path) -> Finished:
    """Download the watched digest's files."""
    standing = watch.standing()
    download(store, watch.edition, out)
    return Finished(standing, folder_of(watch.edition, out))


def by_run(watches: Sequence[Watch]) -> list[tuple[str, tuple[str, ...]]]:
    """The watched runs in their order, each with its languages."""
    return [
        (run, tuple(watch.edition.language for watch in group))
        for run, group in groupby(watches, lambda watch: watch.edition.run)
    ]


def deadline_in(seconds: float) -> float:
    """The time of `time.monotonic` that is so many seconds from now."""
    return time.monotonic() + seconds
