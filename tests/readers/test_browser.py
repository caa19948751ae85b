"""What a real browser makes of our pages."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.readers.conftest import SCREENSHOTS, served
from tests.readers.made import ATTACKED, REAL, WHOLE

PHONE, DESKTOP = 390, 1280
WIDTHS = (360, 390, 768, 1280, 1920)
PAGES = (
    "sample/ko/index.html",
    f"{REAL}/ko/index.html",
    f"{WHOLE}/ko/index.html",
    f"{WHOLE}/ko/digest.html",
    f"{ATTACKED}/ko/index.html",
    "ko/latest.html",
    "ko/index.html",
    f"{WHOLE}/ko/2508.18265.html",
    f"{ATTACKED}/ko/2509.00001.html",
    "ko/search.html",
    "ko/glossary.html",
)
HUNDRED_KILOBYTES = 100_000


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens a page of the archive and fails the test when it runs, asks for, or complains of anything."""
    contexts = []
    complaints: list[str] = []

    def open_one(path: str, width: int = DESKTOP, **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("dialog", lambda dialog: complaints.append(f"dialogue: {dialog.message}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith((address, "data:")) else complaints.append(f"request: {request.url}")
            ),
        )
        page.goto(address + path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("policy", ["as published", "ignored"])
def test_nothing_of_strangers_runs_even_without_the_policy(
    open_page: Callable[..., Page], path: str, policy: str
) -> None:
    page = open_page(path, bypass_csp=policy == "ignored")

    if path == "ko/search.html":
        page.fill("#query", "window.attacked")
        expect(page.locator("#found li").first).to_be_visible()
    for summary in page.locator("summary").all():
        summary.click()
    page.mouse.move(200, 400)
    page.keyboard.press("Tab")

    assert page.evaluate("window.attacked") is None
    assert page.evaluate("document.querySelectorAll('main script, iframe, object, svg, img').length") == 0


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS[:4])
def test_axe_finds_no_violation(
    open_page: Callable[..., Page], package: Callable[[str], Path], path: str, theme: str, width: int
) -> None:
    page = open_page(path, width, color_scheme=theme)
    if page.locator("#beside").is_visible():
        page.check("#beside")
    for summary in page.locator("summary:visible").all():
        summary.click()

    page.evaluate(package("axe-core/axe.min.js").read_text(encoding="utf-8"))
    violations = page.evaluate("axe.run().then(found => found.violations.map(v => [v.id, v.nodes.map(n => n.html)]))")

    assert violations == []


@pytest.mark.parametrize("page_name", ["latest.html", "index.html", "2024.html", "search.html"])
def test_axe_finds_no_violation_in_an_archive_of_sixty_weeks(
    browser: Browser, long_site: Path, package: Callable[[str], Path], page_name: str
) -> None:
    page = browser.new_page(viewport={"width": PHONE, "height": 900})
    with served(long_site) as address:
        page.goto(f"{address}ko/{page_name}")
        page.evaluate(package("axe-core/axe.min.js").read_text(encoding="utf-8"))
        violations = page.evaluate(
            "axe.run().then(found => found.violations.map(v => [v.id, v.nodes.map(n => n.html)]))"
        )
        wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()

    assert violations == []
    assert wide <= PHONE


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_a_phone(open_page: Callable[..., Page], path: str) -> None:
    page = open_page(path, PHONE)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


@pytest.mark.parametrize("run", ["sample", REAL, WHOLE])
def test_a_page_is_small(site: Path, run: str) -> None:
    for name in ("index.html", "digest.html"):
        assert (site / run / "ko" / name).stat().st_size < HUNDRED_KILOBYTES


def test_a_page_is_complete_without_scripts(open_page: Callable[..., Page]) -> None:
    page = open_page("sample/ko/digest.html", java_script_enabled=False)

    expect(page.locator("article")).to_have_count(10)
    expect(page.locator(".translation").first).to_be_visible()
    original = page.locator(".text .beside").first
    expect(original).to_be_hidden()
    page.locator(".shows + label").first.click()
    expect(original).to_be_visible()


def test_the_original_stands_beside_the_translation_on_a_wide_screen(open_page: Callable[..., Page]) -> None:
    page = open_page("sample/ko/digest.html")
    expect(page.locator(".beside").first).to_be_hidden()

    page.check("#beside")

    row = page.locator(".row").nth(1)
    ours, theirs = row.locator(".cell").bounding_box(), row.locator(".beside").bounding_box()
    assert ours is not None
    assert theirs is not None
    assert theirs["x"] >= ours["x"] + ours["width"]
    assert theirs["y"] == ours["y"]


def test_side_by_side_is_remembered(open_page: Callable[..., Page]) -> None:
    page = open_page(f"{WHOLE}/ko/index.html")
    page.check("#beside")

    page.locator("a[rel=next]").click()

    expect(page.locator("h1")).to_have_text("2025년 36주 차")
    expect(page.locator("#beside")).to_be_checked()


def test_a_paper_is_shared_with_its_title_its_line_and_an_address_of_its_own(browser: Browser, address: str) -> None:
    context = browser.new_context()
    context.add_init_script("navigator.share = async shared => { window.shared = shared; }")
    page = context.new_page()
    page.goto(f"{address}{WHOLE}/ko/index.html")

    page.locator("article:has(.summary) .share").first.click()

    paper = page.locator("article:has(.summary)").first
    assert page.evaluate("window.shared") == {
        "title": paper.locator("h2").text_content(),
        "text": paper.locator(".summary .cell p:not(.label)").text_content(),
        "url": f"{address}{WHOLE}/ko/{paper.get_attribute('id')}.html",
    }
    context.close()


@pytest.mark.parametrize("name", ["index.html", "digest.html", "2508.18265.html"])
def test_a_link_to_a_sentence_shows_it_without_a_script(open_page: Callable[..., Page], name: str) -> None:
    page = open_page(f"{WHOLE}/ko/{name}", PHONE, java_script_enabled=False, has_touch=True, is_mobile=True)
    sentence = page.locator('[id="2508.18265-2"]')
    link = sentence.locator("a.to")
    box = link.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24

    link.click()

    assert page.url.endswith(f"/{name}#2508.18265-2")
    expect(sentence).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")
    expect(sentence).to_be_in_viewport()


@pytest.mark.parametrize("what", ["BibTeX", "Markdown"])
def test_a_reference_is_copied_at_a_key(browser: Browser, address: str, what: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{address}{WHOLE}/ko/2508.18265.html")
    cited = page.locator("details.cite", has=page.get_by_text(what, exact=True))

    cited.locator("summary").click()
    cited.get_by_role("button", name="복사").click()

    expect(cited.get_by_role("button")).to_have_text("복사했습니다")
    assert page.evaluate("navigator.clipboard.readText()") == cited.locator("pre").text_content()
    context.close()


def test_a_keyword_leads_to_a_search_for_it(open_page: Callable[..., Page]) -> None:
    page = open_page(f"{WHOLE}/ko/index.html")
    keyword = page.locator(".keywords a").first.text_content()

    page.locator(".keywords a").first.click()

    expect(page.locator("#query")).to_have_value(keyword or "")


def test_on_a_phone_each_sentence_s_english_stands_beneath_it(open_page: Callable[..., Page]) -> None:
    page = open_page("sample/ko/digest.html", PHONE)

    page.check("#beside")

    row = page.locator(".row").nth(1)
    ours, theirs = row.locator(".cell").bounding_box(), row.locator(".beside").bounding_box()
    assert ours is not None
    assert theirs is not None
    assert theirs["y"] >= ours["y"] + ours["height"]
    assert abs(theirs["x"] - ours["x"]) < 20


def test_a_paper_without_a_translation_looks_like_it(open_page: Callable[..., Page]) -> None:
    page = open_page(f"{REAL}/ko/digest.html")

    expect(page.locator(".missing")).to_have_count(3)
    expect(page.locator("article:has(.missing) .english[lang=en]").first).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_each_summary_is_in_the_list_of_a_phone_and_above_its_abstract(
    open_page: Callable[..., Page], site: Path, width: int
) -> None:
    papers = json.loads((site / WHOLE / "ko" / "digest.json").read_bytes())["papers"]
    summaries = sum("summary" in paper["translation"] for paper in papers)

    page = open_page(f"{WHOLE}/ko/digest.html", width)

    assert 5 <= summaries < 10
    expect(page.locator("article .summary")).to_have_count(summaries)
    expect(page.locator("#contents .line:visible")).to_have_count(summaries if width == PHONE else 0)
    first = page.locator("article:has(.summary)").first
    summary, abstract = first.locator(".summary").bounding_box(), first.locator(".translation").bounding_box()
    assert summary is not None
    assert abstract is not None
    assert summary["y"] + summary["height"] <= abstract["y"]


def test_a_marked_sentence_is_seen_without_colours(
    open_page: Callable[..., Page],
) -> None:
    page = open_page(f"{WHOLE}/ko/digest.html", forced_colors="active")
    mark, english = page.locator("mark").first, page.locator(".remark [lang=en]").first

    assert mark.evaluate("node => getComputedStyle(node).textDecorationLine") == "underline"
    expect(page.get_by_role("note").first).to_contain_text("원문을 그대로 두었습니다")
    expect(english).to_be_visible()


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("확산 모델", "디노이징 확산 확률 모델"),
        ("확산모델", "디노이징 확산 확률 모델"),
        ("어텐션", "필요한 것은 어텐션뿐"),
        ("Attention Is All", "필요한 것은 어텐션뿐"),
        ("Vaswani", "필요한 것은 어텐션뿐"),
        ("hallucinate", "Why Language Models Hallucinate"),
        ("hallucinte", "Why Language Models Hallucinate"),
    ],
)
def test_search_finds_papers_in_both_languages(open_page: Callable[..., Page], query: str, title: str) -> None:
    page = open_page("ko/search.html")

    page.fill("#query", query)

    found = page.locator("#found li > a", has_text=title).first
    expect(found).to_be_visible()
    found.click()
    expect(page.locator("article:target h2")).to_contain_text(title)


