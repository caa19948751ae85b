import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from shared.digest.formats import PAGE, page, renderings
from shared.digest.view import view
from shared.languages.strings import strings
from shared.languages.table import find_language
from shared.papers import Paper
from tests.unit.digest.digests import ADAPTER, SAPO, digest_of, failed, files_of, translated

ERROR = "the engine said no <b>loudly</b>"
HOSTILE = Paper(
    "2509.00003",
    '</title><script>alert("title")</script>\n\u202eevil',
    "<img src=x onerror=alert(1)> &lt;script&gt; {{ 7*7 }} [x](javascript:alert(1))\n\n  <svg/onload=alert(2)>",
    authors=("<b>Mallory</b>", '"><iframe>'),
    project="javascript:alert(3)",
    keywords=("<style>*{display:none}</style>",),
)


def page_of(*args: object, **kwargs: object) -> LexborHTMLParser:
    return LexborHTMLParser(files_of(digest_of(*args, **kwargs))["digest.html"].decode())  # type: ignore[arg-type]


def first(page: LexborHTMLParser, selector: str) -> LexborNode:
    node = page.css_first(selector)
    assert node is not None
    return node


def test_a_digest_has_the_files_that_readers_know_and_each_says_what_it_is() -> None:
    digest = view(digest_of([SAPO]))

    files = renderings(digest) | {PAGE: page(digest)}

    assert {name: file.media_type for name, file in files.items()} == {
        "digest.json": "application/json",
        "digest.txt": "text/plain; charset=utf-8",
        "digest.md": "text/markdown; charset=utf-8",
        "digest.html": "text/html; charset=utf-8",
        "digest.epub": "application/epub+zip",
    }


def test_the_page_leads_to_every_other_file() -> None:
    links = [(node.text(), node.attributes["href"]) for node in page_of([SAPO]).css("footer ul a")]

    assert links == [
        ("EPUB", "digest.epub"),
        ("Markdown", "digest.md"),
        ("텍스트", "digest.txt"),
        ("JSON", "digest.json"),
    ]


def test_the_same_digest_gives_the_same_bytes() -> None:
    results = [translated(SAPO, "공유합니다.")]

    assert files_of(digest_of([SAPO], results)) == files_of(digest_of([SAPO], results))


@pytest.mark.parametrize("name", ["digest.txt", "digest.md", "digest.html"])
def test_each_rendering_says_that_a_machine_translated_and_which(name: str) -> None:
    body = files_of(digest_of([SAPO], [translated(SAPO, "공유합니다.", engine="firefox-en-ko-1.0")]))[name].decode()

    assert "기계 번역" in body
    assert "firefox-en-ko-1.0" in body
    assert "기계 번역" not in files_of(digest_of([SAPO], [failed(SAPO)]))[name].decode()


@pytest.mark.parametrize(("name", "words"), [("digest.txt", "견본"), ("digest.md", "견본"), ("digest.html", "견본")])
def test_each_rendering_of_the_sample_says_on_its_face_that_it_is_one(name: str, words: str) -> None:
    head = files_of(digest_of([SAPO], run="sample"))[name].decode()

    assert words in head
    assert words not in files_of(digest_of([SAPO]))[name].decode()


def test_an_error_never_stands_where_a_translation_belongs() -> None:
    page = page_of([SAPO, ADAPTER], [failed(SAPO, "InternalServerException", ERROR)])

    assert page.css(".translation") == []
    assert ERROR in page.text()
    assert "Gains reach 94%." in page.text()


def test_hostile_text_stays_text_in_the_page() -> None:
    page = page_of([HOSTILE], [translated(HOSTILE, "<script>alert(4)</script>\n&lt;img src=x&gt;")])

    assert [node.tag for node in page.css("main script, img, svg, iframe, b")] == []
    addresses = [node.attributes["href"] or "" for node in page.css("a")]
    assert not [address for address in addresses if ":" in address and not address.startswith("https://")]
    assert "<script>alert(4)</script>" in first(page, ".translation").text()
    assert "&lt;img src=x&gt;" in first(page, ".translation").text()
    assert "\u202e" not in page.html  # type: ignore[operator]


def test_hostile_text_stays_text_in_markdown() -> None:
    digest = digest_of([HOSTILE], [translated(HOSTILE, "# 제목\n- <b>목록</b>\n[링크](https://evil.example/)")])

    lines = files_of(digest)["digest.md"].decode().splitlines()

    assert "\\# 제목\\" in lines
    assert "\\- \\<b\\>목록\\</b\\>\\" in lines
    assert "\\[링크\\](<https://evil.example/>)" in lines
    assert not any("<script" in line.replace("\\<", "") for line in lines)


@pytest.mark.parametrize(
    ("engine", "shown"),
    [
        ("bedrock:us.amazon.nova-pro-v1:0", "Amazon Bedrock (us.amazon.nova-pro-v1:0)의 기계 번역"),
        ("chat:meta-llama/Llama-3.1:8b", "meta-llama/Llama-3.1:8b의 기계 번역"),
    ],
)
def test_readers_see_which_model_translated(engine: str, shown: str) -> None:
    assert shown in page_of([SAPO], [translated(SAPO, "공유합니다.", engine=engine)]).text()


def test_a_language_without_words_of_its_own_shows_english_ones_and_says_so() -> None:
    page = page_of([SAPO], [translated(SAPO, "Compartimos.")], target="th")

    assert first(page, "html").attributes["lang"] == "en"
    assert first(page, ".translation").attributes["lang"] == "th"
    assert "Machine translation" in page.text()


def test_every_language_has_the_same_words_to_say() -> None:
    english = strings("en")

    for code in ("ko", "ja", "zh", "es", "fr", "de", "pt"):
        words = strings(find_language(code).code)
        assert words.language == code
        assert words.texts.keys() == english.texts.keys()
        assert len(words.months) == 12


def test_readers_see_an_engine_by_its_name_and_version() -> None:
    local = translated(SAPO, "공유합니다.", engine="firefox-translations/en-ko-1a2b3c4d")
    person = translated(ADAPTER, "작습니다.", engine="person")

    text = page_of([SAPO, ADAPTER], [local, person]).text()

    assert "Firefox Translations (en-ko-1a2b3c4d)의 기계 번역이며, 일부는 사람이 고쳤습니다." in text
