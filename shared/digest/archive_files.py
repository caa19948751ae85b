"""All files of a language's archive: the index, the search page and its scripts, the feeds and the sitemap.

They follow from the archive and the digests in the feed alone, so they end equal whatever the order of events.
"""

from collections.abc import Mapping
from itertools import groupby

from shared.digest.archive_entries import Archive
from shared.digest.feeds import feed_files
from shared.digest.formats.html import HTML
from shared.digest.search import listed_shards, recent_shards, synonyms_file
from shared.digest.templating import SCRIPTS, render
from shared.digest.view import View
from shared.languages.strings import strings
from shared.languages.table import find_language
from shared.ledger.file import File


def archive_files(archive: Archive, views: Mapping[str, View], site: str = "") -> dict[str, File]:
    """Every file that follows from the archive, by its name below the language's folder.

    `views` holds, by run, the digests that `feed_entries` names; `site` is the address below which all runs and
    languages are published, with a slash at its end, or "" where it is not known: then the feeds hold relative
    addresses, and there is no sitemap, which may not (https://www.sitemaps.org/protocol.html).
    """
    words = strings(archive.language)
    common = {"words": words, "archive": archive, "description": words("tagline"), "feed": "./"}
    years = [(year, list(entries)) for year, entries in groupby(archive.entries, lambda entry: entry.year)]
    index = render("index.html", **common, title=words("archive"), years=years)
    synonyms = synonyms_file(find_language(archive.language))
    search = render(
        "search.html",
        **common,
        title=words("search"),
        listed=listed_shards(archive),
        recent=recent_shards(archive),
        synonyms=synonyms,
    )
    files = {
        "index.html": File(index, HTML),
        "search.html": File(search, HTML),
        **feed_files(archive, views, site),
        **synonyms,
    }
    files |= {name: File(body, "text/javascript; charset=utf-8") for name, body in SCRIPTS.items()}
    if site:
        files["sitemap.xml"] = File(render("sitemap.xml", archive=archive, site=site), "application/xml")
    return files
