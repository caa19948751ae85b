"""Requests as AWS's own SDK signs them, without sending them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import botocore.session
import pytest
from botocore.config import Config

from infra.loopback.key import AccessKey
from infra.loopback.signature import Head, Lock

KEY = AccessKey("000000000000", "a-secret-of-this-start")
PORT = 4999


@dataclass(frozen=True)
class Signed:
    """A request as it goes over the wire."""

    head: Head
    body: bytes

    def with_header(self, name: bytes, *values: bytes) -> "Signed":
        """The same request, in which the header `name` has these values and no other."""
        others = tuple((found, value) for found, value in self.head.headers if found != name)
        return replace(self, head=replace(self.head, headers=(*others, *((name, value) for value in values))))

    def header(self, name: bytes) -> bytes:
        [value] = self.head.values(name)
        return value


class _NotSent(BaseException):
    def __init__(self, request: Any) -> None:
        self.request = request


def _stop(request: Any, **_: Any) -> None:
    raise _NotSent(request)


@cache
def client(service: str, key: AccessKey = KEY, *, signs_bodies: bool = True) -> Any:
    """A client that signs every request and sends none."""
    s3: Any = {"addressing_style": "path"} | ({} if signs_bodies else {"payload_signing_enabled": False})
    made = botocore.session.Session().create_client(
        service,
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{PORT}",
        aws_access_key_id=key.id,
        aws_secret_access_key=key.secret,
        config=Config(s3=s3, signature_version="s3v4" if service == "s3" else None, parameter_validation=False),
    )
    made.meta.events.register("before-send", _stop)
    return made


def sent(service: str, call: Callable[[Any], Any], key: AccessKey = KEY, *, signs_bodies: bool = True) -> Signed:
    """The request that `call`, of a client, would send."""
    with pytest.raises(_NotSent) as caught:
        call(client(service, key, signs_bodies=signs_bodies))
    request = caught.value.request
    body = request.body.read() if hasattr(request.body, "read") else request.body or b""
    return _signed(request.method, request.url, dict(request.headers.items()), _bytes(body))


def link(operation: str = "get_object", seconds: int = 3600, **parameters: str) -> Signed:
    """The request of somebody who opens a presigned link."""
    asked = {"Bucket": "ledger", "Key": "digests/2025-W37/ko/digest.html", **parameters}
    url = client("s3").generate_presigned_url(operation, Params=asked, ExpiresIn=seconds)
    return _signed("GET", url, {"User-Agent": "curl"}, b"")


def admit(request: Signed, *, at: float = 0.0) -> None:
    """Ask a lock for KEY, `at` seconds from now, whether `request` comes in. Raises Refusal."""
    Lock(KEY, PORT, lambda: time.time() + at).admit(request.head).check_body(request.body)


def _signed(method: str, url: str, headers: dict[str, str | bytes], body: bytes) -> Signed:
    parts = urlsplit(url)
    named = {"Host": parts.netloc, **headers}
    wire = tuple((name.lower().encode(), _bytes(value)) for name, value in named.items())
    return Signed(Head(method.encode(), parts.path.encode(), parts.query.encode(), wire), body)


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()
