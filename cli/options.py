"""The options that several commands share, and how their values are read."""

import re
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from shared.errors import UsageError
from shared.papers import HUGGING_FACE, is_arxiv_id
from shared.periods import PeriodKind, parse_period, weeks_between
from shared.services.fetching import Request
from shared.settings import Settings

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Duration(click.ParamType[float]):
    """A time such as `90s`, `15m`, `2h` or `7d`, in seconds."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The seconds in `value`."""
        match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", str(value))
        if match is None:
            self.fail(f"{value!r} is no time. Write 90s, 15m, 2h or 7d.", param, ctx)
        return float(match[1]) * _SECONDS[match[2]]


class PeriodName(click.ParamType[str]):
    """The name of a period of one kind, such as `2025-W37`."""

    name = "period"

    def __init__(self, kind: PeriodKind) -> None:
        self._kind = kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """`value` itself, where it names such a period."""
        try:
            period = parse_period(str(value))
        except UsageError as error:
            self.fail(str(error), param, ctx)
        if period.kind is not self._kind:
            self.fail(f"{value!r} is no {self._kind}. Write {_EXAMPLES[self._kind]}.", param, ctx)
        return period.name


_EXAMPLES = {PeriodKind.WEEK: "2025-W37", PeriodKind.DAY: "2025-09-12", PeriodKind.MONTH: "2025-09"}
STATE = Path(".chorok")
PARTIAL = 3
"""The exit status where a digest is partial."""
FORMATS = ("json", "txt", "md", "html", "epub")
LATEST = "latest"
_FOLDER = click.Path(file_okay=False, path_type=Path)

_Command = Callable[..., Any]


def state(command: _Command) -> _Command:
    """`--state`: the folder in which the embedded cloud keeps everything."""
    return click.option(
        "--state", type=_FOLDER, default=STATE, show_default=True, help="Where the embedded cloud lives."
    )(command)


def out(command: _Command) -> _Command:
    """`--out`: where digests are written on this machine."""
    return click.option(
        "--out", type=_FOLDER, default=Path("digests"), show_default=True, help="Where the digests are written."
    )(command)


def engine(command: _Command) -> _Command:
    """`--engine`: what answers TranslateText on the embedded cloud."""
    return click.option(
        "--engine",
        type=click.Choice(["auto", "model", "amazon"]),
        default="auto",
        show_default=True,
        help="What translates: the local model, Amazon Translate with your credentials, or (auto) the address in"
        " AWS_ENDPOINT_URL_TRANSLATE if set, else the model.",
    )(command)


def source(command: _Command) -> _Command:
    """`--source`: the base address of Hugging Face."""
    return click.option(
        "--source", help=f"Hugging Face's base address, or one on loopback.  [default: {HUGGING_FACE}]"
    )(command)


def receives(command: _Command) -> _Command:
    """`--receives`: after how many receives a message is dead."""
    return click.option(
        "--receives",
        type=click.IntRange(1, 1000),
        help="How often a paper is tried before it goes to the dead-letter queue.  [default: 10]",
    )(command)


def languages(command: _Command) -> _Command:
    """`--lang`: the target languages."""
    return click.option("--lang", "languages", multiple=True, help="Target language; repeatable.  [default: ko]")(
        command
    )


def run(command: _Command) -> _Command:
    """`RUN`: whose digest is meant; without it the latest week's."""
    return click.argument("run", default=LATEST)(command)


def language(command: _Command) -> _Command:
    """`--lang`: the language of the one digest that is meant."""
    return click.option("--lang", "language", default="ko", show_default=True, help="The digest's language.")(command)


def top(command: _Command) -> _Command:
    """`--top`: how many papers."""
    return click.option("--top", type=click.IntRange(min=1), help="How many papers.  [default: 10]")(command)


def wait(command: _Command) -> _Command:
    """`--wait`: how long to wait for the papers."""
    return click.option(
        "--wait", type=Duration(), default="15m", show_default=True, help="How long to wait for the papers."
    )(command)


def stack(command: _Command) -> _Command:
    """`--stack`: a deployed stack to work on."""
    return click.option(
        "--stack",
        default="",
        metavar="NAME",
        help="Work on this stack, deployed to AWS, with your own AWS configuration, and not on the embedded cloud.",
    )(command)


def papers(values: Sequence[str]) -> tuple[str, ...]:
    """arXiv ids, given one by one or separated by commas. Raises UsageError for anything else."""
    ids = tuple(dict.fromkeys(part.strip() for value in values for part in value.split(",")))
    for paper in ids:
        if not is_arxiv_id(paper):
            raise UsageError(f"{paper!r} is no paper's id. Write it as 2509.08721.")
    return ids


def weeks(value: str) -> tuple[str, ...]:
    """The names of the weeks in `2025-W33..2025-W44`; one week alone is a range too. Raises UsageError."""
    first, dots, last = value.partition("..")
    return tuple(period.name for period in weeks_between(first, last if dots else first))


def request(
    stack: str, top: int | None, languages: tuple[str, ...], source: str | None, again: tuple[str, ...] = ()
) -> Request:
    """What to ask of the pipeline. What the user leaves open is up to a deployed stack, or to the run that is held."""
    defaults = Request() if stack or again else Request(top=Settings().top, source=Settings().source)
    return Request(top=top or defaults.top, languages=languages, source=source or defaults.source, again=again)


def where(state: Path, stack: str) -> str:
    """The options that lead another command to where this one works, each after a space."""
    if stack:
        return f" --stack {shlex.quote(stack)}"
    return "" if state == STATE else f" --state {shlex.quote(str(state))}"
