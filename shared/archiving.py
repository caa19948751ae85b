"""How a published digest gets into its language's archive: the index, the neighbours' pages, the search, the feeds.

`archive.json` and the search's shards are changed by compare-and-set: the ETag is read, *then* the digest as it is now,
then both go together. What is rendered from them is checked afterwards, like a digest's renderings: if the archive or
any digest that went in has changed meanwhile, everything starts over. The work does not grow with the weeks.
"""

from dataclasses import dataclass, field

from shared.digest.archive import Archive, Around, around, entry_of, with_entry
from shared.digest.archive_files import archive_files
from shared.digest.feeds import feed_entries
from shared.digest.model import Digest
from shared.digest.page import render_page
from shared.digest.renderings import DIGEST, PAGE
from shared.digest.search import Shard, shard_name, with_issue
from shared.errors import LedgerError
from shared.ledger import keys
from shared.ledger.records import decode, encode
from shared.ledger.store import Store

ARCHIVE = "archive.json"
_ROUNDS = 50


@dataclass
class _Digests:
    """The digests of one round, each read once, and whether they are still what they were."""

    store: Store
    language: str
    read: dict[str, tuple[Digest, str]] = field(default_factory=dict)

    def __getitem__(self, run: str) -> Digest:
        if run not in self.read:
            key = keys.digest(run, self.language, DIGEST)
            stored = self.store.read(key)
            if stored is None:
                raise LedgerError(f"{key} is in the archive and not in the bucket; nothing may remove a digest.")
            self.read[run] = decode(stored.body, Digest, key), stored.etag
        return self.read[run][0]

    def unchanged(self) -> bool:
        etags = ((run, etag) for run, (_, etag) in self.read.items())
        return all(self.store.etag(keys.digest(run, self.language, DIGEST)) == etag for run, etag in etags)


@dataclass(frozen=True)
class Archiving:
    """Keeping the archives. `site` is the address below which `digests/` is published, or ""; see `archive_files`."""

    store: Store
    site: str = ""

    def add(self, run: str, language: str) -> None:
        """Make the archive, and every page that leads to this run's, say what its `digest.json` says."""
        for _ in range(_ROUNDS):
            if self._attempt(run, language):
                return
        raise LedgerError(f"The {language} archive changed {_ROUNDS} times while it was being written.")

    def _attempt(self, run: str, language: str) -> bool:
        """One round; False where somebody else changed something meanwhile and it has to be done again."""
        key = keys.archive(language, ARCHIVE)
        stored = self.store.read(key)
        held = decode(stored.body, Archive, key) if stored else Archive(language=language)
        digests = _Digests(self.store, language)
        archive = with_entry(held, entry_of(digests[run]))
        etag = self.store.replace(key, encode(archive), stored.etag if stored else None)
        if etag is None or not self._add_to_search(digests[run]):
            return False
        neighbours = around(archive, run)
        for beside in (run, *(entry.run for entry in (neighbours.previous, neighbours.next) if entry)):
            self._write_page(digests[beside], around(archive, beside))
        fed = {entry.run: digests[entry.run] for entry in feed_entries(archive)}
        for name, body in archive_files(archive, fed, self.site).items():
            self.store.write(keys.archive(language, name), body)
        return self.store.etag(key) == etag and digests.unchanged()

    def _add_to_search(self, digest: Digest) -> bool:
        key = keys.archive(digest.language, shard_name(digest.period))
        stored = self.store.read(key)
        held = decode(stored.body, Shard, key) if stored else Shard(language=digest.language)
        # The digest may be older than this ETag, but then the round fails for the digest's change and is done again.
        return self.store.replace(key, encode(with_issue(held, digest)), stored.etag if stored else None) is not None

    def _write_page(self, digest: Digest, beside: Around) -> None:
        self.store.write(keys.digest(digest.run, digest.language, PAGE), render_page(digest, beside))
