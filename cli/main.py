"""The command `chorok`: its help is the manual.

Exit status: 0 every digest complete, 3 a digest is partial, 2 usage, 1 anything else, with one line that says what.
"""

import os
import sys
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console

from cli import options
from cli.cloud import NO_ENGINE, Wish, choose_engine, open_pipeline, plan
from cli.run import Order, run, run_sample
from infra.embedded import keeper
from shared.errors import ChorokError, ModelUnreachable, SourceUnreachable, UsageError
from shared.fetching import Request
from shared.settings import Settings
from shared.weeks import PeriodKind

PARTIAL = 3


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="chorok")
def chorok() -> None:
    """The week's most-voted machine-learning papers from Hugging Face, every abstract translated.

    Exit status: 0 every digest is complete, 3 a digest is partial, 2 usage, 1 anything else.
    """


@chorok.command("run")
@click.option("--week", type=options.PeriodName(PeriodKind.WEEK), help="An ISO week, such as 2025-W37.")
@click.option("--date", type=options.PeriodName(PeriodKind.DAY), help="A day, such as 2025-09-12.")
@click.option("--month", type=options.PeriodName(PeriodKind.MONTH), help="A month, such as 2025-09.")
@click.option("--top", type=click.IntRange(min=1), default=10, show_default=True, help="How many papers.")
@options.languages
@options.source
@options.engine
@options.receives
@click.option(
    "--wait", type=options.Duration(), default="15m", show_default=True, help="How long to wait for the papers."
)
@click.option(
    "--or-sample",
    is_flag=True,
    help="Where Hugging Face or the model cannot be reached, run the bundled sample week instead.",
)
@options.out
@options.state
def run_command(
    week: str | None,
    date: str | None,
    month: str | None,
    top: int,
    languages: tuple[str, ...],
    source: str,
    engine: str,
    receives: int | None,
    wait: float,
    out: Path,
    state: Path,
    *,
    or_sample: bool,
) -> int:
    """Read a period's papers, have them translated, and write the digest.

    Without a period it is the last week that is over in Seoul. The pipeline runs on the embedded cloud that is up, or
    on one that lives as long as this command.
    """
    periods = [period for period in (week, date, month) if period]
    if len(periods) > 1:
        raise UsageError("Give one of --week, --date and --month.")
    console = Console()
    order = Order(Request(periods[0] if periods else "", top, languages, source), wait, out)
    wish = Wish(state, engine, languages, receives)
    settings = Settings()
    try:
        with open_pipeline(wish, console) as pipeline:
            try:
                complete = run(pipeline, settings, order, console)
            except SourceUnreachable as error:
                if not or_sample:
                    raise
                _say_sample(console, error)
                complete = run_sample(pipeline, settings, order, console)
    except ModelUnreachable as error:
        if not or_sample:
            raise
        _say_sample(console, error)
        with open_pipeline(wish, console, NO_ENGINE) as pipeline:
            complete = run_sample(pipeline, settings, order, console)
    return 0 if complete else PARTIAL


def _say_sample(console: Console, error: ChorokError) -> None:
    console.rule("THE SAMPLE WEEK, NOT THIS WEEK", style="bold yellow")
    console.print(str(error), style="yellow", markup=False, highlight=False)
    console.print("So this is the bundled sample: ten landmark papers, translated by a person.", style="yellow")


@chorok.command()
@options.languages
@options.engine
@options.receives
@options.state
def up(languages: tuple[str, ...], engine: str, receives: int | None, state: Path) -> int:
    """Start the embedded cloud and leave it running, for `run`, the AWS CLI, and you."""
    console = Console()
    wish = Wish(state, engine, languages, receives)
    cloud = keeper.up(plan(wish, choose_engine(wish, os.environ, console))).cloud
    lines = [f"endpoint  {cloud.endpoint}", *(f"{name:<25} {value}" for name, value in sorted(cloud.outputs.items()))]
    lines += ["", *(f"export {name}={value}" for name, value in cloud.exports().items())]
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return 0


@chorok.command()
@options.state
def down(state: Path) -> int:
    """Stop the embedded cloud that `up` started."""
    stopped = keeper.down(state.resolve())
    click.echo("stopped" if stopped else f"nothing was running on {state}")
    return 0


def main() -> NoReturn:
    """Run the command; one line for whatever a user can cause, and the exit status for it."""
    try:
        sys.exit(chorok.main(standalone_mode=False))
    except click.exceptions.Abort:
        sys.exit("chorok: stopped")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except UsageError as error:
        click.echo(f"chorok: {error}", err=True)
        sys.exit(2)
    except ChorokError as error:
        click.echo(f"chorok: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
