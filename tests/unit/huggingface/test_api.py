"""The API's answer gives papers with votes, or is as good as none."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import PageUnreadable, SourceError, SourceMoved
from shared.huggingface.api import parse_paper, parse_part, read_listing
from shared.papers import Paper
from shared.periods import Period, parse_period
from tests.unit.huggingface.made import WEEK, entries, entry, listing, made_ids


def read(*parts: bytes, period: Period = WEEK) -> tuple[Paper, ...]:
    """The papers of the API's answers."""
    return read_listing([found for part in parts for found in parse_part(part, period)], period).papers


def test_the_order_is_that_of_the_votes() -> None:
    papers = read(listing([entry(3, upvotes=5), entry(1, upvotes=9), entry(2, upvotes=0)]))

    assert [(paper.id, paper.upvotes) for paper in papers] == list(zip(made_ids(1, 3, 2), [9, 5, 0], strict=True))


def test_after_the_last_part_comes_an_empty_answer() -> None:
    assert read(b"[]") == ()


def test_votes_give_the_order_and_ties_keep_theirs() -> None:
    papers = read(
        listing(
            [entry(1, upvotes=5), entry(2, upvotes=9), entry(3, upvotes=5), entry(2, upvotes=9), entry(4, upvotes=7)]
        )
    )

    assert [paper.id for paper in papers] == made_ids(2, 4, 1, 3)


def test_a_paper_that_two_parts_list_counts_once_where_it_stood_first() -> None:
    papers = read(listing([entry(1, upvotes=9)]), listing([entry(1, upvotes=3), entry(2, upvotes=5)]))

    assert [(paper.id, paper.upvotes) for paper in papers] == [
        ("2509.00001", 9),
        ("2509.00002", 5),
    ]


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", "is no JSON"),
        (b"<!doctype html><html></html>", "is no JSON"),
        (b'[{"paper": {"id": "2509.0', "is no JSON"),
        (b"\xff\xfe", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b'{"error": "Invalid week"}', "holds no list of papers"),
        (b"null", "holds no list of papers"),
        (b"[null]", "no paper with an arXiv id in any of its entries"),
        (listing([entry(1, id="2509/00001")]), "no paper with an arXiv id in any of its entries"),
        (listing([entry(1, upvotes=None), entry(2, upvotes="7")]), "gives no paper votes"),
        (listing(entries(*range(5_001))), "lists more than 5,000 papers"),
        (json.dumps([{"paper": {"id": "2509.00001", "upvotes": 3}}]).encode(), "gives no paper a 'title'"),
    ],
)
def test_an_answer_that_is_no_list_of_papers_is_named(body: bytes, cause: str) -> None:
    with pytest.raises(PageUnreadable, match=r"^The API's answer for 2025-W37") as unreadable:
        read(body)

    assert cause in str(unreadable.value)
    assert "\n" not in str(unreadable.value)


@pytest.mark.parametrize("votes", [None, "12", True, 1.5, -1, [], 10**9, float("nan"), float("inf")])
def test_a_paper_without_votes_comes_last(votes: Any) -> None:
    papers = read(listing([entry(1, upvotes=votes), entry(2), entry(3, upvotes=0)]))

    assert [(paper.id, paper.upvotes) for paper in papers] == list(zip(made_ids(2, 3, 1), [998, 0, None], strict=True))


def listed_on(*days: str | None) -> bytes:
    return listing([entry(number, submittedOnDailyAt=day) for number, day in enumerate(days)])


@pytest.mark.parametrize("other", ["2025-09-09T08:00:00.000Z", "2025-09-05T08:00:00.000Z"])
def test_papers_listed_mostly_in_another_week_are_refused(other: str) -> None:
    with pytest.raises(SourceMoved, match="lists papers of other days"):
        read(listed_on("2025-09-01T08:00:00.000Z", other))


@pytest.mark.parametrize(
    "days",
    [
        (None, None),
        ("no day", "2025-09-"),
        ("2025-09-08T00:00:00.000Z", "2025-09-14T23:59:59.000Z"),
        ("2025-09-07T23:00:00.000Z", "2025-09-15T01:00:00.000Z"),
        ("2025-09-09T08:00:00.000Z", "2025-09-10T08:00:00.000Z", "2024-01-01T00:00:00.000Z"),
    ],
)
def test_papers_of_the_week_are_taken_whatever_a_few_entries_say(days: tuple[str | None, ...]) -> None:
    assert len(read(listed_on(*days))) == len(days)


def test_a_listing_at_the_end_of_the_calendar_is_read() -> None:
    with pytest.raises(SourceMoved):
        read(listed_on("2025-09-09T08:00:00.000Z"), period=parse_period("0001-01-01"))
    with pytest.raises(SourceMoved):
        read(listed_on("2025-09-09T08:00:00.000Z"), period=parse_period("9999-12-30"))


@given(
    st.binary(max_size=60) | st.builds(lambda text: text.encode(), st.text(alphabet='[]{}",:0123paper', max_size=40))
)
def test_no_bytes_cause_any_other_error(body: bytes) -> None:
    try:
        papers = read(body)
    except SourceError:
        return

    assert papers == ()


def test_an_id_that_lost_a_digit_is_no_other_papers() -> None:
    damaged = listing(entries(1, 2)).replace(b"2509.00002", b"2509.0002")

    assert [paper.id for paper in read(damaged)] == made_ids(1)


@given(st.data())
def test_a_damaged_answer_never_gives_another_paper(data: st.DataObject) -> None:
    body = bytearray(listing(entries(1, 2, 3)))
    place = data.draw(st.integers(0, len(body) - 1))
    body[place : data.draw(st.integers(place, len(body)))] = data.draw(st.binary(max_size=4))

    try:
        papers = read(bytes(body))
    except SourceError:
        return

    assert {paper.id for paper in papers if paper.upvotes in {999, 998, 997}} <= set(made_ids(1, 2, 3))


def test_one_paper_is_read_as_a_list_gives_it() -> None:
    facts = entry(1, authors=[{"name": "Ada"}, {"name": "Bob", "hidden": True}])["paper"]

    paper = parse_paper(json.dumps(facts).encode(), "2509.00001")

    assert paper == read(listing([{"paper": facts}]))[0]
    assert (paper.title, paper.abstract, paper.authors) == ("Title 1", "Abstract 1.", ("Ada",))


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"error": "Paper not found"}', b'{"id": "x"}', b"[" * 100_000])
def test_what_is_no_paper_is_an_error(body: bytes) -> None:
    with pytest.raises(PageUnreadable):
        parse_paper(body, "2509.00001")


def test_another_paper_than_asked_for_is_an_error() -> None:
    with pytest.raises(SourceMoved, match=r"is about paper 2509\.00002"):
        parse_paper(json.dumps(entry(2)["paper"]).encode(), "2509.00001")
