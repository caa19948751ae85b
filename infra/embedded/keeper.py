"""A cloud that stays up between commands, kept by a process of its own.

    up(plan)         starts one, and returns when it answers
    running(state)   the one that runs on a state folder, for other commands to use
    down(state)      stops it, and returns when nothing of it is left

The keeper is `python -m infra.embedded.keeper` with a plan as JSON on standard input. It holds the same cloud that
a single command does, until SIGTERM, or until a process of it ends by itself. Its first and only line on standard
output is the outcome of the start, for `up`.
"""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import msgspec

from infra.embedded.cloud import Cloud, Plan, running_cloud
from infra.embedded.ownership import claim, require_own
from infra.embedded.state import RUNNING, is_up, owner, wait_until_dead, wait_until_free
from shared.errors import ChorokError, CloudError

_STOP_SECONDS = 30.0
_LEFTOVER_SECONDS = 1.0

_Record = TypeVar("_Record")


@dataclass(frozen=True)
class Running:
    """A cloud that is up: its keeper's pid, where it answers, and what it was made of."""

    pid: int
    cloud: Cloud
    plan: Plan


@dataclass(frozen=True)
class _Outcome:
    """How a start ended: with a cloud that runs, or with an error."""

    running: Running | None = None
    error: str = ""


def up(plan: Plan) -> Running:
    """Start a cloud of `plan` that outlives this process, or find the one that runs already. Raises CloudError."""
    found = running(plan.state)
    if found is not None:
        if found.plan != plan:
            raise CloudError(f"a cloud with other settings is up on {plan.state}; stop it first with `chorok down`.")
        return found
    log = plan.state / "logs" / "keeper.log"
    try:
        claim(plan.state)
        log.parent.mkdir(exist_ok=True)
        output = log.open("wb")
    except OSError as error:
        raise CloudError(f"{log} cannot be written: {error.strerror}; give another --state.") from error
    command = [sys.executable, "-P", "-m", "infra.embedded.keeper"]
    pipe = subprocess.PIPE
    with (
        output,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=output, start_new_session=True) as launched,  # noqa: S603
    ):
        try:
            said, _ = launched.communicate(_encode(plan))
        except BaseException:
            # The keeper is in the group of the process that launched it.
            with suppress(ProcessLookupError):
                os.killpg(launched.pid, signal.SIGTERM)
            wait_until_free(plan.state, _STOP_SECONDS)
            raise
    outcome = _decode(said, _Outcome) if said else _Outcome(error=f"the keeper ended at once; its log is {log}.")
    if outcome.running is None:
        raise CloudError(outcome.error)
    return outcome.running


def running(state: Path) -> Running | None:
    """The cloud that is up on the state folder `state`, or None. Raises CloudError for a folder of somebody else."""
    require_own(state)
    path = state / RUNNING
    try:
        # A keeper that was killed leaves its file behind, but no lock on it.
        return _decode(path.read_bytes(), Running) if is_up(state) else None
    except (OSError, msgspec.DecodeError):
        return None


def down(state: Path) -> bool:
    """Stop the cloud that is up on the state folder `state`; False where none is.

    Raises CloudError where another command has the folder, or the cloud does not stop.
    """
    found = running(state)
    if found is None:
        if not wait_until_free(state, _LEFTOVER_SECONDS):
            raise CloudError(
                f"state folder {state} is in use by process {owner(state)}, which is no `chorok up`; wait."
            )
        return False
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(found.pid, number)
        if wait_until_free(state, _STOP_SECONDS):
            wait_until_dead(found.pid)
            return True
    raise CloudError(f"process {found.pid}, which keeps the cloud up, does not stop; end it by hand.")


def main() -> None:
    """Keep a cloud up, until SIGTERM or until one of its processes ends by itself."""
    plan = _decode(sys.stdin.buffer.read(), Plan)
    # Whoever runs `up` waits for the launched process alone, and is no parent to this one.
    if os.fork():
        os._exit(0)
    signal.signal(signal.SIGTERM, _leave)
    try:
        with running_cloud(plan) as cloud:
            found = Running(os.getpid(), cloud, plan)
            with _announced(found):
                _report(_Outcome(running=found))
                _wait_for_signal()
    except ChorokError as error:
        _report(_Outcome(error=str(error)))
        sys.exit(f"chorok: {error}")


@contextmanager
def _announced(found: Running) -> Iterator[None]:
    """Let `running` find the cloud until the block ends, or this process does."""
    path = found.plan.state / RUNNING
    partial = path.with_name(f"{RUNNING}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(_encode(found))
        file.flush()
        partial.replace(path)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def _leave(_signal: int, _frame: object) -> NoReturn:
    sys.exit()


def _wait_for_signal() -> None:
    """Wait until this process is to end, or a child has ended, which is a part of the cloud that is missing now."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, lambda _signal, _frame: None)
    os.read(read, 1)


def _report(outcome: _Outcome) -> None:
    """Tell `up` how the start went, once: it waits for the end of this process's standard output."""
    os.write(sys.stdout.fileno(), _encode(outcome))
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _encode(record: object) -> bytes:
    return msgspec.json.encode(record, enc_hook=str)


def _decode(body: bytes, kind: type[_Record]) -> _Record:
    def from_text(wanted: type[Any], text: str) -> object:
        return wanted(text)

    return msgspec.json.decode(body, type=kind, dec_hook=from_text)


if __name__ == "__main__":
    main()
