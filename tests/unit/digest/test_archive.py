import json
import re
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from selectolax.lexbor import LexborHTMLParser

from shared.digest.archive_entries import Archive, Around, Title, around, entry_of, with_entry, with_pages
from shared.digest.archive_files import archive_files
from shared.digest.feeds import feed_entries
from shared.digest.model import Digest
from shared.digest.search import Shard, list_name, search_files, shard_name, with_digest
from shared.digest.view import view
from shared.ledger.file import record_file
from shared.ledger.records import decode, encode
from tests.unit.digest.digests import ADAPTER, LATER, MONDAY, SAPO, digest_of, failed, translated
from tests.unit.digest.digests import files_of as files_of_digest

DONE = (translated(SAPO, "공유합니다.", title="함께 배우기"), translated(ADAPTER, "작습니다."))
SITE = "https://digests.example.org/digests/"


def issue(run: str, translations: int = 2) -> Digest:
    return digest_of([SAPO, ADAPTER], DONE[:translations], run=run)


def archive_of(*digests: Digest) -> Archive:
    archive = Archive(language="ko")
    for digest in digests:
        archive = with_entry(archive, entry_of(view(digest)))
    return archive


def files_of(*digests: Digest, site: str = "") -> dict[str, bytes]:
    files = archive_files(archive_of(*digests), {digest.run: view(digest) for digest in digests}, site)
    return {name: file.body for name, file in files.items()}


def test_the_archive_is_the_same_whatever_the_order_in_which_issues_came() -> None:
    digests = [issue("2025-W52"), issue("2026-W01"), issue("2025-09"), issue("sample")]

    archives = {archive_of(*order, *order[:2]) for order in permutations(digests)}

    assert len(archives) == 1
    assert [entry.run for entry in archives.pop().entries] == ["2026-W01", "2025-W52", "2025-09", "sample"]


def test_a_healed_issue_takes_the_place_of_the_partial_one() -> None:
    archive = archive_of(issue("2025-W37", 1), issue("2025-W38"), issue("2025-W37", 2))

    entry = archive.entries[1]

    assert (entry.run, entry.state, entry.translated) == ("2025-W37", "complete", 2)
    assert entry.titles == (Title("함께 배우기", "ko"), Title("VLA-Adapter", "en"))


def test_weeks_lead_to_weeks_and_months_to_months() -> None:
    archive = archive_of(*map(issue, ("2025-W35", "2025-W37", "2025-09", "2025-W36", "sample")))

    neighbours = around(archive, "2025-W36")

    assert [entry and entry.run for entry in (neighbours.previous, neighbours.next)] == ["2025-W35", "2025-W37"]
    assert around(archive, "2025-W37").next is None
    assert around(archive, "2025-09") == around(archive, "sample") == around(archive, "2025-W01") == Around()


def test_a_page_leads_to_its_neighbours_and_to_the_archive() -> None:
    digests = [issue("2025-W36"), issue("2025-W37"), issue("2025-W38")]

    body = files_of_digest(digests[1], around(archive_of(*digests), "2025-W37", ["ko", "pt"]))["index.html"]

    links = {node.attributes["href"] for node in LexborHTMLParser(body.decode()).css("a")}
    assert {"../../2025-W36/ko/index.html", "../../2025-W38/ko/index.html", "../../ko/index.html"} <= links
    assert "../pt/index.html" in links
    assert "../ko/index.html" not in links


def test_a_digest_that_an_older_version_archived_is_read_on_the_page_it_has() -> None:
    archive = archive_of(issue("2025-W36"), issue("2025-W37"), issue("2025-W38"))
    old = replace(archive, entries=tuple(replace(entry, page="digest.html") for entry in archive.entries))

    new = with_pages(old, {"2025-W37", "2025-W38"})

    assert [entry.page for entry in new.entries] == ["index.html", "index.html", "digest.html"]
    body = files_of_digest(issue("2025-W37"), around(new, "2025-W37"))["index.html"].decode()
    assert "../../2025-W36/ko/digest.html" in body
    assert "../../2025-W38/ko/index.html" in body


def test_feeds_without_a_site_hold_no_link_and_say_so() -> None:
    files = files_of(issue("2025-W37"))

    for name in ("feed", "papers"):
        feed = json.loads(files[f"{name}.json"])
        assert not {"home_page_url", "feed_url"} & feed.keys()
        assert "url" not in feed["items"][0]
        assert "<link" not in files[f"{name}.atom"].decode()
        for text in (feed["description"], files[f"{name}.atom"].decode()):
            assert "웹 주소가 정해지지 않아" in text
    assert "웹 주소" not in files_of(issue("2025-W37"), site=SITE)["feed.atom"].decode()


