"""What the aggregate function does: publish what the ledger says, so that it converges under any order of events.

The digest is a pure function of manifest and results. The ETags of all its files are listed, *then* the results; each
file is put only over the ETag that was seen, and where something else is there, everything starts over. So nobody puts
an older file over a newer one, not even who fails later on, and a crash leaves at most a message that comes again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Literal

from shared.digest.formats import DIGEST, renderings
from shared.digest.model import Digest, build
from shared.digest.view import View, view
from shared.errors import MissingManifest
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.records import Announced, Manifest
from shared.ledger.results import missing, papers_with_result, read_results
from shared.ledger.store import Store, until_written
from shared.notices.notice import Announce
from shared.services.archive import Archiving
from shared.services.messages import DigestMessage


@dataclass(frozen=True)
class Publication:
    """What came of one look at a digest: `open` (nothing published yet), `partial` or `complete`.

    `accepted` says of a partial one that a person leaves it at that.
    """

    run: str
    language: str
    state: Literal["open", "partial", "complete"]
    papers: int = 0
    translated: int = 0
    accepted: bool = False


@dataclass(frozen=True)
class _Look:
    """What one look came to: the digest that is published now, or None while a paper is still awaited.

    `accepted` says that a person leaves it at what the digest lacks.
    """

    digest: Digest | None
    accepted: bool = False


@dataclass(frozen=True)
class Publishing:
    """The aggregate function's work, with what it works on."""

    store: Store
    announce: Announce
    site: str = ""
    """The address below which `digests/` is published, or "" where it is not known."""

    def publish(self, message: DigestMessage) -> Publication:
        """Publish the digest as far as the ledger allows. Raises MissingManifest."""
        manifest = self.store.record(keys.manifest(message.run), Manifest)
        if manifest is None:
            raise MissingManifest(f"Run {message.run} has no manifest, so nothing says which papers its digest holds.")
        # Each digest's view is made once, however many files show it.
        view_of = cache(view)
        look = until_written(partial(self._attempt, manifest, message, view_of), f"The digest of {message.edition}")
        digest = look.digest
        if digest is None:
            return Publication(message.run, message.language, "open", len(manifest.papers))
        Archiving(self.store, self.site, view_of).add(digest.edition)
        self._tell(view_of(digest))
        counts = len(digest.papers), digest.translated
        return Publication(message.run, message.language, digest.state, *counts, accepted=look.accepted)

    def _attempt(self, manifest: Manifest, message: DigestMessage, view_of: Callable[[Digest], View]) -> _Look | None:
        """One round; None where somebody else published meanwhile and it has to be done again."""
        edition = message.edition
        etags = self.store.etags(keys.digests(edition))
        present = papers_with_result(self.store, edition)
        published = keys.digest(edition, DIGEST) in etags
        if not published and not message.publish and missing(manifest, present):
            return _Look(None)
        results = read_results(self.store, edition, (paper.id for paper in manifest.papers))
        digest = build(manifest, find_language(edition.language), results)
        # The page, which leads to its neighbours, is put with the archive: see `Archiving`.
        files = {keys.digest(edition, name): file for name, file in renderings(view_of(digest)).items()}
        # All of them even where the digest is right already: a crash may have left an old rendering beside it.
        accepted = digest.state == "partial" and all(
            paper.id in results and results[paper.id].answers(None) for paper in manifest.papers
        )
        return _Look(digest, accepted) if self.store.replace_all(files, etags) else None

    def _tell(self, shown: View) -> None:
        """Tell the subscribers once for each state; a crash in between may repeat it, never lose it.

        Nothing is sent about a partial digest once subscribers know of the complete one.
        """
        digest = shown.digest
        if digest.translated == 0:
            return
        edition = digest.edition
        told_partial, told_complete = (
            self.store.etag(keys.announced(edition, state)) is not None for state in ("partial", "complete")
        )
        if told_complete or (told_partial and digest.state == "partial"):
            return
        self.announce(shown, told_partial)
        announced = Announced(edition.run, edition.language, digest.state)
        self.store.create(keys.announced(edition, digest.state), announced)
