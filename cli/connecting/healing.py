"""How an old digest's file becomes a run: which run it is, which papers it holds, and what is translated of them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console

from cli.connecting.deployment import Pipeline
from cli.connecting.pace import Pace
from cli.connecting.watching import Watch
from shared.errors import AwsError, CloudError, SourceError, UsageError
from shared.ledger import keys
from shared.ledger.records import Manifest
from shared.ledger.results import store_result
from shared.ledger.store import Store
from shared.papers import Paper
from shared.services.begin import begun_anew
from shared.services.events import ReadRequest, RunRequest
from shared.services.heal import (
    OldDigest,
    holds,
    is_same,
    kept_translations,
    manifest_of,
    papers_of,
    unknown_abstracts,
)


@dataclass(frozen=True)
class Begun:
    """A file's run, watched from before its papers were sent, and what could not be had or kept of the file."""

    watch: Watch
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Asking:
    """How Hugging Face is asked: by the fetch function, no faster than allowed. `source` is "" for the deployment's."""

    pipeline: Pipeline
    source: str
    pace: Pace
    console: Console

    def read(self, period: str, time: datetime) -> None:
        """Have the manifest of a period written. Raises SourceError, UsageError."""
        # As many papers as ticks read: whoever asks for the week later finds what it would have read itself.
        self.pace.ask(lambda: self.pipeline.fire(time, ReadRequest(period, source=self.source)), self.console)

    def look_up(self, paper: str, time: datetime) -> Paper:
        """The paper with this id. Raises SourceError, CloudError, AwsError."""
        return self.pace.ask(lambda: self.pipeline.look_up(time, paper, self.source), self.console)


def begin_healing(asking: Asking, old: OldDigest, language: str) -> Begun:
    """Have the file's run begun: manifest, then what is translated already, then messages for the rest.

    Raises ChorokError.
    """
    pipeline, time = asking.pipeline, datetime.now(UTC)
    manifest, remarks = _manifest(asking, old, time)
    kept = kept_translations(old, manifest, language, time)
    for result in kept.results:
        store_result(pipeline.store, result)
    refused: dict[str, list[str]] = {}
    for paper, why in kept.refused.items():
        refused.setdefault(why, []).append(paper)
    dropped = tuple(f"what stands for {', '.join(papers)} is not kept: {why}" for why, papers in refused.items())
    watch = Watch(pipeline.store, manifest.edition(language))
    pipeline.fire(time, RunRequest(manifest.run, (language,)))
    return Begun(watch, remarks + dropped)


def _manifest(asking: Asking, old: OldDigest, time: datetime) -> tuple[Manifest, tuple[str, ...]]:
    """The manifest of the run that the file is, and what could not be had for it.

    It is the run of the file's period where the week's own list has the file's papers in their order, and a run of the
    file's own in every other case: where nobody knows the list, a later tick or `chorok run` may still read it.
    """
    week, remarks = _week(asking, old, time)
    if week is not None and is_same(old, week):
        return week, ()
    fetched = week.papers if week is not None else ()
    by_id, unavailable = _by_id(asking, old, fetched, time)
    papers = papers_of(old, fetched, by_id)
    if not papers:
        raise UsageError("; ".join(["it names no paper", *remarks]))
    if len(papers) < old.text.top:
        unavailable += (f"which papers the other {old.text.top - len(papers)} of {old.text.top} are, nothing says",)
    return _own(asking.pipeline.store, old, papers, time), remarks + unavailable


def _week(asking: Asking, old: OldDigest, time: datetime) -> tuple[Manifest | None, tuple[str, ...]]:
    """The manifest of the file's period, read first if there is none, or why it cannot be had."""
    key = keys.manifest(old.text.period)
    if asking.pipeline.store.etag(key) is None:
        try:
            asking.read(old.text.period, time)
        except (SourceError, UsageError) as error:
            return None, (f"the list of {old.text.period} cannot be had: {error}",)
    return asking.pipeline.store.record(key, Manifest), ()


def _by_id(
    asking: Asking, old: OldDigest, fetched: tuple[Paper, ...], time: datetime
) -> tuple[tuple[Paper, ...], tuple[str, ...]]:
    """The papers of which neither the file nor its week has an abstract, looked up one by one, and which cannot be."""
    found: list[Paper] = []
    remarks: list[str] = []
    for paper in unknown_abstracts(old, {paper.id: paper for paper in fetched}):
        try:
            found.append(asking.look_up(paper, time))
        except (SourceError, CloudError, AwsError) as error:
            remarks.append(f"the abstract of {paper} cannot be had: {error}")
    return tuple(found), tuple(remarks)


def _own(store: Store, old: OldDigest, papers: tuple[Paper, ...], time: datetime) -> Manifest:
    """The manifest of the run of the file's own, written first if no file with the same papers has become one."""
    listed = [entry.key for entry in store.list(keys.healed_runs(old.text.period))]
    for key in filter(keys.is_manifest, listed):
        held = store.record(key, Manifest)
        if held is not None and holds(held, old, papers):
            return held
    fresh = begun_anew(store, manifest_of(old, old.run_of_its_own(), papers, time))
    if store.create(keys.manifest(fresh.run), fresh):
        return fresh
    # The file became a run when less was known of its papers.
    fuller = begun_anew(store, manifest_of(old, old.run_of_its_own(papers), papers, time))
    store.create(keys.manifest(fuller.run), fuller)
    return store.record(keys.manifest(fuller.run), Manifest) or fuller
