from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from shared.digest.model import Digest, Failed, Links, Pending, Translated, build
from shared.doubts import Doubt, Kept
from shared.languages.table import find_language
from shared.ledger.records import decode, encode
from shared.papers import Paper
from tests.fakes.results import translation
from tests.unit.digest.digests import ADAPTER, LATER, MONDAY, SAPO, digest_of, failed, manifest_of, translated


def test_a_digest_is_complete_only_when_every_paper_is_translated() -> None:
    both = [translated(SAPO, "공유합니다."), translated(ADAPTER, "작습니다.")]

    assert digest_of([SAPO, ADAPTER], both).state == "complete"
    assert digest_of([SAPO, ADAPTER], both[:1]).state == "partial"
    assert digest_of([SAPO, ADAPTER], [both[0], failed(ADAPTER)]).state == "partial"


def test_a_healed_digest_that_lacks_papers_which_its_file_tells_of_is_not_complete() -> None:
    manifest = replace(manifest_of([SAPO]), run="2025-W37-healed-0123abcd", top=2)
    results = {SAPO.id: replace(translated(SAPO, "공유합니다."), run=manifest.run)}

    assert build(manifest, find_language("ko"), results).state == "partial"
    assert build(replace(manifest, top=1), find_language("ko"), results).state == "complete"
    assert build(replace(manifest, run="2025-W37"), find_language("ko"), results).state == "complete"


def test_each_paper_says_how_its_translation_stands() -> None:
    papers = [SAPO, ADAPTER, Paper("2509.00001", "Third", "Text.")]

    digest = digest_of(papers, [translated(SAPO, "공유합니다.", title="함께"), failed(ADAPTER, attempts=10)])

    assert [paper.translation for paper in digest.papers] == [
        Translated("공유합니다.", "amazon-translate", "함께"),
        Failed("NetworkError", "no answer", 10),
        Pending(),
    ]
    assert [paper.rank for paper in digest.papers] == [1, 2, 3]
    assert digest.translated == 1
    assert digest.engines == ("amazon-translate",)


def test_json_of_a_missing_translation_has_no_place_for_a_text() -> None:
    papers = [SAPO, ADAPTER]

    content = msgspec.json.decode(encode(digest_of(papers, [failed(SAPO)])))

    assert [paper["translation"] for paper in content["papers"]] == [
        {"status": "failed", "code": "NetworkError", "cause": "no answer", "attempts": 3},
        {"status": "pending"},
    ]


def test_json_reads_back_as_the_same_digest_and_names_its_schema_first() -> None:
    digest = digest_of([SAPO, ADAPTER], [translated(SAPO, "공유합니다."), failed(ADAPTER)])

    body = encode(digest)

    assert body.startswith(b'{\n "schema": "chorok-digest/1",\n "run": "2025-W37",')
    assert decode(body, Digest, "digest.json") == digest


def test_it_is_updated_when_its_latest_result_came_whatever_the_form_of_the_times() -> None:
    earlier = translated(SAPO, "공유합니다.", time=datetime(2025, 9, 15, 10, 7, 29, tzinfo=ZoneInfo("Asia/Seoul")))
    results = [earlier, translated(ADAPTER, "작습니다.", time=LATER)]

    assert digest_of([SAPO, ADAPTER], results).updated == LATER.isoformat()
    assert digest_of([SAPO, ADAPTER]).updated == MONDAY.isoformat()


def test_results_of_other_papers_and_their_order_change_nothing() -> None:
    results = [translated(SAPO, "공유합니다."), failed(ADAPTER)]
    stray = translated(Paper("2509.99999", "", ""), "남의 글입니다.", time=datetime(2026, 1, 1, tzinfo=UTC))

    assert digest_of([SAPO, ADAPTER], results) == digest_of([SAPO, ADAPTER], [stray, *reversed(results)])


def test_only_safe_addresses_of_strangers_become_links() -> None:
    hostile = Paper("2509.00002", "T", "A", code="javascript:alert(1)", project="https://me@evil.example/")

    links = digest_of([hostile]).papers[0].links

    assert links == Links(
        "https://huggingface.co/papers/2509.00002",
        "https://arxiv.org/abs/2509.00002",
        "https://arxiv.org/pdf/2509.00002",
    )
    assert digest_of([SAPO]).papers[0].links.code == "https://github.com/example/sapo"


def test_a_digest_with_an_unsafe_link_cannot_be_read() -> None:
    body = encode(digest_of([SAPO])).replace(b"https://github.com/example/sapo", b"javascript:alert(1)")

    with pytest.raises(Exception, match="not a safe link"):
        decode(body, Digest, "digest.json")


@pytest.mark.parametrize(
    ("address", "is_kept"),
    [
        ("https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2509.00001.png", True),
        ("https://huggingface.co/front/thumbnails/papers.png", True),
        ("https://tracker.example/2509.00001.png", False),
        ("https://cdn-thumbnails.huggingface.co.example/1.png", False),
        ("https://huggingface.co@tracker.example/1.png", False),
        ("http://huggingface.co/1.png", False),
        ('https://huggingface.co/"><script>', False),
    ],
)
def test_a_card_is_hugging_face_s_or_none(address: str, is_kept: bool) -> None:
    (paper,) = digest_of([replace(SAPO, thumbnail=address)]).papers

    assert paper.thumbnail == (address if is_kept else "")
    assert (b'"thumbnail"' in encode(digest_of([replace(SAPO, thumbnail=address)]))) is is_kept


def test_the_sample_is_known_by_its_run() -> None:
    sample = manifest_of([SAPO], run="sample", period="")

    assert build(sample, find_language("ko"), {}).is_sample
    assert not digest_of([SAPO]).is_sample


def test_marks_of_sentences_are_data_and_absent_where_nothing_is_marked() -> None:
    marked = replace(
        translation(translated(SAPO, "공유합니다.\nWe share.")),
        doubts=(Doubt(0, "number", "7 is missing", ""),),
        kept=(Kept(1, "loop", "x"),),
    )

    body = encode(digest_of([SAPO, ADAPTER], [marked, translated(ADAPTER, "어댑터입니다.")]))

    first, second = (paper["translation"] for paper in msgspec.json.decode(body)["papers"])
    assert first["doubts"] == [{"sentence": 0, "rule": "number", "evidence": "7 is missing", "original": ""}]
    assert first["kept"] == [{"sentence": 1, "rule": "loop", "evidence": "x"}]
    assert {"doubts", "kept"}.isdisjoint(second)
    assert decode(body, Digest, "digest.json") == digest_of(
        [SAPO, ADAPTER], [marked, translated(ADAPTER, "어댑터입니다.")]
    )
