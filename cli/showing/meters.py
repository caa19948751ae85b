"""What a person sees while something goes on: bars on a terminal, plain lines elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from cli.showing.standing import Standing
from cli.showing.terminal import say


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
                say(self._console, f"{name}: {counts}")


@contextmanager
def meter(console: Console) -> Iterator[Meter]:
    """A live bar on a terminal, a line for each change elsewhere."""
    if not console.is_terminal:
        yield _Lines(console)
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        yield _Bars(progress)


def _name(standing: Standing) -> str:
    return str(standing.edition)


def _counts(standing: Standing) -> str:
    if standing.unread:
        return f"fetched {standing.expected}, done {standing.expected - len(standing.awaited)}"
    return f"fetched {standing.expected}, translated {standing.translated}, failed {standing.failed}"


class ModelDownloads:
    """Shows how far a model's download is: a bar on a terminal, a line elsewhere."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn())
        self._progress = Progress(*columns, console=console, disable=not console.is_terminal)
        self._console = console
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, pair: str, here: int, whole: int) -> None:
        """Show that so many bytes of the model for `pair` are here, of so many."""
        if pair not in self._tasks:
            self._tasks[pair] = self._progress.add_task(f"model {pair}", total=whole)
            if not self._console.is_terminal:
                say(self._console, f"fetching the model {pair}: {whole / 1e6:.0f} MB, once")
        self._progress.update(self._tasks[pair], completed=here)
