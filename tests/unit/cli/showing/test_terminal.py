"""What strangers wrote is shown, and does nothing: no escape, no control and no change of direction gets through."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from cli import commands
from cli.showing.meters import meter
from cli.showing.overview import (
    Failures,
    FailureStatus,
    Finding,
    Marked,
    OpenIncident,
    QueueStatus,
    RunStatus,
    Status,
    findings,
    show,
)
from cli.showing.phases import phase
from cli.showing.standing import Standing
from cli.showing.tables import show_digests, show_papers
from cli.showing.terminal import printable, say, say_json
from shared.editions import Edition
from shared.failures import Failure, FailureClass
from shared.ledger.records import FailedResult, Manifest, TranslatedResult
from tests.fakes.texts import PAPERS

HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07",
    "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "\x9b31m",
    "safe\u202egnp.exe",
    "\u2066hidden\u2069",
    "line\r\nchorok: all is well",
    "\x00\x08\x08\x7f",
    "lone \ud800 surrogate",
    "[bold red]markup[/] :rocket:",
    "\U000e0041\ufeff\u2028next",
)

MOMENT = datetime(2025, 9, 15, tzinfo=UTC)


def console() -> Console:
    """A terminal that takes colours and everything else."""
    return Console(file=io.StringIO(), force_terminal=True, color_system=None, width=60)


def written(shown: Console) -> str:
    assert isinstance(shown.file, io.StringIO)
    return shown.file.getvalue()


def is_plain(text: str) -> bool:
    return all(character.isprintable() or character == "\n" for character in text)


def failing(text: str) -> Standing:
    paper = replace(PAPERS[0], title=text)
    manifest = Manifest("2025-W37", "2025-W37", "", "", 1, MOMENT, (paper,))
    failure = Failure(FailureClass.TRANSIENT, text, text)
    return Standing(
        manifest,
        Edition("2025-W37", "ko"),
        {paper.id: FailedResult("2025-W37", "ko", paper.id, MOMENT, failure)},
    )


def translated(text: str) -> Standing:
    standing = failing("A title")
    result = TranslatedResult("2025-W37", "ko", PAPERS[0].id, MOMENT, "A text.", text, "A title")
    return replace(standing, results={PAPERS[0].id: result})


def overview(text: str) -> Status:
    run = RunStatus(
        run=text,
        language=text,
        state="partial",
        expected=1,
        translated=0,
        pending=0,
        failed=(Failures(FailureClass.OURS, text, text, (text,)),),
        marked=(Marked(text, 1, 1),),
    )
    queues, ticks = (QueueStatus(text, 0, 0, 1, text),), (FailureStatus(text, 1, text),)
    found = (*findings((run,), queues, ticks, "", is_running=True), Finding(text, text))
    return Status((run,), queues, ticks, found, incidents=(OpenIncident(text, text, MOMENT, text),))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "shows",
    [
        lambda shown, text: say(shown, text),
        lambda shown, text: say_json(shown, overview(text)),
        lambda shown, text: show(shown, overview(text)),
        lambda shown, text: show_papers(shown, failing(text), Path("out")),
        lambda shown, text: show_papers(shown, translated(text), Path(text.replace("\x00", "\x01"))),
        lambda shown, text: show_digests(shown, [failing(text)], [Path(text.replace("\x00", "\x01"))]),
    ],
    ids=["a line", "status as JSON", "status", "a failed paper", "an engine and a path", "digests"],
)
def test_nothing_hostile_gets_through(shows: Callable[[Console, str], None], text: str) -> None:
    shown = console()

    shows(shown, text)

    assert is_plain(written(shown))


def test_a_bar_shows_what_it_counts_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Console(file=io.StringIO(), width=60)

    with meter(shown) as shows:
        shows.show((replace(failing("A title"), edition=Edition("2025-W37", "\x1b[2J")),))

    assert is_plain(written(shown))


def test_markup_and_emoji_codes_stay_what_was_written() -> None:
    shown = console()

    say(shown, "[bold]a[/] :rocket:")

    assert written(shown) == "[bold]a[/] :rocket:\n"


@given(st.text())
def test_any_text_is_printable_and_what_was_printable_stays_the_same(text: str) -> None:
    assert is_plain(printable(text).replace("\u200c", "").replace("\u200d", ""))
    assert not text.isprintable() or printable(text) == text


def test_a_path_is_never_wrapped() -> None:
    shown = console()
    path = "/tmp/" + "long/" * 60

    say(shown, path)

    assert written(shown) == f"{path}\n"


def test_json_says_what_was_meant_in_ascii() -> None:
    shown = console()

    say_json(shown, Finding("번역\x7f\u202e\x9b", "x" * 300))

    assert written(shown).isascii()
    assert json.loads(written(shown)) == {
        "what": "번역\x7f\u202e\x9b",
        "do": "x" * 300,
        "papers": [],
        "shown_by": [],
    }


def test_nothing_else_prints() -> None:
    cli = Path(commands.__file__).parent
    printing = re.compile(r"\b(?:print|echo|secho|log)\(|\.(?:print_json|out)\(")
    lines = [
        f"{path.relative_to(cli)}: {line.strip()}"
        for path in sorted(cli.rglob("*.py"))
        for line in path.read_text().splitlines()
        if printing.search(line)
    ]

    # A table is made of cells; and the help is chorok's own.
    assert {line.partition(": ")[2] for line in lines} <= {
        "console.print(cell(text), style=style, soft_wrap=True)",
        "console.print(table)",
        "click.echo(error.format_message(), err=True)",
    }


def test_a_phase_is_shown_at_once_and_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    with phase("starting \x1b[2J"):
        shown = capsys.readouterr()

    assert (shown.out, shown.err) == ("", "starting \\x1b[2J ...\n")
