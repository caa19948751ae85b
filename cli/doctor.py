"""`chorok doctor`: whether a stack and its account, or this machine and the embedded cloud on it, are in order."""

import os
from pathlib import Path

import click
from rich.console import Console

from cli import options
from cli.connecting.opening import NO_ENGINE, CloudOptions, plan
from cli.showing.checkup import Checkup, laptop_checks, show, stack_checks
from cli.showing.phases import phase
from cli.showing.terminal import say, say_json
from infra.embedded.deploy import read_assembly
from infra.embedded.ownership import require_own
from infra.embedded.rebuild import look, repair
from shared.errors import CloudError, UsageError
from shared.papers import HUGGING_FACE


@click.command("doctor")
@click.option("--repair", "repairs", is_flag=True, help="Mend what is damaged in the state folder.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON: `healthy`, and `checks` with their remedies.")
@options.state
@options.stack
def command(state: Path, stack: str, *, repairs: bool, as_json: bool) -> int:
    """Look whether all is in order, and say what to do where not.

    Of this machine: disk, model, the state folder, clock, and whether Hugging Face answers. With --stack, of AWS:
    region, credentials, bootstrap, Amazon Translate (one word is translated, which costs a few characters),
    terminologies, the stack, who hears its alarms, which are raised, the last tick, the runtime's end, how many
    functions may run at once, and what a month costs. Nothing is changed. Before the stack is deployed, that it is not
    is the one check that fails.

    With --repair, a cloud that is damaged is built anew around its ledger, and a damaged object of the ledger gets its
    last good version back; what has none is put aside, into the folder `damaged` of the state.

    Exit status: 0 all is in order, 1 a check has failed.
    """
    console = Console()
    if repairs:
        if stack or as_json:
            raise UsageError("--repair is for the embedded cloud's state folder, and goes with --state alone.")
        return _repair(state, console)
    # Only here, as each takes a while to import what it talks to.
    if stack:
        from cli.connecting.stack_facts import stack_facts

        with phase(f"looking at the stack {stack}"):
            checkup = Checkup.of(stack_checks(stack_facts(stack)))
    else:
        from cli.connecting.laptop_facts import laptop_facts

        with phase("looking at this machine"):
            facts = laptop_facts(state.resolve(), options.where(state, ""), HUGGING_FACE, os.environ)
        checkup = Checkup.of(laptop_checks(facts))
    if as_json:
        say_json(console, checkup)
    else:
        show(console, checkup)
    return 0 if checkup.healthy else 1


def _repair(state: Path, console: Console) -> int:
    root = state.resolve()
    require_own(root)
    if not root.is_dir():
        raise CloudError(f"There is no embedded cloud at {state}: see `chorok run`, or give --state.")
    if not look(root):
        say(console, f"{state} is whole.")
        return 0
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
