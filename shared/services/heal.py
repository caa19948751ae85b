"""Old digests healed: what a file in the user's layout says becomes a run like any other.

A file says which papers it holds and what was translated of them. Which run it is, which of its papers have to be
fetched anew, and what its healed form looks like follow from that. Nothing here reads or writes anything.
"""

import codecs
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from shared.digest.formats.txt import engines_line, render_between
from shared.digest.model import Digest, build
from shared.digest.text_reader import TextDigest, TextPaper, parse_text
from shared.doubts import Doubt
from shared.errors import UsageError
from shared.huggingface.address import page_path
from shared.languages.table import codes, find_language
from shared.ledger import keys
from shared.ledger.records import PERSON, Manifest, Result, TranslatedResult
from shared.papers import HUGGING_FACE, LONGEST_ABSTRACT, Paper
from shared.periods import parse_period
from shared.text.clean import clean_abstract, clean_title
from shared.text.display import displayable
from shared.text.encodings import is_marked, line_end
from shared.translation.door import Accepted, Refused, accept
from shared.translation.judge_version import JUDGE_VERSION

UNKNOWN_ENGINE = "unknown"
"""The engine of a translation where the file does not tell which of several it is, or none at all."""

_LONGEST_ENGINE = 200
_ENGINE = re.compile(r"기계 번역 \(([^()]+)\)|사람")


@dataclass(frozen=True)
class OldDigest:
    """A digest's file: its bytes, what they say, and the code of its language ("" where it does not say)."""

    body: bytes
    text: TextDigest
    language: str

    def run_of_its_own(self, papers: Sequence[Paper] = ()) -> str:
        """The run that this file becomes where the run of its period holds other papers.

        With `papers` it is another one: a run never changes, and more may be known of the file's papers than before.
        """
        known = "".join(f"{paper.id} {paper.abstract}\n" for paper in papers)
        return keys.healed_run(self.text.period, hashlib.sha256(self.body + known.encode()).hexdigest())


@dataclass(frozen=True)
class KeptTranslations:
    """What a file holds translated: `results` of what the door let in, and by paper id why anything is `refused`."""

    results: tuple[TranslatedResult, ...]
    refused: Mapping[str, str]


def read_old_digest(body: bytes) -> OldDigest:
    """The digest in a file. Raises UsageError where it is none, or the sample, which has nothing to heal."""
    text = parse_text(body)
    if not text.period:
        raise UsageError("This is the sample week, which has nothing to heal: `chorok run --or-sample` writes it anew.")
    parse_period(text.period)
    named = [code for code in codes() if find_language(code).name == text.language]
    if text.language and not named:
        raise UsageError(f"This digest is in {text.language!r}, which is not a language that chorok knows.")
    return OldDigest(body, text, named[0] if named else "")


def is_same(old: OldDigest, manifest: Manifest) -> bool:
    """Whether `manifest` is of the file's run: as many papers were asked for, and the ids are the same in order.

    A rank at which the file names no paper agrees with any. A manifest that lacks an abstract which the file shows
    is of another run, as nothing could be translated there.
    """
    return manifest.top == old.text.top and all(
        shown.rank <= len(manifest.papers) and _agrees(shown, manifest.papers[shown.rank - 1])
        for shown in _named(old.text).values()
    )


def unknown_abstracts(old: OldDigest, known: Mapping[str, Paper]) -> tuple[str, ...]:
    """The ids of papers of which the file has no abstract, and `known`, which is by id, no text to be translated."""
    named = (shown for shown in _named(old.text).values() if not shown.abstract)
    return tuple(shown.id for shown in named if shown.id not in known or known[shown.id].missing_text)


