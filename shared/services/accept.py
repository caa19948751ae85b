"""What it means that a person accepts what is there: it is final on purpose.

A translation stays as its engine wrote it, has no doubts any more, and stands above whatever an engine brings later;
the memory hands it out like a person's own, so that nobody is asked again. A failure stays a failure, and the digest
partial, but nothing more is tried, and nobody is reminded.

The result is written first, for it alone decides what is published; it wakes aggregate, which marks the edition where
nothing else is lacking. Where the memory is cut off, the same command makes it good.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from shared.errors import UsageError
from shared.languages.table import Language, find_language
from shared.ledger.memories import loose_text, revise_memory
from shared.ledger.records import FailedResult, Manifest, Memory, Result, TranslatedResult
from shared.ledger.results import Height, height, read_result, revise_result
from shared.ledger.store import Store
from shared.papers import Paper
from shared.text.clean import clean_abstract, clean_title
from shared.translation.memory_keys import person_key


@dataclass(frozen=True)
class Acceptance:
    """What was made final in an edition just now: papers' `translations`, and `failures`.

    `pending` are those that have no result yet; `final` are all that are final by now, of those asked for.
    """

    translations: tuple[str, ...]
    failures: tuple[str, ...]
    pending: tuple[str, ...]
    final: tuple[str, ...]


def accept_results(store: Store, manifest: Manifest, language: str, time: datetime, paper: str = "") -> Acceptance:
    """Make final at `time` what is there for one `paper`, or of every paper what is doubtful, in English, or failed.

    Raises UsageError where the run has no such paper.
    """
    edition, target = manifest.edition(language), find_language(language)
    wanted = [found for found in manifest.papers if paper in ("", found.id)]
    if not wanted:
        raise UsageError(f"{paper} is not a paper of run {manifest.run}.")
    translations: list[str] = []
    failures: list[str] = []
    pending: list[str] = []
    final: list[str] = []
    for found in wanted:
        held = read_result(store, edition, found.id)
        if held is None:
            pending.append(found.id)
            continue
        written = None
        if paper or height(held) < Height.PASSED:
            written = revise_result(store, edition, found.id, lambda held: _final(held, time))
        stands = written or held
        if isinstance(stands, TranslatedResult) and stands.accepted:
            _remember(store, found, tuple(_entries(found, stands, target)), target)
        if stands.accepted:
            final.append(found.id)
        if written is not None:
            (failures if isinstance(written, FailedResult) else translations).append(found.id)
    return Acceptance(tuple(translations), tuple(failures), tuple(pending), tuple(final))


def _final(held: Result | None, time: datetime) -> Result | None:
    """The held result as a person's last word; None where it is that already."""
    if isinstance(held, FailedResult):
        return None if held.accepted else replace(held, accepted=True)
    if held is None or height(held) >= Height.ACCEPTED:
        return None
    return replace(held, accepted=True, doubts=(), time=time, again=max(held.again or time, time))


def _entries(paper: Paper, stands: TranslatedResult, target: Language) -> Iterator[Memory]:
    """What the memory is to say of an accepted result: a title that stays in English is its own text."""
    title, abstract = clean_title(paper.title), clean_abstract(paper.abstract)
    summary = clean_title(paper.summary) if stands.summary else ""
    texts = ((title, stands.title or title, ()), (abstract, stands.text, stands.kept), (summary, stands.summary, ()))
    for source, text, kept in texts:
        if source:
            yield Memory(target.code, source, text, stands.engine, "accepted", stands.engines, kept)


def _remember(store: Store, paper: Paper, entries: tuple[Memory, ...], target: Language) -> None:
    """Put the entries where a person's would be, unless one is there."""
    accepted = {person_key(entry.source, target): entry for entry in entries}
    loose = {key: held for key in accepted if (held := loose_text(store, target.code, key))}

    def added(texts: Mapping[str, Memory]) -> Mapping[str, Memory]:
        held = loose | dict(texts)
        return held | {key: entry for key, entry in accepted.items() if key not in held or held[key].origin != "person"}

    revise_memory(store, target.code, paper.id, added)
