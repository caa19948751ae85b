"""What the aggregate function does: publish what the ledger says, so that it converges under any order of events.

The digest is a pure function of manifest and results. The ETags of all its files are listed, *then* manifest and
results are read; each file is put only over the ETag that was seen, and where something else is there, everything
starts over. So nobody puts an older file over a newer one, not even who fails later on, and a crash leaves at most a
message that comes again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from typing import Literal

from shared.digest.formats import DIGEST, renderings
from shared.digest.model import Digest, build
from shared.digest.view import View, view
from shared.editions import Edition
from shared.errors import MissingDigest, MissingManifest
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.markers import is_announced, mark
from shared.ledger.records import AcceptedEdition, Announced, Manifest, Settled, decode
from shared.ledger.results import missing, read_results, result_etags
from shared.ledger.store import Store, until_written
from shared.notices.notice import Announce
from shared.periods import PeriodKind, parse_period, weeks_of
from shared.services.archive import Archiving
from shared.services.attest import attest, inputs_of, settle, settled_of, sha256
from shared.services.messages import DigestMessage


@dataclass(frozen=True)
class Publication:
    """What came of one look at a digest: `open` (nothing published yet), `partial`, `complete`, or `forgotten`.

    `accepted` says of a partial one that a person leaves it at that.
    """

    run: str
    language: str
    state: Literal["open", "partial", "complete", "forgotten"]
    papers: int = 0
    translated: int = 0
    accepted: bool = False


@dataclass(frozen=True)
class _Look:
    """What one look came to: the digest that is published now, or the last of the papers that are still awaited.

    `accepted` says that a person leaves it at what the digest lacks.
    """

    manifest: Manifest
    manifest_etag: str
    digest: Digest | None = None
    awaited: str = ""
    sha256: str = ""
    """That of its `digest.json`."""
    accepted: bool = False
    inputs: str = ""
    settled: Settled | None = None
    """That of a digest for which nothing is left to do."""


@dataclass(frozen=True)
class Publishing:
    """The aggregate function's work, with what it works on."""

    store: Store
    announce: Announce
    site: str = ""
    """The address below which `digests/` is published, or "" where it is not known."""
    _open: dict[Edition, _Look] = field(default_factory=dict)
    """Of each edition that was open when last looked at in this process, that look. Papers are worked on in their
    order, so the last one without a result is likely to stay so longest."""

    def publish(self, message: DigestMessage) -> Publication:
        """Publish the digest as far as the ledger allows; take it away where its run was forgotten.

        A run may be forgotten, or begin again, while this is at work: then it is done once more. So whoever writes last
        has seen what is true. Raises MissingManifest.
        """
        if self._is_still_open(message):
            papers = self._open[message.edition].manifest.papers
            return Publication(message.run, message.language, "open", len(papers))
        return until_written(partial(self._attempt_either, message), f"Run {message.run}")

    def _is_still_open(self, message: DigestMessage) -> bool:
        """Whether one paper that is still without a result shows that there is nothing to publish yet.

        That spares every signal but few the whole list of a long run. It is looked up each time, as another process may
        have answered that paper's own signal while a third paper was awaited. A run that has another manifest by now
        may no longer await it.
        """
        edition = message.edition
        if message.publish or edition not in self._open:
            return False
        look = self._open[edition]
        return (
            self.store.etag(keys.result(edition, look.awaited)) is None
            and self.store.etag(keys.manifest(edition.run)) == look.manifest_etag
            and self.store.etag(keys.digest(edition, DIGEST)) is None
        )

    def _attempt_either(self, message: DigestMessage) -> Publication | None:
        was_forgotten = self._is_forgotten(message.run)
        try:
            publication = self._withdraw(message.edition) if was_forgotten else self._publish(message)
        except (MissingManifest, MissingDigest):
            if was_forgotten or not self._is_forgotten(message.run):
                raise
            return None
        return publication if self._is_forgotten(message.run) == was_forgotten else None

    def _is_forgotten(self, run: str) -> bool:
        return self.store.etag(keys.manifest(run)) is None and self.store.etag(keys.forgotten(run)) is not None

    def _withdraw(self, edition: Edition) -> Publication:
        """Take the digest away: first what says that it is there, then its files."""
        self.store.delete(keys.published(edition))
        Archiving(self.store, self.site).remove(edition)
        for key in self.store.etags(keys.digests(edition)):
            self.store.delete(key)
        return Publication(edition.run, edition.language, "forgotten")

    def _publish(self, message: DigestMessage) -> Publication:
        # Each digest's view is made once, however many files show it.
        view_of = cache(view)
        look = until_written(partial(self._attempt, message, view_of), f"The digest of {message.edition}")
        digest, settled = look.digest, look.settled
        if settled is not None:
            counts = settled.papers, settled.translated
            return Publication(message.run, message.language, settled.state, *counts, accepted=settled.accepted)
        if digest is None:
            self._open[message.edition] = look
            return Publication(message.run, message.language, "open", len(look.manifest.papers))
        self._open.pop(message.edition, None)
        Archiving(self.store, self.site, view_of).add(digest.edition)
        said = attest(self.store, digest.edition, look.sha256)
        self._tell(view_of(digest), look.manifest)
        if look.accepted:
            # Ticks need not read a thousand results to know; and what is accepted never becomes anything else.
            time, revision = datetime.fromisoformat(digest.updated), look.manifest.revision
            accepted = AcceptedEdition(message.run, message.language, time, revision)
            mark(self.store, keys.accepted(digest.edition), accepted)
        counts = len(digest.papers), digest.translated
        settled = Settled(look.inputs, digest.state, *counts, accepted=look.accepted)
        settle(self.store, digest.edition, said, settled)
        return Publication(message.run, message.language, digest.state, *counts, accepted=look.accepted)

    def _attempt(self, message: DigestMessage, view_of: Callable[[Digest], View]) -> _Look | None:
        """One round; None where somebody else published meanwhile and it has to be done again."""
        edition = message.edition
        etags = self.store.etags(keys.digests(edition))
        # Only now: a person may have had the manifest replaced, and nobody may put the older papers over the newer.
        key = keys.manifest(message.run)
        stored = self.store.read(key)
        if stored is None:
            raise MissingManifest(f"Run {message.run} has no manifest, so nothing says which papers its digest holds.")
        manifest = decode(stored.body, Manifest, key)
        present = result_etags(self.store, edition)
        awaited, inputs = missing(manifest, present), inputs_of(stored.etag, present)
        if not message.publish and awaited and not self._is_published(manifest, edition, etags):
            return _Look(manifest, stored.etag, awaited=awaited[-1])
        if message.signal and (settled := settled_of(self.store, edition, inputs, etags)):
            return _Look(manifest, stored.etag, settled=settled)
        results = read_results(self.store, edition, (paper.id for paper in manifest.papers))
        digest = build(manifest, find_language(edition.language), results)
        # The page in the archive, which leads to its neighbours, is put with that: see `Archiving`.
        rendered = renderings(view_of(digest), self.site, self._weeks(digest))
        files = {keys.digest(edition, name): file for name, file in rendered.items()}
        # All of them even where the digest is right already: a crash may have left an old rendering beside it.
        if not self.store.replace_all(files, etags):
            return None
        is_known = len(manifest.papers) == manifest.expected
        accepted = (digest.state == "partial" and is_known) and all(
            paper.id in results and results[paper.id].answers(None) for paper in manifest.papers
        )
        body = files[keys.digest(edition, DIGEST)].body
        return _Look(manifest, stored.etag, digest, sha256=sha256(body), accepted=accepted, inputs=inputs)

    def _weeks(self, digest: Digest) -> dict[str, str]:
        """The published week in which each paper of a day or a month stands too; none where nobody asks for it."""
        period = parse_period(digest.period) if self.site and digest.period else None
        if period is None or period.kind is PeriodKind.WEEK:
            return {}
        weeks = (Edition(week.name, digest.language) for week in weeks_of(period))
        published = [found for week in weeks if (found := self.store.record(keys.digest(week, DIGEST), Digest))]
        return {paper.id: week.run for week in published for paper in week.papers}

    def _is_published(self, manifest: Manifest, edition: Edition, etags: Mapping[str, str]) -> bool:
        """Whether there is a digest of these papers. One of the papers before stays until the new ones have results."""
        key = keys.digest(edition, DIGEST)
        if not manifest.revision:
            return key in etags
        digest = self.store.record(key, Digest)
        return digest is not None and [paper.id for paper in digest.papers] == [paper.id for paper in manifest.papers]

    def _tell(self, shown: View, manifest: Manifest) -> None:
        """Tell the subscribers once for each state; a crash in between may repeat it, never lose it.

        Nothing is sent about a partial digest once subscribers know of the complete one.
        """
        digest = shown.digest
        if digest.translated == 0:
            return
        edition = digest.edition
        told_partial, told_complete = (
            is_announced(self.store, manifest, edition.language, state) for state in ("partial", "complete")
        )
        if told_complete or (told_partial and digest.state == "partial"):
            return
        self.announce(shown, told_partial)
        announced = Announced(edition.run, edition.language, digest.state, manifest.revision)
        mark(self.store, keys.announced(edition, digest.state), announced)
