"""What a person sees of a run after it: the table of the papers, why some are missing, and where the files are."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.showing.standing import Standing
from shared.ledger.records import Result
from shared.text.display import one_line


def show_papers(console: Console, standing: Standing, folder: Path) -> None:
    """The table of the papers with their state, what is missing and why, and where the files are."""
    run = standing.manifest.run
    table = Table(title=f"{run} ({standing.language})", title_justify="left", expand=False)
    table.add_column("#", justify="right")
    table.add_column("paper")
    table.add_column("title", overflow="fold")
    table.add_column("state", overflow="fold")
    for rank, paper in enumerate(standing.manifest.papers, start=1):
        state = _state(standing.results.get(paper.id))
        table.add_row(str(rank), paper.id, escape(one_line(paper.title)), state)
    console.print(table)
    show_causes(console, [standing])
    show_files(console, folder)


def show_digests(console: Console, standings: Sequence[Standing], folders: Sequence[Path]) -> None:
    """A line for each digest, why papers are missing, and where the files are."""
    table = Table(expand=False)
    for heading in ("run", "language", "state", "translated"):
        table.add_column(heading)
    for standing in standings:
        state = "[green]complete[/]" if standing.is_complete else "[red]partial[/]"
        translated = f"{standing.translated} of {standing.expected}"
        table.add_row(standing.manifest.run, standing.language, state, translated)
    console.print(table)
    show_causes(console, standings)
    for folder in folders:
        show_files(console, folder)


def show_causes(console: Console, standings: Sequence[Standing]) -> None:
    """Why papers failed, each cause once, and how many of them nobody knows about yet."""
    failures = [result.failure for standing in standings for result in standing.results.values() if result.failure]
    for (cause, code), count in Counter((failure.cause, failure.code) for failure in failures).items():
        console.print(
            f"{count} failed: {one_line(cause)} ({code})", style="red", markup=False, highlight=False, soft_wrap=True
        )
    pending = sum(standing.expected - len(standing.results) for standing in standings)
    if pending:
        console.print(f"{pending} pending: no result yet; `chorok status` says more", style="yellow", highlight=False)


def show_files(console: Console, folder: Path) -> None:
    """Where a digest's files are."""
    names = ", ".join(sorted(path.name for path in folder.iterdir())) if folder.is_dir() else "nothing"
    # Never wrapped: a path is to be copied.
    console.print(f"files: {folder}/ ({names})", markup=False, highlight=False, soft_wrap=True)


def _state(result: Result | None) -> str:
    if result is None:
        return "[yellow]pending[/]"
    if result.failure:
        return f"[red]failed[/] {escape(result.failure.code)}"
    return f"[green]translated[/] {escape(one_line(result.engine))}"
