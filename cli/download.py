"""`chorok download`: a published digest's files, brought to this machine."""

from pathlib import Path

import click

from cli import options
from cli.connecting.opening import open_published
from cli.connecting.published import ALL, find
from cli.connecting.resuming import bring_files


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

    A download that was cut off goes on where it stopped. No file is ever half there.
    """
    with open_published(state, stack) as pipeline:
        digest = find(pipeline.store, run, language)
        targets = bring_files(pipeline, digest.keys_of(form), out)
    for target in targets:
        click.echo(target)
