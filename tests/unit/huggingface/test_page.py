"""The page of a period gives its papers in order, or says in one line why it does not."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import PageUnreadable, SourceMoved
from shared.huggingface.page import parse_page
from shared.papers import Paper
from shared.periods import parse_period
from tests.unit.huggingface.made import WEEK, entries, entry, made_ids, page, props

GOOD = page(props(entries(1, 2, 3)))


def ids(papers: tuple[Paper, ...]) -> list[str]:
    return [paper.id for paper in papers]


def test_the_data_block_gives_papers_and_the_cards_their_order() -> None:
    read = parse_page(page(props(entries(7, 3, 5)), cards=made_ids(7, 5, 3)), WEEK)

    assert ids(read.listing.papers) == made_ids(7, 3, 5)
    assert list(read.cards) == made_ids(7, 5, 3)


def test_everything_a_digest_shows_is_taken_as_it_stands() -> None:
    full = entry(
        1,
        title="A <b>title</b> of\n  two lines & 'quotes'",
        summary="First line\nsecond line: 모델 \U0001f917.",
        authors=[{"name": "Ada"}, {"name": "Bob", "hidden": True}, {"name": "Cho", "hidden": False}, "?", {}],
        publishedAt="2025-09-11T00:00:00.000Z",
        githubRepo="https://github.com/a/b",
        projectPage="https://a.example",
        ai_keywords=["attention", None, "masking"],
        ai_summary="It masks <i>attention</i>.",
        githubStars=0,
    ) | {"thumbnail": "https://cdn-thumbnails.huggingface.co/a.png"}

    (paper,) = parse_page(page(props([full])), WEEK).listing.papers

    assert paper == Paper(
        id="2509.00001",
        title="A <b>title</b> of\n  two lines & 'quotes'",
        abstract="First line\nsecond line: 모델 \U0001f917.",
        authors=("Ada", "Cho"),
        upvotes=999,
        published="2025-09-11T00:00:00.000Z",
        code="https://github.com/a/b",
        project="https://a.example",
        keywords=("attention", "masking"),
        summary="It masks <i>attention</i>.",
        stars=0,
        thumbnail="https://cdn-thumbnails.huggingface.co/a.png",
    )


@pytest.mark.parametrize("odd", [None, 1.5, [], {}, "text", True, [[1]]])
def test_what_a_digest_can_do_without_may_have_any_form(odd: Any) -> None:
    needless = ("authors", "upvotes", "publishedAt", "githubRepo", "projectPage", "ai_keywords", "githubStars")

    read = parse_page(page(props([entry(1, **dict.fromkeys(needless, odd)) | {"thumbnail": odd}])), WEEK)

    assert (read.listing.papers[0].title, read.listing.papers[0].upvotes) == ("Title 1", None)
    assert read.listing.papers[0].stars is None


@pytest.mark.parametrize("odd", [None, 7, ["A text."], {"text": "A text."}, "half \ud83d", "x" * 1_001])
def test_a_summary_that_is_no_whole_text_is_none(odd: Any) -> None:
    (paper,) = parse_page(page(props([entry(1, ai_summary=odd)])), WEEK).listing.papers

    assert (paper.summary, paper.odd) == ("", "")


@pytest.mark.parametrize("key", ["title", "summary"])
@pytest.mark.parametrize("empty", ["", None, " \n"])
def test_a_paper_with_an_empty_title_or_abstract_stays(key: str, empty: str | None) -> None:
    read = parse_page(page(props([entry(1), entry(2, **{key: empty})])), WEEK)

    assert ids(read.listing.papers) == made_ids(1, 2)
    assert read.listing.papers[1].missing_text == {"title": "title", "summary": "abstract"}[key]


def test_a_paper_without_the_key_of_its_abstract_stays() -> None:
    bare = entry(2)
    del bare["paper"]["summary"]

    read = parse_page(page(props([entry(1), bare])), WEEK)

    assert read.listing.papers[1].missing_text == "abstract"


def test_of_two_entries_with_one_id_the_first_counts() -> None:
    read = parse_page(page(props([entry(1), entry(2, title="First"), entry(3), entry(2, title="Second")])), WEEK)

    assert [(paper.id, paper.title) for paper in read.listing.papers] == [
        ("2509.00001", "Title 1"),
        ("2509.00002", "First"),
        ("2509.00003", "Title 3"),
    ]
    assert list(read.cards) == made_ids(1, 2, 3)


@pytest.mark.parametrize(("name", "kind"), [("2025-09", "month"), ("2025-09-12", "day"), ("2026-W53", "week")])
def test_months_days_and_the_last_week_of_a_long_year_are_read_alike(name: str, kind: str) -> None:
    read = parse_page(page(props(entries(1), dateString=name, periodType=kind)), parse_period(name))

    assert ids(read.listing.papers) == made_ids(1)


def test_the_older_form_gives_its_day_as_a_timestamp() -> None:
    older = page({"date": "2024-08-01T00:00:00.000Z", "dailyPapers": entries(1)})

    assert ids(parse_page(older, parse_period("2024-08-01")).listing.papers) == made_ids(1)
    with pytest.raises(SourceMoved):
        parse_page(older, parse_period("2024-08-02"))


@pytest.mark.parametrize(
    "changes",
    [
        {"dateString": "2025-W36"},
        {"dateString": "2025-09", "periodType": "month"},
        {"periodType": "month"},
        {"periodType": None},
        {"dateString": "2025-W36", "dailyPapers": []},
        {"dateString": "x" * 9000},
    ],
)
def test_a_page_of_another_period_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(SourceMoved, match=r"^The page of 2025-W37 shows .* instead") as refusal:
        parse_page(page(props(entries(1)) | changes, cards=[]), WEEK)

    assert len(str(refusal.value)) < 200


UNREADABLE = {
    "empty": (b"", "was cut off before its end"),
    "cut before the data": (GOOD[:100], "was cut off before its end"),
    "cut inside the data": (GOOD[:400], "was cut off before its end"),
    "cut inside a character": (page(props([entry(1, title="모델" * 99)])).split(b"\\ubaa8")[0], "was cut off"),
    "no data block": (b"<html><body><article>Just a moment...</article></body></html>", "has no data block"),
    "not UTF-8": ("모델".encode("utf-16") + b"</html>", "has no data block"),
    "no JSON": (page('{"dailyPapers": [}', cards=[]), "is no JSON: "),
    "empty data block": (page("", cards=[]), "is no JSON: "),
    "a number that is none in HTML": (page("{}", cards=[]).replace(b"{}", b"&#" + b"9" * 5000 + b";"), "is no JSON: "),
    "JSON beyond any depth": (page("[" * 100_000, cards=[]), "is no JSON: "),
    "no JSON object": (page("[]", cards=[]), "is no JSON object"),
    "no period": (page({"dailyPapers": entries(1)}), "does not say which period it shows"),
    "no list": (page(props([], dailyPapers=None), cards=[]), "holds no list of papers"),
    "no papers": (page(props([])), "lists no papers"),
    "no entry with a paper": (page(props([{}, "x", {"paper": None}]), cards=[]), "no paper with an arXiv id in any"),
    "no title that is text": (page(props([entry(1, title=["x"]), entry(2, title=0)])), "gives no paper a 'title'"),
    "no abstract that is text": (page(props([entry(1, summary=7)])), "gives no paper a 'summary'"),
    "too many entries": (page(props(entries(*range(5_001)))), "lists more than 5,000 papers"),
}


@pytest.mark.parametrize(("html", "cause"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_page_that_cannot_be_read_says_why_in_one_line(html: bytes, cause: str) -> None:
    with pytest.raises(PageUnreadable) as unreadable:
        parse_page(html, WEEK)

    message = str(unreadable.value)
    assert message.startswith("The page of 2025-W37")
    assert cause in message
    assert "\n" not in message


@pytest.mark.parametrize("key", ["title", "summary"])
def test_a_key_that_every_paper_lacks_is_a_changed_form(key: str) -> None:
    listed = entries(1, 2)
    for bare in listed:
        del bare["paper"][key]

    with pytest.raises(PageUnreadable, match=f"gives no paper a '{key}'"):
        parse_page(page(props(listed)), WEEK)


def test_a_page_cut_after_its_data_still_gives_every_paper() -> None:
    read = parse_page(GOOD[: GOOD.index(b'<article><a href="/papers/2509.00002"') + 30], WEEK)

    assert ids(read.listing.papers) == made_ids(1, 2, 3)
    assert list(read.cards) == made_ids(1)


@given(st.binary(max_size=200))
def test_no_bytes_cause_any_other_error(html: bytes) -> None:
    with pytest.raises(PageUnreadable):
        parse_page(html, WEEK)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=8,
)
KEYS = ("id", "title", "summary", "authors", "upvotes", "publishedAt", "githubRepo", "projectPage", "ai_keywords")


@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, JSON)), max_size=3), JSON)
def test_no_data_causes_any_other_error(papers: list[dict[str, Any]], stray: Any) -> None:
    listed = [{"paper": paper} for paper in papers] + ([stray] if stray is not None else [])

    with pytest.raises(PageUnreadable):
        parse_page(page(props([*listed, entry(1, id="none")]), cards=[]), WEEK)
    with pytest.raises((PageUnreadable, SourceMoved)):
        parse_page(page(json.dumps(stray), cards=[]), WEEK)
