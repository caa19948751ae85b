"""From what was sent to the digests on this machine: wait for the papers, see to the publication, download."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from rich.console import Console

from cli.connecting.deployment import Pipeline
from cli.connecting.files import download, folder_of
from cli.connecting.watching import Idleness, Stillness, Watch, standings_until, until
from cli.showing.meters import meter
from cli.showing.phases import phase
from cli.showing.standing import Standing
from shared.errors import CloudError
from shared.ledger.store import Store
from shared.services.events import PublishRequest

_PUBLISH_SECONDS = 60.0
"""How long a digest may take to be published once all its results are there."""
_SIGNAL_SECONDS = 1.0
"""How long the message about a new result may take; without one, a digest has to be asked for."""
_STILL_SECONDS = 3.0
"""For how long a digest's files must not change to count as finished: they are written within one second."""


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
        for standings in standings_until(deadline, lambda: _standings(watches), idleness.lasts):
            shown.show(standings)
    return not any(standing.awaited for standing in standings)


def finish(pipeline: Pipeline, watches: Sequence[Watch], out: Path) -> tuple[Finished, ...]:
    """Have every digest published as the ledger is by now, and download it.

    Raises CloudError, after the download, where a digest is not published in time.
    """
    stillness = Stillness(_STILL_SECONDS)

    def is_published() -> bool:
        if not all(watch.is_up_to_date() for watch in watches):
            return False
        # The message that a digest is written for is in flight until the last file is written. But others may be in
        # flight for long, or seem so; then it has to be enough that nothing changes any more.
        still = stillness.lasts(tuple(watch.files() for watch in watches))
        return still or pipeline.digests.depth().alive == 0

    idleness = Idleness(pipeline.digests, _SIGNAL_SECONDS)
    with phase("waiting for the digests to be published"):
        if not any(watch.standing().awaited for watch in watches):
            until(_PUBLISH_SECONDS, lambda: is_published() or idleness.lasts())
        if not is_published():
            # As at a later tick, what is there is published.
            for run, languages in by_run(watches):
                pipeline.fire(datetime.now(UTC), PublishRequest(run, languages))
            until(_PUBLISH_SECONDS, is_published)
    with phase("downloading the digests"):
        finished = tuple(bring(pipeline.store, watch, out) for watch in watches)
    if not all(watch.is_up_to_date() for watch in watches):
        raise CloudError("A digest was not published in time, so its files may be old. Read the functions' logs.")
    return finished


def _standings(watches: Sequence[Watch]) -> tuple[Standing, ...]:
    return tuple(watch.standing() for watch in watches)


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
