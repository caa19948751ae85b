"""The emulator's own process: `python -m infra.embedded.gateway` serves it to programs, and to no browser.

The emulator asks nobody who they are, answers every origin, and runs the code it is given. So any page in a browser on
this machine could run code here, if it found the port: most AWS calls are form posts, which a browser sends anywhere
without asking. But it says where a request comes from, in a header that no page can remove or forge; and a page whose
own name was made to mean 127.0.0.1 is sent with that name. Both are refused. No AWS client sends either.

https://fetch.spec.whatwg.org/#origin-header, https://www.w3.org/TR/fetch-metadata/
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ministack import app as emulator

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
Application = Callable[[_Message, _Receive, _Send], Awaitable[None]]
"""An application as https://asgi.readthedocs.io/en/latest/specs/main.html has it."""

_ORIGINS = frozenset({b"origin", b"sec-fetch-site"})
_HOSTS = frozenset({b"127.0.0.1", b"localhost"})


def without_browsers(application: Application) -> Application:
    """`application` for requests that no browser sent; the others get status 403."""

    async def guarded(scope: _Message, receive: _Receive, send: _Send) -> None:
        if scope["type"] == "lifespan" or _is_from_a_program(dict(scope["headers"])):
            await application(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        else:
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body"})

    return guarded


def _is_from_a_program(headers: dict[bytes, bytes]) -> bool:
    host, _, _port = headers.get(b"host", b"").partition(b":")
    return host in _HOSTS and not _ORIGINS & headers.keys()


if __name__ == "__main__":
    emulator.app = without_browsers(emulator.app)
    emulator.main()
