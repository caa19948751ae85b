"""`chorok status`: how every run stands, what lies in the queues, and what to do next."""

from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from cli import options
from cli.connecting.reader_options import open_ledger
from cli.connecting.survey import survey
from cli.showing.overview import show
from cli.showing.terminal import say_json


@click.command("status")
@options.known_run
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@options.state
@options.stack
def command(run: str, state: Path, stack: str, *, as_json: bool) -> int:
    """Show how every run stands, and what to do next.

    With RUN, only that run is shown. With --stack, also how many addresses have confirmed that they hear of it, and
    which alarms are raised. Nothing is fetched, sent or translated.

    Exit status: 0 every digest is complete or accepted, 3 one is not.
    """
    found = survey(open_ledger(state, stack), options.where(state, stack), run)
    if stack:
        # Only here, as it takes a while to import what talks to AWS.
        from cli.connecting.stack_facts import stack_hearing

        found = replace(found, hearing=stack_hearing(stack))
    if as_json:
        say_json(Console(), found)
    else:
        show(Console(), found)
    return 0 if found.is_complete else options.PARTIAL
