"""`chorok show`: one paper and its translation side by side, with what was found in it."""

from pathlib import Path

import click
from rich.console import Console

from cli import options
from cli.connecting.one_paper import find_paper
from cli.showing.side_by_side import ShownPaper, show_paper, side_by_side
from cli.showing.terminal import say, say_json
from shared.editions import Edition


@click.command("show")
@options.one_run
@options.one_paper
@options.language
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@options.state
@options.stack
def command(run: str, paper: str, language: str, state: Path, stack: str, *, as_json: bool) -> None:
    """Show a paper beside its translation, and what was found wrong.

    PAPER is its id, such as 2509.08721. Each finding stands at its sentence. Of a paper that failed it is shown what
    was refused and why. Nothing is fetched, sent or translated.
    """
    console, where = Console(), options.where(state, stack)
    held = find_paper(state, stack, Edition(run, language), paper)
    shown = side_by_side(held.edition, held.paper, held.result, held.answers, f"chorok redrive {run}{where}")
    if as_json:
        say_json(console, shown)
        return
    show_paper(console, shown)
    for done in _next(shown):
        say(console, f"  → chorok {done} {run} {paper} --lang {language}{where}")


def _next(shown: ShownPaper) -> tuple[str, ...]:
    """What a person can do about the paper: write it better, or leave it at that."""
    is_marked = any(sentence.found or sentence.kept for sentence in shown.sentences)
    if shown.state == "pending" or shown.accepted or not (shown.failure or is_marked):
        return ()
    return ("correct",) if shown.engine == "person" else ("correct", "accept")
