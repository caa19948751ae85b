"""Which sentences of a translation belong to which of its source.

By what they share (numbers, names, terms, words whose rendering is known) and by their lengths, as W. A. Gale and
K. W. Church showed (A Program for Aligning Sentences in Bilingual Corpora, Computational Linguistics 19:1, 1993).
Translators keep the order, but cut sentences, join them, lose one or write one twice.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Traces:
    """What of a sentence should be found on the other side, as bits of integers; and its length in characters.

    `own` are the bits of what the sentence holds, `explained` those of what it explains on the other side. A bit of
    `own` that is in the other side's `explained` is a match. What weighs more has more bits. `items` is how many things
    the sentence counts up, "(1) …; (2) …": the other side may make a sentence of each.
    """

    length: int
    own: int
    explained: int
    items: int = 0


@dataclass(frozen=True)
class Bead:
    """Sentences `source` to `source_end` belong to sentences `text` to `text_end`; either may be none.

    `fit` is the evidence, in bits of trace, that they do: below zero, that they do not.
    """

    source: int
    source_end: int
    text: int
    text_end: int
    fit: float

    @property
    def is_gap(self) -> bool:
        """Whether this is a sentence of the source that the text lacks."""
        return self.text == self.text_end

    @property
    def is_surplus(self) -> bool:
        """Whether this is a sentence of the text that the source does not have."""
        return self.source == self.source_end


_PRICES = {(1, 1): 0.0, (1, 0): 4.0, (0, 1): 6.0, (1, 2): 3.0, (2, 1): 3.0, (1, 3): 7.0, (3, 1): 7.0, (2, 2): 5.0}
"""How many sentences of either side a step takes, and what that costs in the unit of `fit`: all but one to one are
rare."""
_PRICE_AT_AN_END = 4.0
"""What a surplus sentence costs at the beginning and at the end, where engines put remarks: elsewhere, translators have
cut one in two."""
_MOST_ITEMS = 9
_PRICE_OF_ITEMS = 3.0
_REACH = 12
"""How many sentences the two sides may drift apart: what is further apart is not a translation."""
_WORST = -7.5
"""No evidence is so bad that one sentence would be both lost and added: a stretch that does not fit says so itself."""
_MATCHED, _MISSED, _FOREIGN = 1.0, 0.75, 0.6
"""What a bit speaks for where it is found on the other side; and against, where one of the source or of the text is
not. In right abstracts 95 of 100 known words are found, in sentences that do not belong together 16."""
_LENGTH = 4.0
_SLACK = 30
"""What the square of the logarithm of two lengths costs; characters by which lengths may differ without much ado."""

_Side = tuple[int, int, int]
"""The bits and the length of some sentences taken together."""


def align(source: Sequence[Traces], text: Sequence[Traces], ratio: float) -> tuple[Bead, ...]:
    """The best alignment of these sentences, in order; `ratio` is a translation's usual length, its source's being 1.

    Time and memory grow with the number of sentences, not with its square.
    """
    count, text_count = len(source), len(text)
    sides, others = _joined(source, _most_at_once(text)), _joined(text, _most_at_once(source))
    best: list[dict[int, tuple[float, int, int, float]]] = []
    for end in range(count + 1):
        # From the middle of the row before to that of the row after, so that rows meet however few they are.
        low = max(0, (end - 1) * text_count // (count or 1) - _REACH)
        high = min(text_count, (end + 1) * text_count // (count or 1) + _REACH)
        row: dict[int, tuple[float, int, int, float]] = {}
        best.append(row)
        for text_end in range(low, high + 1):
            found = (0.0, 0, 0, 0.0) if end == text_end == 0 else None
            for (step, text_step), price in _steps(source, end, text, text_end):
                if step == 0 and (text_end in (1, text_count)):
                    price = _PRICE_AT_AN_END
                before = best[end - step].get(text_end - text_step) if step <= end and text_step <= text_end else None
                if before is None:
                    continue
                value = _fit(sides[end][step], others[text_end][text_step], ratio) if step and text_step else 0.0
                total = before[0] + max(value, _WORST) - price
                if found is None or total > found[0]:
                    found = (total, step, text_step, value)
            if found:
                row[text_end] = found
    return _walked_back(best, count, text_count)


def _most_at_once(others: Sequence[Traces]) -> int:
    """How many sentences may be taken together, given the other side's."""
    return max(3, min(_MOST_ITEMS, max((trace.items for trace in others), default=0)) + 1)


def _steps(
    source: Sequence[Traces], end: int, text: Sequence[Traces], text_end: int
) -> Iterable[tuple[tuple[int, int], float]]:
    """How many sentences the last step may have taken, and what it costs: more where something is counted up."""
    here = min(_MOST_ITEMS, source[end - 1].items) if end else 0
    there = min(_MOST_ITEMS, text[text_end - 1].items) if text_end else 0
    if here < 2 and there < 2:
        return _PRICES.items()
    steps = dict(_PRICES)
    steps |= {(1, step): _PRICE_OF_ITEMS for step in range(2, here + 2)}
    steps |= {(step, 1): _PRICE_OF_ITEMS for step in range(2, there + 2)}
    return steps.items()


def _joined(sentences: Sequence[Traces], most: int) -> list[list[_Side]]:
    """By where they end, up to `most` sentences taken together."""
    return [
        [_together(sentences, end, step) for step in range(min(end, most) + 1)] for end in range(len(sentences) + 1)
    ]


def _together(sentences: Sequence[Traces], end: int, count: int) -> _Side:
    own = explained = length = 0
    for trace in sentences[end - count : end]:
        own |= trace.own
        explained |= trace.explained
        length += trace.length
    return own, explained, length


def _fit(side: _Side, other: _Side, ratio: float) -> float:
    own, explained, length = side
    offered, wanted, text_length = other
    misfit = math.log((text_length + _SLACK * ratio) / (length * ratio + _SLACK * ratio))
    return (
        (_MATCHED + _MISSED) * (own & wanted).bit_count()
        - _MISSED * own.bit_count()
        + (_MATCHED + _FOREIGN) * (offered & explained).bit_count()
        - _FOREIGN * offered.bit_count()
        - _LENGTH * misfit * misfit
    )


def _walked_back(best: Sequence[dict[int, tuple[float, int, int, float]]], end: int, text_end: int) -> tuple[Bead, ...]:
    beads = []
    while end or text_end:
        _, step, text_step, value = best[end][text_end]
        beads.append(Bead(end - step, end, text_end - text_step, text_end, value))
        end, text_end = end - step, text_end - text_step
    return tuple(reversed(beads))
