"""What a state folder holds, read from its files, with nothing started and nothing locked.

It works beside a cloud that runs on the folder, too: the emulator replaces each object's file as a whole. The queues
are files only while nothing runs: the emulator saves them as it stops.

The emulator keeps an object at `s3/<account>/<bucket>/<key>`, and beside it what it knows of it as `<key>.meta.json`;
a deleted object has its last bytes still, and a description that says so. Keys that no path can hold are kept
elsewhere, and the ledger has none of them.
"""

import hashlib
import mimetypes
import os
import re
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from infra.embedded.deploy import ACCOUNT
from infra.embedded.state import current_generation, deployed_on
from shared.errors import CloudError
from shared.ledger.file import REVALIDATED
from shared.ledger.store import Listed, Reader, Stored

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_NOT_OBJECTS = (".meta.json", ".tmp")


class _Description(msgspec.Struct):
    is_delete_marker: bool = False
    content_type: str = ""
    preserved_headers: dict[str, str] = {}


class FolderStore(Reader):
    """The objects of `bucket` as they lie in the folder of its state. No name leads out of it, nor any link."""

    def __init__(self, state: Path, bucket: str) -> None:
        if not _BUCKET.fullmatch(bucket):
            raise CloudError(f"{bucket!r}, which the state folder {state} names, is not the name of a bucket.")
        self.bucket = bucket
        self._root = (state / "s3" / ACCOUNT / bucket).resolve()

    def read(self, key: str) -> Stored | None:
        """The object at `key`, or None where there is none."""
        path = self._path(key)
        if path is None or (described := _description(path)).is_delete_marker:
            return None
        try:
            body = path.read_bytes()
        except FileNotFoundError:
            return None
        media_type = described.content_type or mimetypes.guess_type(key)[0] or "application/octet-stream"
        etag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
        return Stored(body, media_type, etag, described.preserved_headers.get("cache-control") or REVALIDATED)

    def etag(self, key: str) -> str | None:
        """The ETag of the object at `key`, or None where there is none."""
        stored = self.read(key)
        return None if stored is None else stored.etag

    def list(self, prefix: str) -> Iterator[Listed]:
        """Every object below `prefix`, in key order."""
        for key in sorted(self._keys(prefix)):
            path, stored = self._path(key), self.read(key)
            if path is not None and stored is not None:
                yield Listed(key, stored.etag, datetime.fromtimestamp(path.stat().st_mtime, UTC))

    def _keys(self, prefix: str) -> Iterator[str]:
        for folder, _, names in os.walk(self._root / prefix.rpartition("/")[0]):
            for name in names:
                key = (Path(folder) / name).relative_to(self._root).as_posix()
                if key.startswith(prefix):
                    yield key

    def _path(self, key: str) -> Path | None:
        """The file of `key`, where that is an ordinary one below this bucket's folder."""
        parts = key.split("/")
        if key.endswith(_NOT_OBJECTS) or "\0" in key or any(part in ("", ".", "..") for part in parts):
            return None
        path = self._root.joinpath(*parts)
        try:
            is_object = path.resolve() == path and stat.S_ISREG(path.lstat().st_mode)
        except OSError:
            return None
        return path if is_object else None


def read_folder(state: Path) -> FolderStore | None:
    """The ledger on the state folder `state`, or None where nothing was ever deployed. Raises CloudError."""
    deployed = deployed_on(state)
    return None if deployed is None else FolderStore(state, deployed.outputs.get("Bucket", ""))


class _Message(msgspec.Struct):
    sent_at: float


class _Queue(msgspec.Struct):
    url: str
    attributes: dict[str, str]
    messages: list[_Message]


class _Queues(msgspec.Struct):
    data: dict[str, _Queue]


class _Payload(msgspec.Struct):
    queues: _Queues


class _Saved(msgspec.Struct):
    payload: _Payload


def saved_depths(state: Path) -> dict[str, int] | None:
    """How many messages each queue held when its cloud last stopped, by its URL, but for those too old by now.

    None where no cloud has saved them.
    """
    try:
        saved = msgspec.json.decode((current_generation(state) / "services" / "sqs.json").read_bytes(), type=_Saved)
    except (OSError, msgspec.DecodeError):
        return None
    now = time.time()
    return {
        queue.url: sum(
            message.sent_at + float(queue.attributes["MessageRetentionPeriod"]) > now for message in queue.messages
        )
        for queue in saved.payload.queues.data.values()
    }


def _description(path: Path) -> _Description:
    """What is known of the object at `path`: nothing where its description is not there, or cannot be read."""
    try:
        return msgspec.json.decode(path.with_name(f"{path.name}.meta.json").read_bytes(), type=_Description)
    except (OSError, msgspec.DecodeError):
        return _Description()
