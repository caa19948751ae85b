"""The options and arguments that several commands share, each in one place."""

import shlex
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from cli import values
from shared.digest.formats import FORMAT_NAMES
from shared.ledger import keys
from shared.papers import HUGGING_FACE
from shared.periods import PeriodKind

STATE = Path(".chorok")
PARTIAL = 3
"""The exit status where a digest is partial."""
_FOLDER = click.Path(file_okay=False, path_type=Path)

_Command = Callable[..., Any]
_Read = Callable[[Any], Any]


def read_by(read: _Read) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """A callback that reads what was given, and leaves alone what was not."""
    return lambda _context, _parameter, value: None if value is None else read(value)


def state(command: _Command) -> _Command:
    """`--state`: the folder in which the embedded cloud keeps everything."""
    return click.option(
        "--state", type=_FOLDER, default=STATE, show_default=True, help="Where the embedded cloud lives."
    )(command)


def out(command: _Command) -> _Command:
    """`--out`: where digests are written on this machine."""
    return click.option(
        "--out",
        type=_FOLDER,
        default=Path("digests"),
        show_default=True,
        callback=read_by(values.folder_to_write),
        help="Where the digests are written.",
    )(command)


def engine(command: _Command) -> _Command:
    """`--engine`: what translates on the embedded cloud."""
    return click.option(
        "--engine",
        type=values.Engine(["auto", "model", "amazon", "chat"]),
        default="auto",
        show_default=True,
        metavar="[auto|model|amazon|chat|bedrock:ID]",
        help="What translates: the local model, Amazon Translate or a model of Amazon Bedrock with your credentials,"
        " the chat model that CHOROK_CHAT_URL and CHOROK_CHAT_MODEL name, or (auto) the address in"
        " AWS_ENDPOINT_URL_TRANSLATE if set, else the local model.",
    )(command)


def second_engine(command: _Command) -> _Command:
    """`--second-engine`: what is asked for the sentences that the first engine cannot do."""
    return click.option(
        "--second-engine",
        type=values.Engine(["chat"]),
        callback=lambda _context, _parameter, value: value or "",
        metavar="[chat|bedrock:ID]",
        help="What is asked for the sentences that the first engine cannot do: the chat model that CHOROK_CHAT_URL and"
        " CHOROK_CHAT_MODEL name, or a model of Amazon Bedrock with your credentials.  [default: nothing]",
    )(command)


def source(command: _Command) -> _Command:
    """`--source`: the base address of Hugging Face."""
    return click.option(
        "--source",
        metavar="ADDRESS",
        help="The address papers are read from: Hugging Face's, or one on loopback such as http://127.0.0.1:8000."
        f"  [default: {HUGGING_FACE}]",
    )(command)


def receives(command: _Command) -> _Command:
    """`--receives`: after how many receives a message is dead."""
    return click.option(
        "--receives",
        type=click.IntRange(1, 1000),
        help="How often a paper is tried before it goes to the dead-letter queue.  [default: 10]",
    )(command)


def languages(default: str) -> Callable[[_Command], _Command]:
    """`--lang`: target languages; `default` says what is meant without it."""
    return click.option(
        "--lang",
        "languages",
        multiple=True,
        metavar="CODE",
        callback=read_by(values.languages),
        help=f"Target languages, such as ko or ko,pt; repeatable.  [default: {default}]",
    )


def language(command: _Command) -> _Command:
    """`--lang`: the language of the one digest that is meant."""
    return click.option(
        "--lang",
        "language",
        default="ko",
        show_default=True,
        metavar="CODE",
        callback=read_by(values.language),
        help="The digest's language.",
    )(command)


def published_run(command: _Command) -> _Command:
    """`RUN`: whose digest is meant; without it the latest week's."""
    return click.argument("run", default=values.LATEST, callback=read_by(partial(values.run, values.LATEST)))(command)


def period(name: str, kind: PeriodKind, text: str) -> Callable[[_Command], _Command]:
    """`--week`, `--date` or `--month`, as `name` says: a period of that kind."""
    return click.option(name, callback=read_by(partial(values.period_name, kind)), metavar="PERIOD", help=text)


def known_run(command: _Command) -> _Command:
    """`RUN`: which run is meant; without it all are."""
    return click.argument("run", default="", callback=read_by(partial(values.run, "")))(command)


def one_run(command: _Command) -> _Command:
    """`RUN`: the run that is meant."""
    return click.argument("run", callback=read_by(partial(values.run, keys.SAMPLE)))(command)


def one_paper(command: _Command) -> _Command:
    """`PAPER`: the paper that is meant, by its arXiv id."""
    return click.argument("paper", callback=read_by(values.paper))(command)


def one_paper_or_all(command: _Command) -> _Command:
    """`PAPER`: the paper that is meant; without it all are."""
    return click.argument("paper", default="", callback=read_by(lambda value: value and values.paper(value)))(command)


def form(default: str, *also: str) -> Callable[[_Command], _Command]:
    """`--format`: which of a digest's files; `also` are the other words that are understood."""
    return click.option(
        "--format",
        "form",
        type=click.Choice([*FORMAT_NAMES, *also], case_sensitive=False),
        default=default,
        show_default=True,
        help="Which of the digest's files.",
    )


def top(command: _Command) -> _Command:
    """`--top`: how many papers."""
    return click.option("--top", type=click.IntRange(min=1), help="How many papers.  [default: 10]")(command)


def yes(command: _Command) -> _Command:
    """`--yes`: no question is asked."""
    return click.option("--yes", is_flag=True, help="Do it without asking.")(command)


def wait(command: _Command) -> _Command:
    """`--wait`: how long to wait for the papers."""
    return click.option(
        "--wait", type=values.Duration(), default="15m", show_default=True, help="How long to wait for the papers."
    )(command)


def stack(command: _Command) -> _Command:
    """`--stack`: a deployed stack to work on."""
    return click.option(
        "--stack",
        default="",
        metavar="NAME",
        help="Work on this stack, deployed to AWS, with your own AWS configuration, and not on the embedded cloud.",
    )(command)


def where(state: Path, stack: str) -> str:
    """The options that lead another command to where this one works, each after a space."""
    if stack:
        return f" --stack {shlex.quote(stack)}"
    return "" if state == STATE else f" --state {shlex.quote(str(state))}"
