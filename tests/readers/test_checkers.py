"""What checkers say about our files, and what libraries read in them."""

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import feedparser
import pytest
from selectolax.lexbor import LexborHTMLParser

from shared.papers import is_arxiv_id
from tests.readers.made import ATTACKED, REAL, SITE, WHOLE
from tests.skips import skip

EPUBCHECK = Path("/usr/bin/epubcheck")
"""Debian's epubcheck is a Java archive that only binfmt makes a command."""


def test_the_nu_html_checker_has_nothing_to_say(
    site: Path, long_site: Path, java: str, package: Callable[[str], Path]
) -> None:
    pages = sorted([*site.rglob("*.html"), *long_site.rglob("*.html")])

    done = subprocess.run(
        [java, "-jar", str(package("vnu-jar/build/dist/vnu.jar")), "--format", "json", *map(str, pages)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert {"latest.html", "2024.html", "search.html", "glossary.html"} <= {page.name for page in pages}
    assert len(pages) > 4 * 2 + 40, "papers have pages of their own"
    messages = json.loads(done.stderr)["messages"]
    # It guesses at what hostile text is written in.
    assert [found for found in messages if "appears to be written in" not in found["message"]] == []
    assert done.returncode == 0


@pytest.mark.parametrize("run", ["sample", REAL, WHOLE, ATTACKED])
def test_epubcheck_finds_no_error_and_no_warning(site: Path, java: str, run: str) -> None:
    if not EPUBCHECK.is_file():
        skip("epubcheck", f"there is no {EPUBCHECK} (apt-get install epubcheck)")

    done = subprocess.run(
        [java, "-jar", str(EPUBCHECK), "--failonwarnings", str(site / run / "ko" / "digest.epub")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "0 fatals / 0 errors / 0 warnings / 0 infos" in done.stdout + done.stderr
    assert done.returncode == 0


def test_feedparser_reads_complete_entries_from_the_feed(site: Path) -> None:
    feed = feedparser.parse((site / "ko" / "feed.atom").read_bytes())

    assert not feed.bozo
    assert (feed.version, feed.feed.language) == ("atom10", "ko")
    assert [entry.link for entry in feed.entries] == [f"{SITE}{run}/ko/index.html" for run in (REAL, ATTACKED, WHOLE)]
    for entry in feed.entries:
        assert entry.id.startswith("urn:uuid:")
        assert entry.published_parsed <= entry.updated_parsed
        assert entry.title
        assert entry.summary
        assert entry.content[0].value.count("<h2") >= 10
        assert "<script" not in entry.content[0].value


def test_feedparser_reads_an_entry_a_translated_paper(site: Path) -> None:
    feed = feedparser.parse((site / "ko" / "papers.atom").read_bytes())

    assert not feed.bozo
    assert len(feed.entries) == len({entry.id for entry in feed.entries})
    assert sum(f"/{WHOLE}/" in entry.link for entry in feed.entries) == 10
    assert sum(f"/{REAL}/" in entry.link for entry in feed.entries) == 7
    for entry in feed.entries:
        assert entry.published_parsed <= entry.updated_parsed
        assert entry.title
        assert entry.summary
        assert "<script" not in entry.content[0].value


def test_feedparser_finds_no_forged_entry(site: Path) -> None:
    feed = feedparser.parse((site / "ko" / "feed.atom").read_bytes())

    assert "urn:forged" not in [entry.id for entry in feed.entries]
    assert "forged" not in [entry.title for entry in feed.entries]


def paper_pages(site: Path) -> list[LexborHTMLParser]:
    pages = [path for path in sorted(site.rglob("*.html")) if is_arxiv_id(path.stem)]
    return [LexborHTMLParser(path.read_text(encoding="utf-8")) for path in pages]


def test_a_library_reads_each_paper_s_data(site: Path, parsed: Callable[[str, Sequence[str]], list[Any]]) -> None:
    pages = paper_pages(site)

    found = parsed("json-ld", [page.css('script[type="application/ld+json"]')[0].text() for page in pages])

    assert len(found) > 40
    for page, [paper] in zip(pages, found, strict=True):
        assert paper["@type"] == ["http://schema.org/ScholarlyArticle"]
        [identifier] = paper["http://schema.org/identifier"]
        assert identifier["@value"] == f"arXiv:{page.css('article')[0].id}"


def test_a_library_reads_each_paper_s_reference(site: Path, parsed: Callable[[str, Sequence[str]], list[Any]]) -> None:
    pages = paper_pages(site)

    found = parsed("bibtex", [page.css("pre")[0].text() for page in pages])

    for page, [reference] in zip(pages, found, strict=True):
        assert reference["URL"] == f"https://arxiv.org/abs/{page.css('article')[0].id}"
        assert reference["title"]
        assert bool(reference.get("author")) == bool(page.css("meta[name=citation_author]"))


def test_a_library_reads_the_sitemap(
    site: Path, long_site: Path, parsed: Callable[[str, Sequence[str]], list[Any]]
) -> None:
    sitemaps = [(folder / "ko" / "sitemap.xml").read_text(encoding="utf-8") for folder in (site, long_site)]

    few, many = ([entry["url"].removeprefix(SITE) for entry in found] for found in parsed("sitemap", sitemaps))

    runs = [f"{run}/ko/index.html" for run in (REAL, ATTACKED, WHOLE)]
    assert few == ["ko/latest.html", "ko/index.html", "ko/glossary.html", *runs]
    assert len(many) == 3 + 60
