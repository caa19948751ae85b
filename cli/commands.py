"""All commands of `chorok`, under two headings; each one's module is imported only when that command is asked for.

That keeps `chorok --help` quick. A command is the click command `command` of the module of its name, and its line here
is the first sentence of its own help.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import click

READERS = {
    "download": "Download the files of a published digest.",
    "open": "Open the page of a published digest in the browser.",
    "url": "Print a link to a digest's file that works without credentials.",
    "serve": "Show all digests to the browsers of this machine.",
    "site": "Write the whole archive as a plain folder, for any static host.",
}
OPERATORS = {
    "run": "Fetch a period's papers, translate them, and write the digest.",
    "status": "Show how every run stands, and what to do next.",
    "redrive": "Send everything that failed back to work, and wait for it.",
    "show": "Show a paper beside its translation, and what was found wrong.",
    "correct": "Correct a paper's translation in your editor.",
    "accept": "Make what is there final: mails and status are quiet about it.",
    "heal": "Translate what is missing in old digest files.",
    "forget": "Take a run away, with its results and digests.",
    "backfill": "Make the digests of many weeks.",
    "check": "Judge the translations in FILE as an engine's answers are judged.",
    "memory": "Export the translation memory, or import corrections into it.",
    "schedule": "Have last week's digest made by itself on this machine.",
    "up": "Start the embedded cloud, and leave it running.",
    "down": "Stop the embedded cloud that `up` started.",
    "doctor": "Look whether all is in order, and say what to do where not.",
}
HEADINGS = {"For readers": READERS, "For operators": OPERATORS}


class Commands(click.Group):
    """A group whose commands are known by name and sentence before their modules are imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the base class's name
        """The names, readers' commands first."""
        return [name for commands in HEADINGS.values() for name in commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported now; None where there is none."""
        if cmd_name not in self.list_commands(ctx):
            return None
        with _loading():
            command: click.Command = import_module(f"cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write each command with its whole sentence."""
        for heading, commands in HEADINGS.items():
            with formatter.section(heading):
                formatter.write_dl(list(commands.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="chorok")
def chorok() -> None:
    """The week's most-voted machine-learning papers from Hugging Face, every abstract translated.

    `chorok COMMAND --help` is the manual of each command.

    Exit status: 0 every digest is complete, 3 a digest is partial, 2 the command was not understood, 130 stopped by
    Ctrl-C, 1 anything else.
    """


@contextmanager
def _loading() -> Iterator[None]:
    """Say on a terminal what is going on: the largest modules take longer than a person should look at nothing."""
    shown = "chorok: loading" if sys.stderr.isatty() else ""
    sys.stderr.write(shown)
    sys.stderr.flush()
    try:
        yield
    finally:
        # Written over with spaces: it is gone before the command says anything.
        sys.stderr.write(f"\r{' ' * len(shown)}\r" if shown else "")
        sys.stderr.flush()
