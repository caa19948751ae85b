"""The HTTP side of reading Hugging Face: one GET, bounded in time and size, every outcome an error with a name."""

import re
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from shared.addresses import is_loopback
from shared.errors import PageUnreadable, SourceMoved, SourceRefused, SourceThrottled, SourceUnreachable

_CONNECT_SECONDS = 10
_SILENCE_SECONDS = 20
_MOST_REDIRECTS = 5
_PART_BYTES = 65_536
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{1,512}=*")
"""https://www.rfc-editor.org/rfc/rfc6750#section-2.1"""
_RESET_SECONDS = re.compile(r";\s*t\s*=\s*([0-9]{1,9})(?![0-9])")


def is_token(text: str) -> bool:
    """Whether `text` can be sent as a token: anything else would end as an error that holds it."""
    return _TOKEN.fullmatch(text) is not None


@dataclass(frozen=True)
class Client:
    """Reads from one base address, as `validate_source` gives it.

    `deadline_seconds` bounds a whole GET with its redirects, however slowly the answer drips. `byte_cap` bounds its
    unpacked body. The environment's proxy settings count, except for a source on loopback. With a `token` the source
    counts requests by account instead of by address. What it says to wait is waited, `patience_seconds` at most.
    """

    base: str
    deadline_seconds: float = 30
    byte_cap: int = 16_000_000
    token: str = field(default="", repr=False)
    patience_seconds: float = 0
    sleep: Callable[[float], None] = time.sleep

    def get(self, path: str, query: Mapping[str, str] | None = None) -> bytes:
        """The body at `path`, whatever content type it claims.

        Raises SourceUnreachable (no answer in time, connection, 5xx), SourceRefused (4xx), SourceThrottled (429),
        SourceMoved (redirected to another host or path), PageUnreadable (too large, or an answer that is none).
        """
        try:
            return self._get(path, query)
        except SourceThrottled as error:
            if error.retry_after is None or error.retry_after > self.patience_seconds:
                raise
            self.sleep(error.retry_after)
        return self._get(path, query)

    def _get(self, path: str, query: Mapping[str, str] | None) -> bytes:
        answer: Future[bytes] = Future()
        abandoned = threading.Event()

        def work() -> None:
            try:
                answer.set_result(self._read(path, query, abandoned))
            except BaseException as error:  # noqa: BLE001 - it is raised again by whoever waits for the answer
                answer.set_exception(error)

        # No timeout of a socket bounds name resolution, or headers and bodies that come a byte at a time: only waiting
        # from outside does.
        threading.Thread(target=work, name=f"GET {path}", daemon=True).start()
        try:
            return answer.result(self.deadline_seconds)
        except TimeoutError:
            abandoned.set()
            raise SourceUnreachable(
                f"{self.base}{path} did not answer in full within {self.deadline_seconds:g} s. Try again later."
            ) from None

    def _read(self, path: str, query: Mapping[str, str] | None, abandoned: threading.Event) -> bytes:
        url = self.base + path
        try:
            with _Session() as session:
                if self.token:
                    session.headers["Authorization"] = f"Bearer {self.token}"
                session.trust_env = not is_loopback(urlsplit(self.base).hostname or "")
                for _ in range(_MOST_REDIRECTS + 1):
                    timeout = (_CONNECT_SECONDS, _SILENCE_SECONDS)
                    with session.get(url, params=query, timeout=timeout, stream=True) as response:
                        if response.status_code not in _REDIRECTS:
                            self._require_path(url, path)
                            _require_success(response, self.base + path, with_token=bool(self.token))
                            return self._body(response, path, abandoned)
                        url, query = self._target(response, url), None
        except (requests.RequestException, HTTPError) as error:
            raise SourceUnreachable(
                f"{self.base}{path} cannot be reached ({type(error).__name__}). "
                "Check the network and the proxy settings, or try again later."
            ) from error
        raise SourceMoved(f"{self.base}{path} redirects again and again. Look at it in a browser.")

    def _target(self, response: requests.Response, url: str) -> str:
        """Where a redirect leads, if that is the same host. Only addresses on `base` are ever asked."""
        try:
            target = urlsplit(urljoin(url, response.headers.get("Location", "")))
        except ValueError:
            target = urlsplit("")
        if f"{target.scheme}://{target.netloc.lower()}" != self.base:
            raise SourceMoved(f"{url} redirects to another host, {target.netloc[:80]!r}. Look at it in a browser.")
        return target._replace(netloc=urlsplit(self.base).netloc, fragment="").geturl()

    def _require_path(self, url: str, path: str) -> None:
        reached = urlsplit(url).path
        if reached.rstrip("/") != path:
            raise SourceMoved(f"{self.base}{path} redirects to {reached[:80]!r}: Hugging Face may have no such period.")

    def _body(self, response: requests.Response, path: str, abandoned: threading.Event) -> bytes:
        body = bytearray()
        while not abandoned.is_set() and (part := response.raw.read1(_PART_BYTES, decode_content=True)):
            body += part
            if len(body) > self.byte_cap:
                raise PageUnreadable(
                    f"{self.base}{path} is larger than {self.byte_cap} bytes, so it is not a page of papers."
                )
        return bytes(body)


class _Session(requests.Session):
    """Without login and without redirects: by itself `requests` sends what a `.netrc` file holds for the host, and
    reads the body of a redirect, however large, even when told not to follow it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.auth = lambda request: request
        self.headers["User-Agent"] = "chorok"

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002 - the name is the base class's
        return None


def _require_success(response: requests.Response, address: str, *, with_token: bool) -> None:
    status = response.status_code
    if status == requests.codes.ok:
        return
    if status == requests.codes.too_many_requests:
        seconds = _retry_after(response.headers)
        when = "later" if seconds is None else f"in {seconds} s"
        raise SourceThrottled(f"{address} answered 429: its rate limit is reached. Try again {when}.", seconds)
    if status >= 500:
        raise SourceUnreachable(f"{address} answered {status}: Hugging Face is in trouble. Try again later.")
    if status in (401, 403) and with_token:
        raise SourceRefused(
            f"{address} answered {status}: it may refuse the token. Put a valid one into its parameter."
        )
    if status >= 400:
        raise SourceRefused(f"{address} answered {status}: it has no such page, or refuses us. Open it in a browser.")
    raise PageUnreadable(f"{address} answered {status}, which is not a page. Try again later.")


def _retry_after(headers: Mapping[str, str]) -> int | None:
    """Seconds until asking again is allowed: `Retry-After`, else the `t` of `RateLimit: "pages";r=0;t=55`.

    Source: https://huggingface.co/docs/hub/rate-limits.
    """
    told = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", told):
        return int(told)
    reset = _RESET_SECONDS.search(headers.get("RateLimit", ""))
    return int(reset[1]) if reset else None
