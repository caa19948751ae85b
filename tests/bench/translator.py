"""Amazon Translate as a process of its own, each call of which takes as long: an engine for the embedded cloud.

`python -m tests.bench.translator SECONDS LOG` adds a byte to the file LOG for each call that it answers. What it
answers is Korean of a kind that keeps numbers and names, so that calls are the same in every run.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import msgspec

from infra.engine.wire import TRANSLATE_TEXT, Answer, Request
from tests.fakes.faults import Rule
from tests.fakes.translate import FakeTranslate, korean

_korean = cache(korean)


class SlowTranslate(FakeTranslate):
    """The double, with a delay in seconds; `share` of the texts fail once."""

    def __init__(self, seconds: float, log: Path, share: float = 0.0) -> None:
        super().__init__(_korean)
        self._seconds = seconds
        self._log = log
        if share:
            self.fail(Rule(share=share, code="ServiceUnavailableException"))

    def answer(self, request: Request) -> Answer | None:
        begin = time.monotonic()
        answer = super().answer(request)
        if request.operation == TRANSLATE_TEXT:
            with self._log.open("ab") as log:
                log.write(b".")
            time.sleep(max(0.0, begin + self._seconds - time.monotonic()))
        return answer


def engine(seconds: float, log: Path, share: float = 0.0) -> tuple[str, ...]:
    """The command of such a process."""
    return (sys.executable, "-P", "-m", "tests.bench.translator", str(seconds), str(log), str(share))


def calls(log: Path) -> int:
    """How many calls it has answered."""
    return log.stat().st_size if log.exists() else 0


@contextmanager
def slow_translate(seconds: float, log: Path, share: float = 0.0) -> Iterator[str]:
    """The address of one that runs until the block ends."""
    with subprocess.Popen(engine(seconds, log, share), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{msgspec.json.decode(process.stdout.readline())['port']}"
        finally:
            process.stdin.close()


if __name__ == "__main__":
    wait, file, failing = sys.argv[1:]
    with SlowTranslate(float(wait), Path(file), float(failing)) as served:
        sys.stdout.buffer.write(msgspec.json.encode({"port": served.port, "engine": "translate-endpoint"}) + b"\n")
        sys.stdout.flush()
        sys.stdin.read()
