r"""What LaTeX leaves in a title or an abstract, as text: accents, commands, quotes, braces, spaces.

Math such as `x_0`, `\alpha` and `\frac{a}{b}` stays as it is, and so does every command that is not known here. What is
nested loses one layer in each call.
"""

import re
import unicodedata
from collections.abc import Callable

Rewrites = tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]


def rewrite(text: str, rewrites: Rewrites) -> str:
    """`text` after each of the rewrites in turn."""
    for pattern, replacement in rewrites:
        text = pattern.sub(replacement, text)
    return text


def without_commands(text: str) -> str:
    r"""`text` with LaTeX's commands, quotes and groups as plain characters.

    >>> without_commands(r"``Schr\"odinger'', vs.\ 9.67 of {B}ERT\footnote{See \url{https://a.io}.")
    '"Schrödinger", vs. 9.67 of BERT (See https://a.io).'
    """
    return _without_unpaired_braces(rewrite(text, _COMMANDS)) if _ANY_COMMAND.search(text) else text


def without_signs(text: str) -> str:
    r"""`text`, which holds no address, code or math, with LaTeX's signs as plain characters.

    >>> without_signs("10times faster, 1.2times-2.4×, sim1% of Step~9 -- at 0.73rightarrow0.90")
    '10× faster, 1.2×-2.4×, ~1% of Step 9 – at 0.73→0.90'
    """
    return rewrite(text, _SIGNS) if _ANY_SIGN.search(text) else text


def named_address(name: str, address: str) -> str:
    """A link that had a name, as text.

    >>> named_address("our page", "https://a.io/b")
    'our page (https://a.io/b)'
    """
    address, name = address.strip(), name.strip(" .")
    return address if not name or name == address else f"{name} ({address})"


_SYMBOLS = {
    "LaTeX": "LaTeX",
    "Rightarrow": "⇒",
    "TeX": "TeX",
    "approx": "≈",
    "cdot": "·",
    "circ": "°",
    "deg": "°",
    "dots": "…",
    "eg": "e.g.",
    "etc": "etc.",
    "ge": "≥",
    "geq": "≥",
    "ie": "i.e.",
    "infty": "∞",
    "ldots": "…",
    "le": "≤",
    "leftarrow": "←",
    "leq": "≤",
    "neq": "≠",
    "pm": "±",
    "rightarrow": "→",
    "sim": "~",
    "textasciitilde": "~",
    "times": "×",
    "to": "→",
    **dict.fromkeys(("linebreak", "newline", "par", "qquad", "quad", "space", "xspace"), " "),
    **dict.fromkeys(("centering", "footnotemark", "left", "noindent", "protect", "right"), ""),
}
_STYLES = (
    "text|textbf|textit|textmd|textrm|textsc|textsf|textsl|texttt|textup|emph|underline|mbox|ensuremath|operatorname"
    "|boldsymbol|mathbb|mathbf|mathcal|mathfrak|mathit|mathrm|mathsf"
)
_SWITCHES = "bf|em|it|rm|sc|sf|sl|tt|bfseries|itshape|scshape|ttfamily"
_DROPPED = "cite[a-z]*|label|thanks|[vh]space|(?:text)?color"
"""Commands that say nothing without the document they point into, or nothing that is text."""
_MATH = "binom|d?frac|hat|bar|overline|sqrt|tilde|vec"
"""Commands that are math also where their backslash is already lost."""

_COMBINING = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
}
"""LaTeX's accents, by the character of their command."""
_LETTERS = {
    "AA": "Å",
    "AE": "Æ",
    "DJ": "Đ",
    "L": "Ł",
    "O": "Ø",
    "OE": "Œ",
    "aa": "å",
    "ae": "æ",
    "dj": "đ",
    "l": "ł",
    "o": "ø",
    "oe": "œ",
    "ss": "ß",
}
_LETTER = "|".join(sorted(_LETTERS, key=len, reverse=True))
_BARE = r"(?P<letter>\\[ij](?![A-Za-z]) ?|[A-Za-z])"
_ADDRESS = r"https?://[^\s{}()\[\]]*[\w/]"
_VALUES = re.compile(r"[^\s,{}]{1,12}(?:, ?[^\s,{}]{1,12})+")


def _accented(match: re.Match[str]) -> str:
    composed = unicodedata.normalize("NFC", match["letter"].strip("\\ ") + _COMBINING[match["accent"]])
    return composed if len(composed) == 1 else match.group()


def _letter(match: re.Match[str]) -> str:
    return _LETTERS[match["letter"]]


def _symbol(match: re.Match[str]) -> str:
    return _SYMBOLS.get(match["symbol"], match.group())


def _named(match: re.Match[str]) -> str:
    return named_address(match["name"], match["address"])


def _footnote(match: re.Match[str]) -> str:
    note = (match["closed"] or match["open"] or "").strip()
    return f" ({note})" if note else ""


def _group(match: re.Match[str]) -> str:
    """A group that LaTeX left, without its braces. What belongs to math stays, and so do values such as {0, 1}."""
    group: str | None = match["group"]
    return match.group() if group is None or _VALUES.fullmatch(group) or '":' in group else group


def _without_unpaired_braces(text: str) -> str:
    opened: list[int] = []
    unpaired: set[int] = set()
    for match in re.finditer("[{}]", text):
        if match.group() == "{":
            opened.append(match.start())
        elif opened:
            opened.pop()
        else:
            unpaired.add(match.start())
    unpaired.update(opened)
    return "".join(character for position, character in enumerate(text) if position not in unpaired)


