"""The markers of an edition: each counts for the manifest that it was made for, and for none that came later."""

from typing import TypeVar

from shared.ledger import keys
from shared.ledger.file import record_file
from shared.ledger.records import AcceptedEdition, Announced, Dispatched, Manifest, decode
from shared.ledger.store import Reader, Store

_Marker = Announced | Dispatched | AcceptedEdition
_Held = TypeVar("_Held", Announced, Dispatched, AcceptedEdition)


def dispatched(store: Reader, manifest: Manifest, language: str) -> Dispatched | None:
    """The marker that all messages are out, where they are those of this manifest."""
    return _of(manifest, store.record(keys.dispatched(manifest.edition(language)), Dispatched))


def is_announced(store: Reader, manifest: Manifest, language: str, state: str) -> bool:
    """Whether subscribers were sent a notice of the digest of this manifest in this state."""
    return _of(manifest, store.record(keys.announced(manifest.edition(language), state), Announced)) is not None


def is_final(store: Reader, manifest: Manifest, language: str) -> bool:
    """Whether nothing of the edition is left to do: it is complete, or a person leaves it at what it lacks."""
    return is_announced(store, manifest, language, "complete") or is_accepted(store, manifest, language)


def is_accepted(store: Reader, manifest: Manifest, language: str) -> bool:
    """Whether a person leaves the digest of this manifest at what it lacks."""
    return _of(manifest, store.record(keys.accepted(manifest.edition(language)), AcceptedEdition)) is not None


def mark(store: Store, key: str, marker: _Marker) -> bool:
    """Write `marker` unless there is one of this manifest, or of a later one; whether it was written now."""
    if not marker.revision:
        return store.create(key, marker)
    stored = store.read(key)
    if stored is not None and decode(stored.body, type(marker), key).revision >= marker.revision:
        return False
    return store.replace(key, record_file(marker), stored.etag if stored else None) is not None


def _of(manifest: Manifest, held: _Held | None) -> _Held | None:
    """The marker, where it is of this manifest."""
    return held if held is not None and held.revision == manifest.revision else None
