"""`chorok serve`: what stands below `digests/` of a bucket, as pages for the browsers of this machine.

Nobody else reaches it: it listens on 127.0.0.1 alone, and refuses requests with another host's name, which a page on
the web gets a browser to send by making its own name mean 127.0.0.1.
"""

import html
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
from rich.console import Console

from cli import options
from cli.connecting.published import published_editions
from cli.connecting.reader_options import open_published
from cli.showing.terminal import say
from shared.digest.formats import STANDALONE
from shared.digest.formats.html import HTML
from shared.digest.templating import PAGE_SCRIPT_HASH
from shared.editions import Edition
from shared.errors import AwsError, InvalidKey, PortTaken
from shared.languages.strings import strings
from shared.ledger import keys
from shared.ledger.store import Reader

HOST = "127.0.0.1"
_INDEX = "index.html"
_METHODS = ("GET", "HEAD")
_HEADERS = {
    # The pages' own policies are stricter, and both count. This one is for what has none.
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    f" script-src 'self' '{PAGE_SCRIPT_HASH}'; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Allow": ", ".join(_METHODS),
}


class Server(ThreadingHTTPServer):
    """Serves `store` on `port` of loopback, or on any free one for 0. Raises PortTaken."""

    daemon_threads = True
    request_queue_size = 512
    """Connections that may wait to be taken: one that finds no room is tried again after 1, 3, 7 … seconds."""

    def __init__(self, store: Reader, port: int) -> None:
        self.store = store
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            raise PortTaken(f"Port {port} cannot be had: {error.strerror}. Give another --port.") from error
        self.hosts = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://{HOST}:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    server_version, sys_version = "chorok", ""
    timeout = 30

    def parse_request(self) -> bool:
        """Whether the request is one to be answered; else its refusal is sent."""
        if not super().parse_request():
            return False
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or hosts[0].lower() not in self.server.hosts:
            self.send_error(HTTPStatus.FORBIDDEN, "This server is for this machine alone")
        elif self.command not in _METHODS:
            self.send_error(HTTPStatus.METHOD_NOT_ALLOWED)
        else:
            return True
        return False

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        try:
            self._answer(unquote(urlsplit(self.path).path, errors="strict"))
        except (ValueError, InvalidKey):
            self.send_error(HTTPStatus.NOT_FOUND)
        except AwsError as error:
            self.send_error(HTTPStatus.BAD_GATEWAY, f"The bucket cannot be read ({error.code})")

    def _answer(self, path: str) -> None:
        if path.strip("/") in ("", keys.DIGESTS.strip("/")):
            self._welcome()
            return
        key = _key(path + _INDEX if path.endswith("/") else path)
        stored = self.server.store.read(key)
        if stored is None:
            self.send_error(HTTPStatus.NOT_FOUND)
        else:
            self._send(stored.body, stored.media_type)

    def _welcome(self) -> None:
        """The one archive there is, or a list of all; a digest in no archive stands by itself."""
        editions = published_editions(self.server.store)
        languages = sorted({edition.language for edition in editions})
        archives = [code for code in languages if self.server.store.etag(keys.archive(code, _INDEX)) is not None]
        if archives == languages and len(archives) == 1:
            self.send_response(HTTPStatus.FOUND)
            self.send_header("Location", "/" + keys.archive(archives[0], _INDEX))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        links = [(keys.archive(code, _INDEX), f"{strings(code)('brand')} ({code})") for code in archives]
        alone = [edition for edition in editions if edition.language not in archives]
        links += [(keys.digest(edition, STANDALONE), f"{edition.run} ({edition.language})") for edition in alone]
        self._send(_page(links), HTML)

    def _send(self, body: bytes, media_type: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def end_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


def _key(path: str) -> str:
    """The key of a digest's or an archive's file. Raises InvalidKey and ValueError for any other path."""
    match path.split("/"):
        case ["", "digests", language, name]:
            return keys.archive(language, name)
        case ["", "digests", run, language, name]:
            return keys.digest(Edition(run, language), name)
    raise ValueError(f"{path!r} is not the path of a file")


def _page(links: list[tuple[str, str]]) -> bytes:
    items = "".join(f'<li><a href="/{html.escape(key)}">{html.escape(name)}</a></li>\n' for key, name in links)
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n<title>chorok</title>\n<h1>chorok</h1>\n'
        + (f"<ul>\n{items}</ul>\n" if links else "<p>There is no digest yet.</p>\n")
    ).encode()


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 is any free one.")
@options.state
@options.stack
def command(port: int, state: Path, stack: str) -> None:
    """Show all digests to the browsers of this machine.

    The archive is there too. It goes on until Ctrl-C.
    """
    with Server(open_published(state, stack), port) as server:
        say(Console(), f"{server.address}  (Ctrl-C ends it)")
        server.serve_forever()
