"""Two commands on one state folder: the second waits, and says for whom, unless a cloud is up for both."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from cli.connecting import opening
from cli.connecting.opening import NO_ENGINE, CloudOptions, open_pipeline
from infra.embedded import keeper
from infra.embedded.cloud import Cloud, Plan
from infra.embedded.state import is_held
from infra.embedded.state import owner as owner_of
from tests.integration.embedded.conftest import owner
from tests.integration.embedded.test_state import OWNER


@pytest.fixture
def made(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """A plan for a small stack, which stands in for chorok's own: its pipeline is the cloud itself."""
    made = replace(plan, engine=NO_ENGINE.command)
    monkeypatch.setattr(opening, "plan", lambda wanted, engine: made)
    monkeypatch.setattr(opening, "pipeline", lambda cloud: cloud)
    monkeypatch.setattr(opening, "_let_finish", lambda pipeline: None)
    return made


@contextmanager
def opened(made: Plan) -> Iterator[Cloud]:
    with open_pipeline(CloudOptions(made.state), Console(), NO_ENGINE) as pipeline:
        assert isinstance(pipeline, Cloud)
        yield pipeline


def test_the_second_waits_for_the_first_and_says_for_whom(
    made: Plan, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with owner(OWNER, str(made.state)) as first:

        def is_still_held(state: Path) -> bool:
            # The first ends only once the second looks whether it still has to wait.
            first.kill()
            return is_held(state)

        monkeypatch.setattr(opening, "is_held", is_still_held)

        with opened(made):
            mine = owner_of(made.state)

    assert mine == os.getpid()
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("waiting")]
    assert said == [f"waiting for process {first.pid}, which works on {made.state} ..."]


def test_where_a_cloud_is_up_both_work_on_it(made: Plan, capsys: pytest.CaptureFixture[str]) -> None:
    up = keeper.up(made)
    try:
        with opened(made) as first, opened(made) as second:
            assert first == second == up.cloud
    finally:
        keeper.down(made.state)

    assert "waiting" not in capsys.readouterr().err
