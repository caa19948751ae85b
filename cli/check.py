"""`chorok check`: what the judge makes of translations in a file, with no cloud at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import click
import msgspec
from rich.console import Console

from cli.showing.terminal import say, say_json_line
from shared.languages.table import Language, find_language
from shared.translation.answers import as_answered
from shared.translation.judge import judge

LONGEST_LINE = 1_000_000
"""Bytes of a line: no abstract with its translation has a hundredth of it."""
UNREADABLE = 1


@click.command("check")
@click.argument("file", type=click.File("rb"))
@click.option("--lang", "language", default="ko", show_default=True, metavar="CODE", help="What FILE is in.")
def command(file: BinaryIO, language: str) -> int:
    """Judge the translations in FILE as an engine's answers are judged.

    Each line of FILE (- for standard input) is JSON: {"id": …, "source": the English abstract, "text": its
    translation}; without an id, it is known by the number of its line. For each, in order, one line of JSON is printed:
    its id, the verdict (passed, doubtful or refused) and the findings, each with its rule, verdict, evidence and
    sentence. A sentence is counted from 0, in the text as it is when its style is finished; of the rule "missing", in
    the source; null is the whole text.

    A line that cannot be read is named on standard error, and the others are judged.

    Exit status: 0 every line was judged, whatever the verdicts; 1 a line could not be read.
    """
    console, errors = Console(), Console(stderr=True)
    target = find_language(language.strip().lower())
    status = 0
    for number, line in enumerate(_lines(file), 1):
        try:
            given = _read(line)
        except ValueError as error:
            say(errors, f"chorok: line {number} of {file.name}: {error}")
            status = UNREADABLE
            continue
        if given:
            say_json_line(console, {"id": number if given.id is None else given.id, **_judged(given, target)})
    return status


@dataclass(frozen=True)
class _Given:
    """One line: a translation that somebody made of a source. Without an id it is known by its number."""

    source: str
    text: str
    id: str | int | None = None


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines one by one; of one that is too long only its beginning, and the rest of it is passed over."""
    while line := file.readline(LONGEST_LINE + 1):
        yield line
        while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE + 1) or b"\n"


def _read(line: bytes) -> _Given | None:
    """What a line says, None for an empty one. Raises ValueError, saying what is wrong."""
    if len(line) > LONGEST_LINE:
        raise ValueError(f"It is longer than {LONGEST_LINE:,} bytes.")
    if not line.strip():
        return None
    try:
        given = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"), type=_Given)
    except msgspec.ValidationError as error:
        raise ValueError(f'It is not {{"id": …, "source": …, "text": …}}: {error}.') from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"It is not JSON in UTF-8: {error}.") from error
    if not given.source.strip():
        raise ValueError("Its source is empty.")
    return given


def _judged(given: _Given, target: Language) -> dict[str, object]:
    judgement = judge(*as_answered(given.source, given.text, target), target)
    findings = [
        {
            "rule": finding.rule,
            "verdict": finding.verdict.value,
            "sentence": finding.sentence,
            "evidence": finding.evidence,
        }
        for finding in judgement.findings
    ]
    return {"verdict": judgement.verdict.value, "findings": findings}
