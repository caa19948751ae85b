"""`chorok correct`: a person rewrites one paper's translation in an editor of their own."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from cli import options
from cli.connecting.one_paper import HeldPaper, find_paper
from cli.connecting.opening import CloudOptions, open_without_engine
from cli.connecting.settling import settle
from cli.showing.side_by_side import objections
from cli.showing.terminal import say
from shared.editions import Edition
from shared.errors import ChorokError, UsageError
from shared.languages.table import Language, find_language
from shared.ledger.records import PERSON, Memory, TranslatedResult
from shared.services.correct import correct
from shared.text.clean import clean_abstract, clean_title
from shared.text.display import one_line
from shared.translation.door import Refused, accept
from shared.translation.parallel import parallel, remarks
from shared.translation.sheet import Edited, Sheet, read_sheet, write_sheet

REFUSED = 1


@click.command("correct")
@options.one_run
@options.one_paper
@options.language
@options.out
@options.state
@options.stack
def command(run: str, paper: str, language: str, out: Path, state: Path, stack: str) -> int:
    """Correct a paper's translation in your editor.

    PAPER is its id, such as 2509.08721; the editor is that of VISUAL or EDITOR. What you save is put into the memory
    and into every digest that holds the text, and from then on no engine's translation takes its place. A paper that
    failed can be translated wholly. Saved unchanged, nothing changes. What can be no translation, such as the text of
    an error, is refused and named, and the file with what you typed is kept. The file holds title and abstract; the
    one-line summary is corrected by `chorok memory export` and `import`.

    Exit status: 1 a text was refused.
    """
    console, target = Console(), find_language(language)
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        raise UsageError("There is no editor: set VISUAL or EDITOR, as in EDITOR=nano.")
    held = find_paper(state, stack, Edition(run, language), paper)
    sheet = _sheet(held, target)
    file = Path(tempfile.mkdtemp(prefix="chorok-")) / f"{run}-{language}-{paper}.txt"
    file.write_text(write_sheet(sheet, f"{held.edition} {paper}", target), encoding="utf-8", newline="\n")
    try:
        edited = _edited(editor, file, sheet, target)
        passed, refused = _judged(held, edited, target)
        for line in refused:
            say(console, line, "red")
        if passed:
            with open_without_engine(CloudOptions(state, stack=stack)) as pipeline:
                touched = correct(pipeline.store, passed, datetime.now(UTC))
                _tell(console, held, passed, target)
                for digest in touched:
                    if digest.rewritten:
                        say(console, f"{digest.edition}: corrected {', '.join(digest.rewritten)}")
                settle(pipeline, touched, out, console)
    except BaseException:
        say(Console(stderr=True), f"What you typed is kept in {file}", "yellow")
        raise
    if refused:
        say(console, f"What you typed is kept in {file}", "yellow")
        return REFUSED
    if not passed:
        say(console, "Nothing was changed.")
    shutil.rmtree(file.parent)
    return 0


def _sheet(held: HeldPaper, target: Language) -> Sheet:
    """What there is to correct. Raises UsageError where the source gives nothing to translate."""
    title, abstract = clean_title(held.paper.title), clean_abstract(held.paper.abstract)
    if not title and not abstract:
        raise UsageError(f"{held.paper.id} has neither a title nor an abstract to translate.")
    if not isinstance(held.result, TranslatedResult):
        return Sheet(title, "", parallel(abstract, "", target))
    result = held.result
    passages = parallel(abstract, result.text, target, result.kept)
    return Sheet(title, result.title, passages, result.kept, remarks(passages, result.doubts, result.kept))


def _edited(editor: str, file: Path, sheet: Sheet, target: Language) -> Edited:
    """What the person made of the file. Raises ChorokError where that cannot be known."""
    try:
        click.edit(filename=str(file), editor=editor)
    except (click.ClickException, ValueError) as error:
        # A ValueError is what a quote that is never closed comes to.
        said = error.format_message() if isinstance(error, click.ClickException) else f"{editor}: {error}"
        raise ChorokError(
            f"The editor failed, and nothing was changed: {one_line(said)}. Set VISUAL or EDITOR."
        ) from error
    return read_sheet(file.read_bytes(), sheet, target)


def _judged(held: HeldPaper, edited: Edited, target: Language) -> tuple[list[Memory], list[str]]:
    """What of it the door lets in, and in a line each what it refuses, and why."""
    passed: list[Memory] = []
    refused: list[str] = []
    for name, entry in _entries(held, edited, target):
        answer = accept(entry.source, entry.text, target, by_person=True, kept=entry.kept)
        if isinstance(answer, Refused):
            lines = [line for line in entry.text.split("\n") if line.strip()]
            for finding in answer.findings:
                where = "" if finding.sentence is None else f", {lines[finding.sentence][:60]!r}"
                refused.append(one_line(f"refused: the {name}{where}: {finding}"))
        else:
            passed.append(entry)
    return passed, refused


def _entries(held: HeldPaper, edited: Edited, target: Language) -> Iterator[tuple[str, Memory]]:
    if edited.title is not None:
        source = clean_title(held.paper.title)
        yield "title", Memory(target.code, source, edited.title, PERSON, origin="person")
    if edited.text is not None:
        source = clean_abstract(held.paper.abstract)
        yield "abstract", Memory(target.code, source, edited.text, PERSON, origin="person", kept=edited.kept)


def _tell(console: Console, held: HeldPaper, passed: list[Memory], target: Language) -> None:
    """What the judge would object to, were it an engine's: it stands all the same."""
    abstract = clean_abstract(held.paper.abstract)
    for entry in passed:
        if entry.source == abstract:
            doubts, others = objections(abstract, entry.text, target, entry.kept)
            lines = [line for line in entry.text.split("\n") if line.strip()]
            found = [f"{lines[doubt.sentence][:60]!r}: {doubt.rule} ({doubt.evidence})" for doubt in doubts]
            for line in (*found, *others):
                say(console, one_line(f"it stands, though look once more: {line}"), "yellow")
