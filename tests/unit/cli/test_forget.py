"""A run that is forgotten leaves nothing but what was paid for, and no aggregate brings it back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from cli.forget import take_away
from cli.run import RunOptions, run
from shared.digest.archive_entries import Archive
from shared.editions import Edition
from shared.errors import LedgerUnavailable, UnknownRun, UsageError
from shared.ledger import keys
from shared.ledger.records import Announced
from shared.ledger.store import Store
from shared.services.events import RunRequest
from shared.services.forget import forget
from shared.services.messages import DigestMessage
from shared.services.publish import Publishing
from tests.fakes import aws
from tests.proof.invariants import digest_of, files_of, unsettled
from tests.unit.cli.deployment import Deployment

RUN = "2025-W36"
WEEKS = ("2025-W35", RUN, "2025-W37")
OTHERS = [Edition(week, "ko") for week in WEEKS if week != RUN]
SIGNAL = DigestMessage(RUN, "ko", signal=True)


@pytest.fixture
def deployment() -> Deployment:
    made = Deployment()
    for week in WEEKS:
        made.request(week)
    return made


def expected(deployment: Deployment) -> dict[str, bytes]:
    """What is published where the run never was."""
    return files_of([digest_of(cast("Any", deployment.cloud), edition) for edition in OTHERS], OTHERS)


def published(deployment: Deployment) -> dict[str, bytes]:
    """The files of digests and of their archive, without those that all languages share."""
    objects, shared = deployment.cloud.s3.objects, (keys.FRONT, keys.LANGUAGES)
    found = (key for key in objects if key.startswith(keys.DIGESTS) and key not in shared)
    return {key: unsettled(key, objects[key].body) for key in found}


def left(deployment: Deployment) -> list[str]:
    return [key for key in deployment.cloud.s3.objects if f"/{RUN}/" in key]


def test_the_run_is_gone_and_the_archive_is_as_if_it_had_never_been(deployment: Deployment) -> None:
    take_away(deployment.pipeline, RUN, deployment.console, yes=True)

    assert left(deployment) == [keys.forgotten(RUN)]
    assert published(deployment) == expected(deployment)


def test_the_memory_stays_so_that_the_run_can_be_had_again_for_nothing(deployment: Deployment, tmp_path: Path) -> None:
    take_away(deployment.pipeline, RUN, deployment.console, yes=True)
    answered = len(deployment.engine.answered)

    complete = run(deployment.pipeline, RunOptions(RunRequest(RUN), 60.0, tmp_path), deployment.console)

    assert complete
    assert len(deployment.engine.answered) == answered
    archive = deployment.cloud.store.record(keys.archive("ko", "archive.json"), Archive)
    assert archive is not None
    assert [entry.run for entry in archive.entries] == [*reversed(WEEKS)]


def test_nothing_changes_where_nobody_can_be_asked(deployment: Deployment) -> None:
    before = dict(deployment.cloud.s3.objects)

    with pytest.raises(UsageError, match="give --yes"):
        take_away(deployment.pipeline, RUN, deployment.console, yes=False)

    assert deployment.cloud.s3.objects == before


def test_a_run_that_was_forgotten_or_never_was_is_unknown(deployment: Deployment) -> None:
    take_away(deployment.pipeline, RUN, deployment.console, yes=True)

    for name in (RUN, "2024-W01"):
        with pytest.raises(UnknownRun, match=f"There is no run {name}"):
            take_away(deployment.pipeline, name, deployment.console, yes=True)


def test_the_same_command_finishes_what_a_crash_has_left(deployment: Deployment) -> None:
    deployment.cloud.store.delete(keys.manifest(RUN))
    deployment.cloud.store.delete(keys.requested(Edition(RUN, "ko")))

    take_away(deployment.pipeline, RUN, deployment.console, yes=True)

    assert left(deployment) == [keys.forgotten(RUN)]
    assert published(deployment) == expected(deployment)


class Watched:
    """S3, where something happens once, right before an object is put or deleted whose key ends so."""

    def __init__(self, deployment: Deployment, method: str, ending: str, happens: Callable[[], object]) -> None:
        self._deployment = deployment
        self._awaited: tuple[str, str] | None = (method, ending)
        self._happens = happens

    def __getattr__(self, name: str) -> Any:
        def call(**request: str) -> Any:
            if self._awaited and name == self._awaited[0] and request["Key"].endswith(self._awaited[1]):
                self._awaited = None
                self._happens()
            return getattr(self._deployment.cloud.s3, name)(**request)

        return getattr(self._deployment.cloud.s3, name) if name == "get_paginator" else call

    def publish(self) -> None:
        Publishing(Store(cast("Any", self), aws.BUCKET), lambda view, healed: None).publish(SIGNAL)
        assert self._awaited is None


@pytest.mark.parametrize("file", ["digest.json", "digest.html", "archive.json", "published.json"])
def test_who_publishes_it_just_then_takes_it_away_again(deployment: Deployment, file: str) -> None:
    for key in [key for key in deployment.cloud.s3.objects if key.startswith(keys.DIGESTS)]:
        if f"/{RUN}/" in key:
            del deployment.cloud.s3.objects[key]

    def overtake() -> None:
        forget(deployment.cloud.store, RUN, deployment.cloud.clock.now)
        Publishing(deployment.cloud.store, lambda view, healed: None).publish(SIGNAL)

    Watched(deployment, "put_object", f"{RUN}/ko/{file}" if "digest" in file else file, overtake).publish()

    assert published(deployment) == expected(deployment)


def test_what_was_marked_before_does_not_count_for_the_run_that_begins_again(deployment: Deployment) -> None:
    marker = keys.announced(Edition(RUN, "ko"), "complete")
    for key in (marker, keys.published(Edition(RUN, "ko"))):
        del deployment.cloud.s3.objects[key]
    Watched(
        deployment, "put_object", marker, lambda: forget(deployment.cloud.store, RUN, deployment.cloud.clock.now)
    ).publish()
    is_marked = marker in left(deployment)

    deployment.request(RUN)

    announced = deployment.cloud.store.record(marker, Announced)
    assert is_marked
    assert announced is not None
    assert announced.revision == 1


def test_who_takes_it_away_while_it_begins_again_publishes_it_in_the_end(deployment: Deployment) -> None:
    forget(deployment.cloud.store, RUN, deployment.cloud.clock.now)

    Watched(deployment, "delete_object", "digest.txt", lambda: deployment.request(RUN)).publish()

    editions = [Edition(week, "ko") for week in WEEKS]
    everything = [digest_of(cast("Any", deployment.cloud), edition) for edition in editions]
    assert published(deployment) == files_of(everything, editions)


@pytest.mark.parametrize(
    ("method", "ending"),
    [("put_object", "archive.json"), ("put_object", "index.html"), ("delete_object", "digest.json")],
)
def test_a_crash_in_between_is_made_good_by_the_next_signal(deployment: Deployment, method: str, ending: str) -> None:
    forget(deployment.cloud.store, RUN, deployment.cloud.clock.now)

    def crash() -> None:
        raise aws.client_error("InternalError", 500, method)

    with pytest.raises(LedgerUnavailable):
        Watched(deployment, method, ending, crash).publish()
    Publishing(deployment.cloud.store, lambda view, healed: None).publish(SIGNAL)

    assert left(deployment) == [keys.forgotten(RUN)]
    assert published(deployment) == expected(deployment)
