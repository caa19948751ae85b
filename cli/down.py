"""`chorok down`: the end of what `chorok up` started."""

from pathlib import Path

import click

from cli import options
from infra.embedded import keeper


@click.command("down")
@options.state
def command(state: Path) -> int:
    """Stop the embedded cloud that `up` started."""
    stopped = keeper.down(state.resolve())
    click.echo("stopped" if stopped else f"nothing was running on {state}")
    return 0
