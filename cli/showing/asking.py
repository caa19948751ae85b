"""Asking a person before something is changed that cannot be had back by repeating a command."""

import sys

import click

from cli.showing.terminal import printable
from shared.errors import UsageError


def is_sure(question: str, *, yes: bool) -> bool:
    """Whether the person wants it: `yes`, or the answer to the question.

    Raises UsageError where nobody can answer, and KeyboardInterrupt on Ctrl-C or the end of the input.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError("Nobody is here to be asked. If you are sure, give --yes.")
    try:
        return click.confirm(printable(question), err=True)
    except click.Abort as stopped:
        # Else it would be taken for a fault of chorok, with a traceback.
        raise KeyboardInterrupt from stopped
