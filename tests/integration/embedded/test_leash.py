"""A command on a leash lives as long as its owner, and no longer."""

import os
import sys
from pathlib import Path

import pytest

from infra.embedded import process as module
from infra.embedded.process import LeashedProcess
from shared.errors import CloudError
from tests.integration.embedded.conftest import LEASH, Alive, eventually, owner

FAMILY = """
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_DFL if "mortal" in sys.argv else signal.SIG_IGN)
child = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); signal.pause()"
with subprocess.Popen([sys.executable, "-c", child], stdout=subprocess.PIPE) as process:
    process.stdout.readline()
    print("ready", flush=True)
    signal.pause()
"""
"""A command with a child; neither ends by SIGTERM, unless the command is told to be mortal."""


def leashed(tmp_path: Path, *command: str) -> LeashedProcess:
    lock = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    return LeashedProcess(
        "The family",
        [sys.executable, "-c", *command],
        environment=os.environ,
        folder=tmp_path,
        log=tmp_path / "family.log",
        lock=lock,
        reports=True,
    )


def test_a_killed_owner_takes_the_command_and_its_children_along(tmp_path: Path, alive: Alive) -> None:
    code = """
import sys, signal
from pathlib import Path
from tests.integration.embedded.test_leash import FAMILY, leashed
family = leashed(Path(sys.argv[1]), FAMILY)
print(family.first_line(30).decode(), end="", flush=True)
signal.pause()
"""
    with owner(code, str(tmp_path)) as process:
        assert len(alive()) == 4  # the owner, the leash, the command and its child
        process.kill()
        process.wait()
        eventually(alive.none, "the end of the family")


def test_stop_leaves_no_child_behind(tmp_path: Path, alive: Alive) -> None:
    family = leashed(tmp_path, FAMILY, "mortal")
    family.first_line(30)
    family.stop()
    eventually(alive.none, "the end of the family")


def test_a_command_that_does_not_stop_is_killed(tmp_path: Path, alive: Alive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STOP_SECONDS", 0.1)
    family = leashed(tmp_path, FAMILY)
    family.first_line(30)
    assert family.stop() is None
    eventually(alive.none, "the end of the family")


def test_stop_tells_a_clean_end_from_any_other(tmp_path: Path) -> None:
    ends_with_its_input = "import sys, signal; signal.signal(signal.SIGTERM, lambda *_: None); print(flush=True); "
    clean = leashed(tmp_path, ends_with_its_input + "sys.stdin.read()")
    clean.first_line(30)
    assert clean.stop() == 0
    failed = leashed(tmp_path, ends_with_its_input + "sys.stdin.read(); sys.exit(1)")
    failed.first_line(30)
    assert failed.stop() == 1


def test_a_command_that_ends_at_once_is_quoted_with_its_log(tmp_path: Path) -> None:
    broken = leashed(tmp_path, "import sys; sys.exit('no model for you')")
    with pytest.raises(CloudError, match=r"The family ended at once: no model for you; its log is .*family\.log"):
        broken.first_line(30)
    broken.kill()


def test_a_leash_that_is_killed_itself_is_still_stopped(tmp_path: Path, alive: Alive) -> None:
    family = leashed(tmp_path, FAMILY)
    family.first_line(30)
    [leash] = [pid for pid, told in alive().items() if LEASH in told]
    os.kill(leash, 9)
    eventually(lambda: family.ended, "the end of the leash")
    with pytest.raises(CloudError, match="The family ended by itself"):
        family.stop()
    eventually(alive.none, "the end of the family")