def papers_of(old: OldDigest, week: Sequence[Paper] = (), by_id: Sequence[Paper] = ()) -> tuple[Paper, ...]:
    """The file's papers in their order; what it does not show whole is taken from `by_id`, or the `week`, best first.

    Every paper that the file names is among them: one of which nobody has more than the id stays without an abstract.
    Where it names none, that is the one of the week with the title that stands there, or the best that it lacks.
    """
    available = {paper.id: paper for paper in (*week, *by_id)}
    named = _named(old.text)
    unnamed = {shown.rank: shown for shown in old.text.papers if shown.rank not in named}
    mentioned = {shown.id for shown in named.values()}
    others = {paper.id: paper for paper in week if paper.id not in mentioned}
    titled = {_folded(paper.title): paper for paper in others.values() if paper.title}
    by_title = {rank: titled[_folded(shown.title)] for rank, shown in unnamed.items() if _folded(shown.title) in titled}
    for paper in by_title.values():
        others.pop(paper.id, None)
    best = iter(others.values())
    papers: list[Paper] = []
    for rank in range(1, old.text.top + 1):
        found = _paper(named[rank], available) if rank in named else by_title.get(rank) or next(best, None)
        if found is not None and found not in papers:
            papers.append(found)
    return tuple(papers)


def holds(manifest: Manifest, old: OldDigest, papers: Sequence[Paper]) -> bool:
    """Whether `manifest` is of a run that a file with the same `papers` has become."""
    same_ids = [paper.id for paper in papers] == [paper.id for paper in manifest.papers]
    pairs = zip(papers, manifest.papers, strict=False)
    return (
        manifest.top == old.text.top
        and same_ids
        and all(_is_same(one.abstract, other.abstract) for one, other in pairs)
    )


def manifest_of(old: OldDigest, run: str, papers: tuple[Paper, ...], time: datetime) -> Manifest:
    """The manifest of a run that a person made of the file at `time`."""
    page = HUGGING_FACE + page_path(parse_period(old.text.period))
    return Manifest(run, old.text.period, HUGGING_FACE, page, old.text.top, time, papers)


def kept_translations(old: OldDigest, manifest: Manifest, language: str, time: datetime) -> KeptTranslations:
    """What the file holds translated into `language`, as results of the manifest's run.

    A text that the door refuses, as a translation of the abstract in the manifest, is missing like one that is not
    there, and so is a doubtful one where the file shows another abstract. What the file marks stays marked, whatever
    today's judge says, and a sentence that it keeps in English is not judged again.
    """
    if old.language != language:
        return KeptTranslations((), {})
    target, engine = find_language(language), _engine(old.text.engines)
    papers = {paper.id: paper for paper in manifest.papers}
    results: list[TranslatedResult] = []
    refused: dict[str, str] = {}
    for shown in _named(old.text).values():
        if not shown.translation or shown.id not in papers:
            continue
        if len(papers[shown.id].abstract) > LONGEST_ABSTRACT:
            refused[shown.id] = "the abstract is too long to be judged"
            continue
        source, by_person = clean_abstract(papers[shown.id].abstract), engine == PERSON
        answer = accept(source, shown.translation, target, by_person=by_person, kept=shown.kept)
        if isinstance(answer, Refused):
            refused[shown.id] = str(answer)
            continue
        if answer.doubts and not _is_same_abstract(shown, papers[shown.id]):
            refused[shown.id] = "the abstract has changed since"
            continue
        result = TranslatedResult(
            run=manifest.run,
            language=language,
            paper=shown.id,
            time=time,
            text=answer.text,
            engine=engine,
            notes=tuple(f"abstract: {finding}" for finding in answer.findings),
            doubts=_doubts(shown, answer),
            kept=answer.kept,
            judge=JUDGE_VERSION,
        )
        results.append(result)
    return KeptTranslations(tuple(results), refused)


