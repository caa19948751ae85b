"""The archive as a plain folder: all that is published, and nothing that only a key of the bucket says."""

import re
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from click.testing import CliRunner

from cli import site
from cli.connecting.site_folder import Copied, copy_site
from shared.digest.archive_entries import ARCHIVE
from shared.digest.archive_files import archive_names
from shared.digest.formats import renderings
from shared.digest.view import view
from shared.errors import MissingDigest, UsageError
from shared.ledger import keys
from shared.ledger.file import File
from shared.ledger.store import Store
from shared.services.archive import Archiving
from tests.fakes.aws import Cloud
from tests.unit.digest.digests import SAPO, digest_of, translated
from tests.unit.digest.test_archive import archive_of, issue

ADDRESS = "https://digests.example.org/digests/"


def publish(cloud: Cloud, run: str, text: str = "공유합니다.") -> None:
    digest = digest_of([SAPO], [translated(SAPO, text, title="함께")], run=run)
    for name, file in renderings(view(digest)).items():
        cloud.store.write(keys.digest(digest.edition, name), file)
    Archiving(cloud.store, ADDRESS).add(digest.edition)


@pytest.fixture
def cloud() -> Cloud:
    cloud = Cloud()
    for run in ("sample", "2025-W36", "2025-W37"):
        publish(cloud, run)
    return cloud


def test_a_site_is_all_that_is_published_and_no_link_of_its_pages_is_dead(cloud: Cloud, tmp_path: Path) -> None:
    copied = copy_site(cloud.store, tmp_path)

    here = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert here == {key.removeprefix("digests/") for key in cloud.s3.objects if key.startswith("digests/")}
    assert copied == Copied(len(here), len(here))
    for page in (path for path in here if path.endswith(".html")):
        for link in re.findall(r'(?:href|src)="([^"]+)"', (tmp_path / page).read_text(encoding="utf-8")):
            target = urldefrag(urljoin(f"http://site/{page}", link)).url.partition("?")[0]
            if target.startswith("http://site/"):
                assert target.removeprefix("http://site/") in here, f"{page} leads to {link}"


def test_a_second_time_only_what_changed_is_written(cloud: Cloud, tmp_path: Path) -> None:
    copy_site(cloud.store, tmp_path)
    (tmp_path / "CNAME").write_text("digests.example.org")
    assert copy_site(cloud.store, tmp_path).written == 0

    publish(cloud, "2025-W37", "다시 번역했습니다.")
    again = copy_site(cloud.store, tmp_path)

    assert 0 < again.written < again.files / 2
    assert "다시 번역했습니다." in (tmp_path / "2025-W37/ko/digest.html").read_text(encoding="utf-8")
    assert (tmp_path / "CNAME").read_text() == "digests.example.org"


def test_no_key_becomes_a_path(cloud: Cloud, tmp_path: Path) -> None:
    planted = File(b"planted", "text/html")
    for key in ("2025-W37/ko/../../../evil.html", "ko/evil.html", "../evil.html", "2025-W37/ko/evil.html", "evil.html"):
        cloud.store.write(f"digests/{key}", planted)

    copy_site(cloud.store, tmp_path / "out")

    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.read_bytes() == b"planted"]


def test_a_link_that_lies_there_is_replaced_and_not_followed(cloud: Cloud, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "out" / "ko").mkdir(parents=True)
    (tmp_path / "out" / "ko" / "index.html").symlink_to(tmp_path / "mine")

    copy_site(cloud.store, tmp_path / "out")

    assert (tmp_path / "mine").read_text() == "mine"
    assert not (tmp_path / "out" / "ko" / "index.html").is_symlink()


def test_without_a_digest_one_line_says_so(tmp_path: Path) -> None:
    with pytest.raises(MissingDigest, match="no digest yet"):
        copy_site(Cloud().store, tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    result = CliRunner().invoke(site.command, [str(tmp_path / "file" / "out"), "--state", str(tmp_path / "nowhere")])

    assert isinstance(result.exception, UsageError)


def test_the_names_of_an_archive_are_those_of_its_files(cloud: Cloud) -> None:
    archive = archive_of(issue("sample"), issue("2025-W37"))

    names = set(archive_names(archive))

    there = {key.removeprefix("digests/ko/") for key in cloud.s3.objects if key.startswith("digests/ko/")}
    assert names == there
    assert ARCHIVE in names


def test_what_cannot_be_read_any_more_is_not_counted(tmp_path: Path) -> None:
    cloud = Cloud()
    publish(cloud, "2025-W37")
    store: Store = cloud.store
    gone = keys.archive("ko", "feed.json")
    etags = store.etags(keys.DIGESTS)
    del cloud.s3.objects[gone]
    store.etags = lambda prefix: etags  # type: ignore[method-assign]

    assert copy_site(store, tmp_path).written == len(etags) - 1
