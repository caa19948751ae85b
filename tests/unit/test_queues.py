"""Nothing is lost on the way into a queue, and retrying waits neither too short nor too long."""

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import DispatchError
from shared.queues import BATCH_BYTES, Queue, retry_delay
from shared.settings import Settings
from tests.fakes.aws import PAPERS, Cloud

DEFAULTS = Settings()


@given(st.lists(st.text(max_size=20) | st.integers(1, BATCH_BYTES).map("x".__mul__), max_size=30))
def test_every_body_that_fits_into_a_message_is_sent_in_batches_that_sqs_accepts(bodies: list[str]) -> None:
    cloud = Cloud()

    cloud.papers.send(bodies)

    assert cloud.sqs.bodies(PAPERS) == bodies


@pytest.mark.parametrize("refusals", [1, 5, 10, 15])
def test_what_sqs_refuses_is_sent_again(refusals: int) -> None:
    cloud = Cloud()
    bodies = [f"message {number}" for number in range(12)]
    cloud.sqs.refusals = refusals

    cloud.papers.send(bodies)

    assert sorted(cloud.sqs.bodies(PAPERS)) == sorted(bodies)


def test_a_message_that_sqs_goes_on_refusing_is_an_error_and_its_neighbours_are_sent_once() -> None:
    cloud = Cloud()

    class Refusing:
        def send_message_batch(self, **request: Any) -> object:
            cloud.sqs.refusals = 1
            return cloud.sqs.send_message_batch(**request)

    with pytest.raises(DispatchError, match="refused 1 messages"):
        Queue(cast("Any", Refusing()), PAPERS).send(["first", "second", "third"])
    assert cloud.sqs.bodies(PAPERS) == ["second", "third"]


def test_nothing_to_send_asks_sqs_nothing() -> None:
    Queue(cast("Any", None), PAPERS).send([])


@pytest.mark.parametrize(("jitter", "minutes"), [(0, 91), (1, 183)])
def test_ten_receives_outlast_an_outage_of_ninety_minutes_and_end_within_about_three_hours(
    jitter: float, minutes: int
) -> None:
    waits = [
        retry_delay(receives, DEFAULTS.retry_base_seconds, DEFAULTS.retry_cap_seconds, jitter)
        for receives in range(1, DEFAULTS.receives)
    ]

    assert waits == sorted(waits)
    assert sum(waits) // 60 == minutes


@given(st.integers(1, 2000), st.integers(0, 43_200), st.integers(0, 43_200), st.floats(0, 1))
def test_a_wait_is_whole_seconds_between_half_the_cap_and_the_cap_at_most(
    receives: int, base: int, cap: int, jitter: float
) -> None:
    wait = retry_delay(receives, base, cap, jitter)

    assert type(wait) is int
    assert min(base, cap) // 2 <= wait <= cap
