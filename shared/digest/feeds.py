"""The Atom feed (RFC 4287) and the JSON Feed (https://www.jsonfeed.org/version/1.1/) of a language's newest issues.

Every entry holds its whole issue. Ids never change; `updated` does when an issue is healed: readers show it anew.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from shared.digest.archive import Archive, ArchivedEdition
from shared.digest.model import Digest
from shared.digest.templating import render
from shared.digest.view import View, view
from shared.languages.strings import strings

_ISSUES = 10
_NEVER = "1970-01-01T00:00:00Z"


@dataclass(frozen=True)
class Item:
    """An issue in a feed; `content` is HTML."""

    id: str
    address: str
    title: str
    updated: str
    content: str
    page: View


def feed_entries(archive: Archive) -> tuple[ArchivedEdition, ...]:
    """The newest issues with any translation, newest first, without the sample: what a feed announces."""
    return tuple(entry for entry in archive.entries if entry.translated and entry.period)[:_ISSUES]


def stable_id(*names: str) -> str:
    """The id, the same for ever, of what has these names."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "/".join(("chorok:", *names))).urn


def utc(time: str) -> str:
    """An ISO 8601 time as RFC 3339 in UTC and whole seconds."""
    return f"{datetime.fromisoformat(time).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def atom_feed(archive: Archive, digests: Mapping[str, Digest], site: str) -> bytes:
    """The Atom feed; for the arguments see `archive_files`."""
    items = list(_items(archive, digests, site))
    return render(
        "feed.atom",
        words=strings(archive.language),
        language=archive.language,
        id=stable_id(archive.language),
        folder=f"{site}{archive.language}/" if site else "",
        updated=max((item.updated for item in items), default=_NEVER),
        items=items,
    )


def json_feed(archive: Archive, digests: Mapping[str, Digest], site: str) -> bytes:
    """The JSON Feed; for the arguments see `archive_files`."""
    words = strings(archive.language)
    folder = f"{site}{archive.language}/" if site else ""
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{words('brand')} · {words('kind_week')}",
        "description": words("tagline"),
        "home_page_url": f"{folder}index.html",
        "feed_url": f"{folder}feed.json",
        "language": archive.language,
        "items": [
            {
                "id": item.id,
                "url": item.address,
                "title": item.title,
                "content_html": item.content,
                "date_modified": item.updated,
                "language": archive.language,
            }
            for item in _items(archive, digests, site)
        ],
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"


def _items(archive: Archive, digests: Mapping[str, Digest], site: str) -> Iterator[Item]:
    for entry in feed_entries(archive):
        digest = digests[entry.run]
        page = view(digest)
        yield Item(
            id=stable_id(digest.run, digest.language),
            address=f"{site or '../'}{digest.run}/{digest.language}/digest.html",
            title=page.title,
            updated=utc(digest.updated),
            content=render("feed.html", page=page, words=page.words).decode(),
            page=page,
        )
