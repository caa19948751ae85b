"""Bringing an object from the bucket to this machine: in parts, continued where it stopped, whole or not at all.

The part that is here lies beside the target under a hidden name that says which version of the object it is of. Only
when it is whole does it take the target's name.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from botocore.exceptions import BotoCoreError, ClientError

from cli.connecting.deployment import Pipeline
from cli.showing.meters import ShowBytes, file_meters
from infra.embedded.state import is_locked
from shared.errors import CloudError, UsageError
from shared.ledger import keys

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import GetObjectRequestTypeDef

_ATTEMPTS = 5
_CHUNK_BYTES = 64 * 1024
_CHANGED = frozenset({"PreconditionFailed", "412", "InvalidRange", "416"})


@dataclass(frozen=True)
class _Version:
    """One version of an object: its ETag, quotes included, and its bytes."""

    etag: str
    size: int

    def is_at(self, target: Path) -> bool:
        """Whether the file is this very version, as far as the ETag tells: it is mostly, and not always, an MD5."""
        if not target.is_file() or target.stat().st_size != self.size:
            return False
        return hashlib.md5(target.read_bytes(), usedforsecurity=False).hexdigest() == self.etag.strip('"')


def bring(objects: S3Client, bucket: str, key: str, target: Path, show: ShowBytes) -> None:
    """The object at `key` as the file `target`; what an earlier call left unfinished is continued.

    Where the object changes meanwhile it is begun again, and where the connection breaks it is continued, a few times.
    Raises CloudError where that did not help, ClientError where there is no such object, and OSError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    trouble = ""
    for _ in range(_ATTEMPTS):
        head = objects.head_object(Bucket=bucket, Key=key)
        version = _Version(head["ETag"], head["ContentLength"])
        if version.is_at(target):
            show(version.size, version.size)
            return
        with _part(target, version) as (path, file):
            try:
                trouble = _continue(objects, bucket, key, version, file, show)
            except BotoCoreError as error:
                trouble = f"the connection broke ({type(error).__name__})"
            if not trouble:
                path.replace(target)
                return
    raise CloudError(f"{key} could not be downloaded: {trouble}. Try again; it goes on where it stopped.")


def bring_files(pipeline: Pipeline, wanted: list[str], out: Path) -> list[Path]:
    """Each object as a file below `out`, at the same place as below `digests/`."""
    targets = [out / key.removeprefix(keys.DIGESTS) for key in wanted]
    with file_meters() as begin:
        for key, target in zip(wanted, targets, strict=True):
            try:
                bring(pipeline.objects, pipeline.store.bucket, key, target, begin(target.name))
            except OSError as error:
                raise UsageError(f"{target} cannot be written: {error.strerror}. Give another --out.") from error
    return targets


def _continue(objects: S3Client, bucket: str, key: str, version: _Version, file: BinaryIO, show: ShowBytes) -> str:
    """Add to the file what it lacks of this version; what went wrong, or ""."""
    here = file.seek(0, os.SEEK_END)
    if here > version.size:
        here = file.truncate(0)
    show(here, version.size)
    if here < version.size:
        request: GetObjectRequestTypeDef = {"Bucket": bucket, "Key": key, "IfMatch": version.etag}
        if here:
            request["Range"] = f"bytes={here}-"
        try:
            answer = objects.get_object(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] in _CHANGED:
                return "it changed again and again"
            raise
        if here and not answer.get("ContentRange", "").startswith(f"bytes {here}-"):
            here = file.truncate(0)
        for chunk in answer["Body"].iter_chunks(_CHUNK_BYTES):
            here += file.write(chunk)
            show(here, version.size)
        file.flush()
    return "" if here == version.size else f"only {here} of {version.size} bytes came"


@contextmanager
def _part(target: Path, version: _Version) -> Iterator[tuple[Path, BinaryIO]]:
    """The file that holds what is here of this version, for this process alone; what is left of others goes."""
    name = hashlib.sha256(version.etag.encode()).hexdigest()[:16]
    path = target.with_name(f".{target.name}.{name}.part")
    for other in target.parent.glob(f".{target.name}.*.part"):
        if other != path and not is_locked(other):
            other.unlink(missing_ok=True)
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Between opening and locking it, another process may have finished it and given it the target's name.
            alone = path.exists() and path.stat().st_ino == os.fstat(file.fileno()).st_ino
        except BlockingIOError:
            alone = False
        if not alone:
            raise CloudError(f"Another process is downloading {target}. Wait for it.")
        yield path, file
