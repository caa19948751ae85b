"""Cutting a line of text into pieces that the model translates whole.

Beyond some 100 of the units it reads (words, or parts of rarer ones) a Firefox model loses the thread: it repeats
itself or drops the rest without a word. So a longer sentence is cut at an inner boundary.
"""

import re
from collections.abc import Iterator

from shared.text.sentences import SentenceEnds, boundaries

MOST_UNITS = 100
"""Units that are given to the model at once, as `units` counts them."""

_UNIT = re.compile(r"[a-z]{1,7}|[^a-z\s]")
_INNER = tuple(
    re.compile(pattern) for pattern in (r"(?<=[.!?])\s+", r"(?<=[;:])\s+|\s+(?=[–—] )", r"(?<=,)\s+", r"\s+")
)
"""Where a piece that is too long may be cut, the best boundary first."""


def split(line: str, language: str) -> Iterator[tuple[str, str]]:
    """The pieces of `line` in order, each with the white space after it; joined, they are `line` again.

    Leading white space comes as an empty piece. No piece has more than `MOST_UNITS`.
    """
    start = 0
    for position in boundaries(line, SentenceEnds(language)):
        yield from _pieces(line[start:position])
        start = position


def units(text: str) -> int:
    """About how many units a model reads in `text`.

    Over the long sentences of real abstracts this is 0.9 to 1.4 times what the Portuguese model's vocabulary gives.
    """
    return sum(1 for _ in _UNIT.finditer(text))


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    piece = text.strip()
    if not piece:
        if text:
            yield "", text
        return
    before, _, after = text.partition(piece)
    if before:
        yield "", before
    if units(piece) <= MOST_UNITS:
        yield piece, after
        return
    cut = _cut(piece)
    yield from _pieces(piece[:cut])
    yield from _pieces(piece[cut:] + after)


def _cut(piece: str) -> int:
    """Where to cut `piece` in two: the best kind of boundary in its middle, and of that kind the most central one."""
    middle = len(piece) // 2
    for boundary in _INNER:
        ends = [match.end() for match in boundary.finditer(piece, len(piece) // 5, len(piece) - len(piece) // 5)]
        if ends:
            return min(ends, key=lambda end: abs(end - middle))
    return MOST_UNITS
