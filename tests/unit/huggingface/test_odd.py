"""One odd entry costs one entry: beyond the top nothing but its rank, and in the top no paper but its own."""

import gc
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import SourceError, SourceRefused, UsageError
from shared.huggingface.address import validate_source
from shared.huggingface.api import parse_part, read_listing
from shared.huggingface.entries import Listing, read_entries
from shared.huggingface.page import parse_page
from shared.huggingface.source import top_papers
from shared.ledger.records import Manifest, decode, encode
from shared.papers import LONGEST_ABSTRACT, LONGEST_TITLE, Paper
from tests.unit.huggingface.made import WEEK, FakeClient, entries, entry, listing, made_id, made_ids, page, props

MOMENT = datetime(2025, 9, 15, 1, tzinfo=UTC)
HALF = "A robot \ud83d"
GOOD = tuple(range(1, 6))

NAMELESS: list[Any] = [
    None,
    7,
    "an advertisement",
    [],
    {},
    {"type": "promotion", "url": "https://a.example"},
    {"paper": None},
    {"paper": "2509.00001"},
    {"paper": {}},
    *[
        entry(9, id=id_)
        for id_ in (None, "", 2509.00001, "2509.123", "2509.123456", "2509.00001v2", "cs/0701001", "math.GT/0309136")
    ],
    *[entry(9, id=id_) for id_ in ("../../etc", "2509.00001\n", "２５０９.00001", HALF, ["2509.00001"])],
]
"""Entries that name no paper."""

WRONG: list[dict[str, Any]] = [
    {"title": 7},
    {"title": ["A title"]},
    {"title": HALF},
    {"title": ""},
    {"title": None},
    {"summary": None},
    {"summary": {"text": "An abstract."}},
    {"summary": HALF},
    {"summary": "x" * (LONGEST_ABSTRACT + 1)},
]
"""What keeps a paper from being translated."""

VOTES: list[Any] = [None, -5, "12", 10**9, 10**400, 1.5, float("nan"), float("inf"), True, []]
AUTHORS: list[Any] = [None, 7, "Ada", {}, [None, {}, {"name": None}, {"name": HALF}, "Ada"]]
NEEDLESS: list[dict[str, Any]] = [
    *[{"upvotes": votes} for votes in VOTES],
    *[{"authors": authors} for authors in AUTHORS],
    {"ai_keywords": [HALF, None, 7]},
    {"githubRepo": HALF},
    {"projectPage": "https://a.example/" + "x" * 9_999},
    {"publishedAt": HALF},
    {"discussion": HALF, HALF: HALF},
]
"""What a digest can do without."""

IN_PAGE_AND_API = pytest.mark.parametrize("through", ["page", "page without cards", "api"])


def found(listed: list[Any], top: int, through: str, *, believe_few: bool = False) -> Listing:
    """The top papers of such a list, from a page or an API; the other of them is down."""
    if through == "api":
        client = FakeClient(page=SourceRefused("403"), api=[listing(listed[:4]), listing(listed[4:]), listing([])])
    else:
        named = [made["paper"]["id"] for made in listed if made not in NAMELESS]
        cards = [] if through == "page without cards" else named
        client = FakeClient(page=page(props(listed), cards=cards), api=[SourceRefused("403")])
    return top_papers(client, WEEK, top, believe_few=believe_few)


def odd_entries() -> st.SearchStrategy[Any]:
    """Entries of every odd kind; those that name a paper have few votes, if any."""
    named = st.builds(
        lambda number, facts: entry(number, **facts), st.integers(100, 120), st.sampled_from(WRONG + NEEDLESS)
    )
    return st.sampled_from(NAMELESS) | named | st.sampled_from(entries(*GOOD))


@pytest.mark.parametrize("nameless", NAMELESS, ids=ascii)
@IN_PAGE_AND_API
def test_an_entry_that_names_no_paper_gives_its_place_to_the_next(nameless: Any, through: str) -> None:
    listed = [entry(1), nameless, *entries(2, 3, 4)]

    read = found(listed, 3, through)

    assert read == Listing(found(entries(*GOOD), 3, through).papers, nameless=1, odd=1)


@pytest.mark.parametrize("facts", WRONG, ids=lambda facts: ascii(facts)[:40])
@IN_PAGE_AND_API
def test_a_paper_that_cannot_be_translated_says_what_is_wrong_and_costs_no_other(
    facts: dict[str, Any], through: str
) -> None:
    read = found([entry(1), entry(2, **facts), *entries(3, 4)], 3, through)

    first, wrong, third = read.papers
    assert (first, third) == found(entries(1, 3), 2, through).papers
    assert wrong.id == made_id(2)
    assert wrong.odd.startswith("a") or wrong.missing_text
    assert read.odd == 0


@pytest.mark.parametrize("facts", NEEDLESS, ids=lambda facts: ascii(facts)[:40])
def test_what_a_digest_can_do_without_costs_no_paper(facts: dict[str, Any]) -> None:
    read = found([entry(1), entry(2, **facts), entry(3)], 3, "page")

    assert [(paper.id, paper.title, paper.odd) for paper in read.papers] == [
        (made_id(number), f"Title {number}", "") for number in (1, 2, 3)
    ]


