"""Runs one command so that neither it nor anything it starts outlives the process that asked for it.

    python -I leash.py GRACE LOCK COMMAND…

The owner starts this script as the leader of a process group of its own, with one end of a socket pair as standard
input. The command joins that group, and so does every process it starts.

- The owner dies, by whatever cause: the kernel closes its end of the pair, this script reads the end of file and kills
  the group. That needs nothing of the owner, so it holds for `kill -9`; and nothing but POSIX, so it holds on macOS.
- SIGTERM asks for a clean stop: the whole group gets it, so that the command waits for none of its own; then the
  command gets the end of its standard input, and GRACE seconds.
- The command ends, by itself or so: its exit status is told to the owner over the pair, one decimal number, and what it
  left behind is killed. So this script itself always ends by SIGKILL.

LOCK is an inherited file descriptor that the command is to hold open as well: a lock on it is free only when the
command is dead too. The command's children do not get it, and nothing but this script has the pair. The script imports
nothing of the project, so that it starts at once and in isolated mode, whatever the working directory holds.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from types import FrameType

OWNER = 0
"""The socket pair's end is this script's standard input; the command gets another."""


def lead(grace: float, lock: int, command: list[str]) -> None:
    """Run `command` to its end, or to the owner's."""
    started: list[subprocess.Popen[bytes]] = []

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if not started or started[0].stdin is None:
            kill_group()
        else:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            # In this order: at the end of its input a command may end, and in ending no longer handle the signal.
            os.killpg(0, signal.SIGTERM)
            started[0].stdin.close()
            overdue = threading.Timer(grace, kill_group)
            overdue.daemon = True
            overdue.start()

    signal.signal(signal.SIGTERM, stop)
    threading.Thread(target=_kill_group_after_owner, daemon=True).start()
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=(lock,))  # noqa: S603 - the owner's own
    except OSError as error:
        sys.exit(f"leash: {command[0]} cannot be started: {error.strerror}")
    started.append(process)
    try:
        os.write(OWNER, str(process.wait()).encode())
    finally:
        kill_group()


def kill_group() -> None:
    """Kill the group, this process included."""
    os.killpg(0, signal.SIGKILL)


def _kill_group_after_owner() -> None:
    with contextlib.suppress(OSError):
        while os.read(OWNER, 64):
            pass
    kill_group()


if __name__ == "__main__":
    if os.getpgrp() != os.getpid():
        sys.exit("leash: must lead its own process group, or it would kill somebody else's")
    lead(float(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
