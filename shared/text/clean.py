r"""Cleaning: a title or abstract as the source gives it becomes plain paragraphs of English.

What changes, and nothing else:

- Unicode is composed (NFC); control and invisible characters go, every kind of space becomes a space.
- Line wraps become spaces. A line break followed by spaces is a paragraph in an abstract, and a wrap in a title.
- LaTeX residue becomes text: ``quotes'' and `quotes', `\%` `\&` `\_` `\#`, `~`, `--` and `---`, `{group}`, `\emph{x}`,
  `8.4times`, `sim1`, `360^circ`, `\footnote{URL}` and `URL{name}`. Math such as `x_0` and `\alpha` stays as it is.
- Markdown becomes text: `*emphasis*` and `[name](URL)`. A URL that sticks to the word before it gets a space.
"""

import re
import unicodedata
from collections.abc import Callable

from shared.text.mask import segments

_SPACES = re.compile(r"[^\S\n]+")
_PARAGRAPH = re.compile(r"\n(?:[^\S\n]+|\s*\n\s*)")


def clean_title(text: str) -> str:
    """The title as one line of plain text."""
    return _plain(" ".join(_visible(text).split()))


def clean_abstract(text: str) -> str:
    """The abstract as plain text, each paragraph one line, an empty line between two."""
    visible = _visible(text).strip()
    paragraphs = (_plain(" ".join(part.split())) for part in _PARAGRAPH.split(visible))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _visible(text: str) -> str:
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (character for character in composed if character == "\n" or not _is_invisible(character))
    return _SPACES.sub(lambda spaces: spaces.group() if "\n" in spaces.group() else " ", "".join(kept))


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} and character != "\t"


def _plain(text: str) -> str:
    """One line without LaTeX and Markdown residue."""
    text = _rewritten(text, _MARKUP)
    text = "".join(part if masked else _rewritten(part, _SIGNS) for part, masked in segments(text))
    return _SPACES.sub(" ", text).strip()


def _rewritten(text: str, rewrites: "_Rewrites") -> str:
    for pattern, replacement in rewrites:
        text = pattern.sub(replacement, text)
    return text


def _named_address(match: re.Match[str]) -> str:
    name = match["name"].strip(" .")
    return match["address"] if name == match["address"] else f"{name} ({match['address']})"


def _symbol(match: re.Match[str]) -> str:
    return _SYMBOLS.get(match["symbol"], match.group())


_SYMBOLS = {
    "approx": "≈",
    "circ": "°",
    "deg": "°",
    "dots": "…",
    "eg": "e.g.",
    "etc": "etc.",
    "geq": "≥",
    "ie": "i.e.",
    "ldots": "…",
    "leq": "≤",
    "neq": "≠",
    "pm": "±",
    "rightarrow": "→",
    "sim": "~",
    "times": "×",
    "to": "→",
}
_STYLES = "text|textbf|textit|textsc|texttt|textrm|emph|mathbf|mathrm|mathit|mathcal|underline"
_LINK = r"(?:https?://|www\.|github\.com/)[^\s{}()\[\]]{1,500}"

_Rewrites = tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]

_MARKUP: _Rewrites = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"``(.{1,300}?)(?:''|\"|”)", r'"\1"'),
        (r"(?<![`\w])`([^`'\n]{1,80})'(?!['\w])", r"'\1'"),
        (rf"\\?\b(?:{_STYLES})\{{([^{{}}]*)\}}", r"{\1}"),
        (r"\\footnote\{([^{}]*)\}", r" (\1)"),
        (r"(?<=[A-Za-z])(?=https?://)", " "),
        (rf"(?P<address>{_LINK})\{{(?P<name>[^{{}}]*)\}}", _named_address),
        (r"\[(?P<name>[^\[\]]+)\]\((?P<address>(?:[\w-]+\.|https?://)[^\s()]+)\)", _named_address),
        (r"(?<![\w*^])(\*{1,2})(?=\S)([^*]+)(?<=\S)\1(?![\w*])", r"\2"),
        (r"\^\{?\\?(?P<symbol>circ)\}?", _symbol),
        (r"\{?\\(?P<symbol>[A-Za-z]+)\}?(?![A-Za-z{])", _symbol),
        (r"\\(?=\d)", "$"),
        (r"\\([%&_#$])", r"\1"),
        # A group that LaTeX left. A set such as `in {True, False}` and a script such as `x_{i}` are math and stay.
        (r"(?:(?<=^)|(?<=[\s(\"']))(?<!in )(?<!= )\{([^{}]+)\}", r"\1"),
    )
)
_SIGNS: _Rewrites = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # Where the backslash is already lost, only digits beside it tell the macro from the word.
        (r"(?<=[\d.°])(?P<symbol>times|pm)(?=[\d\s.,)]|$)", _symbol),
        (r"(?<![A-Za-z])(?P<symbol>sim|approx|leq|geq) ?(?=\d[\d.,]*(?:[KMB%×]|\b))", _symbol),
        (r"(?<=[%\w]) ?--(?=\d)", "–"),
        (r"\s+---\s+|(?<=\S)---(?=\S)", " — "),
        (r"\s+--\s+|(?<=[\w)])--\s*(?=[A-Za-z])", " – "),
        (r"(?<=\w)~(?=[A-Za-z(])|(?<=[,.;:])~(?=\w)", " "),
    )
)
"""What may also be part of an address or of code, and is not touched there."""
