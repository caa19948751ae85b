r"""Cleaning: a title or abstract as the source gives it becomes plain paragraphs of English.

What changes, and nothing else:

- Unicode is composed (NFC); control and invisible characters go, every kind of space becomes a space.
- Line wraps become spaces. A line break followed by spaces is a paragraph in an abstract, and a wrap in a title.
- LaTeX residue becomes text, as `shared.text.latex` says. Math such as `x_0` and `\alpha` stays as it is.
- Markdown becomes text: `*emphasis*`, `**B**old letters` and `[name](URL)`.
- An address that was torn apart (`https: //a.io`) is joined, one that sticks to the word before it gets a space, and
  one that was followed by its name, as in `URL{name}`, comes after it.

What is clean stays as it is: cleaning twice gives what cleaning once gives.
"""

import re
import unicodedata
from typing import NewType

from shared.text.latex import Rewrites, named_address, rewrite, without_commands, without_signs
from shared.text.mask import segments

Cleaned = NewType("Cleaned", str)
"""A title or an abstract that was cleaned: the source of a translation."""
NOTHING = Cleaned("")
"""What there is to translate where nothing is."""

_NOT_PRINTABLE_ASCII = re.compile(r"[^\t\n -~]")
_SPACES = re.compile(r"[^\S\n]+")
_PARAGRAPH = re.compile(r"\n(?:[^\S\n]+|\s*\n\s*)")
_MOST_LAYERS = 8
"""How often residue within residue is looked for; real texts hold two or three layers."""


def clean_title(text: str) -> Cleaned:
    r"""The title as one line of plain text.

    >>> clean_title("**R**obust {LLM}s:\n  A Schr\\\"odinger's Cat")
    "Robust LLMs: A Schrödinger's Cat"
    """
    return Cleaned(_plain(" ".join(_visible(text).split())))


def clean_abstract(text: str) -> Cleaned:
    r"""The abstract as plain text, each paragraph one line, an empty line between two.

    >>> clean_abstract("We train it\n10times faster.\n  Code: https: //a.io/b{here}.")
    'We train it 10× faster.\n\nCode: here (https://a.io/b).'
    """
    visible = _visible(text).strip()
    paragraphs = (_plain(" ".join(part.split())) for part in _PARAGRAPH.split(visible))
    return Cleaned("\n\n".join(paragraph for paragraph in paragraphs if paragraph))


def _visible(text: str) -> str:
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = _NOT_PRINTABLE_ASCII.sub(lambda match: "" if _is_invisible(match[0]) else match[0], composed)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", kept))


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _plain(line: str) -> str:
    """One line without residue. A line with deeper layers of it than anybody writes stays as it is."""
    before, text = "", line
    for _ in range(_MOST_LAYERS):
        before, text = text, _without_a_layer(text)
        if text == before:
            return text
    return line


def _without_a_layer(line: str) -> str:
    if _ANY_ADDRESS_OR_MARKDOWN.search(line):
        line = rewrite(line, _ADDRESSES_AND_MARKDOWN)
    line = without_commands(line)
    line = "".join(part if masked else without_signs(part) for part, masked in segments(line))
    return _visible(line).strip()


def _named(match: re.Match[str]) -> str:
    name: str | None = match["name"]
    return match.group() if name is None else named_address(name, match["address"])


_ANY_ADDRESS_OR_MARKDOWN = re.compile(r"(?i)http|www\.|github\.com/|[*\[]")
"""What each of the rewrites below needs: most lines hold none of it."""
_ADDRESSES_AND_MARKDOWN: Rewrites = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?i)\b(https?) ?: ?/ ?/ ?(?=[a-z0-9][a-z0-9-]* ?\.)", r"\1://"),
        (r"(https?://[\w-]+(?:\.[\w-]+)*) ?\. ?(?=(?:github\.)?(?:ai|co|com|dev|edu|gov|io|net|org) ?/)", r"\1."),
        (r"(https?://[\w-]+(?:\.[\w-]+)+) (?=/\w)", r"\1"),
        (r"(https?://(?:github\.com|huggingface\.co)/) (?=[\w.-]+/[\w.-])", r"\1"),
        (r"\\?\b(?:url|href)(?=https?://)", ""),
        (r"(?<=[A-Za-z])(?=https?://)", " "),
        (
            r"(?P<address>(?:https?://|www\.|github\.com/)(?:[^\s{}()\[\]\\]|\\[%&_#~])+)(?:\{(?P<name>[^{}]*)\})?",
            _named,
        ),
        (r"!?\[(?P<name>[^\[\]]*)\]\(\s?(?P<address>(?:[\w-]+\.|https?://)[^\s()]+)\s?\)", _named),
        (r"(?<![\d*])\*\*(?=[^\s*])([^*]+)(?<=\S)\*\*(?!\*)", r"\1"),
        (r"(?<![\w*^])\*(?=\S)([^*]+)(?<=\S)\*(?![\w*])", r"\1"),
        (r"(?<![\w*^])\*([A-Z]{1,3})\*(?=[a-z])", r"\1"),
    )
)
