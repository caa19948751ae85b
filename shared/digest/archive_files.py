"""All files of a language's archive: the newest digest, the index, the search page and its scripts, the glossary, the
feeds and the sitemap.

They follow from the archive, the digests in the feed and what the language is taught, so they end equal whatever the
order of events.
"""

from collections.abc import Mapping

from shared.digest.archive_entries import ARCHIVE, Archive
from shared.digest.feeds import feed_entries, feed_files
from shared.digest.formats.html import HTML
from shared.digest.glossary_page import glossary_files
from shared.digest.search import listed_shards, recent_shards, synonyms_file
from shared.digest.templating import SCRIPTS, render
from shared.digest.view import View
from shared.languages.strings import strings
from shared.languages.table import find_language
from shared.ledger.file import LASTING, File

_INDEX = "index.html"
_MOST_ON_FRONT = 4


def archive_names(archive: Archive) -> tuple[str, ...]:
    """The names of all files of this archive below the language's folder, whether there is a site or not."""
    feeds = [f"{name}.{form}" for name in ("feed", "papers") for form in ("atom", "json")]
    pages = ("latest.html", "index.html", "search.html", *(page for _, page in _years(archive)[1:]))
    searched = dict.fromkeys(name for names in listed_shards(archive) for name in names)
    language = find_language(archive.language)
    taught = (*synonyms_file(language), *glossary_files(language))
    return (ARCHIVE, *pages, *feeds, "sitemap.xml", *searched, *taught, *SCRIPTS)


def _years(archive: Archive) -> tuple[tuple[str, str], ...]:
    """The years of which there is a digest, the newest first, and the page of each, so that none grows for ever.

    That of the newest is the index: nothing is written twice, and no page of an older year changes with a week.
    """
    years = dict.fromkeys(entry.year for entry in archive.entries if entry.year)
    return tuple((year, f"{year}.html" if place else _INDEX) for place, year in enumerate(years))


def archive_files(archive: Archive, views: Mapping[str, View], site: str = "") -> dict[str, File]:
    """Every file that follows from the archive, by its name below the language's folder.

    `views` holds, by run, the digests that `feed_entries` names; `site` is the address below which all runs and
    languages are published, with a slash at its end, or "" where it is not known: then the feeds lead nowhere and say
    so, and there is no sitemap, which may hold no relative address (https://www.sitemaps.org/protocol.html).
    """
    words, language = strings(archive.language), find_language(archive.language)
    synonyms, glossary = synonyms_file(language), glossary_files(language)
    common = {
        "words": words,
        "archive": archive,
        "description": words("tagline"),
        "feed": "./",
        "years": _years(archive),
        "glossary": "".join(glossary),
    }
    search = render(
        "search.html",
        **common,
        title=words("search"),
        listed=listed_shards(archive),
        recent=recent_shards(archive),
        synonyms=synonyms,
    )
    files = {name: File(body, HTML) for name, body in _pages(archive, views, common).items()}
    files |= {
        "search.html": File(search, HTML),
        **feed_files(archive, views, site),
        **synonyms,
        **glossary,
    }
    files |= {name: File(body, "text/javascript; charset=utf-8", LASTING) for name, body in SCRIPTS.items()}
    if site:
        files["sitemap.xml"] = File(render("sitemap.xml", **common, site=site), "application/xml")
    return files


def _pages(archive: Archive, views: Mapping[str, View], common: dict[str, object]) -> dict[str, bytes]:
    """The pages that lead to digests: the newest one, all of the newest year with the sample, and each year before."""
    words, years = strings(archive.language), _years(archive)
    newest = next(iter(feed_entries(archive)), None)
    front = [entry for entry in archive.entries if entry.year in ("", *(year for year, _ in years[:1]))]
    pages = {
        "latest.html": render(
            "latest.html",
            **common,
            title=words("tagline"),
            newest=newest and views[newest.run],
            page=newest and f"../{newest.run}/{archive.language}/{newest.page}",
            entries=[entry for entry in front if entry != newest][:_MOST_ON_FRONT],
        ),
        _INDEX: render(
            "index.html",
            **(common | {"years": years[1:]}),
            title=words("archive"),
            entries=front,
            count=len(archive.entries),
        ),
    }
    for place, (year, page) in enumerate(years[1:], start=1):
        entries = [entry for entry in archive.entries if entry.year == year]
        # Those beside it alone: a new year changes no page but the last one's.
        beside = {"years": [years[place - 1], *years[place + 1 : place + 2]]}
        title = f"{words('archive')} · {year}"
        pages[page] = render("index.html", **(common | beside), title=title, entries=entries, count=len(entries))
    return pages