@IN_PAGE_AND_API
@given(odd=st.lists(odd_entries(), max_size=12))
def test_odd_entries_beyond_the_top_change_nothing_in_it(through: str, odd: list[Any]) -> None:
    read = found([*entries(*GOOD), *odd], len(GOOD), through)

    assert read.papers == found(entries(*GOOD), len(GOOD), through).papers


@IN_PAGE_AND_API
@given(data=st.data())
def test_odd_entries_in_the_top_lose_none_of_the_others(through: str, data: st.DataObject) -> None:
    listed: list[Any] = entries(*GOOD)
    for odd in data.draw(st.lists(odd_entries(), max_size=12)):
        listed.insert(data.draw(st.integers(0, len(listed))), odd)

    read = found(listed, len(listed), through, believe_few=True)

    whole = {paper.id: paper for paper in found(entries(*GOOD), len(GOOD), through).papers}
    assert {paper.id: paper for paper in read.papers if paper.id in whole} == whole
    assert len(read.papers) + read.odd == len(listed)


@given(st.lists(odd_entries(), max_size=12))
def test_whatever_is_read_can_be_written_down_and_read_again(odd: list[Any]) -> None:
    papers = found([*entries(*GOOD), *odd], 99, "page", believe_few=True).papers
    manifest = Manifest(WEEK.name, WEEK.name, "a source", "a page", 99, MOMENT, papers)

    assert decode(encode(manifest), Manifest, "a key") == manifest


def test_of_two_entries_for_one_paper_the_one_that_is_right_counts_at_the_rank_of_the_first() -> None:
    read = found([entry(1, title=HALF), entry(2), entry(1), entry(1, title="Another")], 2, "page without cards")

    assert [(paper.id, paper.title) for paper in read.papers] == [(made_id(1), "Title 1"), (made_id(2), "Title 2")]
    assert read.odd == 2


def test_a_paper_of_which_only_a_card_is_left_keeps_its_rank_and_says_so() -> None:
    html = page(props([entry(1), {"paper": None}, *entries(3, 4)]), cards=made_ids(1, 2, 3, 4))

    read = top_papers(FakeClient(page=html, api=[SourceRefused("403")]), WEEK, 3, believe_few=False)

    assert [(paper.id, paper.odd) for paper in read.papers] == [
        (made_id(1), ""),
        (made_id(2), "nothing of the paper but its id"),
        (made_id(3), ""),
    ]


def test_the_api_gives_a_paper_of_which_only_a_card_is_left() -> None:
    html = page(props([entry(1), {"paper": None}, *entries(3, 4)]), cards=made_ids(1, 2, 3, 4))

    read = top_papers(FakeClient(page=html, api=[listing(entries(*GOOD))]), WEEK, 3, believe_few=False)

    assert [(paper.id, paper.title) for paper in read.papers] == [(made_id(n), f"Title {n}") for n in (1, 2, 3)]


def test_bytes_that_are_not_utf_8_are_shown_as_such_and_cost_no_paper() -> None:
    listed = [entry(1), entry(2, title="A robot ROBOT"), *entries(3, 4)]
    half = b"\xed\xa0\xbd"
    html = page(props(listed)).replace(b"ROBOT", half)
    answer = listing(listed).replace(b"ROBOT", half)

    in_page = top_papers(FakeClient(page=html), WEEK, 3, believe_few=False)
    in_api = top_papers(FakeClient(page=SourceRefused("403"), api=[answer]), WEEK, 3, believe_few=False)

    assert in_page == replace(in_api, odd=in_page.odd)
    assert [paper.odd for paper in in_page.papers] == ["", "", ""]
    assert in_page.papers[1].title.startswith("A robot \ufffd")


def test_votes_that_too_few_papers_have_say_nothing_of_the_top() -> None:
    listed = [entry(1), *(entry(number, upvotes=None) for number in (2, 3, 4))]

    with pytest.raises(SourceRefused) as refused:
        found(listed, 3, "api")

    assert "too few papers of 2025-W37 votes to say which are the top 3" in refused.value.__notes__[0]


# How much of a text is read


def read_one(**facts: Any) -> Paper:
    (paper,) = parse_page(page(props([entry(1, **facts)])), WEEK).listing.papers
    return paper


def test_a_title_is_cut_where_it_is_too_long_and_shows_it() -> None:
    assert read_one(title="x" * LONGEST_TITLE).title == "x" * LONGEST_TITLE
    assert read_one(title="x" * (LONGEST_TITLE + 1)).title == "x" * (LONGEST_TITLE - 1) + "…"


def test_an_abstract_that_is_too_long_is_cut_and_says_so() -> None:
    fitting, long = read_one(summary="x" * LONGEST_ABSTRACT), read_one(summary="x" * 150_000)

    assert (fitting.abstract, fitting.odd) == ("x" * LONGEST_ABSTRACT, "")
    assert long.abstract == "x" * (LONGEST_ABSTRACT - 1) + "…"
    assert long.odd == "an abstract of 150,000 characters; at most 20,000 are translated"


