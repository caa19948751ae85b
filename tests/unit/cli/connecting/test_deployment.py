"""A command asks nothing of a stack that would not understand it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cli.connecting.dead_letters import redrive_by_hand
from cli.connecting.deployment import Pipeline
from shared.errors import CloudError
from shared.services.events import PublishRequest, RunRequest
from tests.unit.cli.deployment import Deployment

NOW = datetime(2025, 9, 15, 1, tzinfo=UTC)
OUTPUTS = ("Bucket", "Schedule", "PapersQueue", "PapersDeadLetterQueue", "DigestsQueue", "DigestsDeadLetterQueue")
FAILURES = ("ScheduleFailuresQueue", "FetchFailuresQueue")


def test_a_request_that_the_stack_does_not_understand_is_not_sent() -> None:
    deployment = Deployment()
    older = replace(deployment.pipeline, requests=frozenset({"run"}))

    with pytest.raises(CloudError, match=r"does not understand requests of the kind 'publish'.* Deploy it again"):
        older.fire(NOW, PublishRequest("2025-W37"))

    assert deployment.requests == []
    older.fire(NOW, RunRequest("2025-W37"))
    assert deployment.requests == [RunRequest("2025-W37")]


def test_a_stack_of_the_first_version_is_read_and_asked_nothing() -> None:
    outputs = dict.fromkeys((*OUTPUTS, *FAILURES), "there")

    pipeline = Pipeline.of(outputs, lambda service: object(), redrive_by_hand, settle_seconds=0.0)

    assert pipeline.store.bucket == "there"
    with pytest.raises(CloudError, match="another version of chorok has deployed it"):
        pipeline.fire(NOW, RunRequest("2025-W37"))
