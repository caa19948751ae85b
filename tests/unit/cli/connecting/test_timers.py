"""What each scheduler is told is what it reads: whatever stands in a path, the command comes out as it went in."""

import os
import plistlib
import re
import shlex
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.connecting.timers import (
    HOUR,
    LABEL,
    ZONE,
    Job,
    launchd_plist,
    systemd_service,
    systemd_timer,
    with_crontab,
    without_crontab,
)
from shared.errors import UsageError
from tests.skips import skip

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=ZoneInfo("America/New_York"))
JOB = Job(("/home/ada/.venv/bin/chorok", "schedule", "run", "--out", "/home/ada/my digests"), {"CHOROK_MODELS": "/m"})
words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" "), min_size=1)
commands = st.lists(words, min_size=1, max_size=4).map(lambda found: ("/bin/chorok", *found))


def systemd_words(line: str) -> tuple[str, ...]:
    """The words of a command line as systemd reads it, each of which is in quotes."""
    quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', line)
    return tuple(re.sub(r"\\(.)", r"\1", word).replace("%%", "%") for word in quoted)


@given(commands)
def test_systemd_runs_the_command_that_was_given(command: tuple[str, ...]) -> None:
    [line] = [line for line in systemd_service(Job(command)).splitlines() if line.startswith("ExecStart=")]

    assert line.startswith('ExecStart=:"'), "with the colon, $ is no variable"
    assert systemd_words(line.removeprefix("ExecStart=:")) == command


def test_systemd_catches_up_at_noon_in_seoul() -> None:
    timer = systemd_timer().splitlines()

    assert "OnCalendar=*-*-* 12:00:00 Asia/Seoul" in timer
    assert "Persistent=true" in timer
    assert "WantedBy=timers.target" in timer
    assert systemd_service(JOB).splitlines()[-2] == 'Environment="CHOROK_MODELS=/m"'


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        skip("systemd", "systemd-analyze is not installed")
    (tmp_path / "chorok.service").write_text(systemd_service(Job(("/bin/true", 'a "b" %c $d'))))
    (tmp_path / "chorok.timer").write_text(systemd_timer())

    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", str(tmp_path / "chorok.timer")],
        env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")


@given(commands)
def test_launchd_runs_the_command_that_was_given(command: tuple[str, ...]) -> None:
    agent = plistlib.loads(launchd_plist(Job(command, {"A": "1"}), NOW))

    assert agent["ProgramArguments"] == list(command)
    assert agent["EnvironmentVariables"] == {"A": "1"}
    assert agent["Label"] == LABEL
    assert agent["RunAtLoad"] is True, "what was missed while the machine was off is made good"


@pytest.mark.parametrize(
    ("zone", "hour", "minute"),
    [("America/New_York", 22, 0), ("Asia/Kolkata", 8, 30), ("Asia/Seoul", 12, 0), ("Pacific/Auckland", 16, 0)],
)
def test_the_others_are_told_the_time_here_at_which_it_is_noon_in_seoul(zone: str, hour: int, minute: int) -> None:
    now = NOW.astimezone(ZoneInfo(zone))

    agent = plistlib.loads(launchd_plist(JOB, now))
    daily = with_crontab("", JOB, now).splitlines()[1]

    assert agent["StartCalendarInterval"] == {"Hour": hour, "Minute": minute}
    assert daily.startswith(f"{minute} {hour} * * * ")
    assert now.replace(hour=hour, minute=minute).astimezone(ZONE).hour == HOUR


@given(commands)
def test_cron_runs_the_command_that_was_given_daily_and_at_each_start(command: tuple[str, ...]) -> None:
    _, daily, start, _ = with_crontab("", Job(command), NOW).split("\n", 3)

    minute, hour, day, month, weekday, daily_command = daily.split(" ", 5)
    name, start_command = start.split(" ", 1)

    assert (int(minute), int(hour), day, month, weekday) == (0, 22, "*", "*", "*")
    assert (name, start_command) == ("@reboot", daily_command)
    # Cron ends the command at a % that is not escaped, and hands it to the shell.
    assert not re.search(r"(?<!\\)%", daily_command)
    assert tuple(shlex.split(daily_command.replace(r"\%", "%"))) == command


@given(st.text(st.characters(codec="ascii", exclude_characters="\r")))
def test_what_others_wrote_into_the_crontab_stays(table: str) -> None:
    once = with_crontab(table, JOB, NOW)

    assert with_crontab(once, JOB, NOW) == once
    assert without_crontab(once).removesuffix("\n") == table.removesuffix("\n")
    assert without_crontab(table) == table


@pytest.mark.parametrize("text", ["/home/a\nda", "/home/a\x00da", "\x1b[2J"])
def test_a_path_that_no_line_can_hold_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        Job(("/bin/chorok", text))
