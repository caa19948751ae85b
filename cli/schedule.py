"""`chorok schedule`: last week's digest by itself, on this machine."""

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from cli import options
from cli.connecting.scheduling import Ran, Scheduler, choose
from cli.connecting.timers import Job
from cli.connecting.weekly import chorok_command, due, look, read
from cli.showing.terminal import say

_KEPT = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "CHOROK_MODELS")
"""The variables that a job needs, as it finds caches, configuration and models by them."""


@click.group("schedule")
def command() -> None:
    """Have last week's digest made by itself on this machine.

    Every day at noon in Seoul it is looked whether the digest is there, also after the machine was off: by a systemd
    user timer, a launchd agent on macOS, or the crontab. What fails is told as a notification of the desktop, once, and
    tried again the next day.
    """


@command.command("install")
@options.languages("ko")
@options.out
@options.state
def install_command(languages: tuple[str, ...] | None, out: Path, state: Path) -> int:
    """Put the timer there, in place of an earlier one."""
    scheduler = _scheduler()
    environment = {name: os.environ[name] for name in _KEPT if os.environ.get(name)}
    scheduler.install(Job((*chorok_command(), "schedule", "run", *_places(languages, out, state)), environment))
    say(Console(), f"Installed as {scheduler.name}. Look how it goes: chorok schedule status{_where(state)}")
    return 0


@command.command("remove")
def remove_command() -> int:
    """Take the timer away. Digests stay."""
    scheduler = _scheduler()
    gone = scheduler.remove()
    say(Console(), f"Removed {scheduler.name}." if gone else "Nothing was installed.")
    return 0


@command.command("status")
@options.state
def status_command(state: Path) -> int:
    """Say whether the timer is there, what it made last, and what failed.

    Exit status: 0 it is there and nothing has failed since the last success, 1 otherwise.
    """
    console, scheduler, kept = Console(), _scheduler(), read(state.resolve())
    installed = scheduler.is_installed()
    say(console, f"Installed as {scheduler.name}." if installed else "Not installed: chorok schedule install")
    say(console, f"Last success: {kept.week}, {kept.when}." if kept.week else "Last success: none yet.")
    if kept.failure:
        say(console, f"Failed since: {kept.failed_week}: {kept.failure}", "red")
    elif kept.week != due(datetime.now(UTC)):
        say(console, f"{due(datetime.now(UTC))} is not made yet.")
    return 0 if installed and not kept.failure else 1


@command.command("run")
@options.languages("ko")
@options.out
@options.state
def run_command(languages: tuple[str, ...] | None, out: Path, state: Path) -> int:
    """Make last week's digest unless it was made: what the timer runs.

    Exit status: 0 it is there, 1 it is not.
    """
    wanted = (*chorok_command(), "run", *_places(languages, out, state))
    kept = look(state.resolve(), wanted, _run, datetime.now(UTC), sys.platform)
    if kept.failure:
        say(Console(stderr=True), f"chorok: {kept.failed_week}: {kept.failure}")
    return 1 if kept.failure else 0


def _places(languages: tuple[str, ...] | None, out: Path, state: Path) -> tuple[str, ...]:
    chosen = ("--lang", ",".join(languages)) if languages else ()
    return (*chosen, "--out", str(out.absolute()), "--state", str(state.absolute()))


def _where(state: Path) -> str:
    return options.where(state, "")


def _scheduler() -> Scheduler:
    return choose(_run, sys.platform, Path.home(), os.getuid(), datetime.now().astimezone(), os.environ)


def _run(words: Sequence[str], given: str) -> Ran:
    try:
        done = subprocess.run(words, input=given, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return Ran(None)
    return Ran(done.returncode, done.stdout if done.returncode == 0 else done.stdout + done.stderr)
