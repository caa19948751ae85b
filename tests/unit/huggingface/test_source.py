"""The top papers come from sources that check one another: right papers or an error with a name, nothing between."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import (
    PageUnreadable,
    SourceError,
    SourceMoved,
    SourceRefused,
    SourcesDisagree,
    SourceThrottled,
    SourceUnreachable,
    TooFewPapers,
)
from shared.huggingface.source import top_papers
from tests.unit.huggingface.made import WEEK, FakeClient, entries, entry, listing, made_id, made_ids, page, props

TEN = tuple(range(1, 11))
DOWN = SourceUnreachable("the API is down")


def made_page(*numbers: int, cards: Sequence[int] | None = None) -> bytes:
    return page(props(entries(*numbers)), None if cards is None else made_ids(*cards))


def made_listing(*numbers: int) -> bytes:
    return listing(entries(*numbers))


def top_ids(client: FakeClient, top: int, *, believe_few: bool = False) -> list[str]:
    return [paper.id for paper in top_papers(client, WEEK, top, believe_few=believe_few).papers]


def test_a_good_page_is_enough_and_its_order_counts() -> None:
    client = FakeClient(page=made_page(5, 3, 9, 1), api=[made_listing(*TEN)])

    assert top_ids(client, 3) == made_ids(5, 3, 9)
    assert client.asked == ["/papers/week/2025-W37"]


@pytest.mark.parametrize(
    "page_error",
    [
        SourceUnreachable("503"),
        SourceRefused("403"),
        SourceThrottled("429", 55),
        PageUnreadable("no data block"),
    ],
)
def test_where_the_page_fails_the_api_gives_the_most_voted(page_error: SourceError) -> None:
    client = FakeClient(page=page_error, api=[made_listing(7, 2, 9), made_listing(4, 1), made_listing()])

    assert top_ids(client, 4) == made_ids(1, 2, 4, 7)
    assert client.asked[1:] == [
        "/api/daily_papers?week=2025-W37&limit=100&p=0",
        "/api/daily_papers?week=2025-W37&limit=100&p=1",
        "/api/daily_papers?week=2025-W37&limit=100&p=2",
    ]


def test_an_unreadable_page_is_replaced_too() -> None:
    assert top_ids(FakeClient(page=b"<html></html>", api=[made_listing(2, 1)]), 2) == made_ids(1, 2)


@pytest.mark.parametrize("api", [DOWN, b"<html></html>", b"[]", b'{"error": "Invalid week"}'])
def test_where_both_fail_the_error_is_the_pages_and_notes_the_apis(api: bytes | SourceError) -> None:
    client = FakeClient(page=SourceThrottled("the page is throttled", 55), api=[api])

    with pytest.raises(SourceThrottled, match="the page is throttled") as failure:
        top_ids(client, 3)

    assert failure.value.retry_after == 55
    assert [note for note in failure.value.__notes__ if note.startswith("The API did not help: ")]


@pytest.mark.parametrize(
    "moved",
    [SourceMoved("redirects to /papers/week/2025-W36"), page(props(entries(*TEN), dateString="2025-W36"))],
)
def test_a_page_of_another_period_is_final(moved: bytes | SourceError) -> None:
    client = FakeClient(page=moved, api=[made_listing(*TEN)])

    with pytest.raises(SourceMoved):
        top_ids(client, 3)

    assert client.asked == ["/papers/week/2025-W37"]


def test_a_period_without_page_is_not_replaced_by_papers_of_other_days() -> None:
    other_week = listing([entry(number, submittedOnDailyAt="2025-09-02T08:00:00.000Z") for number in TEN])

    with pytest.raises(SourceRefused, match="404"):
        top_ids(FakeClient(page=SourceRefused("404"), api=[other_week]), 3)


def test_part_of_a_listing_is_no_listing() -> None:
    client = FakeClient(page=SourceRefused("403"), api=[made_listing(7, 2, 9), DOWN])

    with pytest.raises(SourceRefused):
        top_ids(client, 3)


def test_a_listing_without_end_is_given_up() -> None:
    endless = [made_listing(number) for number in range(1, 99)]

    with pytest.raises(SourceRefused) as failure:
        top_ids(FakeClient(page=SourceRefused("403"), api=endless), 3)

    assert "does not end" in failure.value.__notes__[0]


class TestPageAndCardsDisagree:
    """The data block and what a visitor sees are of one page: where they differ, one of them is broken."""

    def test_the_api_confirms_the_data(self) -> None:
        client = FakeClient(page=made_page(1, 2, 3, cards=[1, 4, 3]), api=[made_listing(3, 2, 1)])

        assert top_ids(client, 3) == made_ids(1, 2, 3)

    def test_the_api_confirms_the_cards(self) -> None:
        client = FakeClient(page=made_page(1, 3, 4, cards=[1, 2, 3, 4]), api=[made_listing(4, 3, 2, 1)])

        papers = top_papers(client, WEEK, 3, believe_few=False).papers

        assert [(paper.id, paper.title) for paper in papers] == [(made_id(n), f"Title {n}") for n in (1, 2, 3)]

    def test_another_order_is_settled_by_the_votes(self) -> None:
        client = FakeClient(page=made_page(2, 1, 3, cards=[1, 2, 3]), api=[made_listing(3, 2, 1)])

        assert top_ids(client, 3) == made_ids(1, 2, 3)

    def test_among_papers_with_equal_votes_the_page_decides(self) -> None:
        tied = listing([entry(number, upvotes=45) for number in (1, 2, 3, 4)])
        client = FakeClient(page=made_page(4, 2, 3, cards=[4, 1, 3]), api=[tied])

        assert top_ids(client, 2) == made_ids(4, 2)

    @pytest.mark.parametrize("api", [DOWN, b"no JSON", made_listing(), made_listing(6, 7, 8), made_listing(1, 2)])
    @pytest.mark.parametrize("believe_few", [True, False])
    def test_what_the_api_does_not_settle_is_an_error(self, api: bytes | SourceError, believe_few: bool) -> None:
        client = FakeClient(page=made_page(1, 2, 3, cards=[1, 4, 3]), api=[api])

        with pytest.raises(SourcesDisagree):
            top_ids(client, 3, believe_few=believe_few)

    def test_data_shorter_than_the_cards_is_a_difference(self) -> None:
        client = FakeClient(page=made_page(1, 2, cards=[1, 2, 3]))

        with pytest.raises(SourcesDisagree):
            top_ids(client, 3, believe_few=True)

    def test_a_difference_below_the_top_does_not_matter(self) -> None:
        client = FakeClient(page=made_page(1, 2, 3, 4, cards=[1, 2, 3, 5]))

        assert top_ids(client, 3) == made_ids(1, 2, 3)

    @pytest.mark.parametrize("cards", [[], [1], [1, 2]])
    def test_cards_that_are_missing_contradict_nothing(self, cards: list[int]) -> None:
        assert top_ids(FakeClient(page=made_page(1, 2, 3, cards=cards)), 3) == made_ids(1, 2, 3)


class TestFewerPapersThanAskedFor:
    """A short list may be a quiet week or a glitch, and a glitch must not become the week."""

    def test_they_are_believed_where_the_api_agrees(self) -> None:
        client = FakeClient(page=made_page(2, 1, 3), api=[made_listing(3, 2, 1)])

        assert top_ids(client, 10) == made_ids(2, 1, 3)

    @pytest.mark.parametrize("api", [DOWN, made_listing(), made_listing(2, 1), made_listing(4, 3, 2, 1)])
    def test_they_are_not_believed_otherwise(self, api: bytes | SourceError) -> None:
        with pytest.raises(TooFewPapers, match="of the 10 papers asked for"):
            top_ids(FakeClient(page=made_page(1, 2, 3), api=[api]), 10)

    @pytest.mark.parametrize("api", [DOWN, made_listing(), made_listing(2, 1)])
    def test_they_are_believed_when_told_so(self, api: bytes | SourceError) -> None:
        client = FakeClient(page=made_page(1, 2, 3), api=[api])

        assert top_ids(client, 10, believe_few=True) == made_ids(1, 2, 3)

    @pytest.mark.parametrize("believe_few", [True, False])
    def test_an_api_that_lists_enough_completes_them(self, believe_few: bool) -> None:
        client = FakeClient(page=made_page(1, 3), api=[made_listing(*TEN)])

        assert top_ids(client, 4, believe_few=believe_few) == made_ids(1, 2, 3, 4)

    @pytest.mark.parametrize("believe_few", [True, False])
    def test_an_api_that_lists_others_makes_them_an_error(self, believe_few: bool) -> None:
        client = FakeClient(page=made_page(1, 2, 3), api=[made_listing(1, 8, 9)])

        with pytest.raises(SourcesDisagree, match="list different papers"):
            top_ids(client, 10, believe_few=believe_few)

    def test_the_api_alone_is_no_agreement(self) -> None:
        client = FakeClient(page=SourceRefused("403"), api=[made_listing(1, 2)])

        with pytest.raises(TooFewPapers):
            top_ids(client, 10)
        assert top_ids(client, 10, believe_few=True) == made_ids(1, 2)

    def test_none_at_all_are_never_believed(self) -> None:
        with pytest.raises(PageUnreadable, match="lists no papers"):
            top_ids(FakeClient(page=made_page(), api=[made_listing()]), 10, believe_few=True)


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """`whole` with one piece cut out, overwritten or inserted, or cut off at the end."""
    start = draw(st.integers(0, len(whole)))
    stop = draw(st.sampled_from([start, len(whole)]) | st.integers(start, min(start + 400, len(whole))))
    piece = draw(st.binary(max_size=6) | st.text(alphabet='<>/"&;0123456789[]{},', max_size=6).map(str.encode))
    return whole[:start] + piece + whole[stop:]


@given(damaged(made_page(*range(1, 9))), st.integers(1, 9), st.booleans())
def test_a_damaged_page_never_gives_the_wrong_papers(html: bytes, top: int, believe_few: bool) -> None:
    try:
        found = top_ids(FakeClient(page=html), top, believe_few=believe_few)
    except SourceError:
        return

    assert found == made_ids(*range(1, 9))[:top]


@given(damaged(made_page(*range(1, 9))), st.integers(1, 8))
def test_a_damaged_page_is_healed_by_the_api_or_refused(html: bytes, top: int) -> None:
    try:
        found = top_ids(FakeClient(page=html, api=[made_listing(*range(8, 0, -1))]), top)
    except SourceError:
        return

    assert found == made_ids(*range(1, 9))[:top]
