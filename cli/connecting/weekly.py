"""What a timer runs: last week's digest, unless it is there; what came of it is kept, and a failure is told."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from cli.connecting.files import write_whole
from cli.connecting.scheduling import Ran, Run
from infra.embedded.ownership import claim
from shared.periods import last_finished_week
from shared.settings import Settings
from shared.text.display import one_line

COMPLETE, PARTIAL = 0, 3
_FILE = "schedule.json"


@dataclass(frozen=True)
class Kept:
    """What is known of earlier looks: the newest `week` that was made and `when`; what failed, "" for nothing."""

    week: str = ""
    when: str = ""
    failed_week: str = ""
    failure: str = ""


def read(state: Path) -> Kept:
    """What is kept in the state folder; nothing where nothing is, or what is there cannot be read."""
    try:
        return msgspec.json.decode((state / _FILE).read_bytes(), type=Kept)
    except (OSError, msgspec.DecodeError):
        return Kept()


def due(now: datetime) -> str:
    """The newest week whose votes have settled at `now`."""
    settings = Settings()
    return last_finished_week(now - timedelta(hours=settings.settle_hours), settings.zone).name


def look(state: Path, command: Sequence[str], run: Run, now: datetime, platform: str) -> Kept:
    """Run `command` for the week that is due, unless that was made; what fails is told once, on the desktop."""
    before, week = read(state), due(now)
    if before.week == week:
        return before
    ran = run((*command, "--week", week), "")
    if ran.status == COMPLETE:
        kept = Kept(week, now.isoformat())
    else:
        kept = replace(before, failed_week=week, failure=_failure(ran))
        if (kept.failed_week, kept.failure) != (before.failed_week, before.failure):
            run(notification(f"chorok: {week}", kept.failure, platform), "")
    claim(state)
    write_whole(state / _FILE, msgspec.json.encode(kept) + b"\n")
    return kept


def notification(title: str, text: str, platform: str) -> tuple[str, ...]:
    """The command that shows a notification; neither text is read as an option or as a script."""
    if platform == "darwin":
        script = "on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run"
        return ("osascript", "-e", script, title, text)
    return ("notify-send", "--app-name=chorok", "--", title, text)


def chorok_command() -> tuple[str, ...]:
    """How this very chorok is run again, by absolute paths."""
    beside = Path(sys.executable).absolute().with_name("chorok")
    return (str(beside),) if beside.exists() else (str(Path(sys.executable).absolute()), "-m", "cli.main")


def _failure(ran: Ran) -> str:
    if ran.status == PARTIAL:
        return "the digest is partial; `chorok status` says what to do"
    said = [line for line in ran.said.splitlines() if line.startswith("chorok: ")]
    return one_line(said[-1]) if said else f"it ended with status {ran.status}"
