"""What the ledger's objects say, and what they can never say."""

from dataclasses import replace
from typing import Any

import pytest

from shared.errors import LedgerError
from shared.failures import Failure, FailureClass
from shared.ledger.records import Manifest, Memory, Result, decode, encode
from tests.fakes.texts import PAPERS

MOMENT = "2025-09-15T01:00:00+00:00"
FAILURE = Failure(FailureClass.PERMANENT, "RefusedByGate", "the gate refused it")
TRANSLATED = Result("2025-W37", "ko", "2509.00001", "translated", MOMENT, text="본문", engine="amazon-translate")
FAILED = Result("2025-W37", "ko", "2509.00001", "failed", MOMENT, failure=FAILURE, attempts=3, message="message-1")
MANIFEST = Manifest("2025-W37", "2025-W37", "https://huggingface.co", "https://huggingface.co/p", 5, MOMENT, PAPERS)


@pytest.mark.parametrize("record", [TRANSLATED, FAILED, MANIFEST, Memory("ko", "A text.", "본문", "amazon-translate")])
def test_a_record_is_read_back_as_it_was_written(record: object) -> None:
    assert decode(encode(record), type(record), "key.json") == record


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "translated", "failure": FAILURE},
        {"status": "translated", "text": "  \n"},
        {"status": "translated", "engine": ""},
        {"status": "failed", "failure": None},
        {"status": "failed", "text": "번역 중 오류 발생"},
        {"status": "failed", "title": "제목"},
    ],
)
def test_no_result_holds_an_error_where_a_translation_belongs_nor_the_other_way(changed: dict[str, Any]) -> None:
    base = TRANSLATED if changed["status"] == "translated" else FAILED

    with pytest.raises(ValueError, match=r"a (translated|failed) result"):
        replace(base, **changed)


def test_such_a_result_is_not_read_either() -> None:
    body = encode(TRANSLATED).replace("본문".encode(), b"")

    with pytest.raises(LedgerError, match=r"results/key\.json is no valid Result"):
        decode(body, Result, "results/key.json")


def test_an_older_version_reads_what_a_newer_one_wrote() -> None:
    body = encode(TRANSLATED).replace(b"{", b'{"quality": 0.9, ', 1)

    assert decode(body, Result, "key.json") == TRANSLATED


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"run": 1}', b"\xff"])
def test_a_damaged_object_is_an_error_that_names_it(body: bytes) -> None:
    with pytest.raises(LedgerError, match=r"runs/x/manifest\.json"):
        decode(body, Manifest, "runs/x/manifest.json")


def test_a_person_can_read_the_ledger() -> None:
    body = encode(TRANSLATED).decode()

    assert '\n "text": "본문",\n' in body
    assert body.endswith("}\n")
