"""How it is known that a digest is published: `published.json`, which is written last, after page and archive.

Files are put one after the other, so their being there says little: a digest may be one file short, or half old.
Whoever waits for it looks up this record instead, and never has to guess from how long nothing has changed.

It names the sha256 of `digest.json`, so that it speaks of one digest and of none before or after it, and the ETag of
every file, as the page follows from the neighbours too: whoever has put that, attests it again. Each writer of a file
does so *after* its last file, over the record that was there *before* the files were listed, and then looks once more.
So the record that stays names the files that stay, in whatever order they came.

When subscribers know of the digest too, the record also says from which inputs it was made. A signal that finds the
same inputs, and the files that are named, has nothing to do.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from shared.digest.formats import DIGEST, FILES
from shared.digest.model import Digest
from shared.editions import Edition
from shared.ledger import keys
from shared.ledger.file import record_file
from shared.ledger.records import Published, Settled, decode
from shared.ledger.store import Reader, Store, until_written


@dataclass(frozen=True)
class Said:
    """What `published.json` says, and its ETag; None where another digest is there by now."""

    published: Published | None
    etag: str = ""


def attest(store: Store, edition: Edition, digest: str) -> Said:
    """Say that the digest whose `digest.json` has the sha256 `digest` is published, unless another has replaced it.

    Whoever has replaced it will say so. Raises LedgerContention.
    """
    return until_written(partial(_attempt, store, edition, digest), keys.published(edition))


def attest_again(store: Store, edition: Edition) -> None:
    """Name the files as they are now, where the digest was said to be published."""
    held = store.record(keys.published(edition), Published)
    if held is not None:
        attest(store, edition, held.digest)


def settle(store: Store, edition: Edition, said: Said, settled: Settled) -> None:
    """Say that nothing is left to do for the digest that is `said` to be published.

    It is tried once: where somebody writes meanwhile, the next look finds out for itself that nothing is left.
    """
    if said.published is not None and said.published.settled != settled:
        published = replace(said.published, settled=settled)
        store.replace(keys.published(edition), record_file(published), said.etag)


def settled_of(store: Reader, edition: Edition, inputs: str, etags: Mapping[str, str]) -> Settled | None:
    """What the digest of these `inputs` came to, where nothing is left to do for it, and its files have these `etags`.

    `etags` are those of all files below the digest's prefix, by their keys.
    """
    key = keys.published(edition)
    held = store.record(key, Published) if key in etags else None
    if held is None or held.settled is None or held.settled.inputs != inputs:
        return None
    are_there = all(etags.get(keys.digest(edition, name)) == etag for name, etag in held.files.items())
    return held.settled if are_there else None


def inputs_of(manifest: str, results: Mapping[str, str]) -> str:
    """What a digest is made from, as one hash: the manifest's ETag, and each result's by its paper."""
    lines = [manifest, *(f"{paper} {results[paper]}" for paper in sorted(results))]
    return sha256("\n".join(lines).encode())


def sha256(body: bytes) -> str:
    """The sha256 of a file, as 64 hexadecimal digits."""
    return hashlib.sha256(body).hexdigest()


def _attempt(store: Store, edition: Edition, digest: str) -> Said | None:
    """One round; None where it was written, and has to be looked at again, or where something changed meanwhile."""
    key = keys.published(edition)
    before = store.read(key)
    etags = store.etags(keys.digests(edition))
    stored = store.read(keys.digest(edition, DIGEST))
    if stored is None or sha256(stored.body) != digest:
        return Said(None)
    # Pages of papers that left the run stay, for whoever has their address, and are no part of the digest.
    papers = decode(stored.body, Digest, DIGEST).papers
    names = (*FILES, *sorted(keys.paper_page(paper.id) for paper in papers))
    files = {name: etags[place] for name in names if (place := keys.digest(edition, name)) in etags}
    held = None if before is None else decode(before.body, Published, key)
    settled = held.settled if held is not None and held.digest == digest else None
    published = Published(edition.run, edition.language, digest, files, settled)
    if before is not None and held == published:
        return Said(published, before.etag)
    if stored.etag == files.get(DIGEST):
        store.replace(key, record_file(published), before.etag if before else None)
    return None
