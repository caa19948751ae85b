"""`chorok memory`: the translation memory as a file for translators, and a person's corrections back from it."""

from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from cli import options
from cli.connecting.files import write_whole
from cli.connecting.opening import CloudOptions, open_without_engine
from cli.connecting.reader_options import open_ledger
from cli.connecting.settling import settle
from cli.showing.terminal import say
from shared.errors import UsageError
from shared.services.correct import correct, corrections, exchanged_entries, paper_sources
from shared.text.display import one_line
from shared.translation.tmx import read_tmx, write_tmx

_NAMED = 3
"""How many corrections that match no paper are named."""
_NOTHING = "Nothing has run here yet, so there is no memory. Start with `chorok run`."


@click.group("memory")
def command() -> None:
    """Export the translation memory, or import corrections into it.

    The file is in TMX, which every tool for translators reads and writes.
    """


@command.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@options.languages("all")
@options.state
@options.stack
def export_command(file: Path, languages: tuple[str, ...], state: Path, stack: str) -> int:
    """Write every text in the memory, with its translation, to FILE.

    The translation is a person's, or else the newest of an engine. An abstract of which a sentence could not be
    translated is among them, with an empty line for the sentence.
    """
    ledger = open_ledger(state, stack)
    if ledger is None:
        raise UsageError(_NOTHING)
    entries = exchanged_entries(ledger.store, languages)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, write_tmx(entries))
    except OSError as error:
        raise click.FileError(str(file), error.strerror) from error
    say(Console(), f"{len(entries)} texts written to {file}")
    return 0


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.out
@options.state
@options.stack
def import_command(file: Path, out: Path, state: Path, stack: str) -> int:
    """Bring back the translations that a person has changed in FILE.

    They are put into every digest that holds the text, and from then on no engine's translation takes their place.
    What an engine translated, and is unchanged since the export, is left out: other white space, or another form of
    Unicode, is not a change. A text that cannot be a translation, such as that of an error, is refused and named; the
    others go in. The command may be repeated at any time.

    Exit status: 1 a text was refused.
    """
    console = Console()
    entries = read_tmx(file.read_bytes())
    with open_without_engine(CloudOptions(state, stack=stack)) as pipeline:
        standing = exchanged_entries(pipeline.store, sorted({entry.language for entry in entries}))
        found = corrections(entries, standing, paper_sources(pipeline.store))
        touched = correct(pipeline.store, found.accepted, datetime.now(UTC))
        new = len(set(found.accepted) - set(standing))
        say(console, f"{len(entries)} texts read, {len(found.accepted)} of them a person's, {new} of these new")
        for refused, why in found.refused:
            say(console, one_line(f"refused: the {refused.language} text for {refused.source[:60]!r}: {why}"), "red")
        if found.strangers:
            named = ", ".join(repr(stranger.source[:60]) for stranger in found.strangers[:_NAMED])
            more = ", …" if len(found.strangers) > _NAMED else ""
            say(
                console,
                one_line(f"{len(found.strangers)} of them match no paper, and are kept for one to come: {named}{more}"),
            )
        for digest in touched:
            if digest.rewritten:
                say(console, f"{digest.edition}: corrected {', '.join(digest.rewritten)}")
        settle(pipeline, touched, out, console)
    return 1 if found.refused else 0
