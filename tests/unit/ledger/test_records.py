"""What the ledger's objects say, and what they can never say."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from shared.doubts import Doubt, Kept
from shared.errors import LedgerError
from shared.failures import Failure, FailureClass
from shared.ledger.records import (
    AcceptedEdition,
    FailedResult,
    Manifest,
    Memory,
    PaperMemory,
    Result,
    TranslatedResult,
    decode,
    decode_result,
    encode,
)
from tests.fakes.texts import PAPERS

MOMENT = datetime(2025, 9, 15, 1, tzinfo=UTC)
FAILURE = Failure(FailureClass.PERMANENT, "RefusedByGate", "the judge refused it")
TRANSLATED = TranslatedResult("2025-W37", "ko", "2509.00001", MOMENT, text="본문", engine="amazon-translate")
FAILED = FailedResult("2025-W37", "ko", "2509.00001", MOMENT, failure=FAILURE, attempts=3, message="message-1")
MANIFEST = Manifest("2025-W37", "2025-W37", "https://huggingface.co", "https://huggingface.co/p", 5, MOMENT, PAPERS)


MARKED = replace(
    TRANSLATED,
    doubts=(Doubt(0, "number", "7 is missing", "It has 7 legs."),),
    kept=(Kept(1, "loop", "'a' again and again"),),
    engines=("amazon-translate", "bedrock:model"),
    judge="2",
    summary="한 줄입니다.",
    accepted=True,
)
LEFT = replace(FAILED, accepted=True)
SUMMARISED = replace(
    MANIFEST,
    papers=(replace(PAPERS[0], summary="It listens.", stars=0, thumbnail="https://huggingface.co/1.png"), PAPERS[1]),
)


@pytest.mark.parametrize(
    "record",
    [
        MANIFEST,
        SUMMARISED,
        Memory("ko", "A text.", "본문", "amazon-translate"),
        Memory("ko", "A text.", "A text.", "amazon-translate", "accepted", kept=(Kept(0, "loop", "again"),)),
        PaperMemory("ko", "2509.08721", {"0" * 64: Memory("ko", "A text.", "본문", "amazon-translate")}),
        AcceptedEdition("2025-W37", "ko", MOMENT),
    ],
)
def test_a_record_is_read_back_as_it_was_written(record: object) -> None:
    assert decode(encode(record), type(record), "key.json") == record


@pytest.mark.parametrize("result", [TRANSLATED, replace(TRANSLATED, again=MOMENT, title="제목"), MARKED, FAILED, LEFT])
def test_a_result_is_read_back_as_it_was_written(result: Result) -> None:
    assert decode_result(encode(result), "key.json") == result


@pytest.mark.parametrize(
    ("result", "field", "value"),
    [
        (TRANSLATED, "failure", {"kind": "transient", "code": "Lost", "cause": "no result came"}),
        (TRANSLATED, "text", "  \n"),
        (TRANSLATED, "engine", ""),
        (TRANSLATED, "time", "2025-09-15T01:00:00"),
        (TRANSLATED, "again", "tomorrow"),
        (FAILED, "failure", None),
        (FAILED, "text", "번역 중 오류 발생"),
        (FAILED, "title", "제목"),
        (FAILED, "summary", "한 줄입니다."),
        (FAILED, "status", "pending"),
    ],
)
def test_no_result_holds_an_error_where_a_translation_belongs_nor_the_other_way(
    result: Result, field: str, value: object
) -> None:
    body = json.dumps(json.loads(encode(result)) | {field: value}).encode()

    with pytest.raises(LedgerError, match=r"The object results/key\.json is not a valid result"):
        decode_result(body, "results/key.json")


def test_no_translation_is_made_without_a_text() -> None:
    with pytest.raises(ValueError, match="a translated result has a text"):
        replace(TRANSLATED, text=" ")


def test_times_are_written_with_their_offset_whatever_the_offset_is() -> None:
    seoul = replace(MANIFEST, scheduled_time=datetime(2025, 9, 15, 10, 0, 0, 250000, ZoneInfo("Asia/Seoul")))

    assert b'"scheduled_time": "2025-09-15T10:00:00.250000+09:00"' in encode(seoul)
    assert b'"scheduled_time": "2025-09-15T01:00:00+00:00"' in encode(MANIFEST)
    assert decode(encode(seoul), Manifest, "key.json") == seoul
    assert encode(decode(encode(seoul), Manifest, "key.json")) == encode(seoul)


def test_an_older_version_reads_what_a_newer_one_wrote() -> None:
    body = encode(TRANSLATED).replace(b"{", b'{"quality": 0.9, ', 1)

    assert decode_result(body, "key.json") == TRANSLATED


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"run": 1}', b"\xff"])
def test_a_damaged_object_is_an_error_that_names_it(body: bytes) -> None:
    with pytest.raises(LedgerError, match=r"runs/x/manifest\.json"):
        decode(body, Manifest, "runs/x/manifest.json")


def test_a_person_can_read_the_ledger() -> None:
    body = encode(TRANSLATED).decode()

    assert '\n "text": "본문",\n' in body
    assert body.endswith("}\n")


def test_what_is_new_since_version_0_1_is_written_only_where_it_says_something() -> None:
    new = {"doubts", "kept", "engines", "judge", "summary", "accepted"}

    assert new.isdisjoint(json.loads(encode(TRANSLATED)))
    assert new <= json.loads(encode(MARKED)).keys()
    first, second = json.loads(encode(SUMMARISED))["papers"]
    assert (first["summary"], first["stars"]) == ("It listens.", 0)
    assert {"summary", "stars", "thumbnail"}.isdisjoint(second)
