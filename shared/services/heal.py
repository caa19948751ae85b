"""Old digests healed: what a file in the user's layout says becomes a run like any other.

A file says which papers it holds and what was translated of them. Which run it is, which of its papers have to be
fetched anew, and what its healed form looks like follow from that. Nothing here reads or writes anything.
"""

import codecs
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from shared.digest.formats.txt import TextDigest, TextPaper, parse_text, render_text
from shared.digest.model import build
from shared.doubts import Doubt
from shared.errors import UsageError
from shared.huggingface.address import page_path
from shared.languages.table import codes, find_language
from shared.ledger.records import PERSON, Manifest, Result, TranslatedResult
from shared.papers import HUGGING_FACE, Paper
from shared.periods import parse_period
from shared.text.clean import clean_abstract
from shared.text.display import displayable
from shared.translation.door import Accepted, Refused, accept
from shared.translation.judge_version import JUDGE_VERSION

UNKNOWN_ENGINE = "unknown"
"""The engine of a translation where the file does not tell which of several it is, or none at all."""

_HEAD_LINES = 3
_LONGEST_ENGINE = 200
_ENGINE = re.compile(r"번역: (?:기계 번역 \(([^()]+)\)|(사람))")


@dataclass(frozen=True)
class OldDigest:
    """A digest's file: its bytes, what they say, and the code of its language ("" where it does not say)."""

    body: bytes
    text: TextDigest
    language: str

    @property
    def is_whole(self) -> bool:
        """Whether the file shows every paper of the `top` with its abstract."""
        return len(_whole(self.text)) == self.text.top

    @property
    def run_of_its_own(self) -> str:
        """The run that this file becomes where the run of its period holds other papers."""
        return f"{self.text.period}-healed-{hashlib.sha256(self.body).hexdigest()[:8]}"


@dataclass(frozen=True)
class KeptTranslations:
    """What a file holds translated: `results` of what the door let in, and by paper id what it `refused`."""

    results: tuple[TranslatedResult, ...]
    refused: Mapping[str, Refused]


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
    """Whether `manifest` holds the file's papers: whatever the file shows whole, at the same rank."""
    return manifest.top == old.text.top and all(
        shown.rank <= len(manifest.papers) and _is_same_paper(shown, manifest.papers[shown.rank - 1])
        for shown in _whole(old.text)
    )


def papers_of(old: OldDigest, fetched: Iterable[Paper] = ()) -> tuple[Paper, ...]:
    """The file's papers in their order; what it does not show whole is taken from `fetched`, best first.

    A paper of which the file has no more than the id stays, without an abstract, where `fetched` does not hold it.
    """
    available = {paper.id: paper for paper in fetched}
    shown = {paper.rank: paper for paper in old.text.papers if paper.id}
    mentioned = {paper.id for paper in shown.values()}
    others = (paper for paper in available.values() if paper.id not in mentioned)
    papers: dict[str, Paper] = {}
    for rank in range(1, old.text.top + 1):
        if rank not in shown:
            paper = next(others, None)
        elif shown[rank].abstract:
            paper = _paper(shown[rank])
        else:
            paper = available.get(shown[rank].id, _paper(shown[rank]))
        if paper is not None:
            papers.setdefault(paper.id, paper)
    return tuple(papers.values())


def manifest_of(old: OldDigest, run: str, papers: tuple[Paper, ...], time: datetime) -> Manifest:
    """The manifest of a run that a person made of the file at `time`."""
    page = HUGGING_FACE + page_path(parse_period(old.text.period))
    return Manifest(run, old.text.period, HUGGING_FACE, page, old.text.top, time, papers)


def kept_translations(old: OldDigest, manifest: Manifest, language: str, time: datetime) -> KeptTranslations:
    """What the file holds translated into `language`, as results of the manifest's run.

    A text that the door refuses is missing like one that is not there. What the file marks stays marked, whatever
    today's judge says, and a sentence that it keeps in English is not judged again.
    """
    if old.language != language:
        return KeptTranslations((), {})
    target, engine = find_language(language), _engine(old.body)
    papers = {paper.id: paper for paper in manifest.papers}
    results: list[TranslatedResult] = []
    refused: dict[str, Refused] = {}
    for shown in _whole(old.text):
        if not shown.translation or shown.id not in papers or not _is_same_paper(shown, papers[shown.id]):
            continue
        source, by_person = clean_abstract(shown.abstract), engine == PERSON
        answer = accept(source, shown.translation, target, by_person=by_person, kept=shown.kept)
        if isinstance(answer, Refused):
            refused[shown.id] = answer
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
    """The file as it should have been: its own titles, originals and line ends, and the run's translations."""
    shown = {paper.id: paper for paper in _whole(old.text)}
    papers = tuple(
        replace(paper, title=shown[paper.id].title, abstract=shown[paper.id].abstract) if paper.id in shown else paper
        for paper in manifest.papers
    )
    healed = render_text(build(replace(manifest, papers=papers), find_language(language), results))
    if b"\r\n" in old.body:
        healed = healed.replace(b"\n", b"\r\n")
    return codecs.BOM_UTF8 + healed if old.body.startswith(codecs.BOM_UTF8) else healed


def _whole(text: TextDigest) -> tuple[TextPaper, ...]:
    return tuple(paper for paper in text.papers if paper.id and paper.abstract)


def _paper(shown: TextPaper) -> Paper:
    return Paper(shown.id, shown.title, shown.abstract)


def _doubts(shown: TextPaper, answer: Accepted) -> tuple[Doubt, ...]:
    """Today's doubts, and the file's about other sentences; a person's text has none."""
    judged = {doubt.sentence for doubt in answer.doubts}
    return (*answer.doubts, *(doubt for doubt in shown.doubts if doubt.sentence not in judged))


def _is_same_paper(shown: TextPaper, paper: Paper) -> bool:
    # A file shows an abstract without what nobody can see in it.
    return shown.id == paper.id and shown.abstract == displayable(paper.abstract).strip()


def _engine(body: bytes) -> str:
    """What the file's head says has translated it, if that is one engine with a name to be shown, or a person."""
    head = body.decode(errors="replace").splitlines()[:_HEAD_LINES]
    named = [match for line in head if (match := _ENGINE.fullmatch(line.strip()))]
    if not named:
        return UNKNOWN_ENGINE
    if named[0][2]:
        return PERSON
    name = named[0][1]
    return name if name.isprintable() and len(name) <= _LONGEST_ENGINE else UNKNOWN_ENGINE
