"""The command `chorok`: its help is the manual.

Exit status: 0 every digest complete, 3 a digest is partial, 2 usage, 1 anything else, with one line that says what.
"""

import os
import shlex
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import click
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from cli import options, reading, status
from cli.backfill import backfill
from cli.connecting.aws import aws_message
from cli.connecting.opening import NO_ENGINE, Wish, choose_engine, open_ledger, open_pipeline, plan
from cli.heal import HealOrder, heal, read_files
from cli.memory import memory
from cli.redrive import RedriveOrder, redrive
from cli.run import Order, run, run_sample
from infra.embedded import keeper
from shared.errors import ChorokError, ModelUnreachable, SourceUnreachable, UsageError
from shared.languages.table import find_language
from shared.periods import PeriodKind
from shared.services.fetching import Request
from shared.settings import Settings

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
@click.option(
    "--again",
    multiple=True,
    metavar="PAPER",
    help="Translate this paper afresh, whatever the memory holds; repeatable, or separated by commas.",
)
@options.top
@options.languages
@options.source
@options.engine
@options.receives
@options.wait
@click.option(
    "--or-sample",
    is_flag=True,
    help="Where Hugging Face or the model cannot be reached, run the bundled sample week instead.",
)
@options.out
@options.state
@options.stack
def run_command(
    week: str | None,
    date: str | None,
    month: str | None,
    again: tuple[str, ...],
    top: int | None,
    languages: tuple[str, ...],
    source: str | None,
    engine: str,
    receives: int | None,
    wait: float,
    out: Path,
    state: Path,
    stack: str,
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
    if or_sample and stack:
        raise UsageError("--or-sample is for the embedded cloud: nobody wants the sample on a deployed one.")
    console = Console()
    wish = Wish(state, engine, languages or Settings().languages, receives, stack)
    request = _request(wish, top, languages, source, options.papers(again))
    order = Order(replace(request, run=periods[0] if periods else ""), wait, out)
    try:
        with open_pipeline(wish, console) as pipeline:
            try:
                complete = run(pipeline, order, console)
            except SourceUnreachable as error:
                if not or_sample:
                    raise
                _say_sample(console, error)
                complete = run_sample(pipeline, order, console)
    except ModelUnreachable as error:
        if not or_sample:
            raise
        _say_sample(console, error)
        with open_pipeline(wish, console, NO_ENGINE) as pipeline:
            complete = run_sample(pipeline, order, console)
    return 0 if complete else PARTIAL


def _say_sample(console: Console, error: ChorokError) -> None:
    console.rule("THE SAMPLE WEEK, NOT THIS WEEK", style="bold yellow")
    console.print(str(error), style="yellow", markup=False, highlight=False)
    console.print("So this is the bundled sample: ten landmark papers, translated by a person.", style="yellow")


@chorok.command("status")
@click.argument("run", default="")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@options.state
@options.stack
def status_command(run: str, state: Path, stack: str, *, as_json: bool) -> int:
    """Say how every run stands, or RUN alone, what lies in the queues, and what to do next.

    It only looks: nothing is fetched, sent or translated. Exit status: 0 every digest is complete, 3 one is not.
    """
    with open_ledger(Wish(state, stack=stack)) as pipeline:
        told = status.look(pipeline, _where(state, stack), run)
    if as_json:
        click.echo(status.to_json(told))
    else:
        status.show(Console(), told)
    return 0 if told.is_complete else PARTIAL


@chorok.command("redrive")
@click.argument("run", default="")
@options.engine
@options.wait
@options.out
@options.state
@options.stack
def redrive_command(run: str, engine: str, wait: float, out: Path, state: Path, stack: str) -> int:
    """Send everything that failed back to work, and wait until the digests are healed.

    The dead-letter queues are always emptied whole; RUN says which run to wait for, without it all that are not
    complete. It may be repeated at any time.
    """
    console = Console()
    wish = Wish(state, engine, stack=stack)
    with open_ledger(wish) as pipeline:
        told = status.look(pipeline, _where(state, stack), run)
    if told.is_complete and not any(queue.dead for queue in told.queues):
        console.print("Nothing to do: every digest is complete, and the dead-letter queues are empty.")
        return 0
    languages = sorted({entry.language for entry in told.runs if entry.state != "complete"})
    with open_pipeline(replace(wish, languages=tuple(languages) or wish.languages), console) as pipeline:
        complete = redrive(pipeline, RedriveOrder(run, wait, out), console)
    return 0 if complete else PARTIAL


@chorok.command("heal")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--lang", "language", default="", help="Target language.  [default: that of each file]")
@options.source
@options.engine
@options.wait
@options.out
@options.state
@options.stack
def heal_command(
    files: tuple[Path, ...],
    language: str,
    source: str | None,
    engine: str,
    wait: float,
    out: Path,
    state: Path,
    stack: str,
) -> int:
    """Translate what is missing in old digests, which are text files in the format of digest.txt.

    What is translated in a file is kept, and papers that it does not show are fetched anew. Each file becomes a run,
    published like any other, and is also written under its own name below --out.
    """
    if language:
        find_language(language)
    old = read_files(files, language, out)
    console = Console()
    wish = Wish(state, engine, tuple(dict.fromkeys(file.language for file in old)), stack=stack)
    with open_pipeline(wish, console) as pipeline:
        order = HealOrder(old, _request(wish, None, (), source).source, wait, out)
        complete = heal(pipeline, order, console)
    return 0 if complete else PARTIAL


@chorok.command("backfill")
@click.argument("weeks")
@options.top
@options.languages
@options.source
@options.engine
@options.wait
@options.out
@options.state
@options.stack
def backfill_command(
    weeks: str,
    top: int | None,
    languages: tuple[str, ...],
    source: str | None,
    engine: str,
    wait: float,
    out: Path,
    state: Path,
    stack: str,
) -> int:
    """Make the digests of many WEEKS, written as 2025-W33..2025-W44, one after the other.

    It may be repeated: weeks that are complete are only downloaded. A week that fails does not stop the others;
    --wait is for each week. Exit status: 1 a week has no digest, 3 a digest is partial.
    """
    names = options.weeks(weeks)
    console = Console()
    wish = Wish(state, engine, languages or Settings().languages, stack=stack)
    with open_pipeline(wish, console) as pipeline:
        order = Order(_request(wish, top, languages, source), wait, out)
        done = backfill(pipeline, names, order, console)
    if any(week.trouble for week in done):
        return 1
    return 0 if all(week.is_complete for week in done) else PARTIAL


def _request(
    wish: Wish, top: int | None, languages: tuple[str, ...], source: str | None, again: tuple[str, ...] = ()
) -> Request:
    """What to ask of the pipeline. What the user leaves open is up to a deployed stack, or to the run that is held."""
    defaults = Request() if wish.stack or again else Request(top=Settings().top, source=Settings().source)
    return Request(top=top or defaults.top, languages=languages, source=source or defaults.source, again=again)


def _where(state: Path, stack: str) -> str:
    """The options that lead another command to where this one works, each after a space."""
    if stack:
        return f" --stack {shlex.quote(stack)}"
    return "" if state == options.STATE else f" --state {shlex.quote(str(state))}"


@chorok.command()
@options.languages
@options.engine
@options.receives
@options.state
def up(languages: tuple[str, ...], engine: str, receives: int | None, state: Path) -> int:
    """Start the embedded cloud and leave it running, for `run`, the AWS CLI, and you."""
    console = Console()
    wish = Wish(state, engine, languages or Settings().languages, receives)
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


chorok.add_command(memory)


for command in reading.COMMANDS:
    chorok.add_command(command)


def main() -> NoReturn:
    """Run the command; one line for whatever a user can cause, and the exit status for it."""
    # Ended from outside it stops what it started, as on Ctrl-C.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
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
    except OSError as error:
        if error.filename is None:
            raise
        click.echo(f"chorok: {error.filename} cannot be used: {error.strerror}. Give another place.", err=True)
        sys.exit(1)
    except (BotoCoreError, ClientError) as error:
        click.echo(f"chorok: AWS cannot be used: {aws_message(error)}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
