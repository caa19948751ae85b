"""What a person sees of a run after it: the table of the papers, why some are missing, and where the files are."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.showing.standing import Standing
from cli.showing.terminal import cell, say
from shared.ledger.records import FailedResult, Result
from shared.text.display import one_line


def show_papers(console: Console, standing: Standing, folder: Path) -> None:
    """The table of the papers with their state, what is missing and why, and where the files are."""
    title = cell(f"{standing.edition.run} ({standing.edition.language})")
    table = Table(title=title, title_justify="left", expand=False)
    table.add_column("#", justify="right")
    table.add_column("paper")
    table.add_column("title", overflow="fold")
    table.add_column("state", overflow="fold")
    for rank, paper in enumerate(standing.manifest.papers, start=1):
        state = _paper_state(standing.results.get(paper.id))
        table.add_row(str(rank), cell(paper.id), cell(one_line(paper.title)), state)
    console.print(table)
    show_causes(console, [standing])
    show_files(console, folder)


def show_digests(console: Console, standings: Sequence[Standing], folders: Sequence[Path]) -> None:
    """A line for each digest, why papers are missing, and where the files are."""
    table = Table(expand=False)
    for heading in ("run", "language", "state", "translated"):
        table.add_column(heading)
    for standing in standings:
        table.add_row(cell(standing.manifest.run), cell(standing.edition.language), *state_cells(standing))
    console.print(table)
    show_causes(console, standings)
    for folder in folders:
        show_files(console, folder)


def state_cells(standing: Standing) -> tuple[Text, Text]:
    """Whether a digest is complete, and how many of its papers are translated."""
    word = "complete" if standing.translated == standing.expected else "accepted"
    state = cell(word, "green") if standing.is_complete else cell("partial", "red")
    return state, cell(f"{standing.translated} of {standing.expected}")


def show_causes(console: Console, standings: Sequence[Standing]) -> None:
    """Why papers failed, each cause once, and how many papers have no result yet."""
    results = [result for standing in standings for result in standing.results.values()]
    failures = [result.failure for result in results if isinstance(result, FailedResult) and not result.accepted]
    for (cause, code), count in Counter((failure.cause, failure.code) for failure in failures).items():
        say(console, f"{count} failed: {one_line(cause)} ({code})", "red")
    pending = sum(len(standing.manifest.papers) - len(standing.results) for standing in standings)
    if pending:
        say(console, f"{pending} pending: no result yet; `chorok status` says more", "yellow")


def show_files(console: Console, folder: Path) -> None:
    """Where a digest's files are."""
    names = ", ".join(sorted(path.name for path in folder.iterdir())) if folder.is_dir() else "nothing"
    say(console, f"files: {folder}/ ({names})")


def _paper_state(result: Result | None) -> Text:
    if result is None:
        return cell("pending", "yellow")
    if isinstance(result, FailedResult):
        if result.accepted:
            return cell("accepted, ", "green") + cell(result.failure.code)
        return cell("failed ", "red") + cell(result.failure.code)
    return cell("translated ", "green") + cell(one_line(result.engine))
