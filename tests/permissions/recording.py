"""The calls that are written down, and the embedded cloud's gateway that does so.

`python -m tests.permissions.recording` stands in for `infra.embedded.gateway`.
"""

import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import msgspec

from infra.embedded import gateway
from infra.loopback.signature import Lock
from tests.asked import Asked, asked, json_of

LOG = "PERMISSIONS_LOG"
"""The environment variable that names the file for the calls."""


class Call(msgspec.Struct, frozen=True):
    """A call of an API: by which function, of which service and operation, on what, and whether that was found.

    `on` is the last part of an ARN: `bucket/key`, or a queue's, a topic's, a parameter's or a model's own name.
    """

    who: str
    service: str
    operation: str
    on: str
    found: bool = True


def write(call: Call, log: Path) -> None:
    """Add a call to the file: several processes may."""
    with log.open("ab", buffering=0) as file:
        file.write(msgspec.json.encode(call) + b"\n")


def read(log: Path) -> list[Call]:
    """The calls in the file, in their order."""
    return [msgspec.json.decode(line, type=Call) for line in log.read_bytes().splitlines()]


def recording(application: gateway.Application) -> gateway.Application:
    """`application`, whose requests are written down with what became of them."""
    log = Path(os.environ[LOG])

    async def recorded(
        scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        body = b""

        async def received() -> Any:
            nonlocal body
            message = await receive()
            body += message.get("body", b"")
            return message

        async def answered(message: Any) -> None:
            if message["type"] == "http.response.start":
                write(_call(asked(scope, body), body, found=message["status"] != 404), log)
            await send(message)

        await application(scope, received, answered)

    return recorded


def _call(request: Asked, body: bytes, *, found: bool) -> Call:
    if request.service == "s3":
        on = request.bucket if request.operation == "ListObjectsV2" else f"{request.bucket}/{request.key}"
    else:
        said = json_of(body)
        [topic] = parse_qs(body.decode("latin-1")).get("TopicArn", [""])
        on = re.split("[/:]", str(said.get("QueueUrl") or topic))[-1] or str(said.get("Name", "")).removeprefix("/")
    return Call(request.who, request.service, request.operation, on, found)


gateway_locked = gateway.locked


def _locked(application: gateway.Application, lock: Lock) -> gateway.Application:
    return gateway_locked(recording(application), lock)


if __name__ == "__main__":
    gateway.locked = _locked
    gateway.main()
