"""The lock: only who has the key of this start comes in. It is Signature Version 4, from the side that checks it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html

Stricter than AWS where a client of ours never goes: a date in `X-Amz-Date` alone, a path that is already normal, no
chunked signatures, and no unsigned body but with a presigned link into S3.

Beside that no browser comes in, whatever it holds: it says where a request comes from, in a header that no page can
remove or forge; and a page whose own name was made to mean 127.0.0.1 is sent with that name. No AWS client sends
either.

https://fetch.spec.whatwg.org/#origin-header, https://www.w3.org/TR/fetch-metadata/
"""

import hashlib
import hmac
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, unquote_to_bytes

from infra.loopback import HOST
from infra.loopback.key import AccessKey

_ALGORITHM = b"AWS4-HMAC-SHA256"
_AUTHORIZATION = re.compile(
    rb"""
    AWS4-HMAC-SHA256 \s+
    Credential=    (?P<credential>[^,\s]+) \s*,\s*
    SignedHeaders= (?P<headers>[^,\s]+)    \s*,\s*
    Signature=     (?P<signature>[0-9a-f]{64})
    """,
    re.VERBOSE,
)
_CREDENTIAL = re.compile(
    rb"(?P<id>[^/]+) / (?P<day>[0-9]{8}) / (?P<region>[a-z0-9-]+) / (?P<service>[a-z0-9-]+) / aws4_request",
    re.VERBOSE,
)
_MOMENT = re.compile(rb"[0-9]{8}T[0-9]{6}Z")
_HASH = re.compile(rb"[0-9a-f]{64}")
_SECONDS = re.compile(rb"[0-9]{1,6}")
_SIGNATURE = b"X-Amz-Signature"
_LINK = (
    b"X-Amz-Algorithm",
    b"X-Amz-Credential",
    b"X-Amz-Date",
    b"X-Amz-Expires",
    b"X-Amz-SignedHeaders",
    _SIGNATURE,
)
"""The parameters that make a presigned link."""
_UNSIGNED = b"UNSIGNED-PAYLOAD"
_BROWSERS = frozenset({b"origin", b"sec-fetch-site"})
_SKEW_SECONDS = 15 * 60
_LONGEST_LINK_SECONDS = 7 * 24 * 3600


