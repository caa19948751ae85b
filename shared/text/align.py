"""Which sentences of a translation belong to which of its source, by their lengths.

After W. A. Gale and K. W. Church, A Program for Aligning Sentences in Bilingual Corpora (Computational Linguistics
19:1, 1993): long sentences become long ones. Engines keep the order, but cut sentences and join them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Alignment:
    """The stretches of a source and of its translation that belong together, in order.

    `misfit` says by how much their lengths disagree: the mean square of the logarithm, 0 for not at all.
    """

    stretches: tuple[tuple[str, str], ...]
    misfit: float


_STEPS = ((1, 1), (1, 2), (2, 1), (1, 3), (3, 1))
_PRICE_OF_A_STEP = 0.2
"""What it costs to take one sentence more at once, in the unit of a misfit: much, so that few are."""
_REACH = 12
"""How many sentences the two sides may drift apart: what is further apart is no translation."""
_SLACK = 30
"""Characters by which a sentence may miss its length without much ado."""


def align(source: Sequence[str], text: Sequence[str]) -> Alignment | None:
    """The best alignment of these sentences, or None where one side has far more than the other."""
    if not source or not text:
        return None
    ratio = sum(map(len, text)) / sum(map(len, source))
    prices: dict[tuple[int, int], float] = {(0, 0): 0.0}
    steps: dict[tuple[int, int], tuple[int, int]] = {}
    for end in range(1, len(source) + 1):
        middle = end * len(text) // len(source)
        for text_end in range(max(1, middle - _REACH), min(len(text), middle + _REACH) + 1):
            for step, text_step in _STEPS:
                before = prices.get((end - step, text_end - text_step))
                if before is None:
                    continue
                expected = ratio * sum(map(len, source[end - step : end]))
                length = sum(map(len, text[text_end - text_step : text_end]))
                misfit = math.log((length + _SLACK * ratio) / (expected + _SLACK * ratio)) ** 2
                price = before + misfit + _PRICE_OF_A_STEP * (step + text_step - 2)
                if price < prices.get((end, text_end), math.inf):
                    prices[end, text_end], steps[end, text_end] = price, (step, text_step)
    if (len(source), len(text)) not in prices:
        return None
    stretches = []
    end, text_end = len(source), len(text)
    while end:
        step, text_step = steps[end, text_end]
        stretches.append((" ".join(source[end - step : end]), " ".join(text[text_end - text_step : text_end])))
        end, text_end = end - step, text_end - text_step
    # Where the counts differ, sentences must have been cut or joined: that much is no misfit.
    needed = _PRICE_OF_A_STEP * abs(len(source) - len(text))
    return Alignment(tuple(reversed(stretches)), (prices[len(source), len(text)] - needed) / len(stretches))
