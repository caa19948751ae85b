"""How a run gets other papers than it began with: what the source said wrongly once need not stay the week for good.

The fetch function reads the papers once more, and proposes them. A person sees what would change, and adopts it. The
manifest of before is kept under a name of its own first; the new one is put over it alone, and counts one `revision`
more. Markers count for the revision that they name, so the run is unfinished from that moment on, and ticks send what
has no result, publish and tell, even if whoever adopted it crashes. The digest of before stays until every new paper
has a result.

Results of papers that left stay in the ledger, where no digest shows them, and count again where their paper returns.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.errors import RunConflict, UnknownRun
from shared.ledger import keys
from shared.ledger.file import record_file
from shared.ledger.records import Manifest, decode
from shared.ledger.store import Store
from shared.papers import Paper
from shared.periods import parse_period
from shared.services.begin import held_manifest, read_manifest
from shared.services.events import RefetchRequest
from shared.services.fetching import Fetching


@dataclass(frozen=True)
class Moved:
    """A paper that has another rank."""

    paper: Paper
    was: int
    now: int


@dataclass(frozen=True)
class Difference:
    """What a proposed manifest changes: papers that come, that leave, that move, and whose text was missing before."""

    come: tuple[Paper, ...]
    leave: tuple[Paper, ...]
    moved: tuple[Moved, ...]
    mended: tuple[Paper, ...]

    def __bool__(self) -> bool:
        """Whether it changes anything."""
        return bool(self.come or self.leave or self.moved or self.mended)


def propose(fetching: Fetching, time: datetime, request: RefetchRequest) -> None:
    """Read the run's papers at `time` and put them beside its manifest.

    A paper that stays keeps its text, which is what was translated, unless that was missing. Raises UnknownRun where
    there is no run whose papers can be read anew, and SourceError.
    """
    held = held_manifest(fetching, request.run)
    if held is None:
        raise UnknownRun(f"There is no run {request.run} whose papers could be read anew.")
    if held.run != held.period:
        raise UnknownRun(f"The papers of run {request.run} are not a period's: it cannot be read anew.")
    parse_period(held.period)
    fresh = read_manifest(fetching, held.run, time, request.top or held.top, request.source or held.source)
    known = {paper.id: paper for paper in held.papers}
    papers = tuple(_kept(known.get(paper.id), paper) for paper in fresh.papers)
    proposed = replace(fresh, papers=papers, revision=held.revision + 1)
    fetching.store.write_record(keys.proposed(held.run), proposed)


def difference(held: Manifest, proposed: Manifest) -> Difference:
    """What changes where `proposed` takes the place of `held`."""
    ranks = {paper.id: rank for rank, paper in enumerate(held.papers, start=1)}
    known = {paper.id: paper for paper in held.papers}
    stay = {paper.id for paper in proposed.papers}
    ranked = list(enumerate(proposed.papers, start=1))
    return Difference(
        come=tuple(paper for paper in proposed.papers if paper.id not in ranks),
        leave=tuple(paper for paper in held.papers if paper.id not in stay),
        moved=tuple(Moved(paper, ranks[paper.id], rank) for rank, paper in ranked if ranks.get(paper.id, rank) != rank),
        mended=tuple(paper for paper in proposed.papers if paper.id in known and not _is_same(known[paper.id], paper)),
    )


def adopt(store: Store, held: Manifest, proposed: Manifest) -> None:
    """Put `proposed` in the place of `held`, which is kept. Raises RunConflict where the run has another by now."""
    key = keys.manifest(held.run)
    stored = store.read(key)
    is_held = stored is not None and decode(stored.body, Manifest, key) == held
    # Whoever proposed it may have read the manifest before this one.
    if stored is None or not is_held or proposed.revision != held.revision + 1:
        raise RunConflict(f"Run {held.run} has other papers than a moment ago: look again.")
    store.create(keys.replaced(held.run, held.revision), held)
    if store.replace(key, record_file(proposed), stored.etag) is None:
        raise RunConflict(f"Run {held.run} has other papers than a moment ago: look again.")


def _kept(held: Paper | None, fresh: Paper) -> Paper:
    if held is None or held.odd or held.missing_text:
        return fresh
    return replace(fresh, title=held.title, abstract=held.abstract, odd="")


def _is_same(held: Paper, paper: Paper) -> bool:
    return (held.title, held.abstract, held.odd) == (paper.title, paper.abstract, paper.odd)
