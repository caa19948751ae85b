"""A state folder's ledger, read from its files: the same as the emulator would answer, and nothing outside of it."""

import json
import os
import time
from pathlib import Path

import pytest

from infra.embedded.reading import FolderStore, read_folder, saved_depths
from shared.errors import CloudError
from shared.ledger.records import Announced

BUCKET = "ledger"
PAGE = "digests/2025-W37/ko/digest.html"


@pytest.fixture
def objects(tmp_path: Path) -> Path:
    folder = tmp_path / "s3" / "000000000000" / BUCKET
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def store(tmp_path: Path, objects: Path) -> FolderStore:
    return FolderStore(tmp_path, BUCKET)


def put(objects: Path, key: str, body: bytes, **described: object) -> Path:
    path = objects / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    path.with_name(f"{path.name}.meta.json").write_text(json.dumps(described))
    return path


def deployed(state: Path, generation: str, outputs: dict[str, str]) -> Path:
    folder = state / "saved" / generation
    (folder / "services").mkdir(parents=True)
    (folder / "deployed.json").write_text(json.dumps({"template": "t", "outputs": outputs}))
    return folder / "services"


def test_an_object_is_its_bytes_and_the_etag_that_s3_gives_them(store: FolderStore, objects: Path) -> None:
    headers = {"cache-control": "max-age=1"}
    put(objects, PAGE, b"<p>", content_type="text/html; charset=utf-8", preserved_headers=headers)
    (objects / "torn.html").write_bytes(b"<p>")

    found, torn = store.read(PAGE), store.read("torn.html")

    assert found is not None
    assert torn is not None
    assert (found.media_type, torn.media_type) == ("text/html; charset=utf-8", "text/html")
    assert (found.cache, torn.cache) == ("max-age=1", "no-cache")
    assert (found.body, found.etag) == (b"<p>", '"4da1a46ec20cf93ee5c846a51e04f0ed"')
    assert store.etag(PAGE) == found.etag
    assert store.read("digests/2025-W37/ko/digest.txt") is None


def test_a_listing_is_in_key_order_without_what_is_no_object(store: FolderStore, objects: Path) -> None:
    for key in ("runs/a/b.json", "runs/a-b/c.json", "runs/a.json", "runsaway.json"):
        put(objects, key, b"{}")
    put(objects, "runs/a/gone.json", b"{}", is_delete_marker=True)
    (objects / "runs" / "a" / "half.json.tmp").touch()

    assert [listed.key for listed in store.list("runs/")] == ["runs/a-b/c.json", "runs/a.json", "runs/a/b.json"]
    assert list(store.etags("runs/a/")) == ["runs/a/b.json"]
    assert list(store.list("results/")) == []


def test_what_was_deleted_is_not_there(store: FolderStore, objects: Path) -> None:
    put(objects, PAGE, b"<p>", is_delete_marker=True)

    assert store.read(PAGE) is None
    assert store.etag(PAGE) is None


@pytest.mark.parametrize(
    "key",
    ["../outside.html", "a/../../outside.html", "/etc/passwd", "a//b", "", ".", "a/", "linked/outside.html", "link",
     "fifo", f"{PAGE}.meta.json", "nul\0", "x" * 5000],
)  # fmt: skip
def test_no_name_and_no_link_leads_out(store: FolderStore, objects: Path, tmp_path: Path, key: str) -> None:
    put(objects, PAGE, b"<p>")
    put(objects, "a/b", b"inside")
    (tmp_path / "s3" / "000000000000" / "outside.html").write_text("secret")
    (objects / "linked").symlink_to(tmp_path / "s3" / "000000000000")
    (objects / "link").symlink_to(tmp_path / "s3" / "000000000000" / "outside.html")
    os.mkfifo(objects / "fifo")

    assert store.read(key) is None
    assert store.etag(key) is None
    assert [listed.key for listed in store.list("")] == ["a/b", PAGE]


@pytest.mark.parametrize("bucket", ["..", "../ledger", "a/b", "", "Ledger", "x" * 70])
def test_a_bucket_of_another_name_is_refused(tmp_path: Path, bucket: str) -> None:
    deployed(tmp_path, "1", {"Bucket": bucket})

    with pytest.raises(CloudError, match="is not the name of a bucket"):
        read_folder(tmp_path)


def test_the_last_generation_says_which_bucket_it_is(tmp_path: Path, objects: Path) -> None:
    assert read_folder(tmp_path) is None
    deployed(tmp_path, "9", {"Bucket": "other"})
    deployed(tmp_path, "10", {"Bucket": BUCKET})
    (tmp_path / "saved" / "junk").mkdir()
    (tmp_path / "saved" / "junk" / "deployed.json").touch()

    store = read_folder(tmp_path)

    assert store is not None
    put(objects, "runs/2025-W37/ko/announced-partial.json", b'{"run":"2025-W37","language":"ko","state":"partial"}')
    assert store.record("runs/2025-W37/ko/announced-partial.json", Announced) == Announced("2025-W37", "ko", "partial")


def test_the_queues_are_counted_without_what_sqs_would_have_forgotten(tmp_path: Path) -> None:
    services = deployed(tmp_path, "1", {})
    now = time.time()
    queue = {
        "url": "http://localhost:4566/000000000000/Papers",
        "attributes": {"MessageRetentionPeriod": "3600"},
        "messages": [{"sent_at": now - 60, "visible_at": now + 500}, {"sent_at": now - 4000}],
    }
    (services / "sqs.json").write_text(json.dumps({"payload": {"queues": {"data": {"a": queue}}}}))

    assert saved_depths(tmp_path) == {queue["url"]: 1}
    (services / "sqs.json").write_text("{")
    assert saved_depths(tmp_path) is None
