"""The feeds of a language's newest digests: Atom (RFC 4287) and JSON Feed (https://www.jsonfeed.org/version/1.1/).

One pair has an entry a digest, which holds it whole; the other has an entry a paper. Ids are the deployment's own and
never change; `updated` does when a digest is healed, so that readers show it anew; `published` is the end of the period
that the papers are of, so that a digest that comes late stands in its place.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from shared.digest.archive_entries import Archive, ArchivedEdition
from shared.digest.templating import render
from shared.digest.view import PaperView, View
from shared.languages.strings import strings
from shared.ledger.file import File
from shared.periods import parse_period

_MOST_DIGESTS = 10
_MOST_DIGESTS_BY_PAPER = 4
"""A reader that looks once a month misses no paper of a week."""
_NEVER = "1970-01-01T00:00:00Z"
_KINDS = {"feed": "kind_week", "papers": "feed_papers"}
"""The feeds by the names of their files, and what readers call each."""


@dataclass(frozen=True)
class Item:
    """An entry of a feed: `summary` is plain text, `content` is HTML, and times are RFC 3339.

    `address` is "" where the site's is not known: a reader would resolve any other against an address of its own.
    """

    id: str
    address: str
    title: str
    published: str
    updated: str
    summary: str
    content: str


def feed_entries(archive: Archive) -> tuple[ArchivedEdition, ...]:
    """The newest digests with any translation, newest first, without the sample: what a feed announces."""
    return tuple(entry for entry in archive.entries if entry.translated and entry.period)[:_MOST_DIGESTS]


def feed_files(archive: Archive, views: Mapping[str, View], site: str) -> dict[str, File]:
    """Every feed by the name of its file; for the arguments see `archive_files`."""
    files: dict[str, File] = {}
    for name, items in (("feed", feed_items(archive, views, site)), ("papers", paper_items(archive, views, site))):
        feed = _Feed(name, archive.language, items, site)
        files[f"{name}.atom"] = File(feed.atom(), "application/atom+xml")
        files[f"{name}.json"] = File(feed.json(), "application/json")
    return files


def feed_items(archive: Archive, views: Mapping[str, View], site: str) -> tuple[Item, ...]:
    """An item a digest; for the arguments see `archive_files`."""
    return tuple(_digest_item(entry, views[entry.run], site) for entry in feed_entries(archive))


def paper_items(archive: Archive, views: Mapping[str, View], site: str) -> tuple[Item, ...]:
    """An item a translated paper of the newest digests, each paper once; for the arguments see `archive_files`."""
    items: dict[str, Item] = {}
    for entry in feed_entries(archive)[:_MOST_DIGESTS_BY_PAPER]:
        for item in _paper_items(entry, views[entry.run], site):
            items.setdefault(item.id, item)
    return tuple(items.values())


def stable_id(*names: str) -> str:
    """The id, the same for ever, of what has these names."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "/".join(("chorok:", *names))).urn


@dataclass(frozen=True)
class _Feed:
    """A feed in both of its forms; for `site` see `archive_files`."""

    name: str
    language: str
    items: Sequence[Item]
    site: str

    @property
    def folder(self) -> str:
        return f"{self.site}{self.language}/" if self.site else ""

    @property
    def subtitle(self) -> str:
        words = strings(self.language)
        return words("tagline") if self.site else f"{words('tagline')} {words('feed_without_site')}"

    def atom(self) -> bytes:
        words = strings(self.language)
        return render(
            "feed.atom",
            words=words,
            language=self.language,
            id=stable_id(self.site, self.name, self.language),
            title=words(_KINDS[self.name]),
            subtitle=self.subtitle,
            folder=self.folder,
            file=f"{self.name}.atom",
            updated=max((item.updated for item in self.items), default=_NEVER),
            items=self.items,
        )

    def json(self) -> bytes:
        words = strings(self.language)
        content = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": f"{words('brand')} · {words(_KINDS[self.name])}",
            "description": self.subtitle,
            **self._addresses(),
            "language": self.language,
            "items": [
                {
                    "id": item.id,
                    **({"url": item.address} if item.address else {}),
                    "title": item.title,
                    "summary": item.summary,
                    "content_html": item.content,
                    "date_published": item.published,
                    "date_modified": item.updated,
                    "language": self.language,
                }
                for item in self.items
            ],
        }
        return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"

    def _addresses(self) -> dict[str, str]:
        if not self.site:
            return {}
        return {"home_page_url": f"{self.folder}latest.html", "feed_url": f"{self.folder}{self.name}.json"}


def _digest_item(archived: ArchivedEdition, view: View, site: str) -> Item:
    digest = view.digest
    return Item(
        id=stable_id(site, digest.run, digest.language),
        address=_address(archived, view, site),
        title=view.title,
        published=_published(view),
        updated=view.time,
        summary=view.description,
        content=render("feed.html", view=view, words=view.words).decode(),
    )


def _paper_items(archived: ArchivedEdition, view: View, site: str) -> Iterator[Item]:
    address = _address(archived, view, site)
    for entry in view.papers:
        if entry.translation:
            yield Item(
                id=stable_id(site, "papers", entry.paper.id, view.digest.language),
                address=f"{address}#{entry.paper.id}" if address else "",
                title=entry.title,
                published=_published(view),
                updated=view.time,
                summary=_summary(entry),
                content=render("feed_paper.html", entry=entry, view=view, words=view.words).decode(),
            )


def _summary(entry: PaperView) -> str:
    return entry.summary or entry.translation[0][0].text


def _address(archived: ArchivedEdition, view: View, site: str) -> str:
    return f"{site}{archived.run}/{view.digest.language}/{archived.page}" if site else ""


def _published(view: View) -> str:
    """When the period was over, in UTC; a digest is never older than it was updated."""
    return min(f"{parse_period(view.digest.period).after}T00:00:00Z", view.time)
