"""The page of one paper: what people, search engines and reference managers find on it."""

import json
from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from shared.digest.formats import renderings
from shared.digest.view import view
from tests.unit.digest.digests import ADAPTER, SAPO, digest_of, failed, files_of, translated

TOLD = replace(
    SAPO,
    title="A & B: 50% {more}",
    authors=("Ada Lovelace", "O_Neil"),
    published="2025-09-10T01:02:03.000Z",
    thumbnail=f"https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/{SAPO.id}.png",
)


def page_of(run: str = "2025-W37", paper: str = SAPO.id) -> LexborHTMLParser:
    results = [translated(TOLD, "공유합니다.\n둘째입니다.", title="함께 <배우기>"), failed(ADAPTER)]
    return LexborHTMLParser(files_of(digest_of([TOLD, ADAPTER], results, run=run))[f"{paper}.html"].decode())


def meta(page: LexborHTMLParser, name: str) -> list[str | None]:
    return [node.attributes["content"] for node in page.css(f'[name="{name}"], [property="{name}"]')]


def test_a_reference_manager_finds_the_paper_and_not_its_translation() -> None:
    page = page_of()

    assert meta(page, "citation_title") == ["A & B: 50% more"]
    assert meta(page, "citation_author") == ["Ada Lovelace", "O_Neil"]
    assert meta(page, "citation_publication_date") == ["2025/09/10"]
    assert meta(page, "citation_pdf_url") == [f"https://arxiv.org/pdf/{SAPO.id}"]
    assert [node.text() for node in page.css("pre")] == [
        f"@misc{{arxiv:{SAPO.id},\n  title = {{{{A \\& B: 50\\% more}}}},\n  author = {{Ada Lovelace and O\\_Neil}},\n"
        f"  year = {{2025}},\n  eprint = {{{SAPO.id}}},\n  archivePrefix = {{arXiv}},\n"
        f"  url = {{https://arxiv.org/abs/{SAPO.id}}}\n}}",
        f"[함께 \\<배우기\\>](https://arxiv.org/abs/{SAPO.id})",
    ]


def test_a_search_engine_is_told_what_the_paper_is() -> None:
    [block] = page_of().css("script[type]")

    said = json.loads(block.text())

    assert (said["headline"], said["alternativeHeadline"]) == ("함께 <배우기>", "A & B: 50% more")
    assert (said["datePublished"], said["inLanguage"]) == ("2025-09-10", "ko")
    assert said["abstract"] == "공유합니다. 둘째입니다."


def test_whoever_shows_a_link_to_it_finds_the_paper_s_own_card() -> None:
    page = page_of()

    assert meta(page, "og:image") == [TOLD.thumbnail]
    assert page.css("img") == []
    assert meta(page_of(paper=ADAPTER.id), "og:image") == [], "one without a card has none"


def test_it_leads_back_to_its_week() -> None:
    links = [node.attributes["href"] for node in page_of().css("nav a")]

    assert f"index.html#{SAPO.id}" in links


SITE = "https://digests.example.org/digests/"


@pytest.mark.parametrize(
    ("run", "site", "weeks", "canonical"),
    [
        ("2025-W37", SITE, {}, [f"{SITE}2025-W37/ko/{SAPO.id}.html"]),
        ("2025-W37", "", {}, []),
        ("2025-09-12", SITE, {}, []),
        ("2025-09-12", SITE, {SAPO.id: "2025-W37"}, [f"{SITE}2025-W37/ko/{SAPO.id}.html"]),
        ("2025-09", SITE, {ADAPTER.id: "2025-W37"}, []),
        ("sample", SITE, {}, []),
    ],
)
def test_a_week_s_page_of_a_paper_is_the_one_to_find(
    run: str, site: str, weeks: dict[str, str], canonical: list[str]
) -> None:
    body = renderings(view(digest_of([TOLD], run=run)), site, weeks)[f"{SAPO.id}.html"].body

    found = LexborHTMLParser(body.decode()).css("link[rel=canonical]")

    assert [node.attributes["href"] for node in found] == canonical


def test_a_paper_without_a_translation_has_a_page_that_says_why() -> None:
    page = page_of(paper=ADAPTER.id)

    assert page.css_first(".missing") is not None
    assert json.loads(page.css("script[type]")[0].text())["inLanguage"] == "en"
