"""Waiting for a run: what is final, what is still awaited, and whether the digest says what the ledger says."""

import time
from collections.abc import Callable, Collection, Iterator

from cli.connecting.dead_letters import WorkQueue
from cli.showing.standing import Standing
from shared.digest.formats import DIGEST, NAMES
from shared.digest.model import Digest, build
from shared.editions import Edition
from shared.errors import MissingManifest
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.records import Manifest, Published, Result
from shared.ledger.results import read_results
from shared.ledger.store import Store

POLL_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 10.0


class Watch:
    """A run in one language, watched from before its papers are sent.

    A failure that was stored before that does not count as the outcome, as its paper is tried again. Nor does an
    earlier translation of a paper in `again`.
    """

    def __init__(self, store: Store, edition: Edition, again: Collection[str] = ()) -> None:
        self.edition = edition
        self._store = store
        self._again = frozenset(again)
        self._manifest: Manifest | None = None
        self._before = self._etags()
        self._read: dict[str, Result] = {}
        self._seen: dict[str, str] = {}

    def expect(self, papers: Collection[str]) -> None:
        """Take no translation of `papers` for the outcome that was there before."""
        self._again |= frozenset(papers)

    def standing(self) -> Standing:
        """How things stand now; only what has changed is read. Raises MissingManifest."""
        if self._manifest is None:
            self._manifest = self._store.record(keys.manifest(self.edition.run), Manifest)
        if self._manifest is None:
            raise MissingManifest(
                f"Run {self.edition.run} has no manifest in bucket {self._store.bucket}: fetch it again."
            )
        etags = self._etags()
        changed = [paper for paper, etag in etags.items() if self._seen.get(paper) != etag]
        expected = {paper.id for paper in self._manifest.papers}
        self._read |= read_results(self._store, self.edition, expected.intersection(changed))
        self._seen = etags
        final = {
            paper
            for paper, result in self._read.items()
            if (result.answers(None) and paper not in self._again) or etags.get(paper) != self._before.get(paper)
        }
        awaited = frozenset(paper.id for paper in self._manifest.papers) - final
        return Standing(self._manifest, self.edition, dict(self._read), awaited)

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
        etags = self._store.etags(keys.digests(self.edition))
        are_there = all(said.files.get(name) == etags.get(keys.digest(self.edition, name), "") for name in NAMES)
        return are_there and self.is_up_to_date()

    def has_files(self) -> bool:
        """Whether there is anything of the digest yet."""
        return any(self._store.list(keys.digests(self.edition)))

    def _etags(self) -> dict[str, str]:
        listed = self._store.list(keys.results(self.edition))
        return {keys.parse_result(entry.key)[1]: entry.etag for entry in listed}


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
    """Whether a queue has been without messages, at work or waiting, for so many seconds."""

    def __init__(self, queue: WorkQueue, seconds: float) -> None:
        self._queue = queue
        self._stillness = Stillness(seconds)

    def lasts(self) -> bool:
        """Whether that is so now."""
        alive = self._queue.depth().alive
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
    """How many seconds until the next look: half of what the rest will take at this pace, or of what it took so far."""
    ahead = elapsed * awaited / done if done > 0 else elapsed
    return min(max(min(ahead, elapsed) / 2, POLL_SECONDS), _LONGEST_PAUSE_SECONDS)


def until(seconds: float, condition: Callable[[], bool]) -> bool:
    """Whether `condition` came true within `seconds`."""
    began = time.monotonic()
    while not condition():
        elapsed = time.monotonic() - began
        if elapsed >= seconds:
            return False
        time.sleep(min(max(elapsed / 4, POLL_SECONDS), _LONGEST_PAUSE_SECONDS))
    return True


def _essence(digest: Digest) -> tuple[object, ...]:
    return digest.state, tuple((paper.id, paper.translation) for paper in digest.papers)
