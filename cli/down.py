"""`chorok down`: the end of what `chorok up` started."""

from pathlib import Path

import click
from rich.console import Console

from cli import options
from cli.showing.phases import phase
from cli.showing.terminal import say
from infra.embedded import keeper


@click.command("down")
@options.state
def command(state: Path) -> int:
    """Stop the embedded cloud that `up` started."""
    with phase("stopping the embedded cloud"):
        stopped = keeper.down(state.resolve())
    say(Console(), "stopped" if stopped else f"nothing was running on {state}")
    return 0
