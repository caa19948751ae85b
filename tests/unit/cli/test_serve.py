"""The pages on loopback: what stands in the bucket, as it stands there, for browsers of this machine alone."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from socket import create_connection
from threading import Thread
from typing import Any, cast

import pytest

from cli.serve import HOST, Server
from shared.digest.formats import FORMATS
from shared.digest.formats.html import HTML
from shared.editions import Edition
from shared.errors import CloudError
from shared.ledger import keys
from shared.ledger.file import File
from shared.ledger.store import Store
from tests.fakes.aws import BUCKET, Cloud, client_error

PAGE = "digests/2025-W37/ko/digest.html"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: HTTPMessage
    body: bytes


@contextmanager
def serving(store: Store) -> Iterator[Server]:
    with Server(store, 0) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def file(content: str, media_type: str = "application/json") -> File:
    return File(content.encode(), media_type)


@pytest.fixture
def store() -> Store:
    store = Cloud().store
    for form in FORMATS:
        content = file(f"content of {form.file_name} 한국어", form.media_type)
        store.write(keys.digest(Edition("2025-W37", "ko"), form.file_name), content)
    for name, media_type in (("index.html", HTML), ("search.html", HTML), ("query.js", "text/javascript")):
        store.write(keys.archive("ko", name), file(f"archive's {name}", media_type))
    store.write("runs/2025-W37/manifest.json", file("secret"))
    store.write("digests/secret", file("secret"))
    return store


@pytest.fixture
def server(store: Store) -> Iterator[Server]:
    with serving(store) as server:
        yield server


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = HTTPConnection(HOST, server.server_port, timeout=10)
    try:
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("key", "content_type"),
    [
        (PAGE, "text/html; charset=utf-8"),
        ("digests/2025-W37/ko/digest.json", "application/json"),
        ("digests/2025-W37/ko/digest.txt", "text/plain; charset=utf-8"),
        ("digests/2025-W37/ko/digest.md", "text/markdown; charset=utf-8"),
        ("digests/2025-W37/ko/digest.epub", "application/epub+zip"),
        ("digests/ko/query.js", "text/javascript"),
    ],
)
def test_every_file_is_there_under_its_key_and_as_what_it_is(
    server: Server, store: Store, key: str, content_type: str
) -> None:
    stored = store.read(key)
    assert stored is not None

    answer = ask(server, f"/{key}")

    assert (answer.status, answer.body) == (200, stored.body)
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_a_query_finds_the_same_page(server: Server) -> None:
    assert ask(server, "/digests/ko/search.html?q=%EC%B4%88%EB%A1%9D").body == b"archive's search.html"


def test_a_folder_is_its_index(server: Server) -> None:
    assert ask(server, "/digests/ko/").body == b"archive's index.html"


def test_a_head_is_a_page_without_its_body(server: Server) -> None:
    answer = ask(server, f"/{PAGE}", "HEAD")

    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["Content-Length"]) == len("content of digest.html 한국어".encode())


@pytest.mark.parametrize("path", ["/", "/digests/", "/digests"])
def test_the_only_archive_is_where_one_begins(server: Server, path: str) -> None:
    answer = ask(server, path)

    assert (answer.status, answer.headers["Location"]) == (302, "/digests/ko/index.html")


def test_a_crowd_finds_room_to_wait_in(store: Store) -> None:
    with Server(store, 0) as server, ExitStack() as crowd:
        # Nobody takes them: each that connects waits its turn.
        for _ in range(200):
            crowd.enter_context(create_connection((HOST, server.server_port), timeout=5))


def test_of_several_archives_one_chooses(server: Server, store: Store) -> None:
    store.write(keys.digest(Edition("2025-W37", "pt"), "digest.json"), file("{}"))
    store.write(keys.archive("pt", "index.html"), file("archive"))
    store.write(keys.digest(Edition("2025-W36", "ja"), "digest.json"), file("{}"))

    page = ask(server, "/").body.decode()

    assert '<a href="/digests/ko/index.html">초록 (ko)</a>' in page
    assert '<a href="/digests/pt/index.html">' in page
    assert '<a href="/digests/2025-W36/ja/digest.html">2025-W36 (ja)</a>' in page


def test_where_there_is_nothing_the_page_says_so() -> None:
    with serving(Cloud().store) as server:
        assert b"There is no digest yet." in ask(server, "/").body


@pytest.mark.parametrize(
    "path",
    [
        "/digests/2025-W36/ko/digest.html",
        "/digests/2025-W37/ko/other.html",
        "/digests/secret",
        "/digests/2025-W37/ko",
        "/runs/2025-W37/manifest.json",
        "/digests/../runs/2025-W37/manifest.json",
        "/digests/%2e%2e/runs/2025-W37/manifest.json",
        "/digests/ko/..%2f..%2fruns/2025-W37/manifest.json",
        "//etc/passwd",
        "/digests/2025-W37/ko/digest.html%00",
        "/%ff",
        "/digests/x/%ED%A0%80",
    ],
)
def test_whatever_is_no_file_of_a_digest_or_an_archive_is_not_there(server: Server, path: str) -> None:
    answer = ask(server, path)

    assert answer.status == 404
    assert b"secret" not in answer.body


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "evil.example:{port}", "", "127.0.0.1:{port}.evil"])
def test_a_request_for_another_host_is_refused(server: Server, host: str) -> None:
    answer = ask(server, f"/{PAGE}", Host=host.format(port=server.server_port))

    assert answer.status == 403
    assert b"content of" not in answer.body


def test_localhost_is_this_machine_too(server: Server) -> None:
    assert ask(server, f"/{PAGE}", Host=f"LocalHost:{server.server_port}").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_nothing_but_reading_is_answered(server: Server, method: str) -> None:
    answer = ask(server, f"/{PAGE}", method)

    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_it_is_on_loopback_alone(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"
    assert server.address == f"http://127.0.0.1:{server.server_port}/"


def test_a_bucket_that_cannot_be_read_is_told_and_the_server_goes_on(store: Store) -> None:
    class Refusing:
        def get_object(self, **request: str) -> dict[str, Any]:
            raise client_error("AccessDenied", 403, "GetObject")

    with serving(Store(cast("Any", Refusing()), BUCKET)) as server:
        statuses = [ask(server, f"/{PAGE}").status for _ in range(2)]

    assert statuses == [502, 502]


def test_a_port_that_is_taken_is_an_error_of_one_line(server: Server, store: Store) -> None:
    with pytest.raises(CloudError, match=rf"^Port {server.server_port} cannot be had: .* Give another --port\.$"):
        Server(store, server.server_port)
