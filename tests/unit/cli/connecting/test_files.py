"""What a bucket holds never decides where a file is written on the reader's machine."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.connecting.files import download, write_whole
from shared.digest.formats import NAMES
from shared.editions import Edition
from shared.errors import LedgerError
from shared.ledger import keys
from shared.ledger.file import File
from shared.ledger.store import Store
from tests.fakes.aws import Cloud

RUN, LANGUAGE = "2025-W37", "ko"
# An absolute path leads into the test's own folder, so that a failing test does no harm.
PLANTED = [
    "../../../outside.txt",
    "../../../.config/outside/autostart.desktop",
    "../digest.txt",
    "..",
    ".",
    "",
    "{folder}/outside.txt",
    "/{folder}/outside.txt",
    "..\\..\\outside.txt",
    "C:\\outside.txt",
    "digest.txt\0.png",
    "digest.txt\n",
    "digest.txt/",
    "digest.txt/../../outside.txt",
    "digest.sh",
    "digest.",
    "DIGEST.TXT",
    "digest.txt ",
    "digest.txt",
    "%2e%2e%2foutside.txt",
    "\u2025/outside.txt",
    "-rf",
    "~/outside.txt",
    "con",
    "x" * 300,
]


ANY = "application/octet-stream"


def bucket(planted: Iterable[str] = ()) -> Store:
    """A bucket with a digest, and whatever else somebody has put beside its files."""
    store = Cloud().store
    for name in planted:
        store.write(f"{keys.digests(Edition(RUN, LANGUAGE))}{name}", File(b"planted", ANY))
    for name in NAMES:
        store.write(keys.digest(Edition(RUN, LANGUAGE), name), File(name.encode(), ANY))
    return store


def written(folder: Path) -> dict[str, bytes]:
    """Everything below the folder that is no folder, by its path in it."""
    paths = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


WHOLE = {f"a/b/out/{RUN}/{LANGUAGE}/{name}": name.encode() for name in NAMES}


def test_every_file_of_a_digest_comes(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b" / "out"

    paths = download(bucket(), Edition(RUN, LANGUAGE), out)

    assert paths == tuple(out / RUN / LANGUAGE / name for name in NAMES)
    assert written(tmp_path) == WHOLE


def test_only_the_files_asked_for_come_and_only_those_that_are_there(tmp_path: Path) -> None:
    store = Cloud().store
    store.write(keys.digest(Edition(RUN, LANGUAGE), "digest.md"), File(b"content", ANY))

    paths = download(store, Edition(RUN, LANGUAGE), tmp_path, ["digest.md", "digest.epub"])

    assert written(tmp_path) == {f"{RUN}/{LANGUAGE}/digest.md": b"content"}
    assert paths == (tmp_path / RUN / LANGUAGE / "digest.md",)


def test_a_file_is_written_again_only_where_it_has_changed(tmp_path: Path) -> None:
    store = bucket()
    same, changed = (tmp_path / RUN / LANGUAGE / name for name in ("digest.txt", "digest.md"))
    download(store, Edition(RUN, LANGUAGE), tmp_path)
    before = [path.stat().st_ino for path in (same, changed)]
    store.write(keys.digest(Edition(RUN, LANGUAGE), "digest.md"), File(b"healed", ANY))

    download(store, Edition(RUN, LANGUAGE), tmp_path)

    assert same.stat().st_ino == before[0]
    assert changed.read_bytes() == b"healed"


def test_a_pipe_where_a_file_belongs_is_replaced_and_nobody_waits_at_it(tmp_path: Path) -> None:
    (tmp_path / RUN / LANGUAGE).mkdir(parents=True)
    os.mkfifo(tmp_path / RUN / LANGUAGE / "digest.txt")

    download(bucket(), Edition(RUN, LANGUAGE), tmp_path)

    assert (tmp_path / RUN / LANGUAGE / "digest.txt").read_bytes() == b"digest.txt"


@pytest.mark.parametrize("name", PLANTED, ids=repr)
def test_no_key_leads_out_of_the_folder_or_adds_a_file_to_it(tmp_path: Path, name: str) -> None:
    download(bucket([name.replace("{folder}", str(tmp_path))]), Edition(RUN, LANGUAGE), tmp_path / "a" / "b" / "out")

    assert written(tmp_path) == WHOLE


@given(st.lists(st.text(max_size=40) | st.text("./\\~ digest.txt", max_size=40), max_size=5))
def test_whatever_keys_there_are_only_a_digest_s_own_files_are_written(planted: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        download(bucket(planted), Edition(RUN, LANGUAGE), Path(name) / "a" / "b" / "out")

        assert written(Path(name)) == WHOLE


@pytest.mark.parametrize(("run", "language"), [("..", "ko"), ("{folder}", "ko"), (RUN, ".."), (RUN, "{folder}")])
def test_what_is_no_run_or_language_names_no_folder(tmp_path: Path, run: str, language: str) -> None:
    run, language = (part.replace("{folder}", str(tmp_path / "named")) for part in (run, language))

    with pytest.raises(LedgerError):
        download(bucket(), Edition(run, language), tmp_path / "out")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_where_a_file_belongs_is_replaced_and_not_followed(tmp_path: Path, *, exists: bool) -> None:
    outside = tmp_path / "outside.txt"
    if exists:
        outside.write_text("digest.txt")
    folder = tmp_path / "out" / RUN / LANGUAGE
    folder.mkdir(parents=True)
    (folder / "digest.txt").symlink_to(outside)

    download(bucket(), Edition(RUN, LANGUAGE), tmp_path / "out")

    assert (folder / "digest.txt").read_bytes() == b"digest.txt"
    assert not (folder / "digest.txt").is_symlink()
    assert outside.exists() == exists


def test_a_folder_that_its_owner_has_made_a_link_leads_where_it_leads(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "out" / RUN).mkdir(parents=True)
    (tmp_path / "out" / RUN / LANGUAGE).symlink_to(elsewhere)

    download(bucket(), Edition(RUN, LANGUAGE), tmp_path / "out")

    assert written(elsewhere) == {name: name.encode() for name in NAMES}


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_no_part_of_the_new(tmp_path: Path) -> None:
    (tmp_path / "digest.txt").mkdir()

    with pytest.raises(OSError, match="directory"):
        write_whole(tmp_path / "digest.txt", b"new")

    assert [path.name for path in tmp_path.iterdir()] == ["digest.txt"]


def test_a_place_that_cannot_be_written_is_named_as_its_owner_knows_it(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file") as caught:
        write_whole(tmp_path / "nowhere" / "digest.txt", b"new")

    assert caught.value.filename == str(tmp_path / "nowhere" / "digest.txt")
