"""How results get into the ledger and out of it: only ever upward, from absent over failed to translated."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from enum import IntEnum

from shared.doubts import doubtful
from shared.editions import Edition
from shared.ledger import keys
from shared.ledger.file import record_file
from shared.ledger.records import PERSON, FailedResult, Manifest, Result, TranslatedResult, decode_result
from shared.ledger.store import Reader, Store, until_written

_NEVER = datetime.min.replace(tzinfo=UTC)


class Height(IntEnum):
    """What stands above what, the lowest first. Only a person's word stands above what passed the judge."""

    FAILED = 0
    KEPT = 1
    """Translated, but for sentences in English."""
    DOUBTFUL = 2
    PASSED = 3
    ACCEPTED = 4
    """A person has made it final."""
    PERSONS = 5
    """A person has written it."""


def height(result: Result) -> Height:
    """Where a result stands. Whatever judge let it pass: a new one never lowers what is published."""
    if not isinstance(result, TranslatedResult):
        return Height.FAILED
    if result.engine == PERSON:
        return Height.PERSONS
    if result.accepted:
        return Height.ACCEPTED
    return Height.KEPT if result.kept else Height.DOUBTFUL if result.doubts else Height.PASSED


def store_result(store: Store, result: Result, *, once_more: bool = False) -> Result:
    """Write `result` unless the ledger holds one that stands as high or higher; what the ledger holds afterwards.

    Any result stands above none at all, and a failure may replace a failure, but stays accepted if that one was. All
    others stand as `Height` says; of two equals, the one with fewer sentences in English, fewer doubtful ones, the one
    that answers the later request. A request that brings nothing better is answered by what is there, and so are makers
    that were asked `once_more`. Raises LedgerContention.

    S3 sends a message to the digests queue for each object put here (the notification in `infra.stack`): that is what
    wakes the aggregate function.
    """
    if store.create(keys.result(result.edition, result.paper), result):
        # Nothing was there, as nearly always, and nothing had to be read to know it.
        return result
    holds = result

    def better(held: Result | None) -> Result | None:
        nonlocal holds
        if held is None or _standing(result) > _standing(held):
            holds = result
            return holds
        if isinstance(held, FailedResult) and isinstance(result, FailedResult):
            holds = replace(result, accepted=held.accepted)
            return holds
        holds = held
        if isinstance(held, FailedResult) or isinstance(result, FailedResult) or held.engine == PERSON:
            return None
        has_new_makers = once_more and result.asked != "" and held.makers != result.makers
        if held.answers(result.again) and not has_new_makers:
            return None
        holds = replace(held, again=result.again or held.again, judge=result.judge, asked=result.asked)
        return holds

    revise_result(store, result.edition, result.paper, better)
    return holds


def revise_result(
    store: Store, edition: Edition, paper: str, revise: Callable[[Result | None], Result | None]
) -> Result | None:
    """Write what `revise` makes of the held result, of None where there is none; None where it has nothing to write.

    Where somebody else has written meanwhile, `revise` is called again. What it makes must stand above what it gets.
    Raises LedgerContention.
    """
    key = keys.result(edition, paper)

    def attempt() -> tuple[Result | None] | None:
        stored = store.read(key)
        result = revise(None if stored is None else decode_result(stored.body, key))
        if result is None:
            return (None,)
        written = store.replace(key, record_file(result), stored.etag if stored else None)
        return None if written is None else (result,)

    return until_written(attempt, key)[0]


def papers_with_result(store: Reader, edition: Edition) -> frozenset[str]:
    """The ids of the papers that have any result, from one listing."""
    return frozenset(result_etags(store, edition))


def result_etags(store: Reader, edition: Edition) -> dict[str, str]:
    """The ETag of each result by its paper's id, from one listing."""
    return {keys.parse_result(listed.key)[1]: listed.etag for listed in store.list(keys.results(edition))}


def read_result(store: Reader, edition: Edition, paper: str) -> Result | None:
    """The result of one paper, or None where there is none. Raises LedgerError where it cannot be read."""
    key = keys.result(edition, paper)
    stored = store.read(key)
    return None if stored is None else decode_result(stored.body, key)


def read_results(store: Reader, edition: Edition, papers: Iterable[str]) -> dict[str, Result]:
    """The results of `papers` by id; a paper without one is left out."""
    found = ((paper, read_result(store, edition, paper)) for paper in papers)
    return {paper: result for paper, result in found if result is not None}


def missing(manifest: Manifest, present: Collection[str]) -> tuple[str, ...]:
    """The ids of the manifest's papers that are not in `present`, in rank order."""
    return tuple(paper.id for paper in manifest.papers if paper.id not in present)


def _standing(result: Result) -> tuple[Height, int, int, datetime]:
    if not isinstance(result, TranslatedResult):
        return height(result), 0, 0, _NEVER
    return height(result), -len(result.kept), -doubtful(result.doubts), result.again or _NEVER
