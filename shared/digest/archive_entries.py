"""The archive of one language: what is known of every digest, and which stands before and after which.

`archive.json` holds an `Archive`. It is the same whatever the order in which the digests came.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from shared.digest.view import View
from shared.ledger.keys import PAGE
from shared.periods import parse_period

ARCHIVE = "archive.json"
"""The name of the file, below a language's folder."""
_TITLES = 3


@dataclass(frozen=True)
class Title:
    """A paper's title, and the language it is in."""

    text: str
    language: str


@dataclass(frozen=True)
class ArchivedEdition:
    """What the archive knows of an edition. Fields mean what they mean in the digest; `titles` are the top three, and
    `summary` is what the first paper is about in the archive's language, "" where nothing says so."""

    run: str
    period: str
    state: Literal["complete", "partial"]
    papers: int
    translated: int
    updated: str
    titles: tuple[Title, ...]
    summary: str = ""
    page: Literal["digest.html", "index.html"] = "digest.html"
    """Where it is read: versions that knew no page but the file to keep said nothing."""

    @property
    def year(self) -> str:
        """The year the digest is listed under; "" is the sample."""
        return self.period[:4]


@dataclass(frozen=True, kw_only=True)
class Archive:
    """All digests in one language, the newest period first, the sample last."""

    schema: Literal["chorok-archive/1"] = "chorok-archive/1"
    language: str
    entries: tuple[ArchivedEdition, ...] = ()


@dataclass(frozen=True)
class Around:
    """The digests of the same kind before and after one, where there are any, and the other languages it is in."""

    previous: ArchivedEdition | None = None
    next: ArchivedEdition | None = None
    languages: tuple[str, ...] = ()


def entry_of(view: View) -> ArchivedEdition:
    """What the archive knows of this digest."""
    digest = view.digest
    return ArchivedEdition(
        run=digest.run,
        period=digest.period,
        state=digest.state,
        papers=len(digest.papers),
        translated=digest.translated,
        updated=digest.updated,
        titles=tuple(Title(paper.title, paper.title_language) for paper in view.papers[:_TITLES]),
        summary=view.papers[0].summary if view.papers else "",
        page=PAGE,
    )


def with_entry(archive: Archive, entry: ArchivedEdition) -> Archive:
    """The archive with this digest, in place of what it knew of it before."""
    others = (other for other in archive.entries if other.run != entry.run)
    return replace(archive, entries=tuple(sorted([*others, entry], key=_age, reverse=True)))


def without_entry(archive: Archive, run: str) -> Archive:
    """The archive without this run's digest."""
    return replace(archive, entries=tuple(entry for entry in archive.entries if entry.run != run))


def with_pages(archive: Archive, runs: Collection[str]) -> Archive:
    """The archive once the digests of these runs have their pages in it."""
    entries = (replace(entry, page=PAGE) if entry.run in runs else entry for entry in archive.entries)
    return replace(archive, entries=tuple(entries))


def around(archive: Archive, run: str, languages: Iterable[str] = ()) -> Around:
    """The neighbours of a digest: weeks among weeks, months among months. The sample and an unknown run have none.

    `languages` are those that the run has a page in.
    """
    others = tuple(sorted(language for language in languages if language != archive.language))
    same = {entry.run: entry for entry in archive.entries if entry.period}
    if run not in same:
        return Around(languages=others)
    kind = parse_period(same[run].period).kind
    runs = [other for other, entry in same.items() if parse_period(entry.period).kind is kind]
    place = runs.index(run)
    return Around(
        previous=same[runs[place + 1]] if place + 1 < len(runs) else None,
        next=same[runs[place - 1]] if place else None,
        languages=others,
    )


def _age(entry: ArchivedEdition) -> tuple[date, str]:
    return (parse_period(entry.period).first if entry.period else date.min), entry.run
