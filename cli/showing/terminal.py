"""The terminal shows text: what strangers wrote cannot drive it.

Titles, causes, names of engines, paths and error messages all come from outside. They reach the terminal through `say`,
or through `cell` as part of a table, and through nothing else.
"""

import json

import msgspec
from rich.console import Console
from rich.text import Text

_JOINERS = frozenset("\u200c\u200d")
"""Unseen, but parts of words and emoji, and harmless."""


def printable(text: str) -> str:
    r"""`text` with everything that is not shown as a character written out, so that it neither acts nor hides.

    >>> printable("a\x1b[2J\u202egnp.exe")
    'a\\x1b[2J\\u202egnp.exe'
    """
    return "".join(
        character if character.isprintable() or character in _JOINERS else _written_out(character) for character in text
    )


def say(console: Console, text: str, style: str = "") -> None:
    """Print one line of text, never wrapped: what is to be copied, such as a path, stays whole."""
    console.print(cell(text), style=style, soft_wrap=True)


def say_json(console: Console, value: object) -> None:
    """Print `value` as indented JSON, in ASCII, so that nothing in it needs to be written out in another way."""
    for line in json.dumps(msgspec.to_builtins(value), indent=1).replace("\x7f", "\\u007f").splitlines():
        say(console, line)


def say_json_line(console: Console, value: object) -> None:
    """Print `value` as one line of JSON that a person can read too: what is not shown as a character is escaped."""
    line = json.dumps(msgspec.to_builtins(value), ensure_ascii=False)
    say(console, "".join(character if character.isprintable() else _escaped(character) for character in line))


def cell(text: str, style: str = "") -> Text:
    """Text for a table or a bar; nothing in it is markup."""
    return Text(printable(text), style=style)


def _written_out(character: str) -> str:
    r"""A character as Python would write it.

    >>> _written_out("\n"), _written_out("\ud800")
    ('\\n', '\\ud800')
    """
    return character.encode("unicode_escape").decode()


def _escaped(character: str) -> str:
    r"""A character as JSON may write any.

    >>> _escaped("\x9b")
    '\\u009b'
    """
    return json.dumps(character)[1:-1].replace("\x7f", "\\u007f")
