"""What searching is like for a reader: queries, composing Korean, Back, and texts that come when they are asked for."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.fakes.aws import Cloud
from tests.readers.conftest import served
from tests.readers.made import publish_made, write_published
from tests.unit.digest.searched import NEWEST, QUERIES, digests, ids

COMPOSED = (
    *(
        "ㄱ",
        "가",
        "강",
        "강ㅎ",
        "강호",
        "강화",
        "강홯",
        "강화하",
        "강화학",
        "강화핛",
        "강화학스",
        "강화학스",
        "강화학습",
    ),
)
"""What stands in the field after each key of 강화학습."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an archive to search."""
    cloud, folder = Cloud(), tmp_path_factory.mktemp("searched")
    for digest in digests():
        publish_made(cloud, digest)
    write_published(cloud, folder)
    return folder


@pytest.fixture(scope="module")
def archive(folder: Path) -> Iterator[str]:
    """The address of its search page."""
    with served(folder) as address:
        yield f"{address}ko/search.html"


@pytest.fixture(scope="module")
def searched(browser: Browser, archive: str) -> Iterator[Page]:
    """The search page, which has read all that it reads unasked."""
    page = browser.new_page()
    opened(page, archive)
    yield page
    page.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a reader's own, low enough for a place in it to matter; it fails the test where it complains."""
    page, complaints = browser.new_page(viewport={"width": 390, "height": 500}), list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    yield page
    page.close()
    assert complaints == []


def opened(page: Page, address: str) -> None:
    """Open a search, and wait until everything is read."""
    page.goto(address)
    expect(page.locator("#status")).not_to_contain_text("불러오는 중", timeout=30_000)


def found(page: Page) -> list[str]:
    """The papers that are shown, by their arXiv ids."""
    return [str(paper) for paper in page.locator("#found > li").evaluate_all("hits => hits.map(h => h.dataset.paper)")]


@pytest.mark.parametrize(("query", "first"), QUERIES)
def test_what_a_reader_looks_for_comes_first(searched: Page, query: str, first: str) -> None:
    searched.fill("#query", query)

    wanted = ids(first)
    shown = found(searched)
    assert set(shown[: len(wanted)]) == set(wanted) if wanted else shown == []
    assert len(shown) == len(set(shown))


def test_hits_stay_while_a_word_is_composed_key_by_key(page: Page, archive: str) -> None:
    opened(page, archive)
    page.focus("#query")
    keyboard = page.context.new_cdp_session(page)
    shown = []

    for text in COMPOSED:
        keyboard.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
        expect(page.locator("#query")).to_have_value(text)
        shown.append(found(page))

    assert shown[0] == []
    assert all(shown[COMPOSED.index("강") :])
    assert set(shown[-1]) == set(ids("rl rl-joined"))
    keyboard.send("Input.insertText", {"text": COMPOSED[-1]})
    assert set(found(page)) == set(ids("rl rl-joined"))


def test_back_brings_the_query_and_the_place_again(page: Page, archive: str) -> None:
    opened(page, archive)
    page.fill("#query", "로봇 학습")
    page.fill("#query", "다")
    page.fill("#query", "니다")
    last = page.locator("#found > li > a").nth(9)
    last.scroll_into_view_if_needed()
    before = last.bounding_box()
    title = last.inner_text()

    last.click()
    expect(page.locator("article:target h2")).to_contain_text(title)
    page.go_back()

    expect(page.locator("#query")).to_have_value("니다")
    expect(page.locator("#status")).not_to_contain_text("불러오는 중", timeout=30_000)
    after = page.locator("#found > li > a", has_text=title).first.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) <= 1


def test_the_query_is_in_the_address_while_it_is_typed(page: Page, archive: str) -> None:
    opened(page, archive)

    page.fill("#query", "확산 모델")

    page.wait_for_url(lambda url: unquote(url).endswith(("?q=확산+모델", "?q=확산 모델")))
    page.reload()
    expect(page.locator("#found > li").first).to_contain_text("픽셀에서의 확산")


def test_hits_are_marked_in_korean_and_in_english(page: Page, archive: str) -> None:
    opened(page, f"{archive}?q={quote('CoT')}")

    expect(page.locator("#found [lang=ko] mark").first).to_have_text("생각의 사슬")

    page.fill("#query", "trial and error")

    expect(page.locator("#found [lang=en] mark").first).to_have_text("trial")


def test_old_texts_are_searched_when_a_reader_asks(page: Page, archive: str) -> None:
    opened(page, f"{archive}?q=heliotrope")
    assert found(page) == []

    page.click("#older")

    expect(page.locator("#found > li")).to_have_count(1)
    expect(page.locator("#older")).to_be_hidden()
    page.wait_for_url("**older=1*")
    page.reload()
    expect(page.locator("#found > li")).to_have_count(1)


def test_a_title_of_any_age_is_found_unasked(page: Page, archive: str) -> None:
    opened(page, f"{archive}?q={quote('오래된 정원')}")

    assert found(page) == ids("old")


def test_an_archive_without_lists_is_searched_all_the_same(page: Page, archive: str) -> None:
    """Given an archive that an earlier version published, which has the texts alone."""
    page.route("**/list-*.json", lambda route: route.fulfill(status=200, body="no list"))

    opened(page, f"{archive}?q={quote('어텐션')}")

    assert found(page) == ids("shown")


def test_the_newest_quarter_is_searched_before_the_rest_has_come(page: Page, archive: str) -> None:
    page.route(lambda url: ".json" in url and "list-2026-q1" not in url, lambda route: None)

    page.goto(f"{archive}?q={quote('픽셀')}")

    expect(page.locator("#found > li > a")).to_have_attribute("href", f"../{NEWEST}/ko/index.html#2603.00006")
    page.unroute_all(behavior="ignoreErrors")