def test_the_page_to_keep_leads_to_no_other_file() -> None:
    page = LexborHTMLParser(files_of_digest(issue("2025-W37"))["digest.html"].decode())

    links = [node.attributes["href"] or "" for node in page.css("[href]")]
    assert [link for link in links if not link.startswith(("#", "https://", "data:"))] == []
    assert page.css("script") == []


def test_the_archive_reads_back_as_it_was_written() -> None:
    archive = archive_of(issue("2025-W37"), issue("sample"))

    assert decode(encode(archive), Archive, "archive.json") == archive


def test_the_index_lists_every_issue_with_its_state_and_top_titles() -> None:
    page = LexborHTMLParser(files_of(issue("2025-W37", 1), issue("2025-W38"), issue("sample"))["index.html"].decode())

    issues = [(node.css_first("a").attributes["href"], node.text()) for node in page.css(".issue")]  # type: ignore[union-attr]

    assert [address for address, _ in issues] == [
        f"../{run}/ko/index.html" for run in ("2025-W38", "2025-W37", "sample")
    ]
    assert "2편 중 1편 번역됨" in issues[1][1]
    assert "함께 배우기" in issues[1][1]


def test_an_issue_without_any_translation_is_in_the_index_and_in_no_feed() -> None:
    empty = digest_of([SAPO], [failed(SAPO)], run="2025-W38")

    files = files_of(empty, issue("2025-W37"), issue("sample"), site=SITE)

    assert "2025-W38" in files["index.html"].decode()
    for name in ("feed.atom", "feed.json"):
        assert "2025-W37" in files[name].decode()
        assert "2025-W38" not in files[name].decode()
        assert "sample" not in files[name].decode()


def test_a_feed_holds_the_ten_newest_issues_in_full() -> None:
    digests = [issue(f"2025-W{week}") for week in range(20, 35)]

    items = json.loads(files_of(*digests, site=SITE)["feed.json"])["items"]

    assert [item["url"] for item in items] == [f"{SITE}2025-W{week}/ko/index.html" for week in range(34, 24, -1)]
    assert all("공유합니다." in item["content_html"] and "작습니다." in item["content_html"] for item in items)


def test_a_healed_issue_keeps_its_id_and_is_newer() -> None:
    results = [translated(SAPO, "공유합니다.", time=MONDAY)]
    healed = [*results, translated(ADAPTER, "작습니다.", time=LATER)]

    before, after = (
        json.loads(files_of(digest_of([SAPO, ADAPTER], found))["feed.json"])["items"][0] for found in (results, healed)
    )

    assert before["id"] == after["id"]
    assert (before["date_modified"], after["date_modified"]) == ("2025-09-15T01:00:00Z", "2025-09-15T01:07:30Z")


def test_two_languages_of_one_week_are_two_entries() -> None:
    korean, english = (digest_of([SAPO], DONE[:1], target=code) for code in ("ko", "pt"))

    feeds = [
        archive_files(with_entry(Archive(language=shown.digest.language), entry_of(shown)), {shown.digest.run: shown})
        for shown in (view(korean), view(english))
    ]
    ids = {json.loads(files["feed.json"].body)["items"][0]["id"] for files in feeds}

    assert len(ids) == 2


def test_an_entry_belongs_to_its_deployment_and_to_its_week() -> None:
    digest = digest_of([SAPO, ADAPTER], [translated(SAPO, "공유합니다.", time=LATER + timedelta(days=90))])

    here, there = (
        [
            item
            for name in ("feed.json", "papers.json")
            for item in json.loads(files_of(digest, site=site)[name])["items"]
        ]
        for site in (SITE, "https://other.example.org/digests/")
    )

    assert {item["id"] for item in here}.isdisjoint(item["id"] for item in there)
    assert [item["date_published"] for item in here] == ["2025-09-15T00:00:00Z"] * 2
    assert {item["date_modified"] for item in here} == {"2025-12-14T01:07:30Z"}


def test_a_feed_of_papers_has_an_entry_for_each_that_is_translated() -> None:
    summarised = replace(SAPO, summary="It shares rollouts.")
    week = digest_of(
        [summarised, ADAPTER],
        [translated(SAPO, "공유합니다.", title="함께 배우기", summary="롤아웃을 나눕니다.")],
        run="2025-W37",
    )

    items = json.loads(files_of(week, issue("2025-W36", 0), issue("sample"), site=SITE)["papers.json"])["items"]

    assert [(item["title"], item["url"]) for item in items] == [
        ("함께 배우기", f"{SITE}2025-W37/ko/index.html#{SAPO.id}")
    ]
    assert items[0]["summary"] == "롤아웃을 나눕니다."
    assert "공유합니다." in items[0]["content_html"]
    assert "기계 번역" in items[0]["content_html"]


