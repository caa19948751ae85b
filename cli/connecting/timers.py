"""What each kind of scheduler is told so that a command runs every day, and after the machine was off: pure texts.

The time is noon in Seoul, two hours after a week's votes have settled: on Mondays the week is made, and on other days
it is only looked whether it is there, as the cloud's ticks do. systemd knows time zones; the others are told the time
here, which moves by an hour where summer time begins.
"""

import plistlib
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.errors import UsageError

HOUR, ZONE = 12, ZoneInfo("Asia/Seoul")
MARK = "# Written by `chorok schedule install`."
LABEL = "chorok.schedule"
_BEGIN, _END = "# chorok begin: written by `chorok schedule install`", "# chorok end"


@dataclass(frozen=True)
class Job:
    """The command, its program an absolute path, and the variables that it needs beside those of every session."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for text in (*self.command, *self.environment.values()):
            if not text.isprintable():
                raise UsageError(f"{text!r} cannot be scheduled: it holds a line break, or what is no character.")


def systemd_service(job: Job) -> str:
    """The service: https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html."""
    lines = [f"Environment={_systemd(f'{name}={value}')}" for name, value in job.environment.items()]
    # `:` takes $ as it is; % is a specifier in every value.
    command = " ".join(map(_systemd, job.command))
    return f"""\
{MARK}
[Unit]
Description=chorok: last week's digest

[Service]
Type=oneshot
{"".join(f"{line}{chr(10)}" for line in lines)}ExecStart=:{command}
"""


def systemd_timer() -> str:
    """The timer, which catches up: https://www.freedesktop.org/software/systemd/man/latest/systemd.timer.html."""
    return f"""\
{MARK}
[Unit]
Description=chorok: last week's digest, looked for every day

[Timer]
OnCalendar=*-*-* {HOUR:02}:00:00 {ZONE.key}
Persistent=true

[Install]
WantedBy=timers.target
"""


def launchd_plist(job: Job, now: datetime) -> bytes:
    """The agent, which runs at each login too; `now` is a time of the zone that this machine is in.

    https://developer.apple.com/library/archive/documentation/MacOSX/Conceptual/BPSystemStartup/Chapters/ScheduledJobs.html
    """
    here = _here(now)
    return plistlib.dumps(
        {
            "Label": LABEL,
            "ProgramArguments": list(job.command),
            "EnvironmentVariables": dict(job.environment),
            "StartCalendarInterval": {"Hour": here.hour, "Minute": here.minute},
            "RunAtLoad": True,
        }
    )


def with_crontab(table: str, job: Job, now: datetime) -> str:
    """`table`, a user's crontab, with the job's lines in place of those that it may hold: daily, and at each start.

    https://man7.org/linux/man-pages/man5/crontab.5.html
    """
    here = _here(now)
    variables = " ".join(f"{name}={shlex.quote(value)}" for name, value in job.environment.items())
    # An unescaped % ends the command.
    command = f"{variables} {shlex.join(job.command)}".strip().replace("%", r"\%")
    lines = [_BEGIN, f"{here.minute} {here.hour} * * * {command}", f"@reboot {command}", _END]
    rest = without_crontab(table)
    return f"{rest}{'' if not rest or rest.endswith(chr(10)) else chr(10)}{chr(10).join(lines)}\n"


def without_crontab(table: str) -> str:
    """`table` without the job's lines; what others wrote stays to the byte."""
    before, begin, rest = table.partition(f"{_BEGIN}\n")
    _, end, after = rest.partition(f"{_END}\n")
    return before + after if begin and end else table


def _systemd(text: str) -> str:
    escaped = text.replace("\\", r"\\").replace('"', r"\"").replace("%", "%%")
    return f'"{escaped}"'


def _here(now: datetime) -> datetime:
    """The time of day in the zone of `now` when it is the hour in Seoul."""
    return now.astimezone(ZONE).replace(hour=HOUR, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)
