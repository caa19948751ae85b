"""How a published digest gets its page and its place in the archive: index, neighbours' pages, search and feeds.

`archive.json` and the search's shards are changed by compare-and-set. Like a digest's, the ETags of all the files that
follow are looked at before what they follow from, and each is put only over the ETag that was seen; where something
else is there, everything starts over. The work does not grow with the weeks: of the search it is the shard of one year
and the list of one quarter, which follows from that shard as this round has read it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from shared.digest.archive_entries import Archive, around, entry_of, with_entry
from shared.digest.archive_files import archive_files
from shared.digest.feeds import feed_entries
from shared.digest.formats import DIGEST, PAGE, page
from shared.digest.model import Digest
from shared.digest.search import Shard, search_files, shard_name, with_digest
from shared.digest.view import View, view
from shared.editions import Edition
from shared.errors import MissingDigest
from shared.ledger import keys
from shared.ledger.file import record_file
from shared.ledger.store import Store, until_written
from shared.services.attest import attest_again

ARCHIVE = "archive.json"


@dataclass(frozen=True)
class Archiving:
    """Keeping the archives. `site` is the address below which `digests/` is published, or ""; see `archive_files`."""

    store: Store
    site: str = ""
    view_of: Callable[[Digest], View] = view
    """How a digest's view is made: once for equal digests, where the caller remembers them."""

    def add(self, edition: Edition) -> None:
        """Make the archive, this run's page and its neighbours' pages say what its `digest.json` says."""
        archive = until_written(partial(self._attempt, edition), f"The {edition.language} archive")
        for run in _beside(archive, edition.run):
            attest_again(self.store, Edition(run, edition.language))

    def _attempt(self, edition: Edition) -> Archive | None:
        """One round; None where somebody else changed something meanwhile and it has to be done again."""
        run, language = edition.run, edition.language
        etags = self.store.etags(keys.archives(language))
        archive_key = keys.archive(language, ARCHIVE)
        held = self.store.record(archive_key, Archive) or Archive(language=language)
        digest = self._digest(edition)
        archive = with_entry(held, entry_of(self.view_of(digest)))
        shard_key = keys.archive(language, shard_name(digest.period))
        shard = self.store.record(shard_key, Shard) or Shard(language=language)
        leading = (run, *_beside(archive, run))
        for beside in leading:
            etags |= self.store.etags(keys.digests(Edition(beside, language)))
        fed = (entry.run for entry in feed_entries(archive))
        # Only now, with every ETag known, what the files say: of the run itself too, whose neighbours had to be found.
        views = {name: self.view_of(self._digest(Edition(name, language))) for name in {*leading, *fed}}
        # The archive guards the others: what follows from it is written only by who has put it over what it was.
        files = {archive_key: record_file(archive)}
        searched = search_files(with_digest(shard, views[run]), digest.period)
        for name, file in (searched | archive_files(archive, views, self.site)).items():
            files[keys.archive(language, name)] = file
        for beside in leading:
            files[keys.digest(Edition(beside, language), PAGE)] = page(views[beside], around(archive, beside))
        return archive if self.store.replace_all(files, etags, archive_key) else None

    def _digest(self, edition: Edition) -> Digest:
        key = keys.digest(edition, DIGEST)
        digest = self.store.record(key, Digest)
        if digest is None:
            raise MissingDigest(f"{key} is in the archive and not in the bucket; nothing may remove a digest.")
        return digest


def _beside(archive: Archive, run: str) -> tuple[str, ...]:
    """The runs whose pages lead to this one's."""
    neighbours = around(archive, run)
    return tuple(entry.run for entry in (neighbours.previous, neighbours.next) if entry)
