"""`chorok download`: a published digest's files, brought to this machine."""

from pathlib import Path

import click
from rich.console import Console

from cli import options, values
from cli.connecting.files import download
from cli.connecting.published import find
from cli.connecting.reader_options import open_published
from cli.showing.terminal import say


@click.command("download")
@options.published_run
@options.languages("ko")
@options.form(values.ALL, values.ALL)
@options.out
@options.state
@options.stack
def command(run: str, languages: tuple[str, ...], form: str, out: Path, state: Path, stack: str) -> None:
    """Download the files of a published digest.

    It is the digest of RUN, or of the latest week. Where its files are is printed, one a line. No file is ever half
    there, and what is here already is left as it is.
    """
    store = open_published(state, stack)
    digests = [find(store, run, language) for language in languages or ("ko",)]
    paths = [path for digest in digests for path in download(store, digest.edition, out, digest.named(form))]
    for path in paths:
        say(Console(), str(path))
