"""Redriving by hand loses nothing, whenever it is interrupted, and knows what it has sent itself."""

from typing import Any, cast

import pytest
from botocore.exceptions import EndpointConnectionError

from cli.connecting.dead_letters import Depth, WorkQueue, discard, redrive_by_hand
from shared.errors import CloudError, QueueUnavailable
from tests.fakes import aws
from tests.unit.cli.deployment import OperatorSQS


class Interrupted(OperatorSQS):
    """Queues that cannot be reached any more after so many sends and deletions."""

    calls_left = 1_000

    def send_message(self, **request: Any) -> dict[str, Any]:
        self._call()
        return super().send_message(**request)

    def delete_message(self, **request: Any) -> None:
        self._call()
        super().delete_message(**request)

    def _call(self) -> None:
        if self.calls_left == 0:
            raise EndpointConnectionError(endpoint_url="https://sqs")
        self.calls_left -= 1


def queues_with(*dead: str) -> tuple[Interrupted, WorkQueue]:
    sqs = Interrupted(aws.Clock())
    for body in dead:
        sqs.put(aws.PAPERS_DEAD, body)
    return sqs, WorkQueue(cast("Any", sqs), "papers", aws.PAPERS, aws.PAPERS_DEAD)


def test_every_dead_message_goes_back_to_work() -> None:
    bodies = [str(number) for number in range(25)]
    sqs, queue = queues_with(*bodies)

    moved = redrive_by_hand(queue, 60)

    assert moved == 25
    assert sqs.bodies(aws.PAPERS) == bodies
    assert queue.depth() == Depth(waiting=25, in_flight=0, dead=0)


@pytest.mark.parametrize("calls", range(6))
def test_interrupted_anywhere_and_repeated_it_loses_nothing(calls: int) -> None:
    sqs, queue = queues_with("first", "second", "third")
    sqs.calls_left = calls
    with pytest.raises(QueueUnavailable):
        redrive_by_hand(queue, 60)
    sqs.calls_left = 1_000
    # What was received shows up again.
    for message in sqs.messages(aws.PAPERS_DEAD):
        message.visible_at = aws.Clock().now

    redrive_by_hand(queue, 60)

    assert set(sqs.bodies(aws.PAPERS)) == {"first", "second", "third"}
    assert sqs.bodies(aws.PAPERS_DEAD) == []


def test_what_dies_again_meanwhile_is_not_sent_once_more_and_can_be_seen() -> None:
    sqs, queue = queues_with("dies", "lives")

    def die() -> None:
        dying = [message for message in sqs.messages(aws.PAPERS) if message.body == "dies"]
        for message in dying:
            sqs.messages(aws.PAPERS).remove(message)
            sqs.messages(aws.PAPERS_DEAD).append(message)

    sqs.sent = die

    moved = redrive_by_hand(queue, 60)

    assert moved == 2
    assert sqs.bodies(aws.PAPERS) == ["lives"]
    assert queue.depth() == Depth(waiting=1, in_flight=0, dead=1)
    assert [message.visible_at for message in sqs.messages(aws.PAPERS_DEAD)] == [aws.Clock().now]


def test_a_message_that_somebody_else_looks_at_is_waited_for_but_not_for_ever() -> None:
    sqs, queue = queues_with("held")
    sqs.receive_message(QueueUrl=aws.PAPERS_DEAD, VisibilityTimeout=600)

    with pytest.raises(CloudError, match="somebody else holds its messages"):
        redrive_by_hand(queue, 0.01)

    assert sqs.bodies(aws.PAPERS_DEAD) == ["held"]


def test_what_is_done_with_is_discarded_and_the_rest_can_be_received_at_once() -> None:
    bodies = [str(number) for number in range(25)]
    sqs, queue = queues_with(*bodies)

    assert discard(queue, lambda body: int(body) % 2 == 0) == 13
    assert sqs.bodies(aws.PAPERS_DEAD) == bodies[1::2]
    assert all(message.visible_at <= aws.Clock().now for message in sqs.messages(aws.PAPERS_DEAD))
    assert queue.depth() == Depth(waiting=0, in_flight=0, dead=12)
