"""`chorok url`: a link to one file of a published digest that works without credentials."""

from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from cli import options, values
from cli.connecting.link import LONGEST_SECONDS, embedded_link, presign
from cli.connecting.published import find
from cli.connecting.reader_options import open_published
from cli.showing.terminal import say
from infra.embedded.keeper import running
from shared.errors import CloudError, UsageError
from shared.ledger import keys


@click.command("url")
@options.published_run
@options.language
@options.form("html")
@click.option("--expires", type=values.Duration(), default="1h", show_default=True, help="For how long; at most 7d.")
@options.state
@options.stack
def command(run: str, language: str, form: str, expires: float, state: Path, stack: str) -> None:
    """Print a link to a digest's file that works without credentials.

    It is the digest of RUN, or of the latest week. Until when the link works is said on standard error.
    """
    seconds = int(expires)
    if not 1 <= seconds <= LONGEST_SECONDS:
        raise UsageError("--expires is 1s at least and 7d at most: S3 takes no link that lives longer.")
    found = None if stack else running(state.resolve())
    if found is None and not stack:
        raise CloudError(f"A link works only while the embedded cloud is up, and none is on {state}: run `chorok up`.")
    store = open_published(state, stack)
    digest = find(store, run, language)
    [name] = digest.named(form)
    key = keys.digest(digest.edition, name)
    now = datetime.now(UTC)
    if found is None:
        import boto3

        link = presign(boto3.session.Session(), store.bucket, key, seconds, now)
    else:
        link = embedded_link(found.cloud.client("s3"), store.bucket, key, seconds, now)
    say(Console(), link.address)
    say(Console(stderr=True), link.lifetime)
