"""What a person's correction changes: the memory keeps it, and every result made of the same source says it.

A paper's memory is written before its results, so that a delivery that begins afterwards finds the correction there. A
delivery that began before may still bring an engine's text, but `store_result` keeps a person's text above it. What no
paper has is remembered loose, and only then are the papers listed: whoever sends a paper afterwards looks for it.

The same correction may be brought in again at any time. That also mends the one thing a delivery that began before can
spoil: the title or summary of a paper that had no result yet when that alone was corrected.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from shared.doubts import without_kept
from shared.editions import Edition
from shared.errors import UsageError
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.memories import remembered_texts, revise_memory
from shared.ledger.records import PERSON, Manifest, Memory, Result, TranslatedResult
from shared.ledger.results import read_result, revise_result
from shared.ledger.store import Reader, Store
from shared.papers import Paper
from shared.text.clean import clean_abstract, clean_title
from shared.translation.door import Refused, accept
from shared.translation.memory_keys import person_key
from shared.translation.styling import one_sentence_a_line, said

_READERS = 8


@dataclass(frozen=True)
class Touched:
    """An edition that holds a corrected source, and its papers whose results were rewritten just now."""

    edition: Edition
    rewritten: tuple[str, ...]


@dataclass(frozen=True)
class Correction:
    """What is corrected in one edition at `time`: `entries` holds what a person wrote, by its cleaned source."""

    edition: Edition
    entries: Mapping[str, Memory]
    time: datetime

    def entries_of(self, paper: Paper) -> tuple[Memory, ...]:
        """What is corrected of the paper's title, abstract and summary."""
        sources = dict.fromkeys((clean_title(paper.title), clean_abstract(paper.abstract), clean_title(paper.summary)))
        return tuple(self.entries[source] for source in sources if source in self.entries)

    def revised(self, paper: Paper, held: Result | None) -> Result | None:
        """The result that says what is corrected, and stands above `held`; None where `held` says it already.

        A paper without a translation gets one from a corrected abstract; from a corrected line alone it gets none.
        """
        title, summary, time = self._line(paper.title), self._line(paper.summary), self.time
        abstract = self._abstract(paper)
        text, kept = (abstract.text, abstract.kept) if abstract else ("", ())
        if not isinstance(held, TranslatedResult):
            if not text:
                return None
            return TranslatedResult(
                run=self.edition.run,
                language=self.edition.language,
                paper=paper.id,
                time=time,
                text=text,
                title=title,
                engine=PERSON,
                again=time,
                remembered=True,
                kept=kept,
                summary=summary,
            )
        better = replace(
            held,
            text=text or held.text,
            title=title or held.title,
            engine=PERSON if text else held.engine,
            summary=summary or held.summary,
        )
        if better == held and (not text or kept == held.kept):
            return None
        # What the judge found in an engine's text is no longer there.
        gone = tuple(f"{piece}:" for piece, new in (("title", title), ("abstract", text), ("summary", summary)) if new)
        if text:
            better = replace(better, doubts=(), kept=kept, engines=(), judge="", asked="", accepted=False)
        return replace(
            better,
            time=time,
            again=max(held.again or time, time),
            remembered=held.remembered or bool(text),
            notes=tuple(note for note in held.notes if not note.startswith(gone)),
        )

    def _line(self, source: str) -> str:
        """The new text of a title or summary, in one line."""
        entry = self.entries.get(clean_title(source))
        return " ".join(entry.text.split()) if entry else ""

    def _abstract(self, paper: Paper) -> Memory | None:
        return self.entries.get(clean_abstract(paper.abstract))


@dataclass(frozen=True)
class Corrections:
    """The entries that are a person's own: those that the door `accepted`, and why it `refused` each of the others.

    `strangers` are the accepted ones whose source no paper has as its title, abstract or summary: the memory keeps them
    for later.
    """

    accepted: tuple[Memory, ...]
    refused: tuple[tuple[Memory, Refused], ...] = ()
    strangers: tuple[Memory, ...] = ()


def standing_entries(store: Reader, languages: Collection[str] = ()) -> tuple[Memory, ...]:
    """What stands in the memory for each source, in `languages` or in all: what a person wrote or accepted, else the
    newest engine's text.

    Ordered by language and source.
    """
    stands: dict[tuple[str, str], Memory] = {}
    for entry in remembered_texts(store, languages):
        held = stands.get((entry.language, entry.source))
        if held is None or held.origin == "engine" or entry.origin != "engine":
            stands[entry.language, entry.source] = entry
    return tuple(stands[key] for key in sorted(stands))


def exchanged_entries(store: Reader, languages: Collection[str] = ()) -> tuple[Memory, ...]:
    """What translators get: what stands in the memory, and the abstracts that it lacks for want of some sentences.

    Where a sentence is kept in English, such an abstract has an empty line, for a person to fill.
    """
    standing = [
        replace(entry, text=without_kept(entry.text, entry.kept)) for entry in standing_entries(store, languages)
    ]
    known = {(entry.language, entry.source) for entry in standing}
    gapped = {(entry.language, entry.source): entry for entry in _gapped_entries(store, languages)}
    return (*standing, *(gapped[key] for key in sorted(gapped.keys() - known)))


