"""A file comes whole or not at all, goes on where it stopped, and is never made of two versions."""

import fcntl
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, IncompleteReadError

from cli.connecting.resuming import bring
from shared.errors import CloudError
from tests.fakes.aws import BUCKET, client_error

KEY = "digests/2025-W37/ko/digest.epub"
OLD, NEW = bytes(range(256)) * 1000, b"mended " * 30_000


@dataclass
class Body:
    """An answer's body, of which only `reach` bytes come before the connection breaks."""

    content: bytes
    reach: int

    def iter_chunks(self, size: int) -> Iterator[bytes]:
        reached = self.content[: self.reach]
        yield from (reached[start : start + size] for start in range(0, len(reached), size))
        if self.reach < len(self.content):
            raise IncompleteReadError(actual_bytes=self.reach, expected_bytes=len(self.content))


@dataclass
class Objects:
    """S3 with one object. `reaches` is how far the next answers come; `asked` is which bytes were asked for.

    After each answer the object is `following`, if there is one.
    """

    content: bytes
    reaches: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    following: list[bytes] = field(default_factory=list)
    encrypted: bool = False

    @property
    def etag(self) -> str:
        salt = b"key" if self.encrypted else b""
        return f'"{hashlib.md5(self.content + salt, usedforsecurity=False).hexdigest()}"'

    def head_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        if (Bucket, Key) != (BUCKET, KEY):
            raise client_error("404", 404, "HeadObject")
        return {"ETag": self.etag, "ContentLength": len(self.content)}

    def get_object(self, *, Bucket: str, Key: str, IfMatch: str, Range: str = "") -> dict[str, Any]:  # noqa: N803
        self.asked.append(Range)
        if IfMatch != self.etag:
            raise client_error("PreconditionFailed", 412, "GetObject")
        start = int(Range.removeprefix("bytes=").removesuffix("-") or 0)
        part = self.content[start:]
        described = {"ContentRange": f"bytes {start}-{len(self.content) - 1}/{len(self.content)}"} if Range else {}
        if self.following:
            self.content = self.following.pop(0)
        return {"Body": Body(part, self.reaches.pop(0) if self.reaches else len(part)), **described}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "2025-W37" / "ko" / "digest.epub"


def get(objects: Objects, target: Path) -> list[tuple[int, int]]:
    """What is shown while the object is brought to the target."""
    shown: list[tuple[int, int]] = []
    bring(cast("Any", objects), BUCKET, KEY, target, lambda here, whole: shown.append((here, whole)))
    return shown


def names(target: Path) -> list[str]:
    return [path.name for path in target.parent.iterdir()]


def test_the_file_is_the_object_and_nothing_else_is_left(target: Path) -> None:
    shown = get(Objects(OLD), target)

    assert target.read_bytes() == OLD
    assert names(target) == ["digest.epub"]
    assert shown[0] == (0, len(OLD))
    assert shown[-1] == (len(OLD), len(OLD))


@pytest.mark.parametrize("content", [b"", b"x"])
def test_the_smallest_files_come_too(target: Path, content: bytes) -> None:
    get(Objects(content), target)

    assert target.read_bytes() == content


def test_a_connection_that_breaks_is_continued_where_it_broke(target: Path) -> None:
    objects = Objects(OLD, reaches=[100_000, 50_000])

    get(objects, target)

    assert target.read_bytes() == OLD
    assert objects.asked == ["", "bytes=100000-", "bytes=150000-"]


def test_what_never_comes_leaves_no_file_and_the_next_command_goes_on(target: Path) -> None:
    objects = Objects(OLD, reaches=[100_000, 0, 0, 0, 0])

    with pytest.raises(CloudError, match=r"IncompleteReadError.*goes on where it stopped"):
        get(objects, target)
    left, objects.asked = names(target), []
    get(objects, target)

    assert [re.sub("[0-9a-f]{16}", "…", name) for name in left] == [".digest.epub.….part"]
    assert objects.asked == ["bytes=100000-"]
    assert target.read_bytes() == OLD
    assert names(target) == ["digest.epub"]


def test_an_object_that_changed_since_is_begun_anew(target: Path) -> None:
    with pytest.raises(CloudError):
        get(Objects(OLD, reaches=[100_000, 0, 0, 0, 0]), target)
    objects = Objects(NEW)

    get(objects, target)

    assert objects.asked == [""]
    assert target.read_bytes() == NEW
    assert names(target) == ["digest.epub"]


def test_an_object_that_changes_meanwhile_is_never_mixed(target: Path) -> None:
    objects = Objects(OLD, reaches=[100_000], following=[NEW])

    get(objects, target)

    assert target.read_bytes() == NEW
    assert names(target) == ["digest.epub"]


def test_an_older_file_stays_until_the_new_one_is_whole(target: Path) -> None:
    get(Objects(OLD), target)

    with pytest.raises(CloudError):
        get(Objects(NEW, reaches=[1000, 0, 0, 0, 0]), target)

    assert target.read_bytes() == OLD


def test_what_is_here_already_is_not_downloaded_again(target: Path) -> None:
    get(Objects(OLD), target)
    objects = Objects(OLD)

    shown = get(objects, target)

    assert objects.asked == []
    assert shown == [(len(OLD), len(OLD))]


def test_a_file_of_the_same_size_that_is_another_is_replaced(target: Path) -> None:
    get(Objects(OLD), target)

    get(Objects(OLD[::-1]), target)

    assert target.read_bytes() == OLD[::-1]


def test_an_etag_that_is_no_md5_is_no_hindrance(target: Path) -> None:
    objects = Objects(OLD, reaches=[1000], encrypted=True)

    get(objects, target)

    assert target.read_bytes() == OLD


def test_two_downloads_of_one_file_do_not_write_into_each_other(target: Path) -> None:
    with pytest.raises(CloudError):
        get(Objects(OLD, reaches=[1000, 0, 0, 0, 0]), target)
    [part] = target.parent.iterdir()

    with part.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(CloudError, match="Another process is downloading"):
            get(Objects(OLD), target)
        get(Objects(NEW), target)
        assert part.exists()

    assert target.read_bytes() == NEW


def test_a_part_that_is_longer_than_the_object_is_thrown_away(target: Path) -> None:
    with pytest.raises(CloudError):
        get(Objects(OLD, reaches=[1000, 0, 0, 0, 0]), target)
    [part] = target.parent.iterdir()
    part.write_bytes(OLD + b"more")

    get(Objects(OLD), target)

    assert target.read_bytes() == OLD


def test_what_does_not_exist_leaves_nothing(target: Path) -> None:
    with pytest.raises(ClientError):
        bring(cast("Any", Objects(OLD)), BUCKET, "digests/other", target, lambda here, whole: None)

    assert names(target) == []
