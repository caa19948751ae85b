"""What is wrong with a document: commands, settings, targets and links that there are not."""

import re
import shlex
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import click
from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from botocore.session import Session
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cli.commands import chorok
from shared.errors import ChorokError
from shared.settings import Settings

PLACEHOLDERS = {
    "BUCKET": "old-ledger",
    "CODE": "ko",
    "RUN": "2025-W37",
    "PAPER": "2509.08721",
    "NAME": "Chorok",
    "OUT": "out",
    "FOLDER": "models",
    "DATE": "2025-09-12",
}
"""What may stand in a command for whatever is meant."""
_CONTEXT = re.compile(r"chorok:(\w+)=(.*)")
_ENVIRONMENT = re.compile(r"[A-Z_]+=.*")
_AWS_NAMES = {"s3api": "s3"}
"""What the AWS command line calls otherwise than the service's model."""
_GLOBAL_AWS = {"--output", "--query", "--endpoint-url", "--region", "--profile"}
"""https://docs.aws.amazon.com/cli/latest/reference/#global-options, those that the documents use."""


def faults(path: Path, root: Path, text: str) -> list[str]:
    """One line for each thing in `text`, the document at `path`, that a reader could not follow.

    Commands are read and checked as the command itself would, in the current folder, and not run: give them one of
    their own, since files that they name are made there.
    """
    tokens = MarkdownIt().enable("table").parse(text)
    return [
        *(fault for words in _commands(tokens) for fault in _faults_of_command(words, root)),
        *(fault for target in _links(tokens) for fault in _faults_of_link(target, path)),
    ]


def anchors(text: str) -> set[str]:
    """The anchors of a Markdown document's headings, as GitHub names them."""
    tokens = MarkdownIt().parse(text)
    headings = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _commands(tokens: list[Token]) -> Iterator[list[str]]:
    """The words of each command line: in blocks of shell, and in the text where one begins with a known program."""
    for token in tokens:
        if token.type == "fence" and token.info == "sh":
            for line in token.content.replace("\\\n", " ").splitlines():
                yield from _words(line)
        for child in token.children or ():
            if child.type == "code_inline":
                yield from _words(child.content)


def _words(line: str) -> Iterator[list[str]]:
    """The words of a line that runs one of the programs that are looked at, without variables set before it."""
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        return
    while words and _ENVIRONMENT.fullmatch(words[0]):
        words = words[1:]
    if len(words) > 1 and words[0] in _FAULTS:
        yield list(takewhile(lambda word: word not in ("|", ">", "&&"), words))


def _faults_of_command(words: list[str], root: Path) -> Iterator[str]:
    yield from (f"{shlex.join(words)}: {fault}" for fault in _FAULTS[words[0]](words[1:], root))


def _faults_of_chorok(words: list[str], _root: Path) -> Iterator[str]:
    words = [PLACEHOLDERS.get(word, word) for word in words if word != "…"]
    command: click.Command = chorok
    context = click.Context(chorok, info_name="chorok")
    try:
        while isinstance(command, click.Group) and words and words[0] not in ("--help", "COMMAND"):
            name, found, words = command.resolve_command(context, words)
            assert found is not None
            command, context = found, click.Context(found, info_name=name, parent=context)
        if isinstance(command, click.Group) or not words:
            return  # A command is named, and not run.
        for word in words:
            if re.fullmatch(r"[\w-]+\.[a-z]{3,5}", word):
                Path(word).touch()
        with command.make_context(context.info_name, words):
            pass
    except click.exceptions.Exit:
        return
    except (click.ClickException, ChorokError) as error:
        yield error.format_message() if isinstance(error, click.ClickException) else str(error)


def _faults_of_make(words: list[str], root: Path) -> Iterator[str]:
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    yield from (f"there is no target {word}" for word in words if "=" not in word and word not in targets)


def _faults_of_npx(words: list[str], _root: Path) -> Iterator[str]:
    given = [match for word in words if (match := _CONTEXT.fullmatch(word))]
    try:
        Settings.from_texts({match[1]: PLACEHOLDERS.get(match[2], match[2]) for match in given if "…" not in match[2]})
    except ChorokError as error:
        yield str(error)


def _faults_of_aws(words: list[str], _root: Path) -> Iterator[str]:
    session = Session()
    service, operation, *rest = [*words, ""]
    try:
        model = session.get_service_model(_AWS_NAMES.get(service, service))
    except UnknownServiceError:
        yield f"there is no service {service}"
        return
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    if not operation:
        return  # A service is named.
    if operation not in operations:
        yield f"there is no operation {operation}"
        return
    shape = model.operation_model(operations[operation]).input_shape
    known = {f"--{xform_name(name, '-')}" for name in (shape.members if shape else {})}
    for word in rest:
        option = word.partition("=")[0]
        if option.startswith("--") and option not in known | _GLOBAL_AWS and f"--{option[5:]}" not in known:
            yield f"there is no option {option}"


def _links(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        for child in token.children or ():
            target = child.attrGet("href") or child.attrGet("src")
            if target:
                yield str(target)


def _faults_of_link(target: str, path: Path) -> Iterator[str]:
    if "://" in target:
        if not target.startswith("https://"):
            yield f"{target}: a link leads to https, or to a file of the project"
        return
    name, _, anchor = target.partition("#")
    file = (path.parent / name) if name else path
    if not file.exists():
        yield f"{target}: there is no such file"
    elif anchor and anchor not in anchors(file.read_text(encoding="utf-8")):
        yield f"{target}: there is no such heading"


_FAULTS = {"chorok": _faults_of_chorok, "make": _faults_of_make, "npx": _faults_of_npx, "aws": _faults_of_aws}
