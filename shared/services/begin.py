"""How a run begins: with its manifest, which says which papers it expects, and with each language that is wanted of it.

Both are written only where they are not there yet, so a run may begin any number of times and keeps its papers.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.editions import Edition
from shared.errors import MissingManifest, RunConflict, UnknownRun, UsageError
from shared.huggingface.address import page_path, validate_source
from shared.ledger import keys
from shared.ledger.keys import SAMPLE
from shared.ledger.records import Forgotten, Manifest, Requested
from shared.ledger.store import Reader
from shared.papers import HUGGING_FACE, Paper, is_arxiv_id
from shared.periods import last_finished_week, parse_period, require_over
from shared.services.fetching import Fetching
from shared.services.sample import sample_papers
from shared.settings import Settings


def begin(fetching: Fetching, time: datetime, run: str = "", top: int = 0, source: str = "") -> Manifest:
    """The manifest of `run`, or of the last finished week for "", written first if there is none.

    `top` and `source` are 0 and "" for what the run holds, or else the settings. Raises UnknownRun where there can be
    no such run, RunConflict where it holds something else, SourceError where the papers cannot be had.
    """
    run = run or last_finished_week(time, fetching.settings.zone).name
    if not keys.is_run(run):
        raise UnknownRun(f"{run!r} is not a run. Runs are called 2025-W37, 2025-09, 2025-09-12 or sample.")
    held = held_manifest(fetching, run)
    if held is None:
        fresh = _sample(time) if run == SAMPLE else read_manifest(fetching, run, time, top, source)
        fresh = begun_anew(fetching.store, fresh)
        if fetching.store.create(keys.manifest(run), fresh):
            return fresh
        held = held_manifest(fetching, run)
    if held is None:
        raise MissingManifest(f"The manifest of run {run} was there and is gone; only `chorok forget` may remove one.")
    asked = replace(held, top=top or held.top, source=_source(fetching.settings, source) if source else held.source)
    if run != SAMPLE and asked != held:
        raise RunConflict(
            f"Run {run} already holds the top {held.top} of {held.source}, not the top {asked.top} of {asked.source};"
            " a run keeps its papers until a person replaces them: ask for what it holds, or give --refetch too, which"
            " shows what would change."
        )
    return held


def begun_anew(store: Reader, manifest: Manifest) -> Manifest:
    """The manifest, counted as the next where its run was forgotten."""
    forgotten = store.record(keys.forgotten(manifest.run), Forgotten)
    return manifest if forgotten is None else replace(manifest, revision=forgotten.revision)


def look_up(fetching: Fetching, paper: str, source: str = "") -> Paper:
    """The paper with this arXiv id; `source` is "" for that of the settings. Raises UsageError, SourceError."""
    if not is_arxiv_id(paper):
        raise UsageError(f"{paper!r} is not an arXiv id.")
    return fetching.read_paper(_source(fetching.settings, source), paper)


def held_manifest(fetching: Fetching, run: str) -> Manifest | None:
    """The manifest of `run`, where it has begun."""
    return fetching.store.record(keys.manifest(run), Manifest)


def want(fetching: Fetching, edition: Edition, time: datetime) -> None:
    """Have the edition wanted from `time` on, unless it is already."""
    fetching.store.create(keys.requested(edition), Requested(edition.run, edition.language, time))


def read_manifest(fetching: Fetching, run: str, time: datetime, top: int, source: str) -> Manifest:
    """A manifest of the period `run`, as its page is at `time`. Raises UsageError and SourceError."""
    settings, period = fetching.settings, parse_period(run)
    require_over(period, time, settings.zone)
    top, source = top or settings.top, _source(settings, source)
    first_tick = period.end(settings.zone) + timedelta(hours=settings.settle_hours)
    # Only what ticks have asked for again and again is believed without the API, and ticks ask for one week.
    believe_few = timedelta(hours=settings.confirm_hours) <= time - first_tick < timedelta(weeks=1)
    papers = fetching.read_papers(source, period, top, believe_few)
    return Manifest(run, run, source, HUGGING_FACE + page_path(period), top, time, papers)


def _source(settings: Settings, source: str) -> str:
    return validate_source(source or settings.source, embedded=settings.embedded)


def _sample(time: datetime) -> Manifest:
    papers = sample_papers()
    return Manifest(SAMPLE, "", SAMPLE, f"{HUGGING_FACE}/papers", len(papers), time, papers)
