"""The commands for readers: they bring, open, link or show digests that are published, and change nothing."""

import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import boto3
import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from cli import options
from cli.connecting.deployment import Pipeline
from cli.connecting.link import LONGEST_SECONDS, embedded_link, presign
from cli.connecting.opening import Wish, open_ledger
from cli.connecting.published import ALL, LATEST, Issue, find
from cli.connecting.resuming import Show, bring
from cli.serve import Server
from infra.embedded.keeper import running
from shared.errors import CloudError, UsageError
from shared.ledger import keys

_FORMATS = "json, txt, md, html, epub"

_run = click.argument("run", default=LATEST)
_language = click.option("--lang", "language", default="ko", show_default=True, help="The digest's language.")


@click.command()
@_run
@_language
@click.option("--format", "form", default=ALL, show_default=True, metavar="NAME", help=f"One of {_FORMATS}; or {ALL}.")
@options.out
@options.state
@options.stack
def download(run: str, language: str, form: str, out: Path, state: Path, stack: str) -> None:
    """Download the digest of RUN, or of the latest week, and print where its files are.

    A download that was cut off goes on where it stopped. No file is ever half there.
    """
    with _published(state, stack) as pipeline:
        issue = find(pipeline.store, run, language)
        targets = _bring(pipeline, issue.keys_of(form), out)
    for target in targets:
        click.echo(target)


@click.command("open")
@_run
@_language
@options.out
@options.state
@options.stack
def open_page(run: str, language: str, out: Path, state: Path, stack: str) -> None:
    """Open the page of RUN, or of the latest week, in the browser; it is downloaded where it is not here yet.

    It stands alone: `chorok serve` shows it in its archive.
    """
    with _published(state, stack) as pipeline:
        [path] = _bring(pipeline, find(pipeline.store, run, language).keys_of("html"), out)
    if webbrowser.open(path.resolve().as_uri()):
        click.echo(path)
    else:
        click.echo(f"There is no browser here. The page is {path.resolve()}")


@click.command()
@_run
@_language
@click.option("--format", "form", default="html", show_default=True, metavar="NAME", help=f"One of {_FORMATS}.")
@click.option("--expires", type=options.Duration(), default="1h", show_default=True, help="For how long; at most 7d.")
@options.state
@options.stack
def url(run: str, language: str, form: str, expires: float, state: Path, stack: str) -> None:
    """Print a link to a file of RUN, or of the latest week, that needs no credentials, and until when it works."""
    seconds = int(expires)
    if not 1 <= seconds <= LONGEST_SECONDS:
        raise UsageError("--expires is 1s at least and 7d at most: S3 takes no link that lives longer.")
    if not stack and running(state.resolve()) is None:
        raise CloudError(f"A link works only while the embedded cloud is up, and none is on {state}: run `chorok up`.")
    with _published(state, stack) as pipeline:
        key = _one(find(pipeline.store, run, language), form)
        if stack:
            link = presign(boto3.session.Session(), pipeline.store.bucket, key, seconds, datetime.now(UTC))
        else:
            link = embedded_link(pipeline.objects, pipeline.store.bucket, key, seconds)
    click.echo(link.address)
    click.echo(link.lifetime, err=True)


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 is any free one.")
@options.state
@options.stack
def serve(port: int, state: Path, stack: str) -> None:
    """Show all digests and their archive to the browsers of this machine, until Ctrl-C."""
    with _published(state, stack) as pipeline, Server(pipeline.store, port) as server:
        click.echo(f"{server.address}  (Ctrl-C ends it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo()


COMMANDS = (download, open_page, url, serve)


@contextmanager
def _published(state: Path, stack: str) -> Iterator[Pipeline]:
    """The pipeline whose digests are read; nothing of it is changed."""
    with open_ledger(Wish(state, stack=stack)) as pipeline:
        if pipeline is None:
            raise CloudError(f"There is no embedded cloud at {state}, so no digest: see `chorok run`, or give --state.")
        yield pipeline


def _one(issue: Issue, form: str) -> str:
    if form == ALL:
        raise UsageError(f"A link leads to one file: give --format one of {', '.join(issue.files)}.")
    return issue.keys_of(form)[0]


def _bring(pipeline: Pipeline, wanted: list[str], out: Path) -> list[Path]:
    """Each object as a file below `out`, at the same place as below `digests/`."""
    targets = [out / key.removeprefix(keys.DIGESTS) for key in wanted]
    with _progress() as begin:
        for key, target in zip(wanted, targets, strict=True):
            try:
                bring(pipeline.objects, pipeline.store.bucket, key, target, begin(target.name))
            except OSError as error:
                raise UsageError(f"{target} cannot be written: {error.strerror}. Give another --out.") from error
    return targets


@contextmanager
def _progress() -> Iterator[Callable[[str], Show]]:
    """Shows downloads on a terminal, apart from what the command prints."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:

        def begin(name: str) -> Show:
            task = progress.add_task(name, total=None)
            return lambda here, whole: progress.update(task, completed=here, total=whole)

        yield begin
