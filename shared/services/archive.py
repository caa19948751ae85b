"""How a published digest gets its page and its place in the archive: index, neighbours' pages, search and feeds.

`archive.json`, `languages.json` and the search's shards are changed by compare-and-set. Like a digest's, the ETags of
all the files that follow are looked at before what they follow from, and each is put only over the ETag that was seen;
where something else is there, everything starts over. The work does not grow with the weeks: of the search it is the
shard of one year and the list of one quarter, which follows from that shard as this round has read it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from shared.digest.archive_entries import (
    ARCHIVE,
    Archive,
    ArchivedEdition,
    around,
    entry_of,
    with_entry,
    with_pages,
    without_entry,
)
from shared.digest.archive_files import archive_files
from shared.digest.feeds import feed_entries
from shared.digest.formats import DIGEST, page
from shared.digest.front import Languages, front_page
from shared.digest.model import Digest
from shared.digest.search import Shard, search_files, shard_name, with_digest, without_digest
from shared.digest.view import View, view
from shared.editions import Edition
from shared.errors import MissingDigest
from shared.languages.table import codes
from shared.ledger import keys
from shared.ledger.file import File, record_file
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
        self._attest_again((*beside, *linked))
        until_written(partial(self._attempt_front, edition.language), "The list of languages")

    def remove(self, edition: Edition) -> None:
        """Make the archive and its neighbours' pages say nothing of this run."""
        beside = until_written(partial(self._attempt_without, edition), f"The {edition.language} archive")
        self._attest_again(Edition(run, edition.language) for run in beside)

    def _attest_again(self, editions: Iterable[Edition]) -> None:
        for changed in editions:
            attest_again(self.store, changed)

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
        # Only now, with every ETag known, what the files say: of the run itself too, whose neighbours had to be found.
        views = self._views(archive, leading)
        # The archive guards the others: what follows from it is written only by who has put it over what it was.
        files = {archive_key: record_file(archive)}
        files |= self._searched(language, with_digest(shard, views[run]), views[run].digest.period)
        files |= self._following(archive, views, leading, etags)
        return archive if self.store.replace_all(files, etags, archive_key) else None

    def _attempt_without(self, edition: Edition) -> tuple[str, ...] | None:
        """One round of a removal; the runs whose pages led to it."""
        run, language = edition.run, edition.language
        etags = self.store.etags(keys.archives(language))
        archive_key = keys.archive(language, ARCHIVE)
        held = self.store.record(archive_key, Archive)
        if held is None:
            return ()
        archive = without_entry(held, run)
        # Whoever crashed here before has left the archive without it, and pages that still lead to it.
        gone = ArchivedEdition(run, keys.period_of(run), "partial", papers=0, translated=0, updated="", titles=())
        leading = _beside(with_entry(archive, gone), run)
        archive = with_pages(archive, leading)
        shard_key = keys.archive(language, shard_name(gone.period))
        shard = self.store.record(shard_key, Shard)
        for beside in leading:
            etags |= self.store.etags(keys.digests_of_run(beside))
        files = {archive_key: record_file(archive)}
        if shard is not None:
            files |= self._searched(language, without_digest(shard, run), gone.period)
        files |= self._following(archive, self._views(archive, leading), leading, etags)
        return leading if self.store.replace_all(files, etags, archive_key) else None

    def _views(self, archive: Archive, runs: Iterable[str]) -> dict[str, View]:
        """How these runs and those in the feed are shown."""
        fed = (entry.run for entry in feed_entries(archive))
        return {name: self.view_of(self._digest(Edition(name, archive.language))) for name in {*runs, *fed}}

    def _searched(self, language: str, shard: Shard, period: str) -> dict[str, File]:
        """What is searched, by its keys, once the shard of `period` is this."""
        return {keys.archive(language, name): file for name, file in search_files(shard, period).items()}

    def _following(
        self, archive: Archive, views: Mapping[str, View], leading: Iterable[str], etags: Mapping[str, str]
    ) -> dict[str, File]:
        """The files that follow from the archive, and the pages of the runs in `leading`, by their keys."""
        language = archive.language
        files = {keys.archive(language, name): file for name, file in archive_files(archive, views, self.site).items()}
        for run in leading:
            neighbours = around(archive, run, _languages(run, etags))
            files[keys.digest(Edition(run, language), keys.PAGE)] = page(views[run], neighbours)
        return files

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
            raise MissingDigest(
                f"{key} is in the archive and not in the bucket; only `chorok forget` may remove a digest."
            )
        return digest


def _beside(archive: Archive, run: str) -> tuple[str, ...]:
    """The runs whose pages lead to this one's."""
    neighbours = around(archive, run)
    return tuple(entry.run for entry in (neighbours.previous, neighbours.next) if entry)


def _languages(run: str, etags: Mapping[str, str]) -> tuple[str, ...]:
    """The languages in which this run has a page."""
    return tuple(code for code in sorted(codes()) if keys.digest(Edition(run, code), keys.PAGE) in etags)