class Refusal(Exception):
    """A request that does not come in: AWS's `code` for it, and a message for whoever sent it.

    It never leaves `infra`, so it is not in the tree of `shared.errors`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Head:
    """A request without its body, as it came over the wire: nothing decoded, names of headers in lower case."""

    method: bytes
    path: bytes
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]

    def values(self, name: bytes) -> list[bytes]:
        """Every value of the header `name`."""
        return [value for found, value in self.headers if found == name]


@dataclass(frozen=True)
class Admission:
    """A request that comes in if `check_body` does not refuse its body.

    `headers` are the names that the signature covers. Where `proven`, the key's owner sent the request, whatever its
    body turns out to be; otherwise the body has yet to show that.
    """

    service: str
    headers: frozenset[bytes]
    check_body: Callable[[bytes], None]
    proven: bool = False


class Lock:
    """Lets requests in that a program of this machine sent to `port`, signed with `key`.

    `clock` tells the time in seconds since 1970.
    """

    def __init__(self, key: AccessKey, port: int, clock: Callable[[], float] = time.time) -> None:
        self._key = key
        self._hosts = (f"{HOST}:{port}".encode(), f"localhost:{port}".encode())
        self._clock = clock

    def admit(self, head: Head) -> Admission:
        """What is known before the body has come. Raises Refusal."""
        if _single(head.values(b"host"), "Host") not in self._hosts or any(head.values(name) for name in _BROWSERS):
            raise Refusal("AccessDenied", "Only programs of this machine come in here, and no browser.")
        claim = _claim(head)
        if not hmac.compare_digest(claim.id, self._key.id.encode()):
            raise Refusal("InvalidAccessKeyId", "The access key does not exist here.")
        self._check_time(claim)
        _check_headers(head, claim)
        path = _canonical_path(head.path, claim.service)

        def check_signature(payload: bytes) -> None:
            canonical = b"\n".join(
                (
                    head.method,
                    path,
                    claim.query,
                    *(name + b":" + _canonical_value(head.values(name)) for name in claim.headers),
                    b"",
                    b";".join(claim.headers),
                    payload,
                )
            )
            if not hmac.compare_digest(_signature(self._key.secret, claim, canonical), claim.signature):
                raise Refusal(
                    "SignatureDoesNotMatch", "The request was not signed with this start's secret, or was changed."
                )

        def check_hash(body: bytes) -> None:
            if not hmac.compare_digest(_sha256(body), claim.payload):
                raise Refusal("XAmzContentSHA256Mismatch", "The body is not the one that was signed.")

        signed = frozenset(claim.headers)
        if not claim.payload:
            return Admission(claim.service, signed, lambda body: check_signature(_sha256(body)))
        check_signature(claim.payload)
        check_body = (lambda _body: None) if claim.payload == _UNSIGNED else check_hash
        return Admission(claim.service, signed, check_body, proven=True)

    def _check_time(self, claim: "_Claim") -> None:
        now = self._clock()
        if claim.expires is None:
            if abs(now - claim.signed) > _SKEW_SECONDS:
                raise Refusal("RequestTimeTooSkewed", "The request was signed more than 15 minutes from now.")
        elif now < claim.signed - _SKEW_SECONDS or now > claim.signed + claim.expires:
            raise Refusal("AccessDenied", "The link has expired, or is not valid yet.")


@dataclass(frozen=True)
class _Claim:
    """What a request says of its own signature. `payload` is the sha256 of the body, "" where only the body tells.

    `expires` is how many seconds a presigned link lives, and None for any other request.
    """

    id: bytes
    day: bytes
    region: bytes
    service: str
    moment: bytes
    signed: float
    expires: int | None
    headers: tuple[bytes, ...]
    query: bytes
    payload: bytes
    signature: bytes


def _claim(head: Head) -> _Claim:
    pairs = [_pair(part) for part in head.query.split(b"&")] if head.query else []
    authorizations = head.values(b"authorization")
    is_link = any(name in _LINK for name, _ in pairs)
    if not is_link and not authorizations:
        raise Refusal("MissingAuthenticationToken", "The request is not signed.")
    if is_link + len(authorizations) != 1:
        raise Refusal("InvalidRequest", "The request must be signed once, in the Authorization header or as a link.")
    declared = _single(head.values(b"x-amz-content-sha256"), "X-Amz-Content-Sha256", missing=b"")
    if is_link:
        found = {name: _single([value for other, value in pairs if other == name], name.decode()) for name in _LINK}
        if found[b"X-Amz-Algorithm"] != _ALGORITHM or not _HASH.fullmatch(found[_SIGNATURE]):
            raise _incomplete("The link is not signed with Signature Version 4.")
        if not _SECONDS.fullmatch(found[b"X-Amz-Expires"]):
            raise _incomplete("X-Amz-Expires is not a number of seconds.")
        expires = int(found[b"X-Amz-Expires"])
        if not 1 <= expires <= _LONGEST_LINK_SECONDS:
            raise _incomplete("X-Amz-Expires is 1 at least and 604800 at most.")
        credential, moment = unquote_to_bytes(found[b"X-Amz-Credential"]), found[b"X-Amz-Date"]
        headers, signature = unquote_to_bytes(found[b"X-Amz-SignedHeaders"]), found[_SIGNATURE]
    else:
        match = _AUTHORIZATION.fullmatch(authorizations[0])
        if match is None:
            raise _incomplete("The Authorization header is not one of Signature Version 4.")
        expires = None
        credential, headers, signature = match["credential"], match["headers"], match["signature"]
        moment = _single(head.values(b"x-amz-date"), "X-Amz-Date")
    scope = _CREDENTIAL.fullmatch(credential)
    if scope is None or not moment.startswith(scope["day"]):
        raise _incomplete("The credential's scope is not <key>/<day of X-Amz-Date>/<region>/<service>/aws4_request.")
    service = scope["service"].decode()
    if declared and not _HASH.fullmatch(declared) and not (is_link and declared == _UNSIGNED):
        raise Refusal("AccessDenied", "The body must be signed: chunked and unsigned uploads do not come in here.")
    return _Claim(
        id=scope["id"],
        day=scope["day"],
        region=scope["region"],
        service=service,
        moment=moment,
        signed=_seconds(moment),
        expires=expires,
        headers=tuple(headers.split(b";")),
        query=b"&".join(name + b"=" + value for name, value in sorted(pairs) if not is_link or name != _SIGNATURE),
        payload=declared or (_UNSIGNED if is_link and service == "s3" else b""),
        signature=signature,
    )


def _check_headers(head: Head, claim: _Claim) -> None:
    """Refuse a request with a header that means something and could be put there by anybody on the way."""
    present = {name for name, _ in head.headers}
    must = {name for name in present if name.startswith(b"x-amz-")} | {b"host"}
    if claim.expires is None:
        must |= present & {b"content-type"}
    if not must <= set(claim.headers) <= present:
        raise Refusal("AccessDenied", "There are headers that are not signed, or signed headers that are not there.")


def _canonical_path(path: bytes, service: str) -> bytes:
    if not path.startswith(b"/"):
        raise _incomplete("The request's target is not a path.")
    if service == "s3":
        return path
    *folders, last = path.split(b"/")[1:]
    if {b"", b".", b".."} & set(folders) or last in (b".", b".."):
        raise _incomplete("The path is not normal: it has empty or dotted parts.")
    return quote(path, safe="/~").encode()


def _canonical_value(values: list[bytes]) -> bytes:
    return b",".join(b" ".join(value.split()) for value in values)


def _signature(secret: str, claim: _Claim, canonical: bytes) -> bytes:
    scope = b"/".join((claim.day, claim.region, claim.service.encode(), b"aws4_request"))
    key = b"AWS4" + secret.encode()
    for part in scope.split(b"/"):
        key = hmac.digest(key, part, "sha256")
    to_sign = b"\n".join((_ALGORITHM, claim.moment, scope, _sha256(canonical)))
    return hmac.digest(key, to_sign, "sha256").hex().encode()


def _sha256(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()


def _pair(part: bytes) -> tuple[bytes, bytes]:
    name, _, value = part.partition(b"=")
    return name, value


def _single(values: list[bytes], name: str, missing: bytes | None = None) -> bytes:
    if not values and missing is not None:
        return missing
    if len(values) != 1:
        raise _incomplete(f"{name} must be there once.")
    return values[0]


def _seconds(moment: bytes) -> float:
    try:
        if _MOMENT.fullmatch(moment):
            return datetime.strptime(moment.decode(), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        pass
    raise _incomplete("X-Amz-Date is not a moment as in 20250915T010000Z.")


def _incomplete(message: str) -> Refusal:
    return Refusal("IncompleteSignature", message)
