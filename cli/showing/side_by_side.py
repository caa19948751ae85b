"""One paper side by side with its translation: each finding at its sentence, and of a failed one what was refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.showing.terminal import cell, say
from shared.doubts import Doubt, Kept
from shared.editions import Edition
from shared.failures import FailureClass, remedy_of
from shared.languages.table import Language, find_language
from shared.ledger.records import PERSON, FailedResult, Result, TranslatedResult
from shared.papers import Paper
from shared.text.clean import clean_abstract, clean_title
from shared.text.display import one_line
from shared.translation.door import Refused, accept
from shared.translation.parallel import parallel, remarks


@dataclass(frozen=True)
class ShownSentence:
    """English sentences, the lines that belong to them, and what was found there."""

    source: str
    text: str
    found: tuple[str, ...] = ()
    kept: bool = False


@dataclass(frozen=True)
class ShownFailure:
    """Why a paper failed and what mends it, and what the engines answered that could not stand."""

    kind: FailureClass
    code: str
    cause: str
    remedy: str
    attempts: int
    answers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ShownPaper:
    """A paper of an edition as `--json` prints it. `notes` are the findings that no sentence can be blamed for."""

    run: str
    language: str
    paper: str
    state: Literal["translated", "failed", "pending"]
    accepted: bool = False
    engine: str = ""
    title: ShownSentence
    sentences: tuple[ShownSentence, ...]
    notes: tuple[str, ...] = ()
    failure: ShownFailure | None = None


def side_by_side(
    edition: Edition, paper: Paper, result: Result | None, answers: tuple[str, ...], redrive: str
) -> ShownPaper:
    """The paper with what is there of it; `answers` are what engines said, and `redrive` is the command for that."""
    translated = result if isinstance(result, TranslatedResult) else None
    doubts, others = _found(translated, paper, find_language(edition.language)) if translated else ((), ())
    failure = None
    if isinstance(result, FailedResult):
        kind, code, cause = result.failure.kind, result.failure.code, result.failure.cause
        failure = ShownFailure(kind, code, cause, remedy_of(kind, code, redrive), result.attempts, answers)
    return ShownPaper(
        run=edition.run,
        language=edition.language,
        paper=paper.id,
        state="pending" if result is None else result.status,
        accepted=result is not None and result.accepted,
        engine=", ".join(translated.engines or (translated.engine,)) if translated else "",
        title=ShownSentence(clean_title(paper.title), translated.title if translated else ""),
        sentences=tuple(_sentences(edition, paper, translated, doubts)),
        notes=others,
        failure=failure,
    )


def _sentences(
    edition: Edition, paper: Paper, translated: TranslatedResult | None, doubts: tuple[Doubt, ...]
) -> Iterator[ShownSentence]:
    text, kept = (translated.text, translated.kept) if translated else ("", ())
    passages = parallel(clean_abstract(paper.abstract), text, find_language(edition.language), kept)
    found = remarks(passages, doubts, kept)
    for place, passage in enumerate(passages):
        lines = "\n".join(passage.lines)
        yield ShownSentence(" ".join(passage.source), lines, tuple(found.get(place, ())), passage.kept)


def _found(translated: TranslatedResult, paper: Paper, target: Language) -> tuple[tuple[Doubt, ...], tuple[str, ...]]:
    """What is found in sentences, and what in the whole. Of what a person wrote, that is what the judge would say."""
    if translated.engine != PERSON:
        placed = {f"abstract: {doubt.rule} ({doubt.evidence}" for doubt in translated.doubts}
        placed |= {f"abstract: {mark.rule} ({mark.evidence}" for mark in translated.kept}
        return translated.doubts, tuple(note for note in translated.notes if note.removesuffix(")") not in placed)
    return objections(clean_abstract(paper.abstract), translated.text, target, translated.kept)


def objections(
    source: str, text: str, target: Language, kept: tuple[Kept, ...] = ()
) -> tuple[tuple[Doubt, ...], tuple[str, ...]]:
    """What the judge would say of a person's text, were it an engine's: in sentences, and in the whole."""
    answer = accept(source, text, target, kept=kept)
    if isinstance(answer, Refused):
        return (), tuple(f"the judge would refuse it: {finding}" for finding in answer.findings if finding.refuses)
    return answer.doubts, tuple(str(finding) for finding in answer.findings if finding.sentence is None)


def show_paper(console: Console, shown: ShownPaper) -> None:
    """The paper as a table, and below it what is known of it as a whole."""
    say(console, f"{shown.run} {shown.language} {shown.paper}: {_state(shown)}")
    table = Table(expand=False, show_lines=True)
    table.add_column("", justify="right")
    table.add_column("English", overflow="fold", ratio=1)
    table.add_column(find_language(shown.language).name, overflow="fold", ratio=1)
    for number, sentence in enumerate((shown.title, *shown.sentences)):
        table.add_row(cell(str(number) if number else "title"), cell(sentence.source), _text(sentence))
    console.print(table)
    for note in shown.notes:
        say(console, one_line(note), "yellow")
    if shown.failure is not None:
        _show_failure(console, shown.failure, accepted=shown.accepted)


def _state(shown: ShownPaper) -> str:
    by = f" by {one_line(shown.engine)}" if shown.engine else ""
    return f"{shown.state}{by}{', accepted as it is' if shown.accepted else ''}"


def _text(sentence: ShownSentence) -> Text:
    lines = [] if sentence.kept else [cell(line) for line in sentence.text.split("\n") if line]
    return Text("\n").join([*lines, *(cell(one_line(found), "yellow") for found in sentence.found)])


def _show_failure(console: Console, failure: ShownFailure, *, accepted: bool) -> None:
    say(console, f"failed ({failure.kind}, {failure.code}): {one_line(failure.cause)}", "red")
    if not accepted:
        say(console, f"  → {failure.remedy}")
    for answer in failure.answers:
        say(console, f"answered: {one_line(answer)}")
