"""A disk that is full: one line at once, and whatever was stored is there when there is room again."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cli.connecting.files import write_whole
from infra.embedded.cloud import Plan, running_cloud
from shared.errors import CloudError
from tests.skips import skip


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own, with four megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.getuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder]).returncode != 0:
        skip("root", "only root can mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_what_was_stored_before_the_disk_was_full_is_kept(plan: Plan, small: Path) -> None:
    # given
    on_small = replace(plan, state=small / "state")
    kept: list[str] = []

    # when
    def store_more_than_there_is_room_for() -> None:
        with running_cloud(on_small) as cloud:
            s3, bucket = cloud.client("s3"), cloud.outputs["Bucket"]
            for number in range(100):
                key = f"results/{number:03}"
                s3.put_object(Bucket=bucket, Key=key, Body=bytes([number]) * 100_000)
                kept.append(key)

    with pytest.raises(CloudError) as ended:
        store_more_than_there_is_room_for()
    # then
    assert str(ended.value).startswith(f"The embedded cloud cannot write in {small}/state: No space left on device.")
    assert 5 < len(kept) < 100
    subprocess.run(["mount", "-o", "remount,size=40m", small], check=True)
    with running_cloud(on_small) as cloud:
        s3 = cloud.client("s3")
        stored = {key: s3.get_object(Bucket=cloud.outputs["Bucket"], Key=key)["Body"].read() for key in kept}
    assert stored == {key: bytes([number]) * 100_000 for number, key in enumerate(kept)}


def test_where_there_is_no_room_for_the_first_deployment_that_is_said(plan: Plan, small: Path) -> None:
    with (small / "filler").open("wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, 4 * 2**20 - 40 * 1024)

    with (
        pytest.raises(CloudError, match=r"cannot write in .* No space left on device"),
        running_cloud(replace(plan, state=small / "state")),
    ):
        pass

    (small / "filler").unlink()
    with running_cloud(replace(plan, state=small / "state")) as cloud:
        assert "Bucket" in cloud.outputs


def test_services_that_cannot_be_saved_do_not_count(plan: Plan, small: Path) -> None:
    # given
    on_small = replace(plan, state=small / "state")
    with running_cloud(on_small):
        pass

    # when
    def fill_the_disk_before_the_end() -> None:
        with running_cloud(on_small), (small / "filler").open("wb") as filler:
            room = os.statvfs(small)
            os.posix_fallocate(filler.fileno(), 0, room.f_bavail * room.f_frsize)

    with pytest.raises(CloudError, match="cannot write in"):
        fill_the_disk_before_the_end()
    # then
    (small / "filler").unlink()
    with running_cloud(on_small) as cloud:
        assert "Bucket" in cloud.outputs


def test_a_file_that_finds_no_room_is_named_and_the_old_one_stays(small: Path) -> None:
    path = small / "digest.html"
    write_whole(path, b"old")

    with pytest.raises(OSError, match=r"No space left on device.*digest\.html"):
        write_whole(path, bytes(5_000_000))

    assert path.read_bytes() == b"old"
    assert list(small.iterdir()) == [path]