def test_a_paper_of_two_digests_is_one_entry() -> None:
    items = json.loads(files_of(issue("2025-W37"), issue("2025-W36"), site=SITE)["papers.json"])["items"]

    assert [item["url"].partition("#")[2] for item in items] == [SAPO.id, ADAPTER.id]
    assert all("/2025-W37/" in item["url"] for item in items)


def test_the_index_says_what_the_first_paper_of_an_issue_is_about() -> None:
    summary = "롤아웃을 나누며 함께 배웁니다."
    first = digest_of([SAPO, ADAPTER], [translated(SAPO, "공유합니다.", summary=summary), DONE[1]], run="2025-W38")

    page = LexborHTMLParser(files_of(first, issue("2025-W37"))["index.html"].decode())
    without = LexborHTMLParser(files_of(issue("2025-W37"))["index.html"].decode())

    assert [node.text() for node in page.css(".issue .line")] == [summary]
    assert "Hugging Face의 AI" in page.text()
    assert "Hugging Face의 AI" not in without.text()


def test_there_is_a_sitemap_only_where_the_address_is_known() -> None:
    assert "sitemap.xml" not in files_of(issue("2025-W37"))
    assert f"<loc>{SITE}2025-W37/ko/index.html</loc>" in files_of(issue("2025-W37"), site=SITE)["sitemap.xml"].decode()


def test_every_file_of_an_archive_says_what_it_is() -> None:
    files = archive_files(archive_of(issue("2025-W37")), {"2025-W37": view(issue("2025-W37"))}, SITE)

    assert {re.sub("-[0-9a-f]{12}", "", name): file.media_type for name, file in files.items()} == {
        "latest.html": "text/html; charset=utf-8",
        "index.html": "text/html; charset=utf-8",
        "search.html": "text/html; charset=utf-8",
        "glossary.html": "text/html; charset=utf-8",
        "feed.atom": "application/atom+xml",
        "feed.json": "application/json",
        "papers.atom": "application/atom+xml",
        "papers.json": "application/json",
        "query.js": "text/javascript; charset=utf-8",
        "search.js": "text/javascript; charset=utf-8",
        "synonyms.json": "application/json",
        "sitemap.xml": "application/xml",
    }


def test_only_files_whose_names_hold_their_hash_are_kept_for_long() -> None:
    files = archive_files(archive_of(issue("2025-W37")), {"2025-W37": view(issue("2025-W37"))}, SITE)

    lasting = {name for name, file in files.items() if "immutable" in file.cache}

    hashed = {name for name in files if re.search(r"[-.][0-9a-f]{8,}\.", name)}
    assert lasting == hashed != set()


def test_an_empty_archive_says_so() -> None:
    assert "아직 나온 호가 없습니다." in files_of()["index.html"].decode()


def test_a_search_file_is_the_same_whatever_the_order_and_holds_each_issue_once() -> None:
    digests = [issue("2025-W36"), issue("2025-W37", 1), issue("2025-W37")]
    orders = ([0, 1, 2], [1, 0, 2], [1, 2, 0], [1, 2, 0, 2])

    shards = set()
    for order in orders:
        shard = Shard(language="ko")
        for number in order:
            shard = with_digest(shard, view(digests[number]))
        shards.add(shard)

    assert len(shards) == 1
    shard = shards.pop()
    assert [found.run for found in shard.issues] == ["2025-W36", "2025-W37"]
    assert shard.issues[1].papers[1].text == "작습니다."
    assert decode(encode(shard), Shard, "search-2025.json") == shard


def test_a_paper_is_searched_in_both_languages_and_no_text_is_carried_twice() -> None:
    whole, partial = (
        with_digest(Shard(language="ko"), view(issue("2025-W37", count))).issues[0].papers for count in (2, 1)
    )

    assert (whole[0].title, whole[0].original_title) == ("함께 배우기", "Sharing is Caring: Training Together")
    assert (whole[0].text, whole[0].original_text) == ("공유합니다.", "We share rollouts. Gains reach 94%.")
    assert (partial[1].text, partial[1].original_text) == ("A small adapter.", "")


def test_a_list_holds_what_is_read_first_of_its_quarter() -> None:
    shard = Shard(language="ko")
    for run in ("2025-W26", "2025-W27", "2025-W37", "2025-W37-healed-0123abcd", "2025-08", "2025-W40"):
        shard = with_digest(shard, view(replace(issue(run[:8].rstrip("-")), run=run)))

    files = search_files(shard, "2025-W37")

    assert set(files) == {"search-2025.json", "list-2025-q3.json"}
    listed = decode(files["list-2025-q3.json"].body, Shard, "list-2025-q3.json")
    assert [found.run for found in listed.issues] == ["2025-08", "2025-W27", "2025-W37", "2025-W37-healed-0123abcd"]
    paper = listed.issues[2].papers[0]
    assert (paper.id, paper.title, paper.keywords) == (SAPO.id, "함께 배우기", "reinforcement learning")
    assert (paper.text, paper.original_text, paper.authors) == ("", "", "")