def _gapped_entries(store: Reader, languages: Collection[str]) -> Iterator[Memory]:
    editions = [found for listed in store.list(keys.RUNS) if (found := keys.parse_requested(listed.key))]
    wanted = [edition for edition in editions if not languages or edition.language in languages]
    manifests = {
        run: store.record(keys.manifest(run), Manifest) for run in dict.fromkeys(found.run for found in wanted)
    }
    papers = [
        (edition, paper)
        for edition in wanted
        if (manifest := manifests[edition.run]) is not None
        for paper in manifest.papers
    ]
    with ThreadPoolExecutor(_READERS) as readers:
        results = readers.map(lambda pair: read_result(store, pair[0], pair[1].id), papers)
        for (edition, paper), result in zip(papers, results, strict=True):
            if isinstance(result, TranslatedResult) and result.kept:
                source, text = clean_abstract(paper.abstract), without_kept(result.text, result.kept)
                yield Memory(edition.language, source, text, result.engine)


def paper_sources(store: Store) -> frozenset[str]:
    """The cleaned titles, abstracts and summaries of all papers of all runs."""
    runs = {found.run for listed in store.list(keys.RUNS) if (found := keys.parse_requested(listed.key))}
    with ThreadPoolExecutor(_READERS) as readers:
        manifests = readers.map(lambda run: store.record(keys.manifest(run), Manifest), sorted(runs))
        papers = [paper for manifest in manifests if manifest for paper in manifest.papers]
    return frozenset(
        text
        for paper in papers
        for text in (clean_title(paper.title), clean_abstract(paper.abstract), clean_title(paper.summary))
        if text
    )


def corrections(entries: Iterable[Memory], standing: Iterable[Memory], sources: Collection[str] = ()) -> Corrections:
    """The entries that are a person's own, given what stands in the memory: also those that stand there already.

    Entries are compared by what they say, for tools fold white space and change the form of Unicode; each gets the
    source that it means, of `sources` (those of papers) or of what stands, and one sentence a line. An engine's text is
    left out, accepted or not, even where a tool returns it as a person's. Raises UsageError where two texts for one
    source differ, and the door lets in both.
    """
    stands = {(entry.language, said(entry.source)): entry for entry in standing}
    papers = {said(source): source for source in sources}
    found: dict[tuple[str, str], Memory] = {}
    refused: list[tuple[Memory, Refused]] = []
    strangers: dict[Memory, None] = {}
    for entry in entries:
        source = next((papers[form] for form in _forms(entry.source) if form in papers), "")
        held = next(
            (stands[place] for form in _forms(entry.source) if (place := (entry.language, form)) in stands), None
        )
        is_held = held is not None and said(held.text) == said(entry.text)
        if entry.origin != "person" or (held is not None and is_held and held.origin != "person"):
            continue
        target = find_language(entry.language)
        text = held.text if held is not None and is_held else one_sentence_a_line(entry.text, target)
        entry = replace(entry, source=source or (held.source if held else entry.source), text=text)
        answer = accept(entry.source, entry.text, target, by_person=True)
        if isinstance(answer, Refused):
            refused.append((entry, answer))
            continue
        first = found.setdefault((entry.language, entry.source), entry)
        if said(first.text) != said(entry.text):
            raise UsageError(f"There are two {target.name} texts for one source, {entry.source[:60]!r}: keep one.")
        if not source:
            strangers[entry] = None
    return Corrections(tuple(found.values()), tuple(refused), tuple(strangers))


def _forms(source: str) -> Iterator[str]:
    """What a source may say now: as it is, or as it is cleaned today where it was cleaned by an older version."""
    yield said(source)
    yield said(clean_title(source))
    yield said(clean_abstract(source))


def correct(store: Store, corrections: Iterable[Memory], time: datetime) -> tuple[Touched, ...]:
    """Remember the corrections at `time`, then rewrite every result that is made of one of their sources."""
    written: dict[str, dict[str, Memory]] = {}
    sources = paper_sources(store)
    for entry in corrections:
        key = keys.loose_text(entry.language, person_key(entry.source, find_language(entry.language)))
        if entry.source not in sources or store.etag(key) is not None:
            store.write_record(key, entry)
        written.setdefault(entry.language, {})[entry.source] = entry
    return tuple(_rewrite(store, written, time))


def remember_persons(store: Store, language: str, paper: str, entries: Iterable[Memory]) -> None:
    """Remember what a person wrote of a paper. Raises LedgerContention."""
    target = find_language(language)
    own = {person_key(entry.source, target): entry for entry in entries}
    revise_memory(store, language, paper, lambda texts: dict(texts) | own)


def _rewrite(store: Store, written: Mapping[str, Mapping[str, Memory]], time: datetime) -> Iterator[Touched]:
    requested = [found for listed in store.list(keys.RUNS) if (found := keys.parse_requested(listed.key))]
    runs = dict.fromkeys(edition.run for edition in requested)
    manifests = {run: manifest for run in runs if (manifest := store.record(keys.manifest(run), Manifest))}
    for manifest in manifests.values():
        # Also of a run that nobody wants in this language yet.
        for language, entries in written.items():
            correction = Correction(manifest.edition(language), entries, time)
            for paper in manifest.papers:
                if corrected := correction.entries_of(paper):
                    remember_persons(store, language, paper.id, corrected)
    for edition in requested:
        if edition.language not in written or edition.run not in manifests:
            continue
        correction = Correction(edition, written[edition.language], time)
        papers = [paper for paper in manifests[edition.run].papers if correction.entries_of(paper)]
        rewritten = tuple(
            paper.id
            for paper in papers
            if revise_result(store, edition, paper.id, partial(correction.revised, paper)) is not None
        )
        if papers:
            yield Touched(edition, rewritten)
