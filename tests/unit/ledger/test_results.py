"""Results move only upward, whoever writes them, in whatever order, at the same time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.doubts import Doubt, Kept
from shared.editions import Edition
from shared.failures import Failure, FailureClass
from shared.ledger.records import PERSON, FailedResult, Manifest, Result, TranslatedResult
from shared.ledger.results import missing, papers_with_result, read_result, read_results, store_result
from shared.ledger.store import Store
from tests.fakes.aws import BUCKET, Cloud
from tests.fakes.texts import PAPERS

RUN, LANGUAGE, PAPER = "2025-W37", "ko", PAPERS[0].id
MOMENT = datetime(2025, 9, 15, 1, tzinfo=UTC)
EDITION = Edition(RUN, LANGUAGE)

LOST = FailedResult(RUN, LANGUAGE, PAPER, MOMENT, failure=Failure(FailureClass.TRANSIENT, "Lost", "no result came"))
FAILED = replace(LOST, failure=Failure(FailureClass.PERMANENT, "RefusedByGate", "refused"), message="message-1")
TRANSLATED = TranslatedResult(RUN, LANGUAGE, PAPER, MOMENT, text="본문", engine="amazon-translate")
OTHERWISE = replace(TRANSLATED, text="다른 본문")
AGAIN = replace(TRANSLATED, text="새 본문", again=datetime(2025, 9, 20, 1, tzinfo=UTC))
LATER = replace(TRANSLATED, text="더 새 본문", again=datetime(2025, 9, 21, 1, tzinfo=UTC))
DOUBTFUL = replace(OTHERWISE, doubts=(Doubt(0, "number", "7 is missing", ""),))
PARTLY_ENGLISH = replace(OTHERWISE, kept=(Kept(0, "loop", "again"),))
ACCEPTED = replace(PARTLY_ENGLISH, accepted=True)
LEFT = replace(LOST, accepted=True)


@pytest.mark.parametrize(
    ("held", "offered", "kept"),
    [
        (PARTLY_ENGLISH, DOUBTFUL, DOUBTFUL),
        (DOUBTFUL, TRANSLATED, TRANSLATED),
        (DOUBTFUL, PARTLY_ENGLISH, DOUBTFUL),
        (TRANSLATED, DOUBTFUL, TRANSLATED),
        (
            TRANSLATED,
            replace(DOUBTFUL, again=AGAIN.again, judge="2"),
            replace(TRANSLATED, again=AGAIN.again, judge="2"),
        ),
        (replace(DOUBTFUL, engine=PERSON), TRANSLATED, replace(DOUBTFUL, engine=PERSON)),
        (ACCEPTED, TRANSLATED, ACCEPTED),
        (ACCEPTED, AGAIN, replace(ACCEPTED, again=AGAIN.again)),
        (ACCEPTED, replace(OTHERWISE, engine=PERSON), replace(OTHERWISE, engine=PERSON)),
        (replace(OTHERWISE, engine=PERSON), replace(ACCEPTED, again=AGAIN.again), replace(OTHERWISE, engine=PERSON)),
        (LEFT, FAILED, replace(FAILED, accepted=True)),
        (LEFT, PARTLY_ENGLISH, PARTLY_ENGLISH),
        (FAILED, PARTLY_ENGLISH, PARTLY_ENGLISH),
        (None, FAILED, FAILED),
        (None, TRANSLATED, TRANSLATED),
        (LOST, FAILED, FAILED),
        (FAILED, TRANSLATED, TRANSLATED),
        (TRANSLATED, FAILED, TRANSLATED),
        (TRANSLATED, OTHERWISE, TRANSLATED),
        (TRANSLATED, AGAIN, AGAIN),
        (AGAIN, TRANSLATED, AGAIN),
        (AGAIN, LATER, LATER),
        (LATER, AGAIN, LATER),
        (AGAIN, FAILED, AGAIN),
    ],
)
def test_a_better_result_replaces_a_worse_one_and_never_the_other_way(
    held: Result | None, offered: Result, kept: Result
) -> None:
    store = Cloud().store
    if held is not None:
        store_result(store, held)

    assert store_result(store, offered) == kept
    assert read_result(store, EDITION, PAPER) == kept


@given(st.lists(st.sampled_from([LOST, FAILED, TRANSLATED, OTHERWISE, AGAIN, LATER])))
def test_no_order_of_results_ever_takes_a_translation_away(offered: Sequence[Result]) -> None:
    store = Cloud().store

    kept = [store_result(store, result) for result in offered]

    assert all(_height(earlier) <= _height(later) for earlier, later in pairwise(kept))


@pytest.mark.parametrize("held", [None, FAILED])
def test_a_failure_gives_way_to_the_translation_that_came_while_it_was_being_written(held: Result | None) -> None:
    cloud = Cloud()
    if held is not None:
        store_result(cloud.store, held)
    competed = _store_with_competitor(cloud, TRANSLATED)

    assert store_result(competed, FAILED) == TRANSLATED
    assert read_result(cloud.store, EDITION, PAPER) == TRANSLATED


def test_a_translation_replaces_the_failure_that_came_while_it_was_being_written() -> None:
    cloud = Cloud()

    assert store_result(_store_with_competitor(cloud, FAILED), TRANSLATED) == TRANSLATED
    assert read_result(cloud.store, EDITION, PAPER) == TRANSLATED


def test_a_listing_says_which_papers_of_this_digest_have_a_result() -> None:
    store = Cloud().store
    store_result(store, FAILED)
    store_result(store, replace(TRANSLATED, paper=PAPERS[1].id))
    store_result(store, replace(TRANSLATED, paper=PAPERS[2].id, language="pt"))
    manifest = Manifest(RUN, RUN, "https://huggingface.co", "https://huggingface.co/p", 3, MOMENT, PAPERS[:3])

    present = papers_with_result(store, Edition(RUN, LANGUAGE))

    assert present == {PAPERS[0].id, PAPERS[1].id}
    assert missing(manifest, present) == (PAPERS[2].id,)
    assert set(read_results(store, Edition(RUN, LANGUAGE), [paper.id for paper in PAPERS])) == present


def _height(result: Result) -> tuple[bool, datetime]:
    again = result.again if isinstance(result, TranslatedResult) else None
    return isinstance(result, TranslatedResult), again or datetime.min.replace(tzinfo=UTC)


def _store_with_competitor(cloud: Cloud, competing: Result) -> Store:
    """A store in which `competing` is written by somebody else after the first read, or before what is the first."""
    waiting = [competing]

    def compete() -> None:
        while waiting:
            store_result(cloud.store, waiting.pop())

    class Competed:
        def get_object(self, **request: str) -> object:
            try:
                return cloud.s3.get_object(**request)
            finally:
                compete()

        def put_object(self, **request: str) -> object:
            if request["Key"] not in cloud.s3.objects:
                compete()
            return cloud.s3.put_object(**request)  # type: ignore[arg-type]

    return Store(Competed(), BUCKET)  # type: ignore[arg-type]
