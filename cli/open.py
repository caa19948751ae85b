"""`chorok open`: a published digest's page, in the browser."""

import webbrowser
from pathlib import Path

import click
from rich.console import Console

from cli import options
from cli.connecting.files import download
from cli.connecting.published import find
from cli.connecting.reader_options import open_published
from cli.showing.terminal import say


@click.command("open")
@options.published_run
@options.language
@options.out
@options.state
@options.stack
def command(run: str, language: str, out: Path, state: Path, stack: str) -> None:
    """Open the page of a published digest in the browser.

    It is the digest of RUN, or of the latest week, and is downloaded where it is not here yet. The page stands alone:
    `chorok serve` shows it in its archive.
    """
    store = open_published(state, stack)
    digest = find(store, run, language)
    [path] = download(store, digest.edition, out, digest.named("html"))
    if webbrowser.open(path.resolve().as_uri()):
        say(Console(), str(path))
    else:
        say(Console(), f"There is no browser here. The page is {path.resolve()}")
