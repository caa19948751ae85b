"""Between the port and the emulator: who has no key of this start is answered without the emulator seeing a byte."""

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import MutableMapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from infra.embedded import gateway
from infra.embedded.gateway import locked
from infra.loopback.key import AccessKey
from infra.loopback.signature import Lock
from tests.unit.loopback.signing import KEY, PORT, Signed, link, sent

STRANGER = AccessKey(KEY.id, "guessed")


class Emulator:
    """An application that notes what reaches it, and answers everything with 204."""

    def __init__(self) -> None:
        self.seen: list[tuple[MutableMapping[str, Any], bytes]] = []

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        body, more = b"", scope["type"] == "http"
        while more:
            message = await receive()
            body += message["body"]
            more = message["more_body"]
        self.seen.append((scope, body))
        await send({"type": "http.response.start", "status": 204, "headers": []})

    @property
    def headers(self) -> dict[bytes, bytes]:
        [(scope, _)] = self.seen
        return dict(scope["headers"])


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


def call(emulator: Emulator, request: Signed, pieces: Sequence[bytes] | None = None) -> tuple[int, bytes, bytes]:
    """Status, media type and body of the answer. `pieces` are what arrives of a body before its sender goes."""
    parts = [request.body] if pieces is None else pieces
    arriving = [{"type": "http.request", "body": piece, "more_body": True} for piece in parts]
    if pieces is None:
        arriving[-1]["more_body"] = False
    arriving.append({"type": "http.disconnect"})
    return answer(emulator, scope_of(request), arriving)


def scope_of(request: Signed) -> dict[str, Any]:
    return {
        "type": "http",
        "method": request.head.method.decode(),
        "raw_path": request.head.path,
        "query_string": request.head.query,
        "headers": [(name.title(), value) for name, value in request.head.headers],
    }


def answer(emulator: Emulator, scope: dict[str, Any], arriving: list[dict[str, Any]]) -> tuple[int, bytes, bytes]:
    answered: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return arriving.pop(0)

    async def send(message: MutableMapping[str, Any]) -> None:
        answered.append(message)

    asyncio.run(locked(emulator, Lock(KEY, PORT))(scope, receive, send))
    if not answered or "status" not in answered[0]:
        return 0, b"", b"".join(message["type"].encode() for message in answered)
    kind = dict(answered[0]["headers"]).get(b"content-type", b"")
    return answered[0]["status"], kind, b"".join(message.get("body", b"") for message in answered)


def test_the_emulator_sees_a_signed_request_whole(emulator: Emulator) -> None:
    request = sent("s3", lambda made: made.put_object(Bucket="ledger", Key="a b", Body=b"{}", IfNoneMatch="*"))

    status, _, _ = call(emulator, request)

    [(scope, body)] = emulator.seen
    assert (status, body, scope["raw_path"]) == (204, b"{}", b"/ledger/a%20b")
    assert emulator.headers[b"If-None-Match"] == b"*"
    assert emulator.headers[b"Host"] == b"127.0.0.1:4999"


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("s3", "get_object", {"Bucket": "ledger", "Key": "a"}),
        ("s3", "put_object", {"Bucket": "ledger", "Key": "a", "Body": b"{}"}),
        ("sqs", "send_message", {"QueueUrl": "http://localhost:1/0/q", "MessageBody": "a"}),
        ("lambda", "list_functions", {}),
        ("lambda", "create_function", {"FunctionName": "a", "Code": {"ZipFile": b"PK"}}),
        ("cloudformation", "describe_stacks", {}),
    ],
)
def test_of_a_stranger_s_request_it_sees_nothing(
    emulator: Emulator, service: str, operation: str, parameters: dict[str, Any]
) -> None:
    request = sent(service, lambda made: getattr(made, operation)(**parameters), STRANGER)

    status, kind, body = call(emulator, request)

    assert (status, emulator.seen) == (403, [])
    if service in ("s3", "cloudformation"):
        assert kind == b"application/xml"
        assert ET.fromstring(body.decode()).findtext(".//Code") == "SignatureDoesNotMatch"
    else:
        assert msgspec.json.decode(body)["__type"] == "SignatureDoesNotMatch"


@pytest.mark.parametrize("path", [b"/", b"/_ministack/ready", b"/_ministack/reset", b"/health", b"/ledger/a"])
@pytest.mark.parametrize("method", [b"GET", b"POST", b"PUT", b"HEAD", b"OPTIONS", b"DELETE"])
def test_no_path_is_open(emulator: Emulator, method: bytes, path: bytes) -> None:
    request = sent("s3", lambda made: made.list_buckets()).with_header(b"authorization")

    status, _, body = call(emulator, replace(request, head=replace(request.head, method=method, path=path, query=b"")))

    assert (status, emulator.seen) == (403, [])
    assert b"MissingAuthenticationToken" in body or method == b"HEAD"


def test_a_changed_body_does_not_arrive(emulator: Emulator) -> None:
    for request in (
        sent("s3", lambda made: made.put_object(Bucket="ledger", Key="a", Body=b"{}")),
        sent("sqs", lambda made: made.list_queues()),
    ):
        status, _, _ = call(emulator, replace(request, body=b"[]"))

        assert (status, emulator.seen) == (403, [])


def test_who_holds_a_link_can_do_no_more_with_it_than_get(emulator: Emulator) -> None:
    request = link()
    for name in (b"x-forwarded-host", b"x-http-method-override", b"cookie", b"content-type", b"forwarded"):
        request = request.with_header(name, b"example.org")

    status, _, _ = call(emulator, request.with_header(b"range", b"bytes=0-9"))

    assert status == 204
    assert emulator.headers.keys() == {b"Host", b"User-Agent", b"Range"}


def test_a_stranger_cannot_fill_the_memory(emulator: Emulator) -> None:
    by_stranger = sent("sqs", lambda made: made.list_queues(), STRANGER)
    to_s3 = sent("s3", lambda made: made.put_object(Bucket="ledger", Key="a", Body=b"{}"), STRANGER)

    too_large = call(emulator, by_stranger, [b"x" * 1024 * 1024] * 9)
    unread = call(emulator, to_s3, [])

    assert (too_large[0], unread[0], emulator.seen) == (403, 403, [])
    assert b"larger than 8388608 bytes" in too_large[2]


def test_a_stranger_who_never_finishes_is_answered_all_the_same(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "_DISCARD_SECONDS", 0)
    request = sent("s3", lambda made: made.put_object(Bucket="ledger", Key="a", Body=b"{}"), STRANGER)
    answered: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError("nothing ever comes")

    async def send(message: MutableMapping[str, Any]) -> None:
        answered.append(message)

    asyncio.run(locked(emulator, Lock(KEY, PORT))(scope_of(request), receive, send))

    assert answered[0]["status"] == 403
    assert emulator.seen == []


def test_a_sender_who_goes_away_is_not_answered(emulator: Emulator) -> None:
    request = sent("s3", lambda made: made.put_object(Bucket="ledger", Key="a", Body=b"{}"))

    assert call(emulator, request, [b"{"]) == (0, b"", b"")
    assert emulator.seen == []


def test_web_sockets_are_closed_and_the_server_s_own_events_pass(emulator: Emulator) -> None:
    headers = [(b"Host", f"127.0.0.1:{PORT}".encode())]

    closed = answer(emulator, {"type": "websocket", "headers": headers}, [])
    assert (closed[2], emulator.seen) == (b"websocket.close", [])

    answer(emulator, {"type": "lifespan"}, [])
    assert [scope["type"] for scope, _ in emulator.seen] == ["lifespan"]
