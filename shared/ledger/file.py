"""A file as it is put into the bucket: its bytes, what they are, and how long others may keep them."""

from dataclasses import dataclass

from shared.ledger.records import encode

REVALIDATED = "no-cache"
"""It is asked for each time whether it has changed, which costs a few bytes where it has not (RFC 9111, 5.2.2.4)."""
LASTING = "public, max-age=31536000, immutable"
"""For a file whose name holds the hash of its bytes: it never changes (RFC 8246)."""


@dataclass(frozen=True)
class File:
    """A file's bytes, its media type, by which browsers know what to do with it (RFC 9110, section 8.3.1), and its
    `Cache-Control`."""

    body: bytes
    media_type: str
    cache: str = REVALIDATED


def record_file(record: object) -> File:
    """A record as JSON."""
    return File(encode(record), "application/json")
