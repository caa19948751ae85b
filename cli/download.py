"""`chorok download`: a published digest's files, brought to this machine."""

from pathlib import Path

import click

from cli import options
from cli.connecting.files import download
from cli.connecting.opening import open_published
from cli.connecting.published import ALL, find


@click.command("download")
@options.run
@options.language
@click.option(
    "--format",
    "form",
    default=ALL,
    show_default=True,
    metavar="NAME",
    help=f"One of {', '.join(options.FORMATS)}; or {ALL}.",
)
@options.out
@options.state
@options.stack
def command(run: str, language: str, form: str, out: Path, state: Path, stack: str) -> None:
    """Download the digest of RUN, or of the latest week, and print where its files are.

    No file is ever half there, and what is here already is left as it is.
    """
    with open_published(state, stack) as pipeline:
        digest = find(pipeline.store, run, language)
        paths = download(pipeline.store, digest.run, digest.language, out, digest.named(form))
    for path in paths:
        click.echo(path)
