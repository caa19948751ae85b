"""A whole run on the embedded cloud, from the fetch function to the complete digest, and what it asked for."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console

from cli.run import RunOptions, make
from shared.ledger import keys
from shared.ledger.records import Manifest
from shared.papers import HUGGING_FACE, Paper
from shared.services.events import RunRequest
from tests.asked import FUNCTIONS
from tests.bench.cloud import Counts, Measured, measured_cloud
from tests.bench.papers import papers
from tests.chaos.source import served

MOMENT = "2025-09-15T01:00:00+00:00"
_LARGEST_PAGE = 5_000
_TRANSLATED = "results/{run}/ko/*.json"


@dataclass(frozen=True)
class Measurement:
    """One run of `papers`. Times are in seconds.

    `wall` is from the fetch function's start to the complete digest, `tail` from the last result to it. `processor` is
    by function, `command` what the waiting command took of it; `calls` are the engine's.
    """

    papers: int
    wall: float
    tail: float
    calls: int
    requests: Counts
    processor: dict[str, float]
    command: float
    memory: dict[str, float]


def run(measured: Measured, name: str, count: int) -> Measurement:
    """Make the digest of the run `name` as `chorok run` does, and measure it."""
    before, spent, called = measured.counts(), measured.processor(), measured.calls()
    out = measured.state / "out"
    began, own = time.time(), time.thread_time()
    make(measured.pipeline, RunOptions(RunRequest(name, ("ko",), count), 900.0, out), Console(quiet=True))
    command = time.thread_time() - own
    asked = (measured.counts() - before).by("command")
    _settle(measured)
    done = measured.modified(f"runs/{name}/ko/announced-complete.json")
    last = measured.modified(_TRANSLATED.format(run=name))
    return Measurement(
        papers=count,
        wall=done - began,
        tail=done - last,
        calls=measured.calls() - called,
        # Without what this bench asks for itself.
        requests=(measured.counts() - before).by(*FUNCTIONS) + asked,
        processor={name: seconds - spent[name] for name, seconds in measured.processor().items()},
        command=command,
        memory=measured.memory(),
    )


def _settle(measured: Measured) -> None:
    """Wait until no message is left: their deliveries belong to the run too."""
    queues = measured.pipeline.papers, measured.pipeline.digests
    while any(queue.depth().alive for queue in queues):
        time.sleep(0.2)
    time.sleep(0.5)


@contextmanager
def cloud_for(weeks: dict[str, int], seconds: float, concurrency: int = 5, share: float = 0.0) -> Iterator[Measured]:
    """A cloud, and a Hugging Face with so many papers in each of `weeks`; too many for a page are in the ledger."""
    first = 0
    listed: dict[str, tuple[Paper, ...]] = {}
    for week, count in weeks.items():
        listed[week] = papers(count, first)
        first += count
    pages = {week: found for week, found in listed.items() if len(found) <= _LARGEST_PAGE}
    with (
        tempfile.TemporaryDirectory() as folder,
        served(pages) as source,
        measured_cloud(Path(folder) / "state", source, seconds, concurrency, share) as measured,
    ):
        for week in weeks.keys() - pages.keys():
            _begin(measured, week, source, listed[week])
        yield measured


def _begin(measured: Measured, week: str, source: str, found: tuple[Paper, ...]) -> None:
    address = f"{HUGGING_FACE}/papers/week/{week}"
    manifest = Manifest(week, week, source, address, len(found), datetime.fromisoformat(MOMENT), found)
    measured.pipeline.store.create(keys.manifest(week), manifest)
