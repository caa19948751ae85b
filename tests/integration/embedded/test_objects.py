"""The objects' files before a start: what a killed emulator left is mended, and old versions do not pile up."""

import json
import os
from pathlib import Path

import pytest

from infra.embedded.cloud import Plan, running_cloud
from infra.embedded.objects import make_ready


@pytest.fixture
def bucket(tmp_path: Path) -> Path:
    folder = tmp_path / "000000000000" / "bucket"
    folder.mkdir(parents=True)
    return folder


def test_an_object_and_a_description_of_another_are_told_apart(bucket: Path, tmp_path: Path) -> None:
    # given
    for name, described in {
        "whole": {"size": 3, "etag": '"900150983cd24fb0d6963f7d28e17f72"'},
        "longer": {"size": 99, "etag": "x"},
        "same-size": {"size": 3, "etag": '"another"'},
    }.items():
        (bucket / f"{name}.meta.json").write_text(json.dumps(described))
        (bucket / name).write_bytes(b"abc")
        os.utime(bucket / f"{name}.meta.json", ns=(0, 0))
    (bucket / "odd.meta.json").write_text("[1]")
    (bucket / "half.tmp").touch()
    # when
    make_ready(tmp_path)
    # then
    left = sorted(path.name for path in bucket.iterdir())
    assert left == ["longer", "odd.meta.json", "same-size", "whole", "whole.meta.json"]


def test_a_version_that_is_none_is_never_a_path(bucket: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / ".versions" / "000000000000" / "bucket").mkdir(parents=True)
    entries = [{"version_id": "../../../../outside"}, {"version_id": ""}, {"version_id": 7}, 5, {}] * 9
    (bucket / "key.meta.json").write_text(json.dumps({"versions": entries}))

    make_ready(tmp_path)

    assert (tmp_path / "outside").is_dir()
    assert (tmp_path / ".versions" / "000000000000" / "bucket").is_dir()


def test_old_versions_do_not_pile_up_and_the_newest_is_served(plan: Plan) -> None:
    # given
    with running_cloud(plan) as cloud:
        s3, bucket = cloud.client("s3"), cloud.outputs["Bucket"]
        for number in range(20):
            s3.put_object(Bucket=bucket, Key="digests/ko/archive.json", Body=str(number).encode())
        assert len(s3.list_object_versions(Bucket=bucket)["Versions"]) == 20
    # when
    with running_cloud(plan) as cloud:
        # then
        s3 = cloud.client("s3")
        left = s3.list_object_versions(Bucket=bucket)["Versions"]
        bodies = [
            s3.get_object(Bucket=bucket, Key=found["Key"], VersionId=found["VersionId"])["Body"].read()
            for found in left
        ]
        assert bodies == [b"19", b"18", b"17", b"16"]
        assert s3.get_object(Bucket=bucket, Key="digests/ko/archive.json")["Body"].read() == b"19"
        s3.put_object(Bucket=bucket, Key="digests/ko/archive.json", Body=b"20")
    assert len(list((plan.state / "s3" / ".versions" / "000000000000" / bucket).iterdir())) == 4
