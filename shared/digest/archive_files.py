"""All files of a language's archive: the index, the search page, the feeds and the sitemap.

They follow from the archive and the digests in the feed alone, so they end equal whatever the order of events.
"""

from collections.abc import Mapping
from importlib import resources
from itertools import groupby

from shared.digest.archive_entries import ARCHIVE, Archive
from shared.digest.feeds import feed_files
from shared.digest.formats.html import HTML
from shared.digest.search import shard_names
from shared.digest.templating import SCRIPTS, render
from shared.digest.view import View
from shared.languages.strings import strings
from shared.ledger.file import File

_LICENSE = "minisearch.LICENSE.txt"


def archive_names(archive: Archive) -> tuple[str, ...]:
    """The names of all files of this archive below the language's folder, whether there is a site or not."""
    feeds = [f"{name}.{form}" for name in ("feed", "papers") for form in ("atom", "json")]
    pages = ("index.html", "search.html")
    return (ARCHIVE, *pages, *feeds, "sitemap.xml", *shard_names(archive), *SCRIPTS, _LICENSE)


def archive_files(archive: Archive, views: Mapping[str, View], site: str = "") -> dict[str, File]:
    """Every file that follows from the archive, by its name below the language's folder.

    `views` holds, by run, the digests that `feed_entries` names; `site` is the address below which all runs and
    languages are published, with a slash at its end, or "" where it is not known: then the feeds lead nowhere and say
    so, and there is no sitemap, which may hold no relative address (https://www.sitemaps.org/protocol.html).
    """
    words = strings(archive.language)
    common = {"words": words, "archive": archive, "description": words("tagline"), "feed": "./"}
    years = [(year, list(entries)) for year, entries in groupby(archive.entries, lambda entry: entry.year)]
    index = render("index.html", **common, title=words("archive"), years=years)
    search = render("search.html", **common, title=words("search"), shards=shard_names(archive))
    files = {
        "index.html": File(index, HTML),
        "search.html": File(search, HTML),
        **feed_files(archive, views, site),
        _LICENSE: File(
            (resources.files("shared.digest") / "assets" / _LICENSE).read_bytes(), "text/plain; charset=utf-8"
        ),
    }
    files |= {name: File(body, "text/javascript; charset=utf-8") for name, body in SCRIPTS.items()}
    if site:
        files["sitemap.xml"] = File(render("sitemap.xml", archive=archive, site=site), "application/xml")
    return files
