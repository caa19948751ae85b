"""How results get into the ledger and out of it: only ever upward, from absent over failed to translated."""

from collections.abc import Callable, Iterable

from shared.editions import Edition
from shared.ledger import keys
from shared.ledger.records import PERSON, Manifest, Result, encode
from shared.ledger.records import decode as decode_record
from shared.ledger.store import Store


def store_result(store: Store, result: Result) -> Result:
    """Write `result` unless the ledger already holds a better one; what the ledger holds afterwards.

    A translation replaces a failure, or a translation that stands below it: a person's text stands above every engine's
    and is never replaced by one; of two persons' or two engines' the one that was asked for later stands above. A
    failure replaces a failure only.
    """
    key = keys.result(result.edition, result.paper)
    while True:
        stored = store.read(key)
        if stored is None:
            written = store.create(key, result)
        else:
            held = decode_record(stored.body, Result, key)
            if held.status == "translated" and (result.status == "failed" or not _standing(result) > _standing(held)):
                return held
            written = store.replace(key, encode(result), stored.etag) is not None
        if written:
            return result


def revise_result(
    store: Store, edition: Edition, paper: str, revise: Callable[[Result | None], Result | None]
) -> Result | None:
    """Write what `revise` makes of the held result, of None where there is none; None where it has nothing to write.

    It is asked anew where somebody else wrote meanwhile. What it makes must stand above what it was given.
    """
    key = keys.result(edition, paper)
    while True:
        stored = store.read(key)
        result = revise(None if stored is None else decode_record(stored.body, Result, key))
        if result is None or store.replace(key, encode(result), stored.etag if stored else None) is not None:
            return result


def papers_with_result(store: Store, edition: Edition) -> frozenset[str]:
    """The ids of the papers that have any result, from one listing."""
    return frozenset(keys.parse_result(listed.key)[1] for listed in store.list(keys.results(edition)))


def read_results(store: Store, edition: Edition, papers: Iterable[str]) -> dict[str, Result]:
    """The results of `papers` by id; a paper without one is left out."""
    found = ((paper, store.record(keys.result(edition, paper), Result)) for paper in papers)
    return {paper: result for paper, result in found if result is not None}


def missing(manifest: Manifest, present: frozenset[str]) -> tuple[str, ...]:
    """The ids of the manifest's papers that are not in `present`, in rank order."""
    return tuple(paper.id for paper in manifest.papers if paper.id not in present)


def _standing(translated: Result) -> tuple[bool, str]:
    return translated.engine == PERSON, translated.again
