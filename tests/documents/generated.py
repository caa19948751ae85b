"""What documents repeat of the code: commands, settings, failures, measurements, what it costs, one paper's way."""

import ast
import inspect
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path

import click

from cli.commands import HEADINGS, chorok
from shared import settings
from shared.failures import KNOWN_FAILURES, KnownFailure
from shared.settings import READ_BY, Settings
from tests.bench.kept import newest, summary, tables
from tests.documents.costs import cost, scale
from tests.documents.one_paper import one_paper

_WRITTEN = "<!-- written by `make documents` -->\n"
_WIDTH = 100


def generated(root: Path) -> dict[str, str]:
    """Path below `root` to text, of each document that is written, wholly or in part, from the code."""
    measured = newest(root / "docs" / "benchmarks")
    return {
        "docs/commands.md": "".join(_commands()),
        "docs/settings.md": "".join(_settings()),
        "docs/one-paper.md": one_paper(),
        "docs/runbook.md": _with(root / "docs" / "runbook.md", "failures", "".join(_failures(KNOWN_FAILURES))),
        "docs/cost.md": "".join(cost(_WRITTEN)),
        "docs/scale.md": "".join(scale(_WRITTEN)),
        "docs/performance.md": _with(root / "docs" / "performance.md", "measured", tables(measured)),
        "README.md": _with(root / "README.md", "measured", summary(measured)),
    }


def _commands() -> Iterator[str]:
    yield f"# Commands\n\n{_WRITTEN}\nWhat `chorok COMMAND --help` says, of every command.\n"
    root = click.Context(chorok, info_name="chorok", max_content_width=_WIDTH, terminal_width=_WIDTH)
    yield _block(chorok.get_help(root))
    for heading, commands in HEADINGS.items():
        yield f"\n## {heading}\n"
        for name in commands:
            command = chorok.get_command(root, name)
            assert command is not None
            yield from _command(command, name, root)


def _command(command: click.Command, name: str, above: click.Context) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=above, max_content_width=_WIDTH, terminal_width=_WIDTH)
    yield f"\n### {context.command_path}\n{_block(command.get_help(context))}"
    if isinstance(command, click.Group):
        for inner_name, inner in command.commands.items():
            yield from _command(inner, inner_name, context)


def _block(text: str) -> str:
    return f"\n```text\n{text}\n```\n"


def _settings() -> Iterator[str]:
    yield f"# Settings\n\n{_WRITTEN}\n"
    yield (
        "What differs between deployments, each with its default. A setting is given as `-c chorok:NAME=VALUE`, a\n"
        "list with commas. One that makes no sense is refused at synthesis, in one line.\n\n"
        "| setting | default | what it is | read by |\n|---|---|---|---|\n"
    )
    meanings = _docstrings_of_fields(Settings)
    for field in fields(Settings):
        readers = ", ".join(f"`{function}`" for function, names in READ_BY.items() if field.name in names)
        default = settings.to_text(field.default)
        shown = f"`{default}`" if default else "none"
        yield f"| `{field.name}` | {shown} | {meanings[field.name]} | {readers or 'the stack'} |\n"


def _docstrings_of_fields(cls: type) -> dict[str, str]:
    """What stands below each field of `cls`, on one line: Python keeps no such docstrings at run time."""
    (definition,) = ast.parse(inspect.getsource(cls)).body
    assert isinstance(definition, ast.ClassDef)
    pairs = zip(definition.body, definition.body[1:], strict=False)
    return {
        field.target.id: " ".join(text.value.value.split())
        for field, text in pairs
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


def _with(path: Path, name: str, written: str) -> str:
    """The document at `path` with `written` between the markers called `name`."""
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(f"<!-- {name}: written by `make documents` -->\n")
    _, end, after = rest.partition(f"<!-- /{name} -->")
    assert begin
    assert end
    return f"{before}{begin}{written}{end}{after}"


def _failures(failures: Sequence[KnownFailure]) -> Iterator[str]:
    """The table, without the codes that only have their class to tell."""
    yield "| code | class | cause | what to do |\n|---|---|---|---|\n"
    for known in failures:
        if known.cause:
            remedy = known.remedy.format(redrive="`chorok redrive`")
            cause = re.sub(r"\{(\w+)\}", r"*\1*", known.cause)
            yield f"| `{known.code}` | {known.kind} | {cause} | {remedy} |\n"
