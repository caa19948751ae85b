"""The first thing a user sees: all commands, nothing cut off, and nothing loaded for it."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from cli.commands import OPERATORS, READERS, chorok

HEAVY = ("aws_cdk", "boto3", "botocore", "jinja2", "jsii", "ministack", "requests", "rich")


def help_at(columns: int) -> str:
    return CliRunner().invoke(chorok, ["--help"], terminal_width=columns).output


def test_at_eighty_columns_each_command_is_a_whole_sentence_under_its_heading() -> None:
    lines = help_at(80).splitlines()

    readers, operators = lines.index("For readers:"), lines.index("For operators:")
    shown = {lines.index(f"  {name:<8}  {line}"): name for name, line in (READERS | OPERATORS).items()}
    assert all((operators < at) == (name in OPERATORS) and readers < at for at, name in shown.items())
    assert all(line.endswith(".") and "..." not in line for line in (READERS | OPERATORS).values())
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("name", READERS | OPERATORS)
def test_a_commands_own_help_begins_with_the_same_sentence(name: str) -> None:
    command = chorok.get_command(click.Context(chorok), name)

    assert command is not None
    assert command.help is not None
    assert command.help.partition("\n\n")[0] == (READERS | OPERATORS)[name]


def test_the_help_loads_nothing_that_only_a_command_needs() -> None:
    script = (
        "import sys; from cli.outcome import run; run(['--help']);"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stderr == "[]\n"
    assert "For readers:" in done.stdout
