"""What older versions have written is read, and written again, to the byte; `tests/fixtures/make.py` says how it came.

Each file of `tests/fixtures/<version>/records` is named after what it is: `result-failed-network.json` is a result.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shared.digest.archive_entries import Archive
from shared.digest.model import Digest
from shared.digest.search import Shard
from shared.ledger.records import Announced, Dispatched, Manifest, Memory, Requested, decode, decode_result, encode
from shared.services import messages
from shared.services.events import (
    AgainRequest,
    Answer,
    PublishRequest,
    ReadRequest,
    Request,
    RunRequest,
    SendRequest,
    parse_event,
    parse_request,
)

FIXTURES = Path(__file__).parent.parent / "fixtures"
RECORDS = sorted(path for path in FIXTURES.glob("v*/records/*.json") if not path.stem.startswith(("event-", "answer-")))
ANSWERS = sorted(FIXTURES.glob("v*/records/answer-*.json"))


def stored(kind: type) -> Callable[[bytes], bytes]:
    """Read an object of the bucket, and write it."""
    return lambda body: encode(decode(body, kind, "key.json"))


def papers_queue(body: bytes) -> bytes:
    return messages.encode(messages.decode_paper(body.decode())).encode()


def digests_queue(body: bytes) -> bytes:
    [message] = messages.decode_digest(body.decode())
    return messages.encode(message).encode()


READ_AND_WRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "announced": stored(Announced),
    "archive": stored(Archive),
    "digest": stored(Digest),
    "dispatched": stored(Dispatched),
    "manifest": stored(Manifest),
    "memory": stored(Memory),
    "message-digest": digests_queue,
    "message-paper": papers_queue,
    "requested": stored(Requested),
    "result": lambda body: encode(decode_result(body, "key.json")),
    "search": stored(Shard),
}
"""How a file is read and written, by the longest beginning of its name that stands here."""


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_what_an_older_version_wrote_is_read_and_written_to_the_byte(path: Path) -> None:
    body = path.read_bytes()
    kind = max((kind for kind in READ_AND_WRITTEN if path.stem.startswith(kind)), key=len)

    assert READ_AND_WRITTEN[kind](body) == body


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_a_command_understands_whatever_a_function_of_an_older_version_answers(path: Path) -> None:
    """An answer is never kept, so a newer one may say more."""
    body = path.read_bytes()

    read = asdict(msgspec.json.decode(body, type=Answer))

    assert says(json.loads(msgspec.json.encode(read)), json.loads(body))


def says(newer: Any, older: Any) -> bool:
    """Whether `newer` has everything that `older` has, with the same value."""
    if isinstance(older, dict):
        return all(name in newer and says(newer[name], value) for name, value in older.items())
    if isinstance(older, list):
        return len(newer) == len(older) and all(map(says, newer, older))
    return bool(newer == older)


@pytest.mark.parametrize("version", sorted(FIXTURES.glob("v*")), ids=lambda path: path.name)
def test_every_kind_of_record_is_among_the_fixtures(version: Path) -> None:
    stems = [path.stem for path in RECORDS if path.parent.parent == version]

    assert [kind for kind in READ_AND_WRITTEN if not any(stem.startswith(kind) for stem in stems)] == []


@pytest.mark.parametrize(
    ("name", "request_"),
    [
        ("run", RunRequest("2025-W37", ("ko",), 5, "https://huggingface.co")),
        ("again", AgainRequest(("2509.00001",), "2025-W37")),
        ("redrive", SendRequest(("2509.00002",), "2025-W37", ("ko",))),
        ("publish", PublishRequest("2025-W37", ("ko",))),
        ("read", ReadRequest("2025-W37", 5)),
        ("refused", RunRequest("2025-W37", top=9)),
    ],
)
def test_what_a_person_asked_for_with_the_first_version_is_understood(name: str, request_: Request) -> None:
    body = (FIXTURES / "v0.1" / "records" / f"event-{name}.json").read_bytes()

    time, content = parse_event(json.loads(body))

    assert time == datetime(2025, 9, 15, 1, 0, 3, 141593, UTC)
    assert content is not None
    assert parse_request(content) == request_
