"""How readers get a digest: downloaded, linked to, synchronised with the AWS CLI, and shown on loopback."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

from tests.e2e.conftest import Chorok
from tests.fakes.translate import FakeTranslate
from tests.processes import processes_with

RUN = "2025-W37"
NAMES = ["digest.json", "digest.txt", "digest.md", "digest.html", "digest.epub"]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, hugging_face: str) -> Chorok:
    """A state folder with a digest, on which nothing runs."""
    folder = tmp_path_factory.mktemp("published")
    chorok = Chorok(folder / "state", folder / "out")
    with FakeTranslate() as engine:
        asked = ("--week", RUN, "--source", hugging_face, "--top", "2")
        done = chorok.run(*asked, AWS_ENDPOINT_URL_TRANSLATE=engine.address)
    assert done.returncode == 0, done.stderr
    return chorok


def get(address: str) -> bytes:
    with build_opener(ProxyHandler({})).open(address, timeout=10) as answer:
        return bytes(answer.read())


def test_chorok_and_the_aws_cli_bring_the_same_bytes_from_a_cloud_that_is_up(published: Chorok, tmp_path: Path) -> None:
    up = published("up", AWS_ENDPOINT_URL_TRANSLATE="http://127.0.0.1:9")
    exports = dict(re.findall(r"^export (\w+)=(.*)$", up.stdout, re.MULTILINE))
    bucket = re.search(r"^Bucket +(\S+)$", up.stdout, re.MULTILINE)
    assert bucket is not None, up.stderr
    downloaded = published("download", "latest", "--format", "epub", "--out", str(tmp_path / "downloaded"))
    linked = published("url", RUN, "--format", "epub")
    synchronised = subprocess.run(
        [sys.executable, "-m", "awscli", "s3", "sync", f"s3://{bucket[1]}/digests", str(tmp_path / "synchronised")],
        env=os.environ | exports,
        capture_output=True,
        text=True,
        check=False,
    )
    followed = get(linked.stdout.strip())
    down = published("down")

    assert [ended.returncode for ended in (downloaded, linked, synchronised, down)] == [0] * 4, synchronised.stderr
    path = Path(downloaded.stdout.strip())
    assert path == tmp_path / "downloaded" / RUN / "ko" / "digest.epub"
    body = path.read_bytes()
    assert body.startswith(b"PK")
    assert body == (tmp_path / "synchronised" / RUN / "ko" / "digest.epub").read_bytes() == followed
    assert {*NAMES, "index.html"} <= {file.name for file in (tmp_path / "synchronised" / RUN / "ko").iterdir()}
    assert "but no longer than this embedded cloud is up" in linked.stderr


def test_a_digest_is_downloaded_and_opened_without_a_cloud_that_is_up(published: Chorok, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    browser = f'{sys.executable} -c \'import sys; open("{seen}", "w").write(sys.argv[1])\' %s'

    downloaded = published("download", "--out", str(tmp_path))
    opened = published("open", RUN, "--out", str(tmp_path), BROWSER=browser)
    unlinked = published("url", RUN)
    missing = published("download", "2025-W36", "--out", str(tmp_path))

    folder = tmp_path / RUN / "ko"
    assert downloaded.stdout.splitlines() == [str(folder / name) for name in NAMES], downloaded.stderr
    assert (folder / "digest.txt").read_bytes() == published.file(RUN, "ko", "digest.txt")
    assert (opened.returncode, seen.read_text()) == (0, (folder / "digest.html").as_uri())
    assert (unlinked.returncode, missing.returncode) == (1, 1)
    assert "none is on" in unlinked.stderr
    assert missing.stderr.splitlines()[-1] == f"chorok: There is no digest of 2025-W36 in ko. There are: {RUN} (ko)."
    assert processes_with(str(published.state)) == {}


def test_the_archive_is_shown_on_loopback_until_ctrl_c(published: Chorok) -> None:
    process = published.start("serve", "--port", "0", PYTHONUNBUFFERED="1")
    assert process.stdout is not None
    address = process.stdout.readline().split()[0]

    index, page = get(address).decode(), get(f"{address}digests/{RUN}/ko/digest.html")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)

    assert address.startswith("http://127.0.0.1:")
    assert f"../{RUN}/ko/index.html" in index
    assert page == published.file(RUN, "ko", "digest.html")
    assert (process.returncode, errors.splitlines()[-1]) == (130, "chorok: stopped")
    assert processes_with(str(published.state)) == {}
