"""`chorok up`: the embedded cloud, left running."""

import os
from pathlib import Path

import click
from rich.console import Console

from cli import options
from cli.connecting.opening import CloudOptions, choose_engine, plan
from cli.showing.phases import phase
from cli.showing.terminal import say
from infra.embedded import keeper
from shared.settings import Settings


@click.command("up")
@options.languages("ko")
@options.engine
@options.second_engine
@options.receives
@options.state
def command(languages: tuple[str, ...], engine: str, second_engine: str, receives: int | None, state: Path) -> int:
    """Start the embedded cloud, and leave it running.

    Other commands, the AWS CLI and you can use it until `chorok down`.
    """
    console = Console()
    wanted = CloudOptions(state, engine, languages or Settings().languages, receives, second_engine=second_engine)
    engine_chosen = choose_engine(wanted, os.environ, console)
    with phase("synthesising the stack"):
        made = plan(wanted, engine_chosen)
    with phase("starting the embedded cloud"):
        cloud = keeper.up(made).cloud
    lines = [f"endpoint  {cloud.endpoint}", *(f"{name:<25} {value}" for name, value in sorted(cloud.outputs.items()))]
    lines += ["", *(f"export {name}={value}" for name, value in cloud.exports().items())]
    for line in lines:
        say(console, line)
    return 0
