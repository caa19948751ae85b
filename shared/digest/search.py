"""What the search page searches: a file of plain documents per year, from which the reader's browser makes its index.

A new or healed digest replaces its own documents in its year's file and touches no other.
"""

import re
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal

from shared.digest.archive_entries import Archive
from shared.digest.view import PaperView, View
from shared.ledger.keys import SAMPLE

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]{2,}")


@dataclass(frozen=True)
class Document:
    """A paper as the search page finds and shows it.

    `language` is that of `title`; `text` is the translation, or the original where there is none; `words` are those of
    the original that stand in no other field, so that both languages are searched and none is carried twice. `summary`
    is the one line on the paper, "" where there is none.
    """

    id: str
    title: str
    language: str
    original_title: str
    authors: str
    keywords: str
    text: str
    words: str
    summary: str = ""


@dataclass(frozen=True)
class SearchedEdition:
    """The papers of one run, and what readers call it."""

    run: str
    heading: str
    papers: tuple[Document, ...]


@dataclass(frozen=True, kw_only=True)
class Shard:
    """All digests of a year in one language, in the order of their runs: `issues` is what the file calls them."""

    schema: Literal["chorok-search/1"] = "chorok-search/1"
    language: str
    issues: tuple[SearchedEdition, ...] = ()


def shard_name(period: str) -> str:
    """The file in which a digest of this period is searched; "" is the sample."""
    return f"search-{period[:4] or SAMPLE}.json"


def shard_names(archive: Archive) -> tuple[str, ...]:
    """The files of all digests, the newest first."""
    return tuple(dict.fromkeys(shard_name(entry.period) for entry in archive.entries))


def with_digest(shard: Shard, view: View) -> Shard:
    """The shard with this digest's papers, in place of what it held of them before."""
    run = view.digest.run
    searched = SearchedEdition(run, view.heading, tuple(_document(entry) for entry in view.papers))
    others = (other for other in shard.issues if other.run != run)
    return replace(shard, issues=tuple(sorted([*others, searched], key=lambda edition: edition.run)))


def without_digest(shard: Shard, run: str) -> Shard:
    """The shard without this run's papers."""
    return replace(shard, issues=tuple(edition for edition in shard.issues if edition.run != run))


def _document(entry: PaperView) -> Document:
    original = " ".join(chain(*entry.original))
    text = " ".join(sentence.text for sentence in chain(*entry.translation)) or original
    shown = (
        entry.title,
        entry.original_title,
        ", ".join(entry.authors),
        ", ".join(entry.keywords),
        text,
        entry.summary,
    )
    known = {word.lower() for field in shown for word in _WORD.findall(field)}
    words = dict.fromkeys(word.lower() for word in _WORD.findall(f"{original} {entry.original_summary}"))
    return Document(
        id=entry.paper.id,
        title=entry.title,
        language=entry.title_language,
        original_title=entry.original_title,
        authors=shown[2],
        keywords=shown[3],
        text=text,
        words=" ".join(word for word in words if word not in known),
        summary=entry.summary,
    )
