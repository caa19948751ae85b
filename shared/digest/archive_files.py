"""All files of a language's archive: the index, the search page, the feeds and the sitemap.

They follow from the archive and the digests in the feed alone, so they end equal whatever the order of events.
"""

from collections.abc import Mapping
from importlib import resources
from itertools import groupby

from shared.digest.archive import Archive
from shared.digest.feeds import atom_feed, json_feed
from shared.digest.model import Digest
from shared.digest.search import shard_names
from shared.digest.templating import SCRIPTS, render
from shared.languages.strings import strings

_LICENSE = "minisearch.LICENSE.txt"


def archive_files(archive: Archive, digests: Mapping[str, Digest], site: str = "") -> dict[str, bytes]:
    """Every file that follows from the archive, by its name below the language's folder.

    `digests` holds, by run, those that `feed_entries` names; `site` is the address below which all runs and languages
    are published, with a slash at its end, or "" where it is not known: then the feeds hold relative addresses, and
    there is no sitemap, which may not (https://www.sitemaps.org/protocol.html).
    """
    words = strings(archive.language)
    common = {"words": words, "archive": archive, "description": words("tagline"), "feed": "./"}
    files = {
        "index.html": render(
            "index.html",
            **common,
            title=words("archive"),
            years=[(year, list(entries)) for year, entries in groupby(archive.entries, lambda entry: entry.year)],
        ),
        "search.html": render("search.html", **common, title=words("search"), shards=shard_names(archive)),
        "feed.atom": atom_feed(archive, digests, site),
        "feed.json": json_feed(archive, digests, site),
    }
    files |= SCRIPTS | {_LICENSE: (resources.files("shared.digest") / "assets" / _LICENSE).read_bytes()}
    if site:
        files["sitemap.xml"] = render("sitemap.xml", archive=archive, site=site)
    return files
