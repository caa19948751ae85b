"""The command as its user runs it, the real pages on loopback, and an engine that can fail on demand."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.fakes.translate import FakeTranslate
from tests.weights import portuguese_models as portuguese_models  # a fixture


@dataclass(frozen=True)
class Chorok:
    """`chorok` with a state folder and an output folder of its own."""

    state: Path
    out: Path

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start the command; no setting of the caller's environment reaches it but those given."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CHOROK_"))}
        return subprocess.Popen(
            [sys.executable, "-m", "cli.main", *arguments, "--state", str(self.state)],
            env=kept | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        process = self.start(*arguments, **environment)
        stdout, stderr = process.communicate(timeout=240)
        return subprocess.CompletedProcess(arguments, process.returncode, stdout, stderr)

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """`chorok run` into this output folder."""
        return self("run", "--out", str(self.out), *arguments, **environment)

    def stored(self, prefix: str) -> list[Path]:
        """The objects below a prefix of the bucket, as the embedded cloud keeps them."""
        objects = self.state.glob(f"s3/*/*/{prefix}**/*.json")
        return [path for path in objects if not path.name.endswith(".meta.json")]

    def file(self, run: str, language: str, name: str) -> bytes:
        """One of the files that a run has written."""
        return (self.out / run / language / name).read_bytes()


@pytest.fixture
def chorok(tmp_path: Path) -> Chorok:
    return Chorok(tmp_path / "state", tmp_path / "out")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def hugging_face(shared_data: Path) -> Iterator[str]:
    """The base address of a server that replays real pages of Hugging Face."""
    with served(shared_data / "hf") as address:
        yield address


@pytest.fixture
def engine() -> Iterator[FakeTranslate]:
    """A Translate endpoint that writes Korean of a kind and fails on demand."""
    with FakeTranslate() as fake:
        yield fake
