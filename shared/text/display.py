"""Strangers' text made fit to be shown: without what no reader can see and some readers fall for, math readable."""

import re

from shared.text.links import split_links

_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x85]")
# Control characters drive terminals and are forbidden in XML; bidirectional controls let a text show another one than
# it holds (https://trojansource.codes); lone surrogates and noncharacters are not text and have no UTF-8.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffc"
    "\ufffe\uffff]"
)

_GREEK = {
    name: letter
    for names, letters in (
        ("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi", "αβγδεζηθικλμνξ"),
        ("pi rho sigma tau upsilon phi chi psi omega", "πρστυφχψω"),
        ("Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega", "ΓΔΘΛΞΠΣΦΨΩ"),
    )
    for name, letter in zip(names.split(), letters, strict=True)
}
_LETTER = "|".join(_GREEK)
_MACRO = re.compile(rf"\\({_LETTER})(?![A-Za-z])")
_NAMED = re.compile(rf"(?<![A-Za-z\\])({_LETTER})(?=_\{{?\d)")
_SUPERSCRIPT = re.compile(r"(?<=[\w)])\^(?:\{([-+]?\d+|[-+]?[ni])\}|([-+]?\d+|[ni](?!\w)))")
_SUBSCRIPT = re.compile(r"(?<![\w./-])([A-Za-zα-ωΓ-Ω])_(?:\{(\d+(?:\.\d+)?)\}|(\d+))(?![\w/])")
_RAISED = str.maketrans("0123456789+-ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱ")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def displayable(text: str) -> str:
    """`text` without control characters, with `\\n` for every line end."""
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    """`text` on one line: titles and causes of failures."""
    return " ".join(displayable(text).split())


def sentences(text: str) -> tuple[tuple[str, ...], ...]:
    """A translation's paragraphs, each as its sentences: the translation has one sentence a line."""
    parts = re.split(r"\n\s*\n", displayable(text))
    return tuple(
        lines for part in parts if (lines := tuple(line.strip() for line in part.splitlines() if line.strip()))
    )


def readable(text: str) -> str:
    r"""A line with the math that LaTeX left in it as characters: `pi_0` as π₀, `10^{-3}` as 10⁻³, `\alpha` as α.

    Only what is surely math changes, and no address does.
    """
    return "".join(piece if address else _readable_math(piece) for piece, address in split_links(text))


def _readable_math(text: str) -> str:
    text = _MACRO.sub(lambda match: _GREEK[match[1]], text)
    text = _NAMED.sub(lambda match: _GREEK[match[1]], text)
    text = _SUPERSCRIPT.sub(lambda match: (match[1] or match[2]).translate(_RAISED), text)
    return _SUBSCRIPT.sub(lambda match: match[1] + (match[2] or match[3]).translate(_LOWERED), text)
