"""A file as it is put into the bucket: its bytes, and what they are."""

from dataclasses import dataclass

from shared.ledger.records import encode


@dataclass(frozen=True)
class File:
    """A file's bytes and its media type, by which browsers know what to do with it (RFC 9110, section 8.3.1)."""

    body: bytes
    media_type: str


def record_file(record: object) -> File:
    """A record as JSON."""
    return File(encode(record), "application/json")
