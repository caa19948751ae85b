"""`chorok doctor`: whether the embedded cloud's state is whole, and how it becomes so again."""

from pathlib import Path

import click
from rich.console import Console

from cli import options
from cli.connecting.opening import NO_ENGINE, CloudOptions, plan
from cli.showing.phases import phase
from cli.showing.terminal import say
from infra.embedded.deploy import read_assembly
from infra.embedded.ownership import require_own
from infra.embedded.rebuild import look, repair
from shared.errors import CloudError


@click.command("doctor")
@click.option("--repair", "repairs", is_flag=True, help="Mend what is damaged.")
@options.state
def command(state: Path, *, repairs: bool) -> int:
    """Look whether the embedded cloud's state is whole.

    With --repair, a cloud that is damaged is built anew around its ledger, and a damaged object of the ledger gets its
    last good version back; what has none is put aside, into the folder `damaged` of the state.

    Exit status: 0 all is whole, 1 something is damaged.
    """
    console = Console()
    root = state.resolve()
    require_own(root)
    if not root.is_dir():
        raise CloudError(f"There is no embedded cloud at {state}: see `chorok run`, or give --state.")
    damage = look(root)
    if not damage:
        say(console, f"{state} is whole.")
        return 0
    if not repairs:
        for line in damage:
            say(console, f"- {line}", "yellow")
        say(console, f"  → chorok doctor --repair{options.where(state, '')}")
        return 1
    with phase("synthesising the stack"):
        made = plan(CloudOptions(state), NO_ENGINE)
    with phase("repairing the embedded cloud"):
        done = repair(root, read_assembly(made.assembly, made.stack))
    for key in done.restored:
        say(console, f"{key} has its last good version again")
    for key in done.aside:
        say(console, f"{key} had none, and lies in {state / 'damaged'}")
    if done.rebuilt:
        say(console, "The cloud is built anew around its ledger. What was in its queues is gone.")
    say(console, f"→ chorok redrive{options.where(state, '')}")
    return 0
