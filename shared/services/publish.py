"""What the aggregate function does: publish what the ledger says, so that it converges under any order of events.

The digest is a pure function of manifest and results. The ETags of all its files are listed, *then* the results; each
file is put only over the ETag that was seen, and where something else is there, everything starts over. So nobody puts
an older file over a newer one, not even who fails later on, and a crash leaves at most a message that comes again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from typing import Literal

from shared.digest.formats import DIGEST, renderings
from shared.digest.model import Digest, build
from shared.digest.view import View, view
from shared.editions import Edition
from shared.errors import MissingManifest
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.records import AcceptedEdition, Announced, Manifest
from shared.ledger.results import missing, papers_with_result, read_results
from shared.ledger.store import Store, until_written
from shared.notices.notice import Announce
from shared.services.archive import Archiving
from shared.services.attest import attest, sha256
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
    """What one look came to: the digest that is published now, or the last of the papers that are still awaited.

    `accepted` says that a person leaves it at what the digest lacks.
    """

    digest: Digest | None
    awaited: str = ""
    sha256: str = ""
    """That of its `digest.json`."""
    accepted: bool = False


@dataclass(frozen=True)
class Publishing:
    """The aggregate function's work, with what it works on."""

    store: Store
    announce: Announce
    site: str = ""
    """The address below which `digests/` is published, or "" where it is not known."""
    _awaited: dict[Edition, tuple[str, int]] = field(default_factory=dict)
    """Of each edition that was open when last looked at in this process: a paper without a result, and how many papers
    there are. Papers are worked on in their order, so the last one without a result is likely to stay so longest."""

    def publish(self, message: DigestMessage) -> Publication:
        """Publish the digest as far as the ledger allows. Raises MissingManifest."""
        if self._is_still_open(message):
            return Publication(message.run, message.language, "open", self._awaited[message.edition][1])
        manifest = self.store.record(keys.manifest(message.run), Manifest)
        if manifest is None:
            raise MissingManifest(f"Run {message.run} has no manifest, so nothing says which papers its digest holds.")
        # Each digest's view is made once, however many files show it.
        view_of = cache(view)
        look = until_written(partial(self._attempt, manifest, message, view_of), f"The digest of {message.edition}")
        digest = look.digest
        if digest is None:
            self._awaited[message.edition] = look.awaited, len(manifest.papers)
            return Publication(message.run, message.language, "open", len(manifest.papers))
        self._awaited.pop(message.edition, None)
        Archiving(self.store, self.site, view_of).add(digest.edition)
        attest(self.store, digest.edition, look.sha256)
        self._tell(view_of(digest))
        if look.accepted and self.store.etag(keys.accepted(digest.edition)) is None:
            # Ticks need not read a thousand results to know; and what is accepted never becomes anything else.
            time = datetime.fromisoformat(digest.updated)
            self.store.create(keys.accepted(digest.edition), AcceptedEdition(message.run, message.language, time))
        counts = len(digest.papers), digest.translated
        return Publication(message.run, message.language, digest.state, *counts, accepted=look.accepted)

    def _is_still_open(self, message: DigestMessage) -> bool:
        """Whether one paper that is still without a result shows that there is nothing to publish yet.

        That spares every signal but few the whole list of a long run. It is looked up each time, as another process may
        have answered that paper's own signal while a third paper was awaited.
        """
        edition = message.edition
        if message.publish or edition not in self._awaited:
            return False
        paper, _ = self._awaited[edition]
        is_awaited = self.store.etag(keys.result(edition, paper)) is None
        return is_awaited and self.store.etag(keys.digest(edition, DIGEST)) is None

    def _attempt(self, manifest: Manifest, message: DigestMessage, view_of: Callable[[Digest], View]) -> _Look | None:
        """One round; None where somebody else published meanwhile and it has to be done again."""
        edition = message.edition
        etags = self.store.etags(keys.digests(edition))
        present = papers_with_result(self.store, edition)
        published = keys.digest(edition, DIGEST) in etags
        awaited = missing(manifest, present)
        if not published and not message.publish and awaited:
            return _Look(None, awaited[-1])
        results = read_results(self.store, edition, (paper.id for paper in manifest.papers))
        digest = build(manifest, find_language(edition.language), results)
        # The page in the archive, which leads to its neighbours, is put with that: see `Archiving`.
        files = {keys.digest(edition, name): file for name, file in renderings(view_of(digest)).items()}
        # All of them even where the digest is right already: a crash may have left an old rendering beside it.
        if not self.store.replace_all(files, etags):
            return None
        accepted = digest.state == "partial" and all(
            paper.id in results and results[paper.id].answers(None) for paper in manifest.papers
        )
        return _Look(digest, sha256=sha256(files[keys.digest(edition, DIGEST)].body), accepted=accepted)

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
