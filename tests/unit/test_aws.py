"""How the functions call AWS: no call may hang for longer than its function lives."""

from typing import Any

import pytest
from botocore.config import Config

from functions.aggregate import handler as aggregate
from functions.deliveries import RESERVE_MILLISECONDS
from functions.fetch import handler as fetch
from functions.translate import handler as translate
from shared.aws import WITHIN_AN_INVOCATION


def longest_seconds(config: Any) -> float:
    """How long a call takes that hangs at each attempt: standard mode pauses for a second, then two, then four."""
    attempts = config.retries["total_max_attempts"]
    return float(attempts * (config.connect_timeout + config.read_timeout) + 2 ** (attempts - 1) - 1)


def test_a_record_that_is_begun_can_wait_for_a_call_that_hangs() -> None:
    assert longest_seconds(WITHIN_AN_INVOCATION) * 1000 <= RESERVE_MILLISECONDS


@pytest.mark.parametrize(
    ("runtime", "services"),
    [
        (fetch._fetching, ["s3", "sns", "sqs"]),
        (translate._runtime, ["s3", "sqs"]),
        (aggregate._runtime, ["s3", "sns", "sqs"]),
    ],
)
def test_every_function_has_its_clients_give_up_in_time(
    monkeypatch: pytest.MonkeyPatch, runtime: Any, services: list[str]
) -> None:
    made: dict[str, Config | None] = {}
    monkeypatch.setenv("CHOROK_BUCKET", "ledger")
    monkeypatch.setattr("boto3.client", lambda service, config=None: made.update({service: config}))

    runtime.__wrapped__()

    assert made == dict.fromkeys(services, WITHIN_AN_INVOCATION)
