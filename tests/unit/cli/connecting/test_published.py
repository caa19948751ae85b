"""Which digest a reader means, and what is said where there is none."""

import pytest

from cli.connecting.published import find, published_editions
from cli.values import ALL, LATEST
from shared.digest.formats import NAMES
from shared.editions import Edition
from shared.errors import MissingDigest, UsageError
from shared.ledger import keys
from shared.ledger.file import File
from shared.ledger.store import Store
from tests.fakes.aws import Cloud

FILE = File(b"content", "application/octet-stream")


def bucket(*issues: str) -> Store:
    """A bucket with these digests, each as run and language, beside other things."""
    store = Cloud().store
    for issue in issues:
        run, language = issue.split()
        for name in NAMES:
            store.write(keys.digest(Edition(run, language), name), FILE)
    store.write(keys.archive("ko", "index.html"), FILE)
    for planted in ("../../secret", "digest.exe", "digest.json.part"):
        store.write(f"digests/2025-W37/ko/{planted}", FILE)
    return store


@pytest.mark.parametrize(
    ("issues", "latest"),
    [
        (["2025-W09 ko", "2025-W37 ko", "2024-W52 ko"], "2025-W37"),
        (["2025-W37 ko", "2025-W38 pt"], "2025-W37"),
        (["2025-W37 ko", "2025-12 ko", "2025-12-31 ko", "sample ko"], "2025-W37"),
        (["2025-W37 ko", "2025-W37-healed-0123abcd ko"], "2025-W37"),
        (["2025-W36 ko", "2025-W37-healed-0123abcd ko"], "2025-W37-healed-0123abcd"),
        (["sample ko", "2025-12 ko"], "sample"),
    ],
)
def test_latest_is_the_newest_week_in_the_language(issues: list[str], latest: str) -> None:
    assert find(bucket(*issues), LATEST, "ko").edition.run == latest


def test_a_format_is_a_file_s_ending() -> None:
    digest = find(bucket("2025-W37 ko"), "2025-W37", "ko")

    assert digest.named("epub") == ("digest.epub",)
    assert digest.named(ALL) == NAMES


@pytest.mark.parametrize("run", ["2025-W36", LATEST, "nonsense", "../2025-W37", ""])
def test_where_there_is_no_such_digest_those_that_are_there_are_named(run: str) -> None:
    store = bucket("2025-W37 pt", "sample pt")

    with pytest.raises(MissingDigest, match=r"in ko\. There are: 2025-W37 \(pt\), sample \(pt\)\.$"):
        find(store, run, "ko")


def test_where_there_is_no_such_format_those_that_are_there_are_named() -> None:
    with pytest.raises(MissingDigest, match=r"no pdf of 2025-W37 in ko\. There are: json, txt, md, html, epub"):
        find(bucket("2025-W37 ko"), "2025-W37", "ko").named("pdf")


def test_an_archive_of_years_is_not_listed_whole() -> None:
    store = bucket(*(f"2024-W{week:02} ko" for week in range(1, 31)))

    with pytest.raises(MissingDigest, match=r"2024-W30 \(ko\), .*2024-W19 \(ko\), and 18 more\.$"):
        find(store, "2025-W37", "ko")


def test_an_empty_bucket_says_so() -> None:
    store = Cloud().store

    assert published_editions(store) == []
    with pytest.raises(MissingDigest, match=r"no digest of any week in ko\. There are: none yet"):
        find(store, LATEST, "ko")


def test_a_language_that_does_not_exist_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(UsageError, match="tlh"):
        find(bucket("2025-W37 ko"), LATEST, "tlh")
