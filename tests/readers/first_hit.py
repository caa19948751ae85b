"""How long a search takes: `python -m tests.readers.first_hit` prints milliseconds for archives of 60 and 500 weeks.

From opening the address of a query to its first hit, at 1.6 Mbit/s, 150 ms and a quarter of the processor, with every
answer compressed as a CDN does it: for a paper of the newest week, for one of the oldest, and for words that only an
old abstract holds, from the click that asks for those. On a busy machine only counts are worth something: how many
requests wait for one another until the newest quarter's list is here, how many bytes come with them, and so how many
milliseconds the network alone takes.
"""

import functools
import gzip
import http.server
import shutil
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

from msgspec import structs
from playwright.sync_api import Browser, Page, sync_playwright

from shared.digest.archive_entries import Archive, entry_of
from shared.digest.archive_files import archive_files
from shared.digest.model import Digest, Translated
from shared.digest.search import Shard, list_name, search_files, shard_name, with_digest
from shared.digest.view import view
from tests.readers.growth import sample_digest

_BYTES_A_SECOND, _LATENCY, _SLOWER = 200_000, 150, 4
_NUMBERS = "영일이삼사오육칠팔구"


class _Compressing(http.server.SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        body = gzip.compress(path.read_bytes(), mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass


def _week(digest: Digest, number: int) -> Digest:
    """The digest as that of another week: a word in its first title and one in its first abstract name it."""
    run = f"{2016 + number // 52}-W{number % 52 + 1:02}"
    spelled = "".join(_NUMBERS[int(digit)] for digit in f"{number:03}")
    papers = [
        replace(paper, id=f"{1600 + number}.{place:05}", translation=_named(paper.translation, spelled, place))
        for place, paper in enumerate(digest.papers)
    ]
    return replace(digest, run=run, period=run, papers=tuple(papers))


def _named(translation: object, spelled: str, place: int) -> Translated:
    assert isinstance(translation, Translated)
    if place:
        return translation
    title, text = f"제목{spelled} {translation.title}", f"본문{spelled} {translation.text}"
    return structs.replace(translation, title=title, text=text)


def _write(weeks: int, folder: Path) -> None:
    digest, archive, shards = sample_digest(), Archive(language="ko"), dict[str, Shard]()
    views = [view(_week(digest, number)) for number in range(weeks)]
    archive = replace(archive, entries=tuple(map(entry_of, reversed(views))))
    for shown in views:
        name = shard_name(shown.digest.period)
        shards[name] = with_digest(shards.get(name, Shard(language="ko")), shown)
    files = archive_files(archive, {shown.digest.run: shown for shown in views})
    for period in {list_name(shown.digest.period): shown.digest.period for shown in views}.values():
        files |= search_files(shards[shard_name(period)], period)
    for name, file in files.items():
        folder.joinpath(name).write_bytes(file.body)


def _slowed(browser: Browser) -> Page:
    page = browser.new_context(bypass_csp=True).new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    network = {"downloadThroughput": _BYTES_A_SECOND, "uploadThroughput": _BYTES_A_SECOND, "latency": _LATENCY}
    session.send("Network.emulateNetworkConditions", {"offline": False, **network})
    session.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    return page


_UNTIL_THE_LIST = """() => {
  const [page, ...asked] = ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind));
  const list = asked.find(({ name }) => name.includes("/list-"));
  const before = asked.filter(({ startTime }) => startTime < list.responseEnd);
  const depth = (one) => 1 + Math.max(...before.filter((other) => other.responseEnd <= one.startTime).map(depth), 1);
  return [depth(list), [page, ...before].reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)];
}"""
_NOW = "() => Math.round(performance.now())"
_KEY = "() => { const began = performance.now(); show(); return Math.round(performance.now() - began); }"
_IS_READ = "() => !loading"


def _first_hit(page: Page, address: str) -> int:
    page.goto(address, wait_until="commit")
    page.wait_for_selector("#found > li", timeout=120_000)
    return int(page.evaluate(_NOW))


def _measure(browser: Browser, address: str, weeks: int) -> dict[str, int]:
    newest = "".join(_NUMBERS[int(digit)] for digit in f"{weeks - 1:03}")
    page = _slowed(browser)
    times = {"newest": _first_hit(page, f"{address}?q=제목{newest}")}
    series, size = page.evaluate(_UNTIL_THE_LIST)
    times |= {
        "requests in series until the newest list": series,
        "bytes until then": size,
        "milliseconds of the network until then": series * _LATENCY + 1000 * size // _BYTES_A_SECOND,
        "oldest": _first_hit(_slowed(browser), f"{address}?q=제목영영영"),
    }
    page = _slowed(browser)
    page.goto(f"{address}?q=본문영영영", wait_until="commit")
    page.wait_for_function(_IS_READ, timeout=120_000)
    times["all lists and the last year's texts"] = int(page.evaluate(_NOW))
    if page.locator("#older").is_visible():
        began = int(page.evaluate(_NOW))
        page.click("#older")
        page.wait_for_selector("#found > li", timeout=120_000)
        times["oldest text, asked for"] = int(page.evaluate(_NOW)) - began
        page.wait_for_function(_IS_READ, timeout=120_000)
    times["megabytes held then"] = _held(page)
    times["one more key then"] = int(page.evaluate(_KEY))
    return times


def _held(page: Page) -> int:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    return int(session.send("Runtime.getHeapUsage")["usedSize"]) // 2**20


def main() -> None:
    """Print a line for every measure."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for weeks in (60, 500):
            with tempfile.TemporaryDirectory() as folder:
                _write(weeks, Path(folder))
                handler = functools.partial(_Compressing, directory=folder)
                with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
                    threading.Thread(target=server.serve_forever).start()
                    times = _measure(browser, f"http://127.0.0.1:{server.server_port}/search.html", weeks)
                    server.shutdown()
            for name, time in times.items():
                sys.stdout.write(f"{weeks} weeks, {name}: {time}\n")
            sys.stdout.flush()
        browser.close()


if __name__ == "__main__":
    main()
