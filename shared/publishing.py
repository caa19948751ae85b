"""What the aggregate function does: publish what the ledger says, so that it converges under any order of events.

The digest is a pure function of manifest and results. It is read by its ETag, *then* the results are listed; it is put
only over that ETag; its renderings follow, and if the digest changed meanwhile, everything starts over. So the last
writer has always seen the newest results, and a crash leaves at most a message that comes again.
"""

from dataclasses import dataclass
from typing import Literal

from shared.archiving import Archiving
from shared.digest.model import Digest, build
from shared.digest.renderings import DIGEST, PAGE, renderings
from shared.errors import LedgerError
from shared.languages import language as known_language
from shared.ledger import keys
from shared.ledger.records import Announced, Manifest
from shared.ledger.results import missing, papers_with_result, read_results
from shared.ledger.store import Store
from shared.messages import DigestMessage
from shared.notices import Announce

_ROUNDS = 50


@dataclass(frozen=True)
class Publication:
    """What came of one look at a digest: `open` (nothing published yet), `partial` or `complete`."""

    run: str
    language: str
    state: Literal["open", "partial", "complete"]
    papers: int = 0
    translated: int = 0


@dataclass(frozen=True)
class Publishing:
    """The aggregate function's work, with what it works on."""

    store: Store
    announce: Announce
    site: str = ""
    """The address below which `digests/` is published, or "" where it is not known."""

    def publish(self, message: DigestMessage) -> Publication:
        """Publish the digest as far as the ledger allows. Raises LedgerError where the run has no manifest."""
        manifest = self.store.record(keys.manifest(message.run), Manifest)
        if manifest is None:
            raise LedgerError(f"Run {message.run} has no manifest, so nothing says which papers its digest holds.")
        for _ in range(_ROUNDS):
            digest = self._attempt(manifest, message)
            if digest is not None:
                break
        else:
            raise LedgerError(f"The digest of {message.run} changed {_ROUNDS} times while it was being written.")
        if isinstance(digest, Publication):
            return digest
        Archiving(self.store, self.site).add(digest.run, digest.language)
        self._tell(digest)
        return Publication(message.run, message.language, digest.state, len(digest.papers), digest.translated)

    def _attempt(self, manifest: Manifest, message: DigestMessage) -> Digest | Publication | None:
        """One round; None where somebody else published meanwhile and it has to be done again."""
        run, language = message.run, message.language
        etag = self.store.etag(keys.digest(run, language, DIGEST))
        present = papers_with_result(self.store, run, language)
        if etag is None and not message.publish and missing(manifest, present):
            return Publication(run, language, "open", len(manifest.papers))
        results = read_results(self.store, run, language, (paper.id for paper in manifest.papers))
        digest = build(manifest, known_language(language), results)
        files = renderings(digest)
        written = self.store.replace(keys.digest(run, language, DIGEST), files.pop(DIGEST), etag)
        if written is None:
            return None
        # Even where the digest was right already: a crash may have left an old rendering beside it.
        # The page, which leads to its neighbours, comes with the archive.
        for name, body in files.items():
            if name != PAGE:
                self.store.write(keys.digest(run, language, name), body)
        return digest if self.store.etag(keys.digest(run, language, DIGEST)) == written else None

    def _tell(self, digest: Digest) -> None:
        """Tell the subscribers once for each state; a crash in between may repeat it, never lose it."""
        if digest.translated == 0:
            return
        marker = keys.announced(digest.run, digest.language, digest.state)
        if self.store.etag(marker) is not None:
            return
        healed = digest.state == "complete" and (
            self.store.etag(keys.announced(digest.run, digest.language, "partial")) is not None
        )
        self.announce(digest, healed)
        self.store.create(marker, Announced(digest.run, digest.language, digest.state))
