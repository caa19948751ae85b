"""What the checkers of HTML, feeds and books say about our files: nothing."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import feedparser
import pytest

from tests.readers.made import ATTACKED, REAL, SITE, WHOLE
from tests.skips import skip

EPUBCHECK = Path("/usr/bin/epubcheck")
"""Debian's epubcheck is a Java archive that only binfmt makes a command."""


def test_the_nu_html_checker_has_nothing_to_say(site: Path, java: str, package: Callable[[str], Path]) -> None:
    pages = sorted(site.rglob("*.html"))

    done = subprocess.run(
        [java, "-jar", str(package("vnu-jar/build/dist/vnu.jar")), "--format", "json", *map(str, pages)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(pages) > 4 * 2 + 5
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
