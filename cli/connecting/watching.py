"""Waiting for a run: what is final, what is still awaited, and whether the digest says what the ledger says."""

import math
import time
from collections.abc import Callable, Collection, Iterator, Mapping

from cli.connecting.dead_letters import WorkQueue
from cli.showing.standing import Standing
from shared.digest.formats import DIGEST, NAMES
from shared.digest.model import Digest, Translated, build, translations_of
from shared.editions import Edition
from shared.errors import MissingManifest
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.records import Manifest, Published, Result, decode
from shared.ledger.results import read_results, result_etags
from shared.ledger.store import Store
from shared.services.attest import inputs_of

POLL_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 10.0
_UNSETTLED_SECONDS = 1.0
"""How long a digest may be said to be published before it is said that nothing is left to do; then it is looked up."""


class Watch:
    """A run in one language, watched from before its papers are sent.

    A failure that was stored before that does not count as the outcome, as its paper is tried again. Nor does an
    earlier translation of a paper in `again`. Each look lists the results; they are read one by one only where no
    digest says what they are.
    """

    def __init__(self, store: Store, edition: Edition, again: Collection[str] = ()) -> None:
        self.edition = edition
        self._store = store
        self._again = frozenset(again)
        self._manifest: tuple[Manifest, str] | None = None
        self._before = result_etags(store, edition)
        self._read: dict[str, Result] = {}
        self._seen: dict[str, str] = {}
        self._unsettled = Stillness(_UNSETTLED_SECONDS)

    def expect(self, papers: Collection[str]) -> None:
        """Take no translation of `papers` for the outcome that was there before."""
        self._again |= frozenset(papers)

    def progress(self) -> Standing:
        """How things stand now, with the results that are new left unread. Raises MissingManifest."""
        etags = result_etags(self._store, self.edition)
        papers = self._expected()
        new = {paper for paper in papers if etags.get(paper) != self._before.get(paper)}
        self._read_all(etags, papers - new)
        unread = frozenset(paper for paper in new if self._seen.get(paper) != etags.get(paper))
        return self._standing(new, unread)

    def standing(self) -> Standing:
        """How things stand now; only what has changed is read. Raises MissingManifest."""
        etags = result_etags(self._store, self.edition)
        papers = self._expected()
        self._read_all(etags, papers)
        return self._standing({paper for paper in papers if etags.get(paper) != self._before.get(paper)}, frozenset())

    def is_up_to_date(self) -> bool:
        """Whether `digest.json` says of every paper what the ledger says, whichever version of chorok wrote it."""
        standing = self.standing()
        published = self._store.record(keys.digest(self.edition, DIGEST), Digest)
        expected = build(standing.manifest, find_language(self.edition.language), standing.results)
        return published is not None and _essence(published) == _essence(expected)

    def is_published(self) -> bool:
        """Whether the digest is up to date, and all its files, its page and its place in the archive are there."""
        said = self._store.record(keys.published(self.edition), Published)
        if said is None:
            return False
        if not self._is_settled(said, result_etags(self._store, self.edition)):
            # A stack of an older version never says so, nor does one whose subscribers cannot be told.
            return self._unsettled.lasts(said) and self._has_all(said) and self.is_up_to_date()
        return self._has_all(said)

    def has_files(self) -> bool:
        """Whether there is anything of the digest yet."""
        return any(self._store.list(keys.digests(self.edition)))

    def _expected(self) -> frozenset[str]:
        return frozenset(paper.id for paper in self._manifest_and_etag()[0].papers)

    def _manifest_and_etag(self) -> tuple[Manifest, str]:
        if self._manifest is None:
            key = keys.manifest(self.edition.run)
            stored = self._store.read(key)
            if stored is None:
                raise MissingManifest(
                    f"Run {self.edition.run} has no manifest in bucket {self._store.bucket}: fetch it again."
                )
            self._manifest = decode(stored.body, Manifest, key), stored.etag
        return self._manifest

    def _standing(self, new: Collection[str], unread: frozenset[str]) -> Standing:
        papers = self._expected()
        final = {
            paper
            for paper in papers
            if paper in new or (paper in self._read and paper not in self._again and self._read[paper].answers(None))
        }
        results = {paper: result for paper, result in self._read.items() if paper in papers - unread}
        return Standing(self._manifest_and_etag()[0], self.edition, results, papers - final, unread)

    def _read_all(self, etags: Mapping[str, str], papers: Collection[str]) -> None:
        """Know the results of `papers` as they are now: from the digest that is made of these very ones, if any is."""
        changed = {paper for paper in papers if paper in etags and self._seen.get(paper) != etags[paper]}
        if changed and self._expected() <= etags.keys():
            said = self._store.record(keys.published(self.edition), Published)
            digest = self._store.record(keys.digest(self.edition, DIGEST), Digest) if said else None
            if said is not None and digest is not None and self._is_settled(said, etags):
                self._read |= translations_of(digest)
                # Of a failure the digest does not say all.
                failed = {paper.id for paper in digest.papers if not isinstance(paper.translation, Translated)}
                self._seen |= {paper: etags[paper] for paper in self._expected() - failed}
                changed &= failed
        self._read |= read_results(self._store, self.edition, changed)
        self._seen |= {paper: etags[paper] for paper in changed}

    def _is_settled(self, said: Published, etags: Mapping[str, str]) -> bool:
        """Whether nothing is left to do for the digest that is made of these results."""
        return said.settled is not None and said.settled.inputs == inputs_of(self._manifest_and_etag()[1], etags)

    def _has_all(self, said: Published) -> bool:
        """Whether the digest's files are those that are said to be published."""
        etags = self._store.etags(keys.digests(self.edition))
        return all(said.files.get(name) == etags.get(keys.digest(self.edition, name), "") for name in NAMES)