def test_a_search_can_be_kept_as_a_link(open_page: Callable[..., Page]) -> None:
    page = open_page("ko/search.html?q=어텐션")

    expect(page.locator("#query")).to_have_value("어텐션")
    expect(page.locator("#found li").first).to_be_visible()


def test_a_term_of_the_glossary_leads_to_the_papers_that_hold_it(open_page: Callable[..., Page]) -> None:
    page = open_page("ko/latest.html")

    page.get_by_role("link", name="용어집").click()
    page.get_by_role("link", name="diffusion model 확산 모델", exact=True).click()

    expect(page.locator("#query")).to_have_value("확산 모델")
    expect(page.locator("#found li").first).to_be_visible()


def test_search_says_when_it_finds_nothing(open_page: Callable[..., Page]) -> None:
    page = open_page("ko/search.html")

    page.fill("#query", "zzzzzz")

    expect(page.locator("#status")).to_have_text("찾는 말이 들어 있는 논문이 없습니다.")


def test_search_without_scripts_leads_to_the_index(open_page: Callable[..., Page]) -> None:
    page = open_page("ko/search.html", java_script_enabled=False)

    page.locator("noscript a").click()

    expect(page.locator(".issue")).to_have_count(4)


def test_readers_walk_from_the_front_door_to_the_newest_week_and_on_to_the_one_before(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("index.html")

    expect(page).to_have_url(re.compile("/ko/latest.html$"))
    page.locator(".contents a").first.click()
    expect(page.locator("h1")).to_have_text("2025년 37주 차")
    expect(page.locator("article:target h2")).to_be_visible()
    page.locator("a[rel=prev]").click()
    expect(page.locator("h1")).to_have_text("2025년 36주 차")
    page.locator("a.brand").click()

    expect(page.locator("h1")).to_have_text("2025년 37주 차")


@pytest.mark.parametrize("path", [path for path in PAGES if ATTACKED not in path])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_screenshots_are_kept(open_page: Callable[..., Page], path: str, theme: str, width: int) -> None:
    page = open_page(path, width, color_scheme=theme)
    file = SCREENSHOTS / f"{path.replace('/', '-').removesuffix('.html')}-{width}-{theme}.png"

    page.screenshot(path=file, full_page=True)

    assert file.stat().st_size > 10_000
