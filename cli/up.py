"""`chorok up`: the embedded cloud, left running."""

import os
from pathlib import Path

import click
from rich.console import Console

from cli import options
from cli.connecting.opening import CloudOptions, choose_engine, plan
from infra.embedded import keeper
from shared.settings import Settings


@click.command("up")
@options.languages
@options.engine
@options.receives
@options.state
def command(languages: tuple[str, ...], engine: str, receives: int | None, state: Path) -> int:
    """Start the embedded cloud and leave it running, for `run`, the AWS CLI, and you."""
    console = Console()
    wanted = CloudOptions(state, engine, languages or Settings().languages, receives)
    cloud = keeper.up(plan(wanted, choose_engine(wanted, os.environ, console))).cloud
    lines = [f"endpoint  {cloud.endpoint}", *(f"{name:<25} {value}" for name, value in sorted(cloud.outputs.items()))]
    lines += ["", *(f"export {name}={value}" for name, value in cloud.exports().items())]
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return 0
