"""Reading and writing the ledger's objects in one S3 bucket, with S3's conditional writes.

Conditional requests: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html. A failed
condition answers 412. A concurrent request for the same key may answer 409, which says nothing about what is there:
the write is tried again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from shared.aws import aws_errors
from shared.errors import LedgerContention, LedgerUnavailable
from shared.ledger.file import REVALIDATED, File, record_file
from shared.ledger.records import decode

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import PutObjectRequestTypeDef

_Record = TypeVar("_Record")
_Written = TypeVar("_Written")

_CONDITION_FAILED = frozenset({"PreconditionFailed", "412"})
_CONFLICT = frozenset({"ConditionalRequestConflict", "409"})
_MOST_CONFLICTS = 20
_ROUNDS = 50
_ABSENT = frozenset({"NoSuchKey", "404", "NotFound"})


@dataclass(frozen=True)
class Stored:
    """An object: its bytes, the media type and `Cache-Control` it was put with, and its ETag, quotes included."""

    body: bytes
    media_type: str
    etag: str
    cache: str = REVALIDATED

    @property
    def file(self) -> File:
        """What was put, to be put elsewhere."""
        return File(self.body, self.media_type, self.cache)


@dataclass(frozen=True)
class Listed:
    """A key, the ETag of what it holds, and when S3 last saw it change."""

    key: str
    etag: str
    modified: datetime


class Reader(Protocol):
    """What can be read of a ledger, wherever it lies."""

    bucket: str

    def read(self, key: str) -> Stored | None:
        """The object at `key`, or None where there is none."""

    def etag(self, key: str) -> str | None:
        """The ETag of the object at `key`, or None where there is none."""

    def list(self, prefix: str) -> Iterator[Listed]:
        """Every object below `prefix`, in key order."""

    def record(self, key: str, kind: type[_Record]) -> _Record | None:
        """The record at `key`, or None. Raises LedgerError where the object is no such record."""
        stored = self.read(key)
        return None if stored is None else decode(stored.body, kind, key)

    def etags(self, prefix: str) -> dict[str, str]:
        """The ETag of every object below `prefix`, by its key."""
        return {listed.key: listed.etag for listed in self.list(prefix)}


class Store(Reader):
    """The bucket. Every write says what it expects to find. All methods raise LedgerUnavailable where S3 fails."""

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self.bucket = bucket

    def read(self, key: str) -> Stored | None:
        """The object at `key`, or None where there is none."""
        try:
            with _s3_errors():
                answer = self._s3.get_object(Bucket=self.bucket, Key=key)
                body, cache = answer["Body"].read(), answer.get("CacheControl", REVALIDATED)
                return Stored(body, answer["ContentType"], answer["ETag"], cache)
        except LedgerUnavailable as error:
            if error.code in _ABSENT:
                return None
            raise

    def etag(self, key: str) -> str | None:
        """The ETag of the object at `key`, or None where there is none."""
        try:
            with _s3_errors():
                return self._s3.head_object(Bucket=self.bucket, Key=key)["ETag"]
        except LedgerUnavailable as error:
            if error.code in _ABSENT:
                return None
            raise

    def create(self, key: str, record: object) -> bool:
        """Write `record` where nothing is yet; False where something is."""
        return self._put(key, record_file(record), etag=None, conditional=True) is not None

    def replace(self, key: str, file: File, etag: str | None) -> str | None:
        """Write `file` over what has `etag` (None: nothing); the new ETag, or None where something else is there."""
        return self._put(key, file, etag=etag, conditional=True)

    def write(self, key: str, file: File) -> None:
        """Write `file` whatever is there: only where every writer would write what is right."""
        self._put(key, file, etag=None, conditional=False)

    def write_record(self, key: str, record: object) -> None:
        """Write `record` whatever is there."""
        self.write(key, record_file(record))

    def delete(self, key: str) -> None:
        """Take away what is at `key`, if anything is: S3 keeps it as an older version."""
        with _s3_errors():
            self._s3.delete_object(Bucket=self.bucket, Key=key)

    def replace_all(self, files: Mapping[str, File], etags: Mapping[str, str], guard: str = "") -> bool:
        """Write each of `files` over what has its ETag in `etags`; False at the first where something else is there.

        A file whose ETag says that it is there already, to the byte, is not written again: that only costs, and leaves
        one more version behind. The file `guard`, from which the others follow, is written first if any of them is,
        even where it is the same: it has to be known to be what was seen before anything that follows from it is
        written.
        """
        changed = {key: file for key, file in files.items() if etags.get(key) != plain_etag(file.body)}
        if changed and guard:
            changed = {guard: files[guard]} | changed
        return all(self.replace(key, file, etags.get(key)) is not None for key, file in changed.items())

    def list(self, prefix: str) -> Iterator[Listed]:
        """Every object below `prefix`, in key order."""
        with _s3_errors():
            for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix):
                for entry in page.get("Contents", ()):
                    yield Listed(entry["Key"], entry["ETag"], entry["LastModified"])

    def _put(self, key: str, file: File, *, etag: str | None, conditional: bool) -> str | None:
        request: PutObjectRequestTypeDef = {
            "Bucket": self.bucket,
            "Key": key,
            "Body": file.body,
            "ContentType": file.media_type,
            "CacheControl": file.cache,
        }
        if conditional and etag is None:
            request["IfNoneMatch"] = "*"
        elif etag is not None:
            request["IfMatch"] = etag
        conflicts = 0
        while True:
            try:
                with _s3_errors():
                    return self._s3.put_object(**request)["ETag"]
            except LedgerUnavailable as error:
                # An If-Match on an object that is gone answers 404: the expectation failed, like any other.
                if conditional and error.code in _CONDITION_FAILED | _ABSENT:
                    return None
                conflicts += 1
                if error.code not in _CONFLICT or conflicts == _MOST_CONFLICTS:
                    raise


def until_written(attempt: Callable[[], _Written | None], what: str) -> _Written:
    """What `attempt` comes to: it is made again as long as it says None, which is that somebody else wrote meanwhile.

    Raises LedgerContention, naming `what`, where that never ends.
    """
    for _ in range(_ROUNDS):
        written = attempt()
        if written is not None:
            return written
    raise LedgerContention(f"{what} changed {_ROUNDS} times while it was being written. It is tried again later.")


def _s3_errors() -> AbstractContextManager[None]:
    return aws_errors(LedgerUnavailable, "The ledger's bucket cannot be used")


def plain_etag(body: bytes) -> str:
    """The ETag of what was put whole and is encrypted with S3's own keys; any other is not an MD5, and differs.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
    """
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
