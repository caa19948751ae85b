"""How a published digest gets its page and its place in the archive: index, neighbours' pages, search and feeds.

`archive.json`, `languages.json` and the search's shards are changed by compare-and-set. Like a digest's, the ETags of
all the files that follow are looked at before what they follow from, and each is put only over the ETag that was seen;
where something else is there, everything starts over. The work does not grow with the weeks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from shared.digest.archive_entries import ARCHIVE, Archive, around, entry_of, with_entry, with_pages
from shared.digest.archive_files import archive_files
from shared.digest.feeds import feed_entries
from shared.digest.formats import DIGEST, page
from shared.digest.front import Languages, front_page
from shared.digest.model import Digest
from shared.digest.search import Shard, shard_name, with_digest
from shared.digest.view import View, view
from shared.editions import Edition
from shared.errors import MissingDigest
from shared.languages.table import codes
from shared.ledger import keys
from shared.ledger.file import record_file
from shared.ledger.records import decode
from shared.ledger.store import Store, until_written
from shared.services.attest import attest_again


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
        linked = until_written(partial(self._link_languages, edition), f"The page of {edition}")
        beside = (Edition(run, edition.language) for run in _beside(archive, edition.run))
        for changed in (*beside, *linked):
            attest_again(self.store, changed)
        until_written(partial(self._attempt_front, edition.language), "The list of languages")

    def _attempt(self, edition: Edition) -> Archive | None:
        """One round; None where somebody else changed something meanwhile and it has to be done again."""
        run, language = edition.run, edition.language
        etags = self.store.etags(keys.archives(language))
        archive_key = keys.archive(language, ARCHIVE)
        held = self.store.record(archive_key, Archive) or Archive(language=language)
        digest = self._digest(edition)
        archive = with_entry(held, entry_of(self.view_of(digest)))
        leading = (run, *_beside(archive, run))
        archive = with_pages(archive, leading)
        shard_key = keys.archive(language, shard_name(digest.period))
        shard = self.store.record(shard_key, Shard) or Shard(language=language)
        for beside in leading:
            etags |= self.store.etags(keys.digests_of_run(beside))
        fed = (entry.run for entry in feed_entries(archive))
        # Only now, with every ETag known, what the files say: of the run itself too, whose neighbours had to be found.
        views = {name: self.view_of(self._digest(Edition(name, language))) for name in {*leading, *fed}}
        # The archive guards the others: what follows from it is written only by who has put it over what it was.
        files = {archive_key: record_file(archive), shard_key: record_file(with_digest(shard, views[run]))}
        for name, file in archive_files(archive, views, self.site).items():
            files[keys.archive(language, name)] = file
        for beside in leading:
            neighbours = around(archive, beside, _languages(beside, etags))
            files[keys.digest(Edition(beside, language), keys.PAGE)] = page(views[beside], neighbours)
        return archive if self.store.replace_all(files, etags, archive_key) else None

    def _link_languages(self, edition: Edition) -> tuple[Edition, ...] | None:
        """One round of leading from this run's page in each language to the others; the other editions it is in.

        Only now, with this edition's page put, can both of two that come at once see each other.
        """
        etags = self.store.etags(keys.digests_of_run(edition.run))
        languages = _languages(edition.run, etags)
        if languages == (edition.language,):
            return ()
        files = {}
        for language in languages:
            archive = self.store.record(keys.archive(language, ARCHIVE), Archive) or Archive(language=language)
            each = Edition(edition.run, language)
            neighbours = around(archive, edition.run, languages)
            files[keys.digest(each, keys.PAGE)] = page(self.view_of(self._digest(each)), neighbours)
        if not self.store.replace_all(files, etags):
            return None
        return tuple(Edition(edition.run, language) for language in languages if language != edition.language)

    def _attempt_front(self, language: str) -> bool | None:
        """One round of saying that there is an archive in this language, on the page that leads to all of them."""
        etag, held = self.store.etag(keys.FRONT), self.store.read(keys.LANGUAGES)
        known = Languages() if held is None else decode(held.body, Languages, keys.LANGUAGES)
        languages = Languages(languages=tuple(sorted({*known.languages, language})))
        files = {keys.LANGUAGES: record_file(languages), keys.FRONT: front_page(languages.languages)}
        seen = ({} if etag is None else {keys.FRONT: etag}) | ({} if held is None else {keys.LANGUAGES: held.etag})
        return True if self.store.replace_all(files, seen, keys.LANGUAGES) else None

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


def _languages(run: str, etags: Mapping[str, str]) -> tuple[str, ...]:
    """The languages in which this run has a page."""
    return tuple(code for code in sorted(codes()) if keys.digest(Edition(run, code), keys.PAGE) in etags)
