"""The owner's side of a leash: start a command, hear its first line, stop it, and find out how it ended."""

import contextlib
import errno
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from infra.embedded import leash
from shared.errors import CloudError

STOP_SECONDS = 10.0
"""How long a command has to end after SIGTERM before it is killed."""

DISK_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})
"""What a command ends with, as its status, where it cannot write a file."""

_GONE_SECONDS = 0.2
"""How long to wait for the last of a killed group: longer, only those whose parent does not collect them are left."""
_POLL_SECONDS = 0.01


class Report(msgspec.Struct):
    """What a server says of itself in one line of JSON: its port on loopback and, if it translates, its engine."""

    port: int
    engine: str = ""


class LeashedProcess:
    """A command that dies with this process, together with everything it starts.

    Its output goes to the file `log`, which is emptied first; with `reports`, standard output is kept for `first_line`.
    `lock` is the descriptor of a lock to be held for as long as the command lives.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        log: Path,
        lock: int,
        reports: bool = False,
    ) -> None:
        self.name = name
        self.log = log
        self._owner, theirs = socket.socketpair()
        with theirs, log.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own commands, and no shell
                [sys.executable, "-I", leash.__file__, str(STOP_SECONDS), str(lock), *command],
                stdin=theirs.fileno(),
                stdout=subprocess.PIPE if reports else output,
                stderr=output,
                env=dict(environment),
                cwd=folder,
                pass_fds=(lock,),
                start_new_session=True,
            )

    @property
    def ended(self) -> bool:
        """Whether the command has ended."""
        return self._process.poll() is not None

    def first_line(self, seconds: float) -> bytes:
        """The first line of standard output. Raises CloudError where none comes within `seconds`."""
        stdout = self._process.stdout
        if stdout is None:
            raise ValueError("started without reports=True")
        deadline = time.monotonic() + seconds
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([stdout], [], [], max(0.0, deadline - time.monotonic()))
            chunk = os.read(stdout.fileno(), 1) if ready else b""
            if not chunk:
                raise self.failure("said nothing" if not ready else "ended at once")
            line += chunk
        return line

    def report(self, seconds: float) -> Report:
        """What the first line of standard output says. Raises CloudError where none comes within `seconds`."""
        line = self.first_line(seconds)
        try:
            return msgspec.json.decode(line, type=Report)
        except msgspec.DecodeError as error:
            raise self.failure(f"said {line!r}") from error

    def failure(self, what: str) -> CloudError:
        """What to tell a person: `what` happened, the last line of the log, and where the log is."""
        return CloudError(f"{self.name} {what}: {self._last_words()}; its log is {self.log}.")

    def stop(self) -> int | None:
        """End the command and whatever it started; its exit status, or None where it had to be killed.

        A negative status is the number of a signal. Raises CloudError where it had ended before.
        """
        ended = self.ended
        self._process.terminate()
        status = self._gone()
        if status in DISK_ERRORS:
            raise CloudError(
                f"{self.name} cannot write in {self.log.parent.parent}: {os.strerror(status)}. What was stored is kept."
                " Make room, or give another place, and repeat the command."
            )
        if ended:
            raise self.failure("ended by itself")
        return status

    def kill(self) -> None:
        """End the command and whatever it started, at once."""
        self._owner.close()
        self._gone()

    def _gone(self) -> int | None:
        """Wait until nothing of the group is left; the command's exit status, or None where it was killed."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_SECONDS + 1)
        # The leash kills the group in ending. This is for a leash that somebody else killed.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
            deadline = time.monotonic() + _GONE_SECONDS
            while time.monotonic() < deadline:
                time.sleep(_POLL_SECONDS)
                os.killpg(self._process.pid, 0)
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        return self._told()

    def _told(self) -> int | None:
        if self._owner.fileno() < 0:
            return None
        with self._owner:
            told = self._owner.recv(64)
        return int(told) if told else None

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").split("\n")
        said = [line.strip() for line in lines if line.strip()]
        return said[-1][-300:] if said else "it left no word"
