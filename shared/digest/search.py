"""What the search page searches: a file of papers a year, and a list a quarter of what is read first of each.

A new or healed digest replaces its own papers in its year's file, from which its quarter's list follows, and touches
no other. An archive that was published before there were lists gets each with the next digest of its quarter; until
then the page reads the year's file instead.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain
from typing import Literal

import msgspec

from shared.digest.archive_entries import Archive
from shared.digest.templating import hashed_name
from shared.digest.view import PaperView, View
from shared.languages.glossary import load_glossary
from shared.languages.table import Language
from shared.ledger.file import LASTING, File, record_file
from shared.ledger.keys import PAGE, SAMPLE, period_of
from shared.periods import PeriodKind, parse_period

_TO_THURSDAY = timedelta(days=3)
"""From a week's Monday to the day by which ISO 8601 says which year it is of."""
_RECENT = 4
"""Quarters: the full text of their years is searched unasked."""


@dataclass(frozen=True)
class Document:
    """A paper as the search page finds and shows it.

    `language` is that of `title`; `text` is the translation, or the original where there is none; `original_text` is
    the abstract as its authors wrote it, "" where `text` is. `summary` is the one line on the paper, "" where there is
    none. `words` are those of the original that stood in no other field, in files of chorok 0.1.0; now "". In a list
    `authors`, `text` and `original_text` are "".
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
    original_text: str = ""


@dataclass(frozen=True)
class SearchedEdition:
    """The papers of one run, and what readers call it. `read_at` names its page; before there was one it was ""."""

    run: str
    heading: str
    papers: tuple[Document, ...]
    read_at: str = ""


@dataclass(frozen=True, kw_only=True)
class Shard:
    """All digests of a year in one language, in the order of their runs: `issues` is what the file calls them."""

    schema: Literal["chorok-search/1"] = "chorok-search/1"
    language: str
    issues: tuple[SearchedEdition, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Synonyms:
    """Names of the same term, and a regular expression of what a language attaches to a noun: Korean particles."""

    schema: Literal["chorok-synonyms/1"] = "chorok-synonyms/1"
    attached: str
    terms: tuple[tuple[str, ...], ...]


def shard_name(period: str) -> str:
    """The file that holds all that is searched of a digest of this period; "" is the sample."""
    return f"search-{period[:4] or SAMPLE}.json"


def list_name(period: str) -> str:
    """The list that a digest of this period stands in."""
    return f"list-{_quarter(period) or SAMPLE}.json"


def listed_shards(archive: Archive) -> tuple[tuple[str, str], ...]:
    """The list of every quarter that has a digest, and the file it follows from, the newest first."""
    return tuple(dict.fromkeys((list_name(entry.period), shard_name(entry.period)) for entry in archive.entries))


def recent_shards(archive: Archive) -> tuple[str, ...]:
    """The files whose full text is searched unasked, the newest first: a year or more of it."""
    return tuple(dict.fromkeys(shard for _, shard in listed_shards(archive)[:_RECENT]))


def search_files(shard: Shard, period: str) -> dict[str, File]:
    """What is written when a digest of this period has changed in `shard`, by name: the shard and the one list."""
    return {shard_name(period): record_file(shard), list_name(period): record_file(_listed(shard, period))}


def with_digest(shard: Shard, view: View) -> Shard:
    """The shard with this digest's papers, in place of what it held of them before."""
    run = view.digest.run
    searched = SearchedEdition(run, view.heading, tuple(_document(entry) for entry in view.papers), PAGE)
    others = (other for other in shard.issues if other.run != run)
    return replace(shard, issues=tuple(sorted([*others, searched], key=lambda edition: edition.run)))


def without_digest(shard: Shard, run: str) -> Shard:
    """The shard without this run's papers."""
    return replace(shard, issues=tuple(edition for edition in shard.issues if edition.run != run))


def synonyms_file(language: Language) -> dict[str, File]:
    """What its readers may call the same, and attach to a noun, by the name of the file; nothing where neither is."""
    terms, attached = load_glossary(language).synonyms(), language.pack.attached
    if not terms and not attached:
        return {}
    body = msgspec.json.encode(Synonyms(attached=attached, terms=terms))
    return {hashed_name("synonyms.json", body): File(body, "application/json", LASTING)}


def _quarter(period: str) -> str:
    if not period:
        return ""
    parsed = parse_period(period)
    day = parsed.first + _TO_THURSDAY if parsed.kind is PeriodKind.WEEK else parsed.first
    return f"{day.year}-q{(day.month + 2) // 3}"


def _listed(shard: Shard, period: str) -> Shard:
    quarter = _quarter(period)
    issues = (issue for issue in shard.issues if _quarter(period_of(issue.run)) == quarter)
    return replace(shard, issues=tuple(replace(issue, papers=tuple(map(_line, issue.papers))) for issue in issues))


def _line(paper: Document) -> Document:
    return replace(paper, authors="", text="", words="", original_text="")


def _document(entry: PaperView) -> Document:
    original = " ".join(chain(*entry.original))
    text = " ".join(sentence.text for sentence in chain(*entry.translation))
    return Document(
        id=entry.paper.id,
        title=entry.title,
        language=entry.title_language,
        original_title=entry.original_title,
        authors=", ".join(entry.authors),
        keywords=", ".join(entry.keywords),
        text=text or original,
        words="",
        summary=entry.summary,
        original_text=original if text else "",
    )
