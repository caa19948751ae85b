"""`chorok site`: the whole archive as a plain folder."""

from pathlib import Path

import click
from rich.console import Console

from cli import options, values
from cli.connecting.reader_options import open_published
from cli.connecting.site_folder import copy_site
from cli.showing.terminal import say


@click.command("site")
@click.argument(
    "out", type=click.Path(file_okay=False, path_type=Path), callback=options.read_by(values.folder_to_write)
)
@options.state
@options.stack
def command(out: Path, state: Path, stack: str) -> None:
    """Write the whole archive as a plain folder, for any static host.

    OUT then holds every digest, the archives and their feeds, and index.html to begin with. A second time only what has
    changed is written; nothing is removed. Feeds lead to the pages where the setting `site` says at which address they
    are.
    """
    copied = copy_site(open_published(state, stack), out)
    say(Console(), f"{out}: {copied.files} files, {copied.written} of them written now")
