"""A state folder has one owner, and survives whatever happens to it."""

import os
import signal
from pathlib import Path

import pytest

from infra.embedded import state
from infra.embedded.state import Deployed, hold
from shared.errors import CloudError
from tests.integration.embedded.conftest import LEASH, Alive, eventually, owner

OWNER = """
import sys, signal
from pathlib import Path
from infra.embedded.state import hold
with hold(Path(sys.argv[1])):
    print("ready", flush=True)
    signal.pause()
"""

OWNER_WITH_A_COMMAND = """
import os, sys, signal
from pathlib import Path
from infra.embedded.process import LeashedProcess
from infra.embedded.state import hold
with hold(Path(sys.argv[1])) as folder:
    command = [sys.executable, "-c", "print('ready', flush=True); import signal; signal.pause()"]
    process = LeashedProcess(
        "It", command, environment=os.environ, folder=folder.root, log=folder.log("it"), lock=folder.lock, reports=True
    )
    print(process.first_line(30).decode(), end="", flush=True)
    signal.pause()
"""


def test_a_second_owner_is_told_who_has_the_folder(tmp_path: Path) -> None:
    with (
        owner(OWNER, str(tmp_path)) as first,
        pytest.raises(CloudError, match=rf"in use by process {first.pid}; wait, stop it, or give another --state"),
        hold(tmp_path),
    ):
        pass


def test_the_folder_of_a_killed_owner_is_free(tmp_path: Path) -> None:
    with owner(OWNER, str(tmp_path)) as first:
        first.kill()
        first.wait()
        with hold(tmp_path):
            assert state.owner(tmp_path) == os.getpid()


def test_the_folder_is_free_only_when_the_commands_of_a_killed_owner_are_dead(tmp_path: Path, alive: Alive) -> None:
    with owner(OWNER_WITH_A_COMMAND, str(tmp_path)) as first:
        assert len(alive()) == 3
        first.kill()
        first.wait()
        with hold(tmp_path):
            # The leash itself may be a moment behind; the command may not.
            assert not [told for told in alive().values() if LEASH not in told]


def test_a_command_that_outlives_its_leash_keeps_the_folder(tmp_path: Path, alive: Alive) -> None:
    with owner(OWNER_WITH_A_COMMAND, str(tmp_path)) as first:
        [leash] = [pid for pid, told in alive().items() if LEASH in told]
        for pid in (leash, first.pid):
            os.kill(pid, signal.SIGKILL)
        first.wait()
        [command] = eventually(lambda: alive() if len(alive()) == 1 else {}, "the end of owner and leash")
        assert state.is_held(tmp_path)
        os.kill(command, signal.SIGKILL)
        assert state.wait_until_free(tmp_path, 30)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(CloudError, match=r"state folder .*file/state cannot be used: Not a directory"),
        hold(tmp_path / "file" / "state"),
    ):
        pass


def test_services_that_were_saved_but_not_kept_do_not_count(tmp_path: Path) -> None:
    with hold(tmp_path) as folder:
        services = folder.services()
        (services / "sns.json").write_text("kept")
        folder.keep(Deployed("template", {}))

        interrupted = folder.services()
        (interrupted / "sns.json").unlink()
        (interrupted / "sns.json").write_text("half saved")

        assert (folder.services() / "sns.json").read_text() == "kept"
        deployed = folder.deployed()
        assert deployed is not None
        assert (deployed.template, deployed.outputs) == ("template", {})
