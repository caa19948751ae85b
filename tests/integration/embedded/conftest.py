"""What the tests of the embedded cloud share: a plan, and a way to see what is still alive."""

import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from infra.embedded.cloud import Plan
from tests.integration.embedded.assemblies import STACK, write_assembly
from tests.processes import processes_with

ENGINE = (
    sys.executable,
    "-c",
    """import sys; print('{"port": 9, "engine": "double"}', flush=True); sys.stdin.read()""",
)
"""An endpoint that nobody calls: it reports a port and waits for the end of its standard input."""

MARKER = "CHOROK_TEST_MARKER"
"""The environment variable by which all processes of one test are found."""

LEASH = "infra/embedded/leash.py"

_DEADLINE_SECONDS = 30.0
_Found = TypeVar("_Found")


def eventually(look: Callable[[], _Found], what: str) -> _Found:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while not (found := look()):
        assert time.monotonic() < deadline, f"{what}: not within {_DEADLINE_SECONDS:.0f} seconds"
        time.sleep(0.02)
    return found


class Alive:
    """The processes that carry this test's marker in their environment, but for the test's own."""

    def __init__(self, marker: str) -> None:
        self.marker = marker

    def __call__(self) -> dict[int, str]:
        """Pid of each, and its command line and environment. A zombie has neither any more, and does not count."""
        return processes_with(f"{MARKER}={self.marker}")

    def emulator(self) -> int:
        """The emulator's own pid, neither its leash's nor its functions'."""
        [pid] = [pid for pid, told in self().items() if " -m infra.embedded.gateway " in told and LEASH not in told]
        return pid

    def none(self) -> bool:
        return not self()


@pytest.fixture
def alive(monkeypatch: pytest.MonkeyPatch) -> Alive:
    if not Path("/proc/self/environ").exists():
        pytest.skip("linux: looks into /proc")
    marker = uuid.uuid4().hex
    monkeypatch.setenv(MARKER, marker)
    return Alive(marker)


@pytest.fixture
def plan(tmp_path: Path, alive: Alive) -> Plan:
    return Plan(
        state=tmp_path / "state",
        assembly=write_assembly(tmp_path / "assembly"),
        stack=STACK,
        engine=ENGINE,
        environment={MARKER: alive.marker},
    )


@contextmanager
def owner(code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that runs `code` until it has said "ready", and then waits to be killed."""
    command = [sys.executable, "-c", f"{code}\n", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()