def test_the_space_around_a_text_makes_it_no_longer() -> None:
    space = " \n" * 75_000

    paper = read_one(title=f"{space}A title", summary=f"{space}An abstract.{space}")

    assert (paper.title, paper.abstract, paper.odd) == ("A title", "An abstract.", "")
    assert parse_page(page(props([entry(1, title=space), entry(2)])), WEEK).listing.papers[0].missing_text == "title"


def test_lists_of_names_and_words_end_visibly() -> None:
    paper = read_one(authors=[{"name": "A" * 300}] * 4_001, ai_keywords=["w" * 300] * 101)

    assert len(paper.authors) == 4_000
    assert paper.authors[0] == "A" * 199 + "…"
    assert len(paper.keywords) == 100
    assert paper.keywords[0] == "w" * 99 + "…"
    assert paper.authors[-1] == paper.keywords[-1] == "…"


def test_an_address_that_is_too_long_is_none() -> None:
    assert read_one(githubRepo="https://a.example/" + "x" * 2_000).code == ""


# How long reading takes


def growth(work: Callable[[Any], object], made: Callable[[int], Any], size: int) -> float:
    """How many times longer `work` takes on an input four times larger, at best of several trials."""

    def spent(given: Any) -> float:
        start = time.process_time()
        with suppress(SourceError, UsageError):
            work(given)
        return time.process_time() - start

    small, large = made(size), made(4 * size)
    # A collection of garbage is paid for by whatever happens to run.
    gc.disable()
    trials = [(spent(small), spent(large)) for _ in range(5)]
    gc.enable()
    return min(after for _, after in trials) / max(min(before for before, _ in trials), 1e-6)


HOSTILE_TEXTS = [
    "<div>",
    "<a ",
    '<a "',
    '<a x="',
    "<div x='<a y=\"",
    '<article><a href="/papers/2509.00001">',
    "<div" + " " * 9,
    "&amp",
    "\udced",
]
HOSTILE_LISTS: dict[str, Callable[[int], list[Any]]] = {
    "papers": lambda count: entries(*range(count // 100)),
    "one paper again and again": lambda count: entries(1) * (count // 100),
    "a long title": lambda count: [entry(1, title=" " * count + "x")],
    "half characters": lambda count: [entry(1, title="\ud83d" * count)],
    "many authors": lambda count: [entry(1, authors=[{"name": "A"}] * (count // 10))],
}
HOSTILE_JSON = ["[", '{"a":', "1", "1.1", '"', "\\", "[],"]


@pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=ascii)
def test_reading_a_page_grows_no_faster_than_the_page(text: str) -> None:
    piece = text.encode(errors="surrogateescape")

    assert growth(lambda html: parse_page(html, WEEK), lambda count: piece * (count // len(piece)), 200_000) < 6


def test_reading_a_tag_grows_no_faster_than_its_attributes() -> None:
    start = b'<div data-target="DailyPapers"'

    assert growth(lambda html: parse_page(html, WEEK), lambda count: start + b" a=b" * count + b">", 50_000) < 6


@pytest.mark.parametrize("listed", HOSTILE_LISTS.values(), ids=HOSTILE_LISTS)
def test_reading_papers_grows_no_faster_than_their_list(listed: Callable[[int], list[Any]]) -> None:
    assert growth(lambda html: parse_page(html, WEEK), lambda count: page(props(listed(count)), cards=[]), 50_000) < 6
    assert growth(read_api, lambda count: listing(listed(count)), 50_000) < 6


@pytest.mark.parametrize("piece", HOSTILE_JSON)
def test_reading_json_grows_no_faster_than_the_json(piece: str) -> None:
    assert growth(lambda html: parse_page(html, WEEK), lambda count: page("[" + piece * count, cards=[]), 10_000) < 6
    assert growth(read_api, lambda count: b"[" + piece.encode() * count, 10_000) < 6


def read_api(body: bytes) -> Listing:
    return read_listing(parse_part(body, WEEK), WEEK)


@pytest.mark.parametrize("listed", [entries(1), [None], [entry(1, title=" " * 999)], [entry(1, upvotes=None)]])
def test_a_listing_grows_no_faster_than_its_entries(listed: list[Any]) -> None:
    assert growth(lambda many: read_entries(many, "A list"), lambda count: listed * count, 1_000) < 6


@pytest.mark.parametrize("piece", ["1", ":", "@", "[", "http://", ".", "%", "/"])
def test_reading_an_address_grows_no_faster_than_the_address(piece: str) -> None:
    assert growth(lambda text: validate_source(text, embedded=True), lambda count: "http://" + piece * count, 9_999) < 6


def test_the_api_is_asked_no_more_often_than_it_could_list_papers() -> None:
    client = FakeClient(page=SourceRefused("403"), api=[json.dumps([number]).encode() for number in range(99)])

    with pytest.raises(SourceRefused):
        top_papers(client, WEEK, 3, believe_few=False)

    assert len(client.asked) == 1 + 50