class Stillness:
    """Whether something has stayed the same for so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._seen: object = None
        self._since = time.monotonic()

    def lasts(self, seen: object) -> bool:
        """Whether `seen`, which is how things are now, is what they have been for long enough."""
        now = time.monotonic()
        if seen != self._seen:
            self._seen, self._since = seen, now
        return now - self._since >= self._seconds


class Idleness:
    """Whether a queue has been without messages, at work or waiting, for so many seconds: looked up twice in these."""

    def __init__(self, queue: WorkQueue, seconds: float) -> None:
        self._queue = queue
        self._seconds = seconds
        self._stillness = Stillness(seconds)
        self._asked = -math.inf

    def lasts(self) -> bool:
        """Whether that is so now, as far as it is looked up again."""
        now = time.monotonic()
        if now - self._asked < self._seconds / 2:
            return False
        self._asked = now
        alive = self._queue.alive()
        return self._stillness.lasts(alive) and alive == 0


def standings_until(
    deadline: float, standings_now: Callable[[], tuple[Standing, ...]], idle: Callable[[], bool]
) -> Iterator[tuple[Standing, ...]]:
    """The standings, again and again, until nothing is awaited, nothing more can come, or `deadline` has passed.

    The last one is always given, and is newer than what `idle` saw. `deadline` is one of `time.monotonic`. What is far
    from its end is looked at seldom: the number of looks grows with the time, not with the papers.
    """
    began = time.monotonic()
    at_first: int | None = None
    before: int | None = None
    is_over = False
    while True:
        standings = standings_now()
        yield standings
        awaited = sum(len(standing.awaited) for standing in standings)
        if is_over or not awaited:
            return
        at_first = awaited if at_first is None else at_first
        # While papers come, somebody is at work on them, and nobody has to be asked.
        now = time.monotonic()
        is_over = (awaited == before and idle()) or now >= deadline
        before = awaited
        if not is_over:
            time.sleep(min(pause(now - began, at_first - awaited, awaited), deadline - now))


def pause(elapsed: float, done: int, awaited: int) -> float:
    """How many seconds until the next look: what the rest will take at this pace, or half of what it took so far."""
    ahead = elapsed * awaited / done if done > 0 else elapsed / 2
    return min(max(min(ahead, elapsed), POLL_SECONDS), _LONGEST_PAUSE_SECONDS)


def until(seconds: float, condition: Callable[[], bool]) -> bool:
    """Whether `condition` came true within `seconds`."""
    began = time.monotonic()
    while not condition():
        elapsed = time.monotonic() - began
        if elapsed >= seconds:
            return False
        time.sleep(min(max(elapsed / 2, POLL_SECONDS), _LONGEST_PAUSE_SECONDS))
    return True


def _essence(digest: Digest) -> tuple[object, ...]:
    return digest.state, tuple((paper.id, paper.translation) for paper in digest.papers)
