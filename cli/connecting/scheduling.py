"""The three schedulers that a laptop may have: how a job is put there, found there, and taken away again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cli.connecting.files import write_whole
from cli.connecting.timers import (
    LABEL,
    MARK,
    Job,
    launchd_plist,
    systemd_service,
    systemd_timer,
    with_crontab,
    without_crontab,
)
from shared.errors import CloudError

_SERVICE, _TIMER = "chorok.service", "chorok.timer"


@dataclass(frozen=True)
class Ran:
    """How a program ended, and what it wrote; the status is None where there is no such program."""

    status: int | None
    said: str = ""


Run = Callable[[Sequence[str], str], Ran]
"""Runs a program with a text as its input."""


class Scheduler(Protocol):
    """Somewhere a job can be put."""

    @property
    def name(self) -> str:
        """What it is called, with its article."""

    def install(self, job: Job) -> None:
        """Put the job there, in place of an earlier one. Raises CloudError."""

    def remove(self) -> bool:
        """Take it away; whether it was there. Raises CloudError."""

    def is_installed(self) -> bool:
        """Whether it is there."""


@dataclass(frozen=True)
class Systemd:
    """systemd's user manager, with the units in `folder`."""

    run: Run
    folder: Path
    name: str = "a systemd user timer"

    def install(self, job: Job) -> None:
        """Write the two units, and start the timer."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for unit, text in ((_SERVICE, systemd_service(job)), (_TIMER, systemd_timer())):
            _require_own(self.folder / unit)
            write_whole(self.folder / unit, text.encode())
        self._systemctl("daemon-reload")
        self._systemctl("enable", "--now", _TIMER)

    def remove(self) -> bool:
        """Stop the timer, and delete the two units."""
        if not self.is_installed():
            return False
        self._systemctl("disable", "--now", _TIMER)
        for unit in (_SERVICE, _TIMER):
            _require_own(self.folder / unit)
            (self.folder / unit).unlink(missing_ok=True)
        self._systemctl("daemon-reload")
        return True

    def is_installed(self) -> bool:
        """Whether the timer's file is there."""
        return (self.folder / _TIMER).exists()

    def _systemctl(self, *words: str) -> None:
        _require(self.run(("systemctl", "--user", *words), ""), f"systemctl --user {words[0]}")


@dataclass(frozen=True)
class Launchd:
    """launchd's agents of the user with this `uid`, with their files in `folder`; `now` is a time of this machine."""

    run: Run
    folder: Path
    uid: int
    now: datetime
    name: str = "a launchd agent"

    @property
    def _file(self) -> Path:
        return self.folder / f"{LABEL}.plist"

    def install(self, job: Job) -> None:
        """Write the agent's file, and load it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._file, launchd_plist(job, self.now))
        # One that is loaded is not loaded again.
        self.run(("launchctl", "bootout", f"gui/{self.uid}/{LABEL}"), "")
        _require(self.run(("launchctl", "bootstrap", f"gui/{self.uid}", str(self._file)), ""), "launchctl bootstrap")

    def remove(self) -> bool:
        """Unload the agent, and delete its file."""
        if not self.is_installed():
            return False
        self.run(("launchctl", "bootout", f"gui/{self.uid}/{LABEL}"), "")
        self._file.unlink()
        return True

    def is_installed(self) -> bool:
        """Whether the agent's file is there."""
        return self._file.exists()


@dataclass(frozen=True)
class Crontab:
    """The user's crontab; `now` is a time of this machine."""

    run: Run
    now: datetime
    name: str = "a line of the crontab"

    def install(self, job: Job) -> None:
        """Write the lines into it."""
        self._write(with_crontab(self._table(), job, self.now))

    def remove(self) -> bool:
        """Take the lines out of it."""
        table = self._table()
        if without_crontab(table) == table:
            return False
        self._write(without_crontab(table))
        return True

    def is_installed(self) -> bool:
        """Whether the lines are in it."""
        table = self._table()
        return without_crontab(table) != table

    def _table(self) -> str:
        # An empty one is an error of `crontab -l`.
        found = self.run(("crontab", "-l"), "")
        return found.said if found.status == 0 else ""

    def _write(self, table: str) -> None:
        _require(self.run(("crontab", "-"), table), "crontab")


def choose(run: Run, platform: str, home: Path, uid: int, now: datetime, environment: Mapping[str, str]) -> Scheduler:
    """The scheduler of this machine. Raises CloudError where it has none of the three."""
    if platform == "darwin":
        return Launchd(run, home / "Library" / "LaunchAgents", uid, now)
    # In a container, or after `su`, systemd is there and nobody answers.
    if run(("systemctl", "--user", "show-environment"), "").status == 0:
        return Systemd(run, Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "systemd" / "user")
    if run(("crontab", "-l"), "").status is not None:
        return Crontab(run, now)
    raise CloudError("This machine has neither systemd for users, nor launchd, nor cron: run `chorok run` yourself.")


def _require(ran: Ran, what: str) -> None:
    if ran.status is None:
        raise CloudError(f"{what} cannot be run: there is no such program.")
    if ran.status:
        raise CloudError(f"{what} ended with status {ran.status}: {' '.join(ran.said.split()) or 'it said nothing'}.")


def _require_own(path: Path) -> None:
    """Raise CloudError where somebody else has written the file."""
    if path.exists() and MARK not in path.read_text(encoding="utf-8", errors="replace"):
        raise CloudError(f"{path} is not chorok's: move it away first.")
