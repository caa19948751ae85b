"""The digest of one run in one language, exactly as `digest.json` says it: the one source of every rendering.

`digest.json` holds a `Digest`, its fields in the order in which they stand below. Its `schema` names the version of
this form: within a version a field may be added, but none goes or changes its meaning. A paper without a translation
carries no text in the translation's place, so that an error can never be read as one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from shared.doubts import Doubt, Kept
from shared.editions import Edition
from shared.languages.table import Language
from shared.ledger.keys import SAMPLE
from shared.ledger.records import FailedResult, Manifest, Result, TranslatedResult
from shared.papers import Paper, is_arxiv_id
from shared.text.links import card_link, safe_link


# msgspec tells the members of a union apart by a tag, which only its own structs have: hence no dataclasses here.
class Translated(msgspec.Struct, frozen=True, tag_field="status", tag="translated"):
    """The abstract in the digest's language, one sentence a line, an empty line between paragraphs.

    `engine` names what translated it, with its version where it has one, or is "person". `title` is the translated
    title or "". `notes` say what the judge doubted, whether the title stayed in English or the summary was left out,
    and which engine could not be asked any more. `doubts` and `kept` are about sentences of `text`: those that are
    doubtful, and those that stay in English because every translation of them was refused. `summary` is the
    translation of the paper's, one line, or "" where there is none that can be trusted.
    """

    text: str
    engine: str
    title: str = ""
    notes: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    kept: tuple[Kept, ...] = ()
    summary: str = ""


class Failed(msgspec.Struct, frozen=True, tag_field="status", tag="failed"):
    """There is no translation: a stable code, a plain cause in English, and how often it was tried."""

    code: str
    cause: str
    attempts: int


class Pending(msgspec.Struct, frozen=True, tag_field="status", tag="pending"):
    """There is no translation yet, and nothing has gone wrong for good."""


@dataclass(frozen=True)
class Links:
    """Where to read on. `code` and `project` are what the authors gave, or "" where that is no safe https address."""

    page: str
    arxiv: str
    pdf: str
    code: str = ""
    project: str = ""

    def __post_init__(self) -> None:
        for link in (self.page, self.arxiv, self.pdf, self.code, self.project):
            if link and not safe_link(link):
                raise ValueError(f"{link!r} is not a safe link")


@dataclass(frozen=True)
class DigestPaper:
    """One paper. Title, abstract, summary and authors are the source's own, unchanged: escape them wherever they go.

    `upvotes` is null where the source does not say. `published` is an ISO 8601 timestamp or "". `summary` is by an AI
    of Hugging Face, not by the authors; "" where there is none. `stars` are those that the code had on GitHub when the
    papers were fetched. `thumbnail` is the address of the paper's card at Hugging Face, or "" where that is none of
    theirs.
    """

    id: str
    rank: int
    title: str
    links: Links
    upvotes: int | None
    authors: tuple[str, ...]
    abstract: str
    translation: Translated | Failed | Pending
    keywords: tuple[str, ...] = ()
    published: str = ""
    summary: str = ""
    stars: int | None = None
    thumbnail: str = ""

    def __post_init__(self) -> None:
        if not is_arxiv_id(self.id):
            raise ValueError(f"{self.id!r} is not an arXiv id")
        if self.thumbnail and not card_link(self.thumbnail):
            raise ValueError(f"{self.thumbnail!r} is not the address of a card")


@dataclass(frozen=True, kw_only=True)
class Digest:
    """A digest. It is `complete` when every paper is translated, `partial` otherwise.

    `period` is the week (`2025-W37`), month or day the papers are of, "" for the sample; `source` the canonical page
    of it; `top` how many papers were asked for, of which the source may have fewer; `updated` the time of the latest
    result in ISO 8601, or the run's scheduled time where there is none.
    """

    schema: Literal["chorok-digest/1"] = "chorok-digest/1"
    run: str
    period: str
    language: str
    source: str
    state: Literal["complete", "partial"]
    top: int
    updated: str
    papers: tuple[DigestPaper, ...]

    def __post_init__(self) -> None:
        if not safe_link(self.source):
            raise ValueError(f"{self.source!r} is not a safe link")

    @property
    def edition(self) -> Edition:
        """The edition it is of."""
        return Edition(self.run, self.language)

    @property
    def is_sample(self) -> bool:
        """Whether this is the sample week and no real one."""
        return self.run == SAMPLE

    @property
    def translated(self) -> int:
        """How many papers are translated."""
        return sum(isinstance(paper.translation, Translated) for paper in self.papers)

    @property
    def engines(self) -> tuple[str, ...]:
        """What translated the papers, each engine once, in the order of the papers."""
        translations = (paper.translation for paper in self.papers)
        return tuple(dict.fromkeys(found.engine for found in translations if isinstance(found, Translated)))


def build(manifest: Manifest, language: Language, results: Mapping[str, Result]) -> Digest:
    """The digest that follows from a run's manifest and its results by paper id: nothing else goes in."""
    papers = tuple(_paper(rank, paper, results.get(paper.id)) for rank, paper in enumerate(manifest.papers, start=1))
    translated = sum(isinstance(paper.translation, Translated) for paper in papers)
    times = [results[paper.id].time for paper in manifest.papers if paper.id in results]
    return Digest(
        run=manifest.run,
        period=manifest.period,
        language=language.code,
        source=manifest.page,
        state="complete" if translated == manifest.expected else "partial",
        top=manifest.top,
        updated=max(times, default=manifest.scheduled_time).isoformat(),
        papers=papers,
    )


def translations_of(digest: Digest) -> dict[str, TranslatedResult]:
    """The results of the translated papers by id, as far as the digest says them: the inverse of `build`."""
    return {
        paper.id: TranslatedResult(
            run=digest.run,
            language=digest.language,
            paper=paper.id,
            time=datetime.fromisoformat(digest.updated),
            text=paper.translation.text,
            engine=paper.translation.engine,
            title=paper.translation.title,
            notes=paper.translation.notes,
            doubts=paper.translation.doubts,
            kept=paper.translation.kept,
            summary=paper.translation.summary,
        )
        for paper in digest.papers
        if isinstance(paper.translation, Translated)
    }


def _paper(rank: int, paper: Paper, result: Result | None) -> DigestPaper:
    return DigestPaper(
        id=paper.id,
        rank=rank,
        title=paper.title,
        links=Links(
            page=paper.page,
            arxiv=f"https://arxiv.org/abs/{paper.id}",
            pdf=f"https://arxiv.org/pdf/{paper.id}",
            code=safe_link(paper.code),
            project=safe_link(paper.project),
        ),
        upvotes=paper.upvotes,
        authors=paper.authors,
        abstract=paper.abstract,
        translation=_translation(result),
        keywords=paper.keywords,
        published=paper.published,
        summary=paper.summary,
        stars=paper.stars,
        thumbnail=card_link(paper.thumbnail),
    )


def _translation(result: Result | None) -> Translated | Failed | Pending:
    if result is None:
        return Pending()
    if isinstance(result, FailedResult):
        return Failed(result.failure.code, result.failure.cause, result.attempts)
    return Translated(
        text=result.text,
        engine=result.engine,
        title=result.title,
        notes=result.notes,
        doubts=result.doubts,
        kept=result.kept,
        summary=result.summary,
    )
