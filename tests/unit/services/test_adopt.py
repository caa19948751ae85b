"""A new stack takes over another's bucket: everything, once, and never over what is there."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from shared.editions import Edition
from shared.errors import LedgerUnavailable, SettingsError
from shared.ledger import keys
from shared.ledger.file import LASTING, File
from shared.ledger.records import Adopted
from shared.ledger.store import Listed, Reader, Stored
from shared.services.adopt import adopt
from tests.fakes.aws import Cloud

TIME = datetime(2026, 11, 30, 1, tzinfo=UTC)
EDITION = Edition("2025-W37", "ko")
LEFT = {
    keys.digest(EDITION, "digest.html"): File(b"<p>digest</p>", "text/html; charset=utf-8"),
    keys.archive("ko", "archive.json"): File(b"{}", "application/json"),
    keys.archive("ko", "search.js"): File(b"", "text/javascript; charset=utf-8", LASTING),
    keys.loose_text("ko", "0" * 64): File(b"{}", "application/json"),
    keys.manifest("2025-W37"): File(b"{}", "application/json"),
    keys.announced(EDITION, "complete"): File(b"{}", "application/json"),
    keys.result(EDITION, "2509.00001"): File(b"{}", "application/json"),
    keys.result(EDITION, "2509.00002"): File(b"{}", "application/json"),
}


class Old(Reader):
    """The bucket of a stack that is gone; after `breaks_after` objects nothing more can be read of it."""

    bucket = "old-ledger"

    def __init__(self, files: dict[str, File], breaks_after: int | None = None) -> None:
        self.files = files
        self.left = breaks_after
        self.read_keys: list[str] = []

    def read(self, key: str) -> Stored | None:
        if self.left is not None:
            if self.left == 0:
                raise LedgerUnavailable("gone", "ServiceUnavailable")
            self.left -= 1
        self.read_keys.append(key)
        return Stored(self.files[key].body, self.files[key].media_type, '"etag"', self.files[key].cache)

    def etag(self, key: str) -> str | None:
        return '"etag"' if key in self.files else None

    def list(self, prefix: str) -> Iterator[Listed]:
        return (Listed(key, '"etag"', TIME) for key in sorted(self.files) if key.startswith(prefix))


def test_a_new_ledger_takes_over_all_that_counts_as_it_was_put() -> None:
    cloud = Cloud()
    old = Old(LEFT | {"answers/2025-W37/ko/2509.00001.json": File(b"{}", "application/json")})

    copied = adopt(cloud.store, old, TIME)

    assert copied == len(LEFT)
    for key, file in LEFT.items():
        held = cloud.store.read(key)
        assert held is not None
        assert held.file == file
    assert cloud.store.record(keys.ADOPTED, Adopted) == Adopted("old-ledger", TIME, done=True)


def test_what_wakes_aggregate_comes_when_all_else_is_there() -> None:
    """So that no digest is announced a second time, whatever stops the copying."""
    old = Old(LEFT)

    adopt(Cloud().store, old, TIME)

    assert set(old.read_keys[-2:]) == {key for key in LEFT if key.startswith(keys.RESULTS)}


@pytest.mark.parametrize("copied", range(len(LEFT)))
def test_after_a_crash_the_rest_is_copied(copied: int) -> None:
    cloud = Cloud()
    with pytest.raises(LedgerUnavailable):
        adopt(cloud.store, Old(LEFT, breaks_after=copied), TIME)

    adopt(cloud.store, Old(LEFT), TIME)

    assert cloud.store.etags("").keys() == LEFT.keys() | {keys.ADOPTED}


def test_what_is_done_is_not_looked_at_again() -> None:
    cloud = Cloud()
    adopt(cloud.store, Old(LEFT), TIME)
    later = Old(LEFT | {keys.manifest("2025-W38"): File(b"{}", "application/json")})

    assert adopt(cloud.store, later, TIME) == 0
    assert later.read_keys == []


def test_a_bucket_that_took_over_another_hands_on_its_own_marker_to_nobody() -> None:
    cloud = Cloud()

    adopt(cloud.store, Old(LEFT | {keys.ADOPTED: File(b'{"bucket": "older"}', "application/json")}), TIME)

    assert cloud.store.record(keys.ADOPTED, Adopted) == Adopted("old-ledger", TIME, done=True)


def test_a_ledger_in_use_takes_over_no_other() -> None:
    cloud = Cloud()
    cloud.store.write(keys.manifest("2025-W37"), File(b"mine", "application/json"))

    with pytest.raises(SettingsError, match="only a new stack"):
        adopt(cloud.store, Old(LEFT), TIME)

    assert cloud.store.etags("").keys() == {keys.manifest("2025-W37")}
