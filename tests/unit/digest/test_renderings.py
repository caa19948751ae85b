import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser, LexborNode

from shared.digest.archive_entries import Archive, Around, entry_of, with_entry
from shared.digest.feeds import feed_items
from shared.digest.formats import page, renderings
from shared.digest.view import view
from shared.doubts import MISSING, Doubt, Kept
from shared.failures import KNOWN_FAILURES, reason_of
from shared.languages.strings import strings
from shared.languages.table import codes, find_language
from shared.ledger.keys import PAGE
from shared.ledger.records import Result
from shared.papers import Paper
from tests.unit.digest.digests import ADAPTER, LATER, SAPO, digest_of, failed, files_of, translated

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

    files = renderings(digest) | {PAGE: page(digest, Around())}

    assert {name: file.media_type for name, file in files.items()} == {
        "digest.json": "application/json",
        "digest.txt": "text/plain; charset=utf-8",
        "digest.md": "text/markdown; charset=utf-8",
        "digest.html": "text/html; charset=utf-8",
        "digest.epub": "application/epub+zip",
        "index.html": "text/html; charset=utf-8",
        f"{SAPO.id}.html": "text/html; charset=utf-8",
    }


def test_the_page_leads_to_every_other_file() -> None:
    body = page(view(digest_of([SAPO])), Around()).body.decode()

    links = [(node.text(), node.attributes["href"]) for node in LexborHTMLParser(body).css("footer ul a")]

    assert links == [
        ("EPUB", "digest.epub"),
        ("HTML", "digest.html"),
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
    assert ERROR not in page.text()
    assert "번역 엔진이 제때 답하지 않아 번역하지 못했습니다." in page.text()
    assert "Gains reach 94%." in page.text()


@pytest.mark.parametrize("code", codes())
def test_readers_are_told_of_every_failure_in_one_sentence_of_their_language(code: str) -> None:
    words = strings(code)
    unknown = "SomethingThatAmazonInventsNextYear"

    for known in (*(known.code for known in KNOWN_FAILURES), unknown):
        [entry] = view(digest_of([SAPO], [failed(SAPO, known, ERROR)], target=code)).papers
        assert entry.missing
        assert known not in entry.missing
        assert ERROR not in entry.missing
        assert len(re.findall(r"[.。]", entry.missing)) == 1
    assert {f"failed_{reason_of(known.code)}" for known in KNOWN_FAILURES} == {
        key for key in words.texts if key.startswith("failed_")
    }


@pytest.mark.parametrize("name", ["digest.md", "digest.html", "epub"])
def test_contents_mark_what_is_not_translated(name: str) -> None:
    files = files_of(digest_of([SAPO, ADAPTER], [translated(SAPO, "공유합니다.")]))
    if name == "epub":
        with zipfile.ZipFile(io.BytesIO(files["digest.epub"])) as book:
            contents = book.read("book/contents.xhtml").decode()
    else:
        contents = first(LexborHTMLParser(_html(name, files[name].decode())), "ol").html or ""

    translated_one, other = LexborHTMLParser(contents).css("li")

    assert "번역 없음" not in translated_one.text()
    assert "번역 없음" in other.text()


SUMMARISED = replace(SAPO, summary="It shares <b>rollouts</b>\nin a swarm.", stars=1_204)
SUMMARY = "롤아웃을 <b>무리</b>에서 나눕니다."
LABEL = "Hugging Face AI 요약"


@pytest.mark.parametrize("name", ["digest.md", "digest.html", "epub", "feed"])
def test_the_summary_stands_above_the_abstract_and_says_whose_it_is(name: str) -> None:
    body = texts_of_readers(translated(SAPO, TEXT, summary=SUMMARY), papers=[SUMMARISED])[name]

    plain = LexborHTMLParser(_html(name, body)).text(separator=" ")
    places = [plain.rindex(part) for part in (LABEL, SUMMARY, "롤아웃을 공유합니다.")]

    assert places == sorted(places)


@pytest.mark.parametrize("name", ["digest.md", "digest.html", "epub", "feed"])
def test_where_there_is_no_summary_nothing_stands_in_its_place(name: str) -> None:
    for result in (translated(SAPO, TEXT), failed(SAPO)):
        body = texts_of_readers(result, papers=[SUMMARISED])[name]

        assert not re.search(r"Face(?:의)? AI", body)
        assert "rollouts</b>" not in body


def test_contents_and_description_say_what_each_paper_is_about() -> None:
    page = page_of([SUMMARISED, ADAPTER], [translated(SAPO, TEXT, summary=SUMMARY), translated(ADAPTER, "작습니다.")])

    assert [node.text() for node in page.css("#contents .line")] == [SUMMARY]
    assert "Hugging Face의 AI가 쓴 글" in first(page, "#contents").text()
    assert first(page, "meta[name=description]").attributes["content"] == f"{SUMMARY} · VLA-Adapter"
    assert first(page, ".summary .beside[lang=en]").text() == "It shares <b>rollouts</b> in a swarm."


def test_a_description_is_no_longer_than_anyone_shows() -> None:
    page = page_of([SUMMARISED], [translated(SAPO, TEXT, summary="가" * 2_000)])

    assert len(first(page, "meta[property='og:description']").attributes["content"] or "") == 300


def test_stars_are_told_where_the_code_is_linked() -> None:
    assert "★ 1204" in first(page_of([SUMMARISED]), "article .rank").text()
    assert "★" not in page_of([replace(SUMMARISED, code="javascript:alert(1)")]).text()


def test_no_time_has_more_decimals_than_html_takes() -> None:
    late = LATER.replace(microsecond=123_456)

    times = page_of([SAPO], [translated(SAPO, TEXT, time=late)]).css("time")

    assert [node.attributes["datetime"] for node in times] == ["2025-09-15T01:07:30Z"]


def test_a_book_has_a_cover_that_says_which_week_it_is() -> None:
    with zipfile.ZipFile(io.BytesIO(files_of(digest_of([SAPO]))["digest.epub"])) as book:
        package, cover = (book.read(f"book/{name}").decode() for name in ("package.opf", "cover.svg"))

    assert 'href="cover.svg" media-type="image/svg+xml" properties="cover-image"' in package
    assert "2025년 37주 차" in cover


@pytest.mark.parametrize("name", ["digest.html", PAGE, f"{SAPO.id}.html"])
@pytest.mark.parametrize("text", ["공유합니다.\n늡니다.", "공유합니다.\n\n늡니다.", "공유합니다. \n늡니다.\n끝입니다."])
def test_each_sentence_has_an_address_of_its_own_and_leads_to_it(name: str, text: str) -> None:
    files = files_of(digest_of([SAPO, ADAPTER], [translated(SAPO, text), translated(ADAPTER, "작습니다.")]), Around())

    page = LexborHTMLParser(files[name].decode())

    said = page.css(f'[id="{SAPO.id}"] .translation .cell > p')
    assert [node.text().strip() for node in said] == text.split()
    assert [node.id for node in said] == [f"{SAPO.id}-{number}" for number in range(1, len(said) + 1)]
    assert [first(page, f'[id="{node.id}"] a').attributes["href"] for node in said] == [f"#{node.id}" for node in said]
    every = [node.id for node in page.css("[id]")]
    assert len(every) == len(set(every))


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


MAY_BE_WRONG = "이 문장은 번역이 정확하지 않거나 빠진 내용이 있을 수 있습니다."
STAYS_ENGLISH = "이 문장은 번역하지 못해 원문을 그대로 두었습니다."
MARKS = (Doubt(0, "number-rule", "evidence of 94", "We share <i>rollouts</i>."),), (Kept(2, "loop-rule", "evidence"),)
TEXT = "롤아웃을 공유합니다.\n늘었습니다.\nGains reach 94%."


def texts_of_readers(*results: Result, papers: Sequence[Paper] = (SAPO,)) -> dict[str, str]:
    """What readers open, by name; the book as the text of its chapter, and the feed as its one entry."""
    shown = view(digest_of(papers, results))
    files = files_of(shown.digest)
    with zipfile.ZipFile(io.BytesIO(files.pop("digest.epub"))) as book:
        chapter = book.read("book/1.xhtml").decode()
    items = feed_items(with_entry(Archive(language="ko"), entry_of(shown)), {shown.digest.run: shown}, "")
    content = items[0].content if items else ""
    return {name: body.decode() for name, body in files.items()} | {"epub": chapter, "feed": content}


@pytest.mark.parametrize("name", ["digest.txt", "digest.md", "digest.html", "epub", "feed"])
def test_readers_see_which_sentence_may_be_wrong_with_its_english_and_which_stays_in_english(name: str) -> None:
    body = texts_of_readers(translated(SAPO, TEXT, marks=MARKS))[name]
    plain = body if name == "digest.txt" else LexborHTMLParser(_html(name, body)).text(separator="\n")

    order = ["롤아웃을 공유합니다.", MAY_BE_WRONG, "<i>rollouts</i>.", "늘었습니다.", "Gains reach 94%.", STAYS_ENGLISH]
    text = plain[plain.index("롤아웃을 공유합니다.") :]
    places = [text.index(part) for part in order]

    assert places == sorted(places)
    assert plain.count(MAY_BE_WRONG) == plain.count(STAYS_ENGLISH) == 1
    assert "rule" not in plain
    assert "evidence" not in plain


@pytest.mark.parametrize("name", ["digest.txt", "digest.md", "digest.html", "epub", "feed"])
def test_nothing_is_said_of_marks_where_nothing_is_marked(name: str) -> None:
    body = texts_of_readers(translated(SAPO, TEXT))[name]

    assert not [word for word in ("이 문장은", "문장 ", "<mark", 'remark"', "※") if word in body]


@pytest.mark.parametrize("name", ["digest.html", "epub", "feed"])
def test_english_beside_a_translation_is_marked_as_english(name: str) -> None:
    html = LexborHTMLParser(_html(name, texts_of_readers(translated(SAPO, TEXT, marks=MARKS))[name]))
    translation = first(html, "div.translation") if name == "digest.html" else first(html, "div[lang=ko]")

    english = [node.text() for node in translation.css("[lang=en]") if "hidden" not in node.attributes]

    assert english == ["We share <i>rollouts</i>.", "Gains reach 94%."]
    assert [node.text() for node in translation.css("mark")] == ["롤아웃을 공유합니다."]


def test_a_lacking_sentence_is_told_in_english_and_casts_no_doubt_on_the_one_before_it() -> None:
    lacking = (Doubt(0, MISSING, "x", "Gains reach 94%."),), ()

    page = page_of([SAPO], [translated(SAPO, "롤아웃을 공유합니다.", marks=lacking)])

    assert page.css("mark") == []
    assert first(page, "[role=note]").text() == "여기에서 한 문장의 번역이 빠졌을 수 있습니다.Gains reach 94%."


def test_the_head_says_how_many_sentences_are_marked() -> None:
    assert view(digest_of([SAPO], [translated(SAPO, TEXT, marks=MARKS)])).marked == (
        "번역이 정확하지 않을 수 있는 문장 1개 · 원문을 그대로 둔 문장 1개"
    )
    assert view(digest_of([SAPO], [translated(SAPO, TEXT)])).marked == ""


def _html(name: str, body: str) -> str:
    return MarkdownIt("gfm-like", {"linkify": False}).render(body) if name == "digest.md" else body
