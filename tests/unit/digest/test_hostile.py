"""Whatever strangers write comes out as text, in every format, and nothing of it is lost."""

import io
import json
import re
import zipfile
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from shared.digest.archive_entries import Archive, entry_of, with_entry
from shared.digest.archive_files import archive_files
from shared.digest.model import Digest
from shared.digest.text_reader import parse_text
from shared.digest.view import view
from shared.ledger.records import decode
from shared.text.display import displayable, readable
from tests.unit.digest.attacks import TEXTS, attacked_digest
from tests.unit.digest.digests import files_of

OURS = frozenset(
    {"html", "head", "meta", "title", "link", "style", "body", "div", "nav", "header", "main", "article", "footer"}
    | {"h1", "h2", "h3", "p", "span", "a", "time", "ol", "ul", "li", "br", "em", "i", "strong", "blockquote"}
    | {"details", "summary", "label", "input", "button", "mark", "small"}
)
SAFE = re.compile(r"https://[a-z][a-z.-]+(/|$)|#|digest\.|data:image/svg\+xml,%3Csvg|style\.css$|\d+\.xhtml$")
HIDDEN = set("\u202e\u202c\u2066\u2069\u200f\x00\x1b\x07\x7f\ufffe\uffff")


@pytest.fixture(scope="module")
def digest() -> Digest:
    return attacked_digest()


@pytest.fixture(scope="module")
def files(digest: Digest) -> dict[str, bytes]:
    shown = view(digest)
    archive = with_entry(Archive(language="ko"), entry_of(shown))
    beside = archive_files(archive, {digest.run: shown}, "https://digests.example.org/digests/")
    return files_of(digest) | {name: file.body for name, file in beside.items()}


def assert_harmless(html: str) -> None:
    """Assert that a page holds no element, attribute or address that none of our templates writes."""
    page = LexborHTMLParser(html)
    for node in page.css("*"):
        assert node.tag in OURS, node.html
        for name, value in node.attributes.items():
            assert not name.startswith("on"), node.html
            if name in ("href", "src"):
                assert SAFE.match(value or ""), node.html


def test_the_digest_comes_back_from_json_with_every_text_as_it_was(digest: Digest, files: dict[str, bytes]) -> None:
    read = decode(files["digest.json"], Digest, "digest.json")

    assert read == digest
    assert [paper.title for paper in read.papers] == list(TEXTS)


def test_every_paper_comes_back_from_text(digest: Digest, files: dict[str, bytes]) -> None:
    read = parse_text(files["digest.txt"]).papers

    assert [paper.id for paper in read] == [paper.id for paper in digest.papers]
    assert [paper.abstract for paper in read] == [displayable(paper.abstract).strip() for paper in digest.papers]
    assert [bool(paper.translation) for paper in read] == [number % 2 == 0 for number in range(len(read))]


def test_the_page_holds_only_what_our_template_wrote(files: dict[str, bytes]) -> None:
    assert_harmless(files["digest.html"].decode())


def test_a_paper_s_page_holds_one_block_of_data_and_it_is_what_the_paper_says(
    digest: Digest, files: dict[str, bytes]
) -> None:
    for paper in digest.papers:
        page = LexborHTMLParser(files[f"{paper.id}.html"].decode())
        data, ours = page.css("script")

        assert ours.attributes == {}
        ours.decompose()
        assert data.attributes == {"type": "application/ld+json"}
        said = json.loads(data.text())
        assert said["@type"] == "ScholarlyArticle"
        assert said["identifier"] == f"arXiv:{paper.id}"
        assert {"<", ">", "&"}.isdisjoint(data.text())
        data.decompose()
        for node in page.css("pre, link[rel=canonical]"):
            node.decompose()
        for link in page.css("a"):
            if not (link.attributes["href"] or "").startswith("https://"):
                assert re.fullmatch(
                    r"(?:(?:\.\./\.\./ko/\w+|index)\.html)?(?:#[\d.-]+|\?q=[^<>\"]*)?", link.attributes["href"] or ""
                )
                link.decompose()
        for feed in page.css("link[rel=alternate]"):
            feed.decompose()
        assert_harmless(page.html or "")


def test_the_page_shows_every_paper_whole(digest: Digest, files: dict[str, bytes]) -> None:
    page = LexborHTMLParser(files["digest.html"].decode())

    for paper in digest.papers:
        article = page.css_first(f'[id="{paper.id}"]')
        assert article is not None
        shown = article.text()
        assert "First sentence." in shown
        assert "Last sentence." in shown
        # Markup that was not text would be missing from what is shown.
        assert shown.count("<script>") >= readable(displayable(paper.abstract)).count("<script>")


def test_markdown_turns_into_nothing_but_our_own_markup(digest: Digest, files: dict[str, bytes]) -> None:
    html = MarkdownIt("gfm-like", {"linkify": False}).render(files["digest.md"].decode())

    assert_harmless(html)
    page = LexborHTMLParser(html)
    assert [node.attributes["id"] for node in page.css("a[id]")] == [paper.id for paper in digest.papers]
    assert not page.css("table, h4, pre, code, del, img")
    assert len(page.css("h2")) == len(digest.papers) + 1


def test_the_feeds_hold_one_entry_and_its_content_is_harmless(digest: Digest, files: dict[str, bytes]) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring(files["feed.atom"])

    (entry,) = feed.findall(f"{atom}entry")
    content = entry.findtext(f"{atom}content") or ""
    (item,) = json.loads(files["feed.json"])["items"]

    assert item["content_html"] == content
    assert_harmless(content)
    assert len(LexborHTMLParser(content).css("h2")) == len(digest.papers)
    assert b"<!DOCTYPE" not in files["feed.atom"]


def test_the_book_is_well_formed_and_names_no_file_after_a_stranger(digest: Digest, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(files["digest.epub"])) as book:
        names = book.namelist()
        bodies = {name: book.read(name) for name in names}

    assert names[0] == "mimetype"
    assert bodies["mimetype"] == b"application/epub+zip"
    assert {name for name in names if name.startswith("book/") and name.removesuffix(".xhtml")[5:].isdigit()} == {
        f"book/{paper.rank}.xhtml" for paper in digest.papers
    }
    assert not [name for name in names if ".." in name or name.startswith("/") or "\\" in name]
    for name, body in bodies.items():
        if name.endswith((".xhtml", ".opf", ".xml")):
            ElementTree.fromstring(body)
        if name.endswith(".xhtml"):
            assert_harmless(body.decode())
        assert not HIDDEN & set(body.decode())


@pytest.mark.parametrize("name", ["digest.txt", "digest.md", "digest.html", "feed.atom", "feed.json"])
def test_no_rendering_holds_a_character_that_no_reader_can_see(name: str, files: dict[str, bytes]) -> None:
    assert not HIDDEN & set(files[name].decode())
