"""Hugging Face over HTTP: the real pages on loopback, and servers that misbehave in every way a user may meet."""

import gzip
import io
import json
import logging
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

import pytest

from functions.fetch import handler
from shared.errors import (
    PageUnreadable,
    SourceError,
    SourceMoved,
    SourceRefused,
    SourceThrottled,
    SourceUnreachable,
)
from shared.huggingface.address import page_path
from shared.huggingface.client import Client
from shared.huggingface.page import parse_page
from shared.huggingface.source import top_papers
from shared.periods import parse_period
from tests.unit.huggingface.made import WEEK, entries, entry, listing, made_ids, page, props

WEEKS = [f"2025-W{number}" for number in range(33, 41)]
PATH = page_path(WEEK)
GOOD = page(props(entries(*range(1, 13))))


@contextmanager
def serving(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    """The base address of a server on loopback, for as long as the block lasts."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=partial(server.serve_forever, poll_interval=0.01), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


class Site:
    """A server whose answers a test scripts: by path, a function that writes to the connection."""

    def __init__(self) -> None:
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[str] = []
        self.headers: list[Mapping[str, str]] = []
        self.closing = threading.Event()

    def answer(self, path: str, body: bytes = b"", status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        def write(request: BaseHTTPRequestHandler) -> None:
            request.send_response(status)
            for name, value in (headers or {}).items():
                request.send_header(name, value)
            if not headers or "Content-Length" not in headers:
                request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)

        self.answers[path] = write

    def drip(self, path: str, start: bytes, drop: bytes) -> None:
        """Answer with `start` and then `drop` by `drop`, never ending."""

        def write(request: BaseHTTPRequestHandler) -> None:
            request.wfile.write(start)
            while not self.closing.wait(0.02):
                request.wfile.write(drop)

        self.answers[path] = write

    def handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.headers.append(dict(self.headers))
                write = site.answers.get(self.path) or site.answers.get(self.path.partition("?")[0])
                try:
                    if write is None:
                        self.send_error(404)
                    else:
                        write(self)
                except OSError:
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
                pass

        return Handler


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def base(site: Site) -> Iterator[str]:
    with serving(site.handler()) as address:
        yield address
        site.closing.set()


@pytest.fixture
def client(base: str) -> Client:
    return Client(base)


def failure(client: Client, path: str = PATH) -> SourceError:
    """What asking for `path` raises; its message is one line and names the address asked."""
    with pytest.raises(SourceError) as caught:
        client.get(path)
    assert "\n" not in str(caught.value)
    assert client.base + path in str(caught.value)
    return caught.value


# The real pages


class Files(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass


@pytest.fixture(scope="module")
def real(shared_data: Path) -> Iterator[Client]:
    with serving(partial(Files, directory=str(shared_data / "hf"))) as address:
        yield Client(address)


def own_digest(text: str) -> list[tuple[str, str, str]]:
    """Id, title and abstract of every paper in one of the text files that these weeks were once published as."""
    return [
        (id_, title, abstract)
        for title, id_, abstract in re.findall(
            r"^--- \d+\. (.+?) ---\nLink: https://huggingface\.co/papers/(\S+)\n\n"
            r"## Abstract \(Original\)\n(.*?)\n\n## 초록 \(Korean\)\n",
            text,
            flags=re.DOTALL | re.MULTILINE,
        )
    ]


@pytest.mark.parametrize("week", WEEKS)
def test_the_top_ten_of_a_real_week_are_those_once_published(week: str, real: Client, shared_data: Path) -> None:
    published = own_digest((shared_data / f"digests/huggingface_top_10_papers_{week}_translated.txt").read_text())
    assert len(published) == 10

    papers = top_papers(real, parse_period(week), 10, believe_few=False).papers

    assert [(paper.id, paper.title, paper.abstract) for paper in papers] == published


@pytest.mark.parametrize("week", WEEKS)
def test_the_api_alone_gives_the_same_votes_in_a_real_week(
    week: str, site: Site, client: Client, shared_data: Path
) -> None:
    site.answer(f"/papers/week/{week}", status=403)
    site.answer("/api/daily_papers", (shared_data / f"hf/api/daily_papers/{week}.json").read_bytes())
    period = parse_period(week)
    whole = parse_page((shared_data / f"hf{page_path(period)}").read_bytes(), period).listing.papers

    papers = top_papers(client, period, 10, believe_few=False).papers

    assert [paper.upvotes for paper in papers] == [paper.upvotes for paper in whole[:10]]
    assert {paper.id for paper in papers} <= {paper.id for paper in whole}


def test_a_real_day_of_the_older_form_gives_its_13_papers(shared_data: Path) -> None:
    read = parse_page((shared_data / "hf/daily_2024-08-01.html").read_bytes(), parse_period("2024-08-01"))

    assert len(read.listing.papers) == 13
    assert read.listing.papers[0].title == "The Llama 3 Herd of Models"
    assert read.cards == tuple(paper.id for paper in read.listing.papers)


def test_a_week_that_the_source_does_not_have_is_an_error(real: Client) -> None:
    with pytest.raises(SourceRefused, match="answered 404"):
        top_papers(real, parse_period("2026-W53"), 10, believe_few=True)


# Answers


def test_a_body_is_read_whatever_content_type_it_claims(site: Site, client: Client) -> None:
    site.answer(PATH, GOOD, headers={"Content-Type": "application/octet-stream"})

    assert client.get(PATH) == GOOD


def test_a_packed_body_is_unpacked(site: Site, client: Client) -> None:
    site.answer(PATH, gzip.compress(GOOD), headers={"Content-Encoding": "gzip"})

    assert client.get(PATH) == GOOD


def test_a_body_in_chunks_is_joined(site: Site, client: Client) -> None:
    def write(request: BaseHTTPRequestHandler) -> None:
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (GOOD[:99], GOOD[99:], b""))
        request.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)

    site.answers[PATH] = write

    assert client.get(PATH) == GOOD


def test_papers_come_from_the_api_where_the_page_is_refused(site: Site, client: Client) -> None:
    site.answer(PATH, status=403)
    for number, part in enumerate([listing(entries(7, 2)), listing(entries(4)), listing([])]):
        site.answer(f"/api/daily_papers?week=2025-W37&limit=100&p={number}", part)

    papers = top_papers(client, WEEK, 3, believe_few=False).papers

    assert [paper.id for paper in papers] == made_ids(2, 4, 7)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (204, PageUnreadable),
        (304, PageUnreadable),
        (400, SourceRefused),
        (401, SourceRefused),
        (403, SourceRefused),
        (404, SourceRefused),
        (500, SourceUnreachable),
        (503, SourceUnreachable),
    ],
)
def test_a_status_has_its_error(status: int, expected: type[SourceError], site: Site, client: Client) -> None:
    site.answer(PATH, status=status)

    error = failure(client)

    assert type(error) is expected
    assert f"answered {status}" in str(error)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"RateLimit": '"pages";r=0;t=55', "RateLimit-Policy": '"fixed window";"pages";q=100;w=300'}, 55),
        ({"ratelimit": '"pages"; r=0; t=0'}, 0),
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": "120", "RateLimit": '"pages";r=0;t=55'}, 120),
        ({"Retry-After": "soon", "RateLimit": '"pages";r=0;t=55'}, 55),
        ({"Retry-After": "-5"}, None),
        ({"RateLimit": '"pages";r=0'}, None),
        ({"RateLimit": '"pages";r=0;t=' + "9" * 5000}, None),
        ({}, None),
    ],
)
def test_throttling_says_when_to_come_back(
    headers: dict[str, str], seconds: int | None, site: Site, client: Client
) -> None:
    site.answer(PATH, status=429, headers=headers)

    error = failure(client)

    assert isinstance(error, SourceThrottled)
    assert error.retry_after == seconds
    assert str(error).endswith(f"Try again {'later' if seconds is None else f'in {seconds} s'}.")


def test_what_it_tells_to_wait_is_waited_once_and_no_longer_than_there_is_time(site: Site, base: str) -> None:
    site.answer(PATH, status=429, headers={"RateLimit": '"pages";r=0;t=20'})
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        site.answer(PATH, b"papers")

    assert Client(base, patience_seconds=20, sleep=sleep).get(PATH) == b"papers"
    site.answer(PATH, status=429, headers={"RateLimit": '"pages";r=0;t=21'})
    assert isinstance(failure(Client(base, patience_seconds=20, sleep=sleep)), SourceThrottled)
    assert slept == [20]


# The token


def test_a_token_is_sent_with_every_request_and_shown_nowhere(site: Site, base: str) -> None:
    site.answer(PATH, status=302, headers={"Location": f"{PATH}/"})
    site.answer(f"{PATH}/", b"papers")
    client = Client(base, token="hf_secret")

    client.get(PATH)

    assert [headers["Authorization"] for headers in site.headers] == ["Bearer hf_secret"] * 2
    assert "hf_secret" not in repr(client)


def test_a_token_that_is_refused_is_said_to_be(site: Site, base: str) -> None:
    site.answer(PATH, status=401)

    error = failure(Client(base, token="hf_secret"))

    assert "may refuse the token" in str(error)
    assert "hf_secret" not in str(error)


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_week_is_no_answer(status: int, site: Site, client: Client) -> None:
    site.answer(PATH, status=status, headers={"Location": "/papers/week/2025-W36"})
    site.answer("/papers/week/2025-W36", page(props(entries(1), dateString="2025-W36")))

    error = failure(client)

    assert isinstance(error, SourceMoved)
    assert "redirects to '/papers/week/2025-W36'" in str(error)


def test_a_redirect_that_ends_at_the_same_path_is_followed(site: Site, client: Client) -> None:
    site.answer(PATH, status=302, headers={"Location": f"{client.base}/pass?to={PATH}"})
    site.answer("/pass", status=302, headers={"Location": f"{PATH}/?passed=1#top"})
    site.answer(f"{PATH}/", GOOD)

    assert client.get(PATH) == GOOD


def test_a_redirect_brings_its_own_query(site: Site, client: Client) -> None:
    site.answer("/api/daily_papers", status=301, headers={"Location": "/api/daily_papers/?week=2025-W37"})
    site.answer("/api/daily_papers/", b"[]")

    assert client.get("/api/daily_papers", {"week": "2025-W37"}) == b"[]"
    assert site.asked == ["/api/daily_papers?week=2025-W37", "/api/daily_papers/?week=2025-W37"]


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:1/papers/week/2025-W37",
        "https://evil.example/papers/week/2025-W37",
        "//evil.example/papers/week/2025-W37",
        "http://{host}@evil.example/papers/week/2025-W37",
        "http://evil@{host}/papers/week/2025-W37",
        "http://{host}.evil.example/papers/week/2025-W37",
        "https://{host}/papers/week/2025-W37",
        "file:///etc/passwd",
        "http://[::1",
    ],
)
def test_a_redirect_to_another_host_is_never_followed(location: str, site: Site, client: Client) -> None:
    site.answer(PATH, status=302, headers={"Location": location.format(host=client.base.removeprefix("http://"))})

    assert isinstance(failure(client), SourceMoved)
    assert site.asked == [PATH]


@pytest.mark.parametrize("headers", [{"Location": PATH}, {"Location": ""}, {"X": "no location"}])
def test_a_redirect_that_leads_nowhere_ends(headers: dict[str, str], site: Site, client: Client) -> None:
    site.answer(PATH, status=302, headers=headers)

    assert isinstance(failure(client), SourceMoved)
    assert len(site.asked) == 6


def test_the_body_of_a_redirect_is_not_waited_for(site: Site, client: Client) -> None:
    site.drip(PATH, f"HTTP/1.1 302 Found\r\nLocation: {PATH}?whole\r\n\r\n".encode(), b" ")
    site.answer(f"{PATH}?whole", GOOD)

    assert client.get(PATH) == GOOD


# Servers in trouble


def test_a_host_that_refuses_connections_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    error = failure(Client(f"http://127.0.0.1:{port}"))

    assert isinstance(error, SourceUnreachable)
    assert "ConnectionError" in str(error)


def test_a_host_without_address_is_unreachable() -> None:
    assert isinstance(failure(Client("http://no-such-host.invalid")), SourceUnreachable)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot packed at all",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200,
    ],
    ids=["nothing", "no HTTP", "cut off", "cut off in a chunk", "no chunk", "not packed", "headers without end"],
)
def test_an_answer_that_is_broken_is_no_answer(answer: bytes, site: Site, client: Client) -> None:
    def write(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(answer)

    site.answers[PATH] = write

    assert isinstance(failure(client), SourceUnreachable)


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"y"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x"),
    ],
    ids=["status line", "headers", "body", "chunks", "chunk header"],
)
def test_a_server_that_drips_is_left_at_the_deadline(start: bytes, drop: bytes, site: Site, base: str) -> None:
    site.drip(PATH, start, drop)

    error = failure(Client(base, deadline_seconds=0.2))

    assert isinstance(error, SourceUnreachable)
    assert "did not answer in full within 0.2 s" in str(error)


def test_redirects_do_not_renew_the_deadline(site: Site, base: str) -> None:
    site.answer(PATH, status=302, headers={"Location": f"{PATH}?slow"})
    site.drip(f"{PATH}?slow", b"HTTP/1.1 200 OK\r\n\r\n", b" ")

    assert isinstance(failure(Client(base, deadline_seconds=0.2)), SourceUnreachable)


@pytest.mark.parametrize("packed", [True, False])
def test_a_body_above_the_byte_cap_is_not_read(packed: bool, site: Site, base: str) -> None:
    body = bytes(1_000_001)
    site.answer(PATH, gzip.compress(body) if packed else body, headers={"Content-Encoding": "gzip"} if packed else None)

    error = failure(Client(base, byte_cap=1_000_000))

    assert isinstance(error, PageUnreadable)
    assert "larger than 1000000 bytes" in str(error)
    assert Client(base, byte_cap=1_000_001).get(PATH) == body


def test_a_bomb_is_left_as_soon_as_it_has_unpacked_to_the_cap(site: Site, client: Client) -> None:
    bomb = gzip.compress(gzip.compress(bytes(64_000_000)))
    site.answer(PATH, bomb, headers={"Content-Encoding": "gzip, gzip"})

    error = failure(client)

    assert isinstance(error, PageUnreadable)
    assert "larger than 16000000 bytes" in str(error)


def test_how_many_entries_are_odd_is_logged(site: Site, base: str) -> None:
    odd = [None, {"paper": None}, entry(9, title=7), entry(1)]
    site.answer(PATH, page(props([*entries(1, 2, 3), *odd]), cards=[]))
    log = cast("logging.StreamHandler[Any]", handler.logger.registered_handler)
    stream = io.StringIO()
    before = log.setStream(stream)

    papers = handler.read_papers(base, WEEK, 3, False)

    log.setStream(before)
    (line,) = map(json.loads, stream.getvalue().splitlines())
    assert [paper.id for paper in papers] == made_ids(1, 2, 3)
    assert (line["message"], line["run"], line["entries"]) == ("odd entries", "2025-W37", 4)


def test_one_paper_is_looked_up_by_its_id(site: Site, base: str) -> None:
    site.answer("/api/papers/2509.00001", json.dumps(entry(1)["paper"]).encode())

    assert handler.read_paper(base, "2509.00001").title == "Title 1"
    with pytest.raises(SourceRefused, match="404"):
        handler.read_paper(base, "2509.00002")


# The way there


def test_loopback_is_asked_directly_even_with_a_dead_proxy(
    site: Site, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.answer(PATH, GOOD)
    monkeypatch.delenv("no_proxy", raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert client.get(PATH) == GOOD


def test_another_host_is_asked_through_the_proxy(site: Site, base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    site.answer(f"http://source.invalid{PATH}", GOOD)
    monkeypatch.setenv("http_proxy", base)

    assert Client("http://source.invalid").get(PATH) == GOOD


def test_a_login_that_is_kept_for_the_host_is_not_sent(
    site: Site, base: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine source.invalid login someone password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", base)
    site.answer(f"http://source.invalid{PATH}", GOOD)

    Client("http://source.invalid").get(PATH)

    assert "Authorization" not in site.headers[0]