_ANY_COMMAND = re.compile(r"[\\`{}^]|''|url")
"""What each of the rewrites below needs: most texts hold none of it."""
_COMMANDS: Rewrites = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # Escapes of other formats: a line break, quotes and an apostrophe as programs write them.
        (r"(?<!\\)\\+(?:[nrt](?![A-Za-z{])|n(?=[A-Z][a-z]))", " "),
        (r"(?<!\w)\\\"(?=\w)([^\"\\]{1,300})(?<=[\w.,!?])\\\"(?!\w)", r'"\1"'),
        (r"(?<=\w)\\'(?=(?:s|t|d|m|re|ll|ve)\b)", "'"),
        # Accents: \"o, \"{o}, \'\i, \c{c}, \c c. Letters: {\o}, \o{}, stra\ss e, \O stergaard.
        (rf"\\(?P<accent>[\"'`^~=.uvHckrdb])\{{{_BARE}\}}", _accented),
        (rf"\\(?P<accent>[\"'`^~=.]){_BARE}", _accented),
        (rf"\\(?P<accent>[uvHckrdb]) {_BARE}", _accented),
        (rf"\\(?P<letter>{_LETTER})(?:\{{\}}|(?=\}}))", _letter),
        (rf"(?<=[A-Za-z])\\(?P<letter>{_LETTER})(?![A-Za-z(_^{{])(?: (?=[a-z]))?", _letter),
        (r"\\(?P<letter>AA|AE|DJ|L|OE|O) (?=[a-z])", _letter),
        # Addresses and notes. Where a closing brace is lost, the address ends it, or the sentence.
        (r"\\?\burl\s?\{\s*([^{}]*?)\s*\}", r"\1"),
        (r"\\?\burl\s?\{?\s?(?=https?://|www\.)", ""),
        (r"\\?\bhref\s?\{(?P<address>[^{}]*)\}\s?\{(?P<name>[^{}]*)\}", _named),
        (r"\\?\bhref\s?\{([^{}]*)\}", r"\1 "),
        (
            rf"\\?\bfootnote(?:text)?\s?\{{(?:(?P<closed>[^{{}}]*)\}}|(?P<open>{_ADDRESS}|(?:[^{{}}.]|\.(?!\s|$))*))",
            _footnote,
        ),
        # Commands.
        (rf"(?:~| (?=\\cite))?\\(?:{_DROPPED})\*?(?:\[[^\[\]]*\])?\{{[^{{}}]*\}}", ""),
        (rf"\\?\b(?:{_STYLES})\{{", "{"),
        (rf"(?<={{)\\(?:{_SWITCHES})(?![A-Za-z])\s?|\\(?:{_SWITCHES})\s", ""),
        (r"\^\{?\\?(?P<symbol>circ)\}?", _symbol),
        (r"\\(?P<symbol>[A-Za-z]+)(?:\{\})?(?![A-Za-z{])", _symbol),
        # Escaped characters, and spaces.
        (r"(?<=\d)\\,(?=\d{3}(?!\d))", ","),
        (r"\\\\(?=\s|$)|\\[ ,;:]", " "),
        (r"\\[!/@-]", ""),
        (r"\\(?=\d)", "$"),
        (r"\\([%&_#${}])", r"\1"),
        (r"\\~\{\}", "~"),
        # Quotes; f'' is a derivative.
        (r"(?<!`)``(?!`)", '"'),
        (r"(?<!')(?<!(?<![A-Za-z])[A-Za-z])(?<!\d)''(?!')", '"'),
        (r"(?<![`\w])`([^`'\n]{1,80})'(?!['\w])", r"'\1'"),
        # Groups. A set such as `in {True, False}` and a script such as `x_{i}` are math.
        (
            rf"(?:\\[A-Za-z]+|\b(?:{_MATH}))(?:\{{[^{{}}]*\}})+|[_^]\{{[^{{}}]*\}}|(?:\bin |[=∈] ?)\{{[^{{}}]*\}}"
            r"|\{(?P<group>[^{}]*)\}",
            _group,
        ),
    )
)
_ANY_SIGN = re.compile(r"times|pm|sim|approx|[lg]eq|arrow|cdot|--|~")
"""What each of the rewrites below needs."""
_SIGNS: Rewrites = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # Where the backslash is already lost, only digits beside it tell the macro from the word.
        (r"(?<=[\d.°])times(?![A-Za-z])|(?<![A-Za-z])times(?=\d)", "×"),
        (r"(?<=\d) times (?=\d)", "×"),
        (r"(?<=\d)pm(?=\d)|(?<=\.\d)pm(?= \d)", "±"),
        (r"(?<![A-Za-z])(?P<symbol>sim|approx|leq|geq) ?(?=\d[\d.,]*(?:[KMB%×]|\b))", _symbol),
        (r"(?<![A-Za-z\\])(?P<symbol>[Rr]ightarrow|leftarrow)(?![A-Za-z])", _symbol),
        (r"(?<=\d)cdot(?=\d)", "·"),
        (r"(?<=[%\w]) ?--(?=\d)", "–"),
        (r"(?<!\s)\s+---\s+|(?<=\S)---(?=\S)", " — "),
        (r"(?<!\s)\s+--\s+|(?<=[\w)])--\s*(?=[A-Za-z])", " – "),
        (r"(?<=\w)~(?=[A-Za-z(])|(?<=[,.;:])~(?=\w)|(?<=[A-Za-z)])~(?=\w)", " "),
    )
)
"""What may also be part of an address or of code, and is not touched there."""
