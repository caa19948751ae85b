"""How a command ends: its exit status, and one line on standard error for whatever went wrong."""

import contextlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.commands import chorok
from shared.errors import ChorokError, UsageError

if TYPE_CHECKING:
    from botocore.exceptions import BotoCoreError, ClientError

FAILED, MISUSED = 1, 2


def run(arguments: Sequence[str]) -> int:
    """The exit status of the command that `arguments` ask for, after it has run and its errors are shown.

    Raises KeyboardInterrupt where it was stopped.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show Korean gets escapes, and not a traceback.
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _run(arguments)
    except BrokenPipeError:
        # Whoever read the output has had enough of it.
        status = FAILED
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        status = MISUSED
    except click.UsageError as error:
        status = _fail(f"{error.format_message()}{_hint(error)}", MISUSED)
    except click.ClickException as error:
        status = _fail(error.format_message())
    except UsageError as error:
        status = _fail(str(error), MISUSED)
    except ChorokError as error:
        status = _fail(str(error))
    except OSError as error:
        status = _fail(_trouble(error))
    except _aws_errors() as error:
        from shared.aws import aws_message

        status = _fail(f"AWS cannot be used: {aws_message(error)}")
    return _flushed(status)


def _run(arguments: Sequence[str]) -> int:
    if "_CHOROK_COMPLETE" in os.environ:
        # A shell asks for completions: https://click.palletsprojects.com/en/stable/shell-completion/
        chorok.main(prog_name="chorok")
    try:
        # Not `chorok.main`, which writes a line of its own on Ctrl-C.
        with chorok.make_context("chorok", list(arguments)) as context:
            status = chorok.invoke(context)
    except click.exceptions.Exit as ended:
        status = ended.exit_code
    sys.stdout.flush()
    return status or 0


def _fail(line: str, status: int = FAILED) -> int:
    # Only here, so that `chorok --help` does without.
    from rich.console import Console

    from cli.showing.terminal import say

    with contextlib.suppress(OSError):
        say(Console(stderr=True), f"chorok: {line}")
    return status


def _flushed(status: int) -> int:
    """The exit status, after what could not be written is given up, which Python would try to write once more."""
    try:
        sys.stdout.flush()
    except OSError:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
    return status


def _hint(error: click.UsageError) -> str:
    return f" See: {error.ctx.command_path} --help" if error.ctx else ""


def _trouble(error: OSError) -> str:
    what = error.strerror or str(error) or type(error).__name__
    if error.filename is None:
        return f"{what}."
    place = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else str(error.filename)
    return f"{place} cannot be used: {what}. {_remedy(place)}"


def _remedy(place: str) -> str:
    from infra.places import cache_folder

    if Path(place).is_relative_to(cache_folder(os.environ, "").parent):
        return "Give the caches another place with XDG_CACHE_HOME."
    return "Give another place."


def _aws_errors() -> tuple[type["BotoCoreError"], type["ClientError"]]:
    """Only where something failed: importing them takes a while."""
    from botocore.exceptions import BotoCoreError, ClientError

    return BotoCoreError, ClientError
