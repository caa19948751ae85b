"""The Atom feed (RFC 4287) and the JSON Feed (https://www.jsonfeed.org/version/1.1/) of a language's newest digests.

Every item holds its whole digest. Ids never change; `updated` does when a digest is healed, so that readers show it
anew.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from shared.digest.archive_entries import Archive, ArchivedEdition
from shared.digest.templating import render
from shared.digest.view import View
from shared.languages.strings import strings

_MOST_ITEMS = 10
_NEVER = "1970-01-01T00:00:00Z"


@dataclass(frozen=True)
class Item:
    """A digest in a feed; `content` is HTML."""

    id: str
    address: str
    title: str
    updated: str
    content: str
    view: View


def feed_entries(archive: Archive) -> tuple[ArchivedEdition, ...]:
    """The newest digests with any translation, newest first, without the sample: what a feed announces."""
    return tuple(entry for entry in archive.entries if entry.translated and entry.period)[:_MOST_ITEMS]


def feed_items(archive: Archive, views: Mapping[str, View], site: str) -> tuple[Item, ...]:
    """The items of both feeds; for the arguments see `archive_files`."""
    return tuple(_item(views[entry.run], site) for entry in feed_entries(archive))


def stable_id(*names: str) -> str:
    """The id, the same for ever, of what has these names."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "/".join(("chorok:", *names))).urn


def utc(time: str) -> str:
    """An ISO 8601 time as RFC 3339 in UTC and whole seconds."""
    return f"{datetime.fromisoformat(time).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def atom_feed(language: str, items: Sequence[Item], site: str) -> bytes:
    """The Atom feed; for `site` see `archive_files`."""
    return render(
        "feed.atom",
        words=strings(language),
        language=language,
        id=stable_id(language),
        folder=f"{site}{language}/" if site else "",
        updated=max((item.updated for item in items), default=_NEVER),
        items=items,
    )


def json_feed(language: str, items: Sequence[Item], site: str) -> bytes:
    """The JSON Feed; for `site` see `archive_files`."""
    words = strings(language)
    folder = f"{site}{language}/" if site else ""
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{words('brand')} · {words('kind_week')}",
        "description": words("tagline"),
        "home_page_url": f"{folder}index.html",
        "feed_url": f"{folder}feed.json",
        "language": language,
        "items": [
            {
                "id": item.id,
                "url": item.address,
                "title": item.title,
                "content_html": item.content,
                "date_modified": item.updated,
                "language": language,
            }
            for item in items
        ],
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"


def _item(view: View, site: str) -> Item:
    digest = view.digest
    return Item(
        id=stable_id(digest.run, digest.language),
        address=f"{site or '../'}{digest.run}/{digest.language}/digest.html",
        title=view.title,
        updated=utc(digest.updated),
        content=render("feed.html", view=view, words=view.words).decode(),
        view=view,
    )