def healed_file(old: OldDigest, manifest: Manifest, language: str, results: Mapping[str, Result]) -> bytes:
    """The file as it should have been: its own titles, originals and line ends, and the run's translations, in UTF-8.

    What stands at a rank of which nobody knows the paper stays as it is, and so does what the head says of engines.
    """
    shown = {paper.id: paper for paper in _named(old.text).values()}
    papers = tuple(
        replace(paper, title=shown[paper.id].title, abstract=shown[paper.id].abstract)
        if paper.id in shown and _is_same_abstract(shown[paper.id], paper)
        else paper
        for paper in manifest.papers
    )
    digest = build(replace(manifest, papers=papers), find_language(language), results)
    ranks = tuple(_ranks(old.text, manifest))
    ranked = tuple(replace(paper, rank=rank) for rank, paper in zip(ranks, digest.papers, strict=True))
    unread = {paper.rank: paper.unread for paper in old.text.papers if paper.unread and paper.rank not in ranks}
    healed = render_between(replace(digest, papers=ranked), unread, _engines(old.text, digest))
    healed = healed.replace(b"\n", line_end(old.body).encode())
    return codecs.BOM_UTF8 + healed if is_marked(old.body) else healed


def _ranks(text: TextDigest, manifest: Manifest) -> Iterator[int]:
    """The rank in the file of each of the manifest's papers: its own, or the next at which the file names none."""
    if not keys.is_healed(manifest.run):
        yield from range(1, len(manifest.papers) + 1)
        return
    named = _named(text)
    known = {shown.id: shown.rank for shown in named.values()}
    titled = {_folded(shown.title): shown.rank for shown in text.papers if shown.title and not shown.id}
    rank = 0
    for paper in manifest.papers:
        own = known.get(paper.id) or titled.get(_folded(paper.title))
        rank = own or next(free for free in count(rank + 1) if free not in named)
        yield rank


def _engines(text: TextDigest, digest: Digest) -> str:
    """What the head says of engines: of kept translations, where it is not known which, what it said before."""
    if UNKNOWN_ENGINE not in digest.engines or not text.engines:
        return engines_line(digest.engines)
    others = [engine for engine in digest.engines if engine != UNKNOWN_ENGINE]
    fresh = [line for line in map(engines_line, ([engine] for engine in others)) if line not in text.engines]
    return displayable(", ".join([text.engines, *fresh]))


def _named(text: TextDigest) -> dict[int, TextPaper]:
    """The papers of which the file says which they are, by rank, each only once."""
    first: dict[str, TextPaper] = {}
    for shown in text.papers:
        if shown.id:
            first.setdefault(shown.id, shown)
    return {shown.rank: shown for shown in first.values()}


def _paper(shown: TextPaper, available: Mapping[str, Paper]) -> Paper:
    own = Paper(shown.id, shown.title, shown.abstract)
    return own if shown.abstract else available.get(shown.id, own)


def _agrees(shown: TextPaper, paper: Paper) -> bool:
    return shown.id == paper.id and not (shown.abstract and paper.missing_text)


def _doubts(shown: TextPaper, answer: Accepted) -> tuple[Doubt, ...]:
    """Today's doubts, and the file's about other sentences; a person's text has none."""
    judged = {doubt.sentence for doubt in answer.doubts}
    return (*answer.doubts, *(doubt for doubt in shown.doubts if doubt.sentence not in judged))


def _is_same_abstract(shown: TextPaper, paper: Paper) -> bool:
    """Whether the file shows the abstract that the paper has, in whatever lines, or as far as it can be seen."""
    return _is_same(shown.abstract, displayable(paper.abstract).strip())


def _is_same(one: str, other: str) -> bool:
    return one == other or clean_abstract(one) == clean_abstract(other)


def _folded(title: str) -> str:
    return clean_title(title).casefold()


def _engine(engines: str) -> str:
    """What the file's head says has translated it, if that is one engine with a name to be shown, or a person."""
    named = _ENGINE.fullmatch(engines)
    if named is None:
        return UNKNOWN_ENGINE
    name = named[1] or PERSON
    return name if name.isprintable() and len(name) <= _LONGEST_ENGINE else UNKNOWN_ENGINE
