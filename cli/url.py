"""`chorok url`: a link to one file of a published digest that works without credentials."""

from datetime import UTC, datetime
from pathlib import Path

import boto3
import click

from cli import options
from cli.connecting.link import LONGEST_SECONDS, embedded_link, presign
from cli.connecting.opening import open_published
from cli.connecting.published import ALL, find
from infra.embedded.keeper import running
from shared.errors import CloudError, UsageError
from shared.ledger import keys


@click.command("url")
@options.run
@options.language
@click.option(
    "--format",
    "form",
    default="html",
    show_default=True,
    metavar="NAME",
    help=f"One of {', '.join(options.FORMATS)}.",
)
@click.option("--expires", type=options.Duration(), default="1h", show_default=True, help="For how long; at most 7d.")
@options.state
@options.stack
def command(run: str, language: str, form: str, expires: float, state: Path, stack: str) -> None:
    """Print a link to a file of RUN, or of the latest week, that needs no credentials, and until when it works."""
    seconds = int(expires)
    if not 1 <= seconds <= LONGEST_SECONDS:
        raise UsageError("--expires is 1s at least and 7d at most: S3 takes no link that lives longer.")
    if not stack and running(state.resolve()) is None:
        raise CloudError(f"A link works only while the embedded cloud is up, and none is on {state}: run `chorok up`.")
    with open_published(state, stack) as pipeline:
        digest = find(pipeline.store, run, language)
        if form == ALL:
            raise UsageError(f"A link leads to one file: give --format one of {digest.formats}.")
        [name] = digest.named(form)
        key = keys.digest(digest.run, digest.language, name)
        if stack:
            link = presign(boto3.session.Session(), pipeline.store.bucket, key, seconds, datetime.now(UTC))
        else:
            link = embedded_link(pipeline.objects, pipeline.store.bucket, key, seconds)
    click.echo(link.address)
    click.echo(link.lifetime, err=True)