@pytest.mark.parametrize(
    ("period", "file"),
    [
        ("2026-W01", "list-2026-q1.json"),
        ("2020-W53", "list-2020-q4.json"),
        ("2025-W40", "list-2025-q4.json"),
        ("2025-06", "list-2025-q2.json"),
        ("2025-10-01", "list-2025-q4.json"),
        ("", "list-sample.json"),
    ],
)
def test_a_quarter_is_of_the_year_that_its_period_says(period: str, file: str) -> None:
    assert list_name(period) == file


def test_the_search_page_names_every_list_and_the_texts_of_the_last_year() -> None:
    runs = ["2024-W30", "2025-W10", "2025-W20", "2025-W52", "2026-W01", "sample"]
    page = LexborHTMLParser(files_of(*map(issue, runs))["search.html"].decode())

    named = page.css_first("#found").attributes  # type: ignore[union-attr]
    loaded = [node.attributes["href"] for node in page.css("link[rel=preload]")]

    assert loaded == ["list-2026-q1.json"], "what is read first is asked for with the scripts"
    assert (named["data-lists"] or "").split() == [
        "list-2026-q1.json:search-2026.json",
        "list-2025-q4.json:search-2025.json",
        "list-2025-q2.json:search-2025.json",
        "list-2025-q1.json:search-2025.json",
        "list-2024-q3.json:search-2024.json",
        "list-sample.json:search-sample.json",
    ]
    assert named["data-recent"] == "search-2026.json search-2025.json"
    assert [shard_name(period) for period in ("2026-W01", "2025-09-12", "")] == [
        "search-2026.json",
        "search-2025.json",
        "search-sample.json",
    ]


@pytest.mark.parametrize("count", [10, 100, 500])
def test_one_more_week_changes_a_bounded_number_of_bytes(count: int) -> None:
    """Given an archive of any length, when a week comes, then only lists grow, by the lines of that week."""
    weeks = [f"{2017 + number // 52}-W{number % 52 + 1:02}" for number in range(count + 1)]
    template = entry_of(view(issue("2025-W37")))
    entries = [type(template)(**{**template.__dict__, "run": week, "period": week}) for week in weeks]
    views = {week: view(issue(week)) for week in weeks[-11:]}

    def sizes(number: int) -> dict[str, int]:
        archive = Archive(language="ko", entries=tuple(reversed(entries[:number])))
        assert len(feed_entries(archive)) == 10
        files = archive_files(archive, views, SITE) | {"archive.json": record_file(archive)}
        return {name: len(file.body) for name, file in files.items()}

    before, after = sizes(count), sizes(count + 1)

    growth = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    bounded = {"index.html", "latest.html", "feed.atom", "feed.json"}
    assert set(growth) - bounded <= {"archive.json", "sitemap.xml", "search.html"}
    # The newest year's page is bounded, and what grows for ever does by little.
    assert sum(growth.get(name, 0) for name in ("archive.json", "sitemap.xml", "search.html")) <= 1200
    assert max(after[name] for name in bounded if name.endswith(".html")) < 100_000


def test_the_archive_is_paged_by_year_and_the_newest_week_stands_before_it() -> None:
    files = files_of(issue("2025-W37"), issue("2026-W01"), issue("2026-W02"), issue("sample"))

    def leads(name: str) -> list[str]:
        page = LexborHTMLParser(files[name].decode())
        return [node.attributes["href"] or "" for node in page.css("main a")]

    assert leads("index.html") == [
        *(f"../{run}/ko/index.html" for run in ("2026-W02", "2026-W01", "sample")),
        "2025.html",
    ]
    assert "2026.html" not in files, "the index is the newest year's page"
    assert leads("2025.html") == ["../2025-W37/ko/index.html", "index.html"]
    assert leads("latest.html") == [
        "../2026-W02/ko/index.html",
        *(f"../2026-W02/ko/index.html#{paper.id}" for paper in (SAPO, ADAPTER)),
        *("index.html", "../2026-W01/ko/index.html", "../sample/ko/index.html"),
        *("index.html", "2025.html"),
    ]


def test_a_healed_file_beside_the_weeks_own_issue_is_told_apart() -> None:
    healed = replace(issue("2025-W37"), run="2025-W37-healed-0123abcd")

    page = LexborHTMLParser(files_of(issue("2025-W37"), healed)["index.html"].decode())

    assert [node.text() for node in page.css("h3")] == ["2025년 37주 차 (번역 복구)", "2025년 37주 차"]
