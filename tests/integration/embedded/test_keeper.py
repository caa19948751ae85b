"""A cloud that is up serves every command until it is taken down."""

import os
import signal
import stat
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Thread, main_thread

import pytest

from infra.embedded.cloud import Plan, running_cloud
from infra.embedded.keeper import down, running, up
from shared.errors import CloudError
from tests.integration.embedded.conftest import Alive, eventually


def test_up_is_found_until_down_and_then_nothing_is_left(plan: Plan, alive: Alive) -> None:
    started = up(plan)
    try:
        assert running(plan.state) == started
        assert up(plan) == started
        assert stat.S_IMODE((plan.state / "running.json").stat().st_mode) == 0o600
        assert stat.S_IMODE(plan.state.stat().st_mode) == 0o700
        s3 = started.cloud.client("s3")
        s3.put_object(Bucket=started.cloud.outputs["Bucket"], Key="kept", Body=b"kept")
    finally:
        assert down(plan.state)
    eventually(alive.none, "the end of the cloud")
    assert running(plan.state) is None
    assert not down(plan.state)
    with running_cloud(plan) as cloud:
        assert cloud.client("s3").get_object(Bucket=cloud.outputs["Bucket"], Key="kept")["Body"].read() == b"kept"


def test_a_cloud_that_is_up_has_its_folder_to_itself(plan: Plan) -> None:
    started = up(plan)
    try:
        with pytest.raises(CloudError, match=f"in use by process {started.pid}"), running_cloud(plan):
            pass
        with pytest.raises(CloudError, match="other settings"):
            up(replace(plan, environment={}))
    finally:
        down(plan.state)


def test_a_killed_keeper_is_not_found_and_leaves_nothing(plan: Plan, alive: Alive) -> None:
    started = up(plan)
    os.kill(started.pid, 9)
    eventually(alive.none, "the end of the cloud")
    assert (plan.state / "running.json").exists()
    assert running(plan.state) is None
    assert not down(plan.state)


def test_a_keeper_ends_with_a_part_of_its_cloud(plan: Plan, alive: Alive) -> None:
    up(plan)
    emulator = alive.emulator()
    os.kill(emulator, 9)
    eventually(alive.none, "the end of the cloud")
    assert "The embedded cloud ended by itself" in (plan.state / "logs" / "keeper.log").read_text()


def test_what_went_wrong_in_the_background_is_told(plan: Plan, tmp_path: Path, alive: Alive) -> None:
    with pytest.raises(CloudError, match="empty holds no assembly"):
        up(replace(plan, assembly=tmp_path / "empty"))
    eventually(alive.none, "the end of the keeper")


def test_down_leaves_a_folder_alone_that_another_command_uses(plan: Plan) -> None:
    with running_cloud(plan), pytest.raises(CloudError, match=f"in use by process {os.getpid()}"):
        down(plan.state)


def test_an_interrupted_start_leaves_nothing(plan: Plan, alive: Alive) -> None:
    silent = replace(plan, engine=(sys.executable, "-c", "import sys; sys.stdin.read()"))

    def interrupt() -> None:
        eventually(lambda: any("leash.py" in told for told in alive().values()), "the start of the engine")
        signal.pthread_kill(main_thread().ident or 0, signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        up_while(interrupt, silent)
    eventually(alive.none, "the end of the cloud")


def up_while(act: Callable[[], None], plan: Plan) -> None:
    """Start a cloud that does not get up, and `act` meanwhile."""
    thread = Thread(target=act)
    thread.start()
    try:
        up(plan)
    finally:
        thread.join()
