"""What a command is doing while nothing else is to be seen: a moving line on a terminal, a plain one elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from cli.showing.terminal import cell, say


@contextmanager
def phase(what: str) -> Iterator[None]:
    """Show until the block ends, on standard error, that this is going on: such as "starting the embedded cloud"."""
    console = Console(stderr=True)
    if not console.is_terminal:
        say(console, f"{what} ...")
        yield
        return
    with console.status(cell(f"{what} ...")):
        yield
