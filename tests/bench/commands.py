"""The commands as a person runs them: from the first character typed to the digest, or to the first byte."""

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.bench.papers import papers
from tests.bench.rows import Row
from tests.bench.translator import slow_translate
from tests.chaos.source import served

_CLIENTS, _READS = 200, 3
_WEEK = "2025-W37"


def commands(large: bool) -> Iterator[Row]:
    """Each command in a fresh process, in a home of its own."""
    with (
        tempfile.TemporaryDirectory() as home,
        served({_WEEK: papers(10)}) as source,
        slow_translate(0.15, Path(home) / "log") as engine,
    ):
        there = _Home(Path(home), {"AWS_ENDPOINT_URL_TRANSLATE": engine})
        week = ("run", "--week", _WEEK, "--source", source, "--top", "10")
        sample = ("run", "--or-sample", "--source", "http://127.0.0.1:9")
        yield _taken("the sample week, the first time", there.seconds(*sample), 10.0)
        yield _taken("the sample week, the second time", there.seconds(*sample), 2.0)
        yield _taken("a week of ten papers", there.seconds(*week), None)
        yield _taken("the same week again", there.seconds(*week), 2.0)
        yield _taken("chorok status", there.least("status"), 0.7)
        yield _taken("chorok download", there.least("download", _WEEK), 0.7)
        yield _taken("chorok --help", there.least("--help"), 0.3)
        with there.serving() as (address, seconds):
            yield _taken("chorok serve, to the first byte", seconds, 0.7)
            yield from _crowd(address)


class _Home:
    """A home folder with `chorok` in it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        kept = {name: text for name, text in os.environ.items() if not name.startswith(("AWS_", "CHOROK_", "XDG_"))}
        self._environment = kept | environment | {"HOME": str(folder), "PYTHONUNBUFFERED": "1"}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        program = Path(sys.executable).with_name("chorok")
        return subprocess.Popen(
            [program, *arguments],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def seconds(self, *arguments: str) -> float:
        began = time.monotonic()
        with self.start(*arguments) as process:
            _, said = process.communicate()
        assert process.returncode == 0, said
        return time.monotonic() - began

    def least(self, *arguments: str) -> float:
        return min(self.seconds(*arguments) for _ in range(3))

    @contextmanager
    def serving(self) -> Iterator[tuple[str, float]]:
        """The address of `chorok serve`, and after how many seconds it gave a page."""
        began = time.monotonic()
        with self.start("serve", "--port", "0") as process:
            try:
                assert process.stdout is not None
                found = re.search(r"http://\S+/", process.stdout.readline())
                assert found is not None
                _get(found[0])
                yield found[0], time.monotonic() - began
            finally:
                process.terminate()
                process.communicate()


def _taken(what: str, seconds: float, most: float | None) -> Row:
    return Row("From the command", what, seconds, "s", most=most)


def _crowd(address: str) -> Iterator[Row]:
    """The archive, its newest digest and a feed, read by many at once."""
    paths = ("digests/ko/", f"digests/{_WEEK}/ko/digest.html", "digests/ko/feed.atom")
    taken: list[float] = []
    errors: list[str] = []
    ready = threading.Barrier(_CLIENTS)

    def read(_number: int) -> None:
        ready.wait()
        for path in paths * _READS:
            began = time.monotonic()
            try:
                _get(address + path)
            except OSError as error:
                errors.append(str(error))
            taken.append(time.monotonic() - began)

    with ThreadPoolExecutor(_CLIENTS) as pool:
        list(pool.map(read, range(_CLIENTS)))
    slow = sorted(taken)[int(len(taken) * 0.99)]
    yield Row("A crowd", f"{_CLIENTS} clients at once, the slowest of 100 answers", slow, "s")
    yield Row("A crowd", f"{_CLIENTS} clients at once, errors", len(errors), "errors", most=0)


def _get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as answer:
        body: bytes = answer.read()
        return body
