"""What a person sees while a run goes on, and after it: a live bar or plain lines, and the table of the papers."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.watching import Standing
from shared.ledger.records import Result


class Meter(Protocol):
    """Shows how far a run is."""

    def show(self, standings: tuple[Standing, ...]) -> None:
        """Show these standings."""


class _Bars:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def show(self, standings: tuple[Standing, ...]) -> None:
        for standing in standings:
            run, total = standing.manifest.run, len(standing.manifest.papers)
            if standing.language not in self._tasks:
                self._tasks[standing.language] = self._progress.add_task(f"{run} {standing.language}", total=total)
            self._progress.update(
                self._tasks[standing.language],
                completed=total - len(standing.awaited),
                description=f"{run} {standing.language}  {_counts(standing)}",
            )


class _Lines:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown: dict[str, str] = {}

    def show(self, standings: tuple[Standing, ...]) -> None:
        for standing in standings:
            line = f"{standing.manifest.run} {standing.language}: {_counts(standing)}"
            if self._shown.get(standing.language) != line:
                self._shown[standing.language] = line
                self._console.print(line, highlight=False)


@contextmanager
def meter(console: Console) -> Iterator[Meter]:
    """A live bar on a terminal, a line for each change elsewhere."""
    if not console.is_terminal:
        yield _Lines(console)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        yield _Bars(progress)


def _counts(standing: Standing) -> str:
    fetched = len(standing.manifest.papers)
    return f"fetched {fetched}, translated {standing.translated}, failed {standing.failed}"


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
        table.add_row(str(rank), paper.id, escape(" ".join(paper.title.split())), state)
    console.print(table)
    for (cause, code), count in causes(standing).items():
        console.print(f"{count} failed: {cause} ({code})", style="red", markup=False, highlight=False)
    names = ", ".join(sorted(path.name for path in folder.iterdir())) if folder.is_dir() else "nothing"
    # Never wrapped: a path is to be copied.
    console.print(f"files: {folder}/ ({names})", markup=False, highlight=False, soft_wrap=True)


def causes(standing: Standing) -> Counter[tuple[str, str]]:
    """How often each cause and code of failure occurs: one that all share is told once."""
    failures = (result.failure for result in standing.results.values() if result.failure)
    return Counter((failure.cause, failure.code) for failure in failures)


def _state(result: Result | None) -> str:
    if result is None:
        return "[yellow]pending[/]"
    if result.failure:
        return f"[red]failed[/] {escape(result.failure.code)}"
    return f"[green]translated[/] {escape(result.engine)}"
