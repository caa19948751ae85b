"""The emulator's own process: `python -m infra.embedded.gateway` serves it to whoever has the key of this start.

The emulator asks nobody who they are and runs the code that it is given, so this lock stands between it and every other
user of the machine (see `infra.loopback.signature`). What it sees of a request is what the signature covers, and a few
headers that change neither what is done nor where.

The key comes as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, from where the emulator hands it on to its functions. The
port is bound here, before the emulator is even loaded, and told in one line of JSON on standard output once it answers.
"""

import asyncio
import logging
import os
import resource
import socket
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from contextlib import suppress
from typing import Any
from xml.sax.saxutils import escape

import msgspec
from hypercorn.asyncio import serve
from hypercorn.config import Config

from infra.embedded.process import DISK_ERRORS
from infra.loopback import HOST
from infra.loopback.key import AccessKey
from infra.loopback.signature import Admission, Head, Lock, Refusal

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
Application = Callable[[_Message, _Receive, _Send], Coroutine[Any, Any, None]]
"""An application as https://asgi.readthedocs.io/en/latest/specs/main.html has it."""

_LARGEST_BODY_BYTES = 64 * 1024 * 1024
"""Room for the functions' asset, which Lambda takes up to 50 MB of."""
_LARGEST_UNPROVEN_BODY_BYTES = 8 * 1024 * 1024
"""Whoever sends a body that itself has to prove the signature may be a stranger. Lambda's largest event is 6 MB."""
_DISCARD_SECONDS = 5
"""How long a stranger may take to send what nobody reads."""
_HARMLESS = frozenset(
    {
        b"accept",
        b"accept-encoding",
        b"content-length",
        b"if-match",
        b"if-modified-since",
        b"if-none-match",
        b"if-unmodified-since",
        b"range",
        b"user-agent",
    }
)
"""Headers that the emulator may see unsigned; Authorization is what signs the others."""
_BACKLOG = 128
_KEEP_ALIVE_SECONDS = 75


def locked(application: Application, lock: Lock) -> Application:
    """`application` for requests that `lock` admits; the others get an error as AWS words it, with status 403."""

    async def guarded(scope: _Message, receive: _Receive, send: _Send) -> None:
        if scope["type"] == "lifespan":
            await application(scope, receive, send)
        elif scope["type"] == "http":
            head = _head(scope)
            try:
                admission = lock.admit(head)
            except Refusal as refusal:
                with suppress(TimeoutError):
                    async with asyncio.timeout(_DISCARD_SECONDS):
                        await _discard(receive)
                await _refuse(head, refusal, send)
                return
            try:
                body = await _read(receive, admission)
                if body is None:
                    return
                admission.check_body(body)
            except Refusal as refusal:
                await _refuse(head, refusal, send)
            else:
                await application({**scope, "headers": _kept(scope, admission)}, _replayed(body, receive), send)
        else:
            await send({"type": "websocket.close"})

    return guarded


def _head(scope: _Message) -> Head:
    headers = tuple((bytes(name).lower(), bytes(value)) for name, value in scope["headers"])
    return Head(scope["method"].encode(), scope["raw_path"], scope["query_string"], headers)


async def _read(receive: _Receive, admission: Admission) -> bytes | None:
    """The body, or None where the sender went away. Raises Refusal where it is larger than anybody's need."""
    most = _LARGEST_BODY_BYTES if admission.proven else _LARGEST_UNPROVEN_BODY_BYTES
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > most:
            raise Refusal("EntityTooLarge", f"The body is larger than {most} bytes.")
        if not message.get("more_body", False):
            return bytes(body)


async def _discard(receive: _Receive) -> None:
    """Read the body to its end: a sender whose connection is closed meanwhile does not get to see the answer."""
    left, more = _LARGEST_UNPROVEN_BODY_BYTES, True
    while more and left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        more = message.get("more_body", False)


def _kept(scope: _Message, admission: Admission) -> list[tuple[bytes, bytes]]:
    kept = admission.headers | _HARMLESS | {b"authorization"}
    return [(name, value) for name, value in scope["headers"] if bytes(name).lower() in kept]


def _replayed(body: bytes, receive: _Receive) -> _Receive:
    """`receive` for an application that has yet to read the body."""
    waiting = [body]

    async def replay() -> _Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replay


async def _refuse(head: Head, refusal: Refusal, send: _Send) -> None:
    kind, body = _error(head, refusal)
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"x-amzn-errortype", refusal.code.encode()),
        # There may be more of the body, which would be taken for the next request.
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head.method == b"HEAD" else body})


def _error(head: Head, refusal: Refusal) -> tuple[bytes, bytes]:
    """The error in the words of the protocol that was spoken, as far as that can be seen: its media type and body."""
    spoken = b"".join(head.values(b"content-type"))
    authorization = b"".join(head.values(b"authorization"))
    code, message = escape(refusal.code), escape(str(refusal))
    if b"form-urlencoded" in spoken:
        error = f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    elif b"json" in spoken or (authorization and b"/s3/" not in authorization):
        return b"application/json", msgspec.json.encode({"__type": refusal.code, "message": str(refusal)})
    else:
        error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return b"application/xml", f'<?xml version="1.0" encoding="UTF-8"?>{error}'.encode()


def _reporting(application: Application, report: Callable[[], None]) -> Application:
    """`application`, which calls `report` once it has started."""

    async def reporting(scope: _Message, receive: _Receive, send: _Send) -> None:
        async def told(message: _Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                report()
            await send(message)

        await application(scope, receive, told if scope["type"] == "lifespan" else send)

    return reporting


class _EndWhereNothingIsKept(logging.Handler):
    """Ends this process at once, with the number of the error as its status, where a file cannot be written.

    The emulator itself only logs that, answers as if all were well, and forgets the object when it ends. So nobody gets
    an answer, and who asked knows that nothing was done.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Look for an error of the disk in what is logged."""
        for argument in record.args if isinstance(record.args, tuple) else ():
            if isinstance(argument, OSError) and argument.errno in DISK_ERRORS:
                os._exit(argument.errno)


def main() -> None:
    """Serve the emulator until SIGTERM, at which it saves its state."""
    # Whatever the emulator prints belongs into its log.
    output = os.dup(1)
    os.dup2(2, 1)
    listener = socket.create_server((HOST, 0), backlog=_BACKLOG)
    port = listener.getsockname()[1]
    # GATEWAY_PORT would do the same, but become part of the queues' identity: on another port the event source mappings
    # would not find the queues that were saved. EDGE_PORT leaves that at 4566, and tells functions where this is.
    os.environ["EDGE_PORT"] = str(port)
    # It reads the port as it is loaded.
    from ministack.app import app

    logging.getLogger().addHandler(_EndWhereNothingIsKept(logging.WARNING))

    def report() -> None:
        with os.fdopen(output, "wb") as told:
            told.write(msgspec.json.encode({"port": port}) + b"\n")

    key = AccessKey(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.keep_alive_timeout = _KEEP_ALIVE_SECONDS
    # Each connection and each function takes some; a thousand papers at once take more than the usual 1024.
    with suppress(OSError, ValueError):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    served: Any = _reporting(locked(app, Lock(key, port)), report)
    asyncio.run(serve(served, config))


if __name__ == "__main__":
    main()
