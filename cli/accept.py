"""`chorok accept`: a person leaves it at what is there."""

from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from cli import options
from cli.connecting.one_paper import find_manifest
from cli.connecting.opening import CloudOptions, open_without_engine
from cli.connecting.settling import settle
from cli.showing.terminal import say
from shared.editions import Edition
from shared.services.accept import accept_results
from shared.services.correct import Touched


@click.command("accept")
@options.one_run
@options.one_paper_or_all
@options.language
@options.out
@options.state
@options.stack
def command(run: str, paper: str, language: str, out: Path, state: Path, stack: str) -> int:
    """Make what is there final: mails and status are quiet about it.

    That is what is there for PAPER, or of every paper of RUN whatever is doubtful, partly in English, or failed. A
    translation keeps its engine, its sentences are no longer marked as doubtful, and no engine's takes its place any
    more. A paper that failed stays in English, and is not tried again until `chorok run --again` or `chorok correct`
    names it.

    Exit status: 0 it is final, 3 a paper has no result yet.
    """
    console, edition = Console(), Edition(run, language)
    with open_without_engine(CloudOptions(state, stack=stack)) as pipeline:
        manifest = find_manifest(pipeline.store, edition)
        done = accept_results(pipeline.store, manifest, language, datetime.now(UTC), paper)
        for papers, what in (
            (done.translations, "final as translated"),
            (done.failures, "final without a translation"),
            (done.pending, "no result yet, so nothing to accept"),
        ):
            if papers:
                say(console, f"{edition}: {what}: {', '.join(papers)}")
        if not (done.translations or done.failures or done.pending):
            say(console, f"{edition}: nothing to accept: all of it is final or in order.")
        settle(pipeline, (Touched(edition, done.final),), out, console)
    return options.PARTIAL if done.pending else 0
