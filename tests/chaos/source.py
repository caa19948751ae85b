"""Hugging Face on loopback: the pages of some weeks, each with its data block and its cards."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from shared.huggingface.address import page_path
from shared.papers import Paper
from shared.periods import parse_period
from tests.unit.huggingface.made import page, props


@contextmanager
def served(weeks: Mapping[str, Sequence[Paper]]) -> Iterator[str]:
    """The base address of a server that lists these papers, until the block ends."""
    pages = {page_path(parse_period(week)): _page(week, papers) for week, papers in weeks.items()}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, b"")
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def _page(week: str, papers: Sequence[Paper]) -> bytes:
    entries = [
        {
            "paper": {
                "id": paper.id,
                "title": paper.title,
                "summary": paper.abstract,
                "ai_summary": paper.summary,
                "upvotes": paper.upvotes,
            }
        }
        for paper in papers
    ]
    return page(props(entries, dateString=week))
