"""How results get into the ledger and out of it: only ever upward, from absent over failed to translated."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from shared.doubts import doubtful
from shared.editions import Edition
from shared.ledger import keys
from shared.ledger.file import record_file
from shared.ledger.records import PERSON, Manifest, Result, TranslatedResult, decode_result
from shared.ledger.store import Reader, Store, until_written

_NEVER = datetime.min.replace(tzinfo=UTC)


def store_result(store: Store, result: Result, *, once_more: bool = False) -> Result:
    """Write `result` unless the ledger holds one that stands as high or higher; what the ledger holds afterwards.

    Any result stands above none at all, and a failure may replace a failure. A translation stands above every failure.
    Of two translations, a person's stands above an engine's; of two engines', one that passed the judge above one with
    doubtful sentences, and that above one with sentences in English, fewer above more; of two equals, the one that
    answers the later request. A request that brings nothing better is answered by what is there, and so are makers that
    were asked `once_more`. Raises LedgerContention.

    S3 sends a message to the digests queue for each object put here (the notification in `infra.stack`): that is what
    wakes the aggregate function.
    """
    if store.create(keys.result(result.edition, result.paper), result):
        # Nothing was there, as nearly always, and nothing had to be read to know it.
        return result
    holds = result

    def better(held: Result | None) -> Result | None:
        nonlocal holds
        if not isinstance(held, TranslatedResult) or _stands_above(result, held):
            holds = result
            return result
        holds = held
        if not isinstance(result, TranslatedResult) or held.engine == PERSON:
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
    return frozenset(keys.parse_result(listed.key)[1] for listed in store.list(keys.results(edition)))


def read_result(store: Reader, edition: Edition, paper: str) -> Result | None:
    """The result of one paper, or None where there is none. Raises LedgerError where it cannot be read."""
    key = keys.result(edition, paper)
    stored = store.read(key)
    return None if stored is None else decode_result(stored.body, key)


def read_results(store: Reader, edition: Edition, papers: Iterable[str]) -> dict[str, Result]:
    """The results of `papers` by id; a paper without one is left out."""
    found = ((paper, read_result(store, edition, paper)) for paper in papers)
    return {paper: result for paper, result in found if result is not None}


def missing(manifest: Manifest, present: frozenset[str]) -> tuple[str, ...]:
    """The ids of the manifest's papers that are not in `present`, in rank order."""
    return tuple(paper.id for paper in manifest.papers if paper.id not in present)


def _stands_above(result: Result, held: TranslatedResult) -> bool:
    return isinstance(result, TranslatedResult) and _standing(result) > _standing(held)


def _standing(translated: TranslatedResult) -> tuple[bool, int, int, datetime]:
    return translated.engine == PERSON, -len(translated.kept), -doubtful(translated.doubts), translated.again or _NEVER
