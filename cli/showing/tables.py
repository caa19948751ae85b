"""What a person sees while a run goes on, and after it: a live bar or plain lines, and the table of the papers."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.connecting.watching import Standing
from shared.ledger.records import Result
from shared.text.display import one_line


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
            name = _name(standing)
            if name not in self._tasks:
                self._tasks[name] = self._progress.add_task(name, total=standing.expected)
            self._progress.update(
                self._tasks[name],
                completed=standing.expected - len(standing.awaited),
                description=f"{name}  {_counts(standing)}",
            )


class _Lines:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown: dict[str, str] = {}

    def show(self, standings: tuple[Standing, ...]) -> None:
        for standing in standings:
            name, counts = _name(standing), _counts(standing)
            if self._shown.get(name) != counts:
                self._shown[name] = counts
                self._console.print(f"{name}: {counts}", highlight=False)


@contextmanager
def meter(console: Console) -> Iterator[Meter]:
    """A live bar on a terminal, a line for each change elsewhere."""
    if not console.is_terminal:
        yield _Lines(console)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        yield _Bars(progress)


def _name(standing: Standing) -> str:
    return f"{standing.manifest.run} {standing.language}"


def _counts(standing: Standing) -> str:
    return f"fetched {standing.expected}, translated {standing.translated}, failed {standing.failed}"


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
    return f"[green]translated[/] {escape(result.engine)}"
