"""Mask survival: whether everything masked comes back from an engine that returns its input, and from a hostile one."""

import random
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from shared.languages.table import find_language
from shared.text.finding import Verdict
from shared.text.mask import SPANS, segments
from shared.translation.judge import judge


@dataclass(frozen=True)
class Survival:
    """How many of `texts` came back from the identity as they were, and with every mask from the hostile engine.

    `masks` counts all masks there were; `billed` is the number of characters sent as a share of the texts' own.
    """

    texts: int
    identical: int
    intact: int
    masks: int
    billed: float


def measure_survival(texts: Iterable[str], seed: int) -> Survival:
    """Send every clean text through both engines."""
    chance = random.Random(seed)
    counts: Counter[str] = Counter()
    for text in texts:
        marked = SPANS.mark(text)
        same = SPANS.restore(marked.text, marked.masks)
        hostile = SPANS.restore(hostile_answer(marked.text, chance), marked.masks)
        parts = Counter(part for part, masked in segments(text) if masked)
        counts["texts"] += 1
        counts["masks"] += len(marked.masks)
        counts["identical"] += same.text == text and not same.damage
        counts["intact"] += not hostile.damage and all(hostile.text.count(mask) >= n for mask, n in parts.items())
        counts["sent"] += len(marked.text)
        counts["own"] += len(text)
    billed = counts["sent"] / counts["own"]
    return Survival(counts["texts"], counts["identical"], counts["intact"], counts["masks"], billed)


def refused(texts: Iterable[str], seed: int) -> float:
    """Which share of the hostile engine's answers the judge refuses."""
    chance = random.Random(seed)
    verdicts = []
    for text in texts:
        marked = SPANS.mark(text)
        answer = SPANS.restore(hostile_answer(marked.text, chance), marked.masks).text
        verdicts.append(judge(text, answer, find_language("ko")).verdict is Verdict.REFUSED)
    return sum(verdicts) / len(verdicts)


def hostile_answer(text: str, chance: random.Random) -> str:
    """`text` with case, order and punctuation of all that is no span changed, spans and words shuffled together."""
    pieces = [
        piece if piece.startswith("<span") else piece.swapcase().translate(_OTHER_PUNCTUATION)
        for piece in re.findall(r"<span translate=\"no\">.*?</span>|[^\s<]+", text)
    ]
    chance.shuffle(pieces)
    return " ".join(pieces)


_OTHER_PUNCTUATION = str.maketrans(".,:()\"'", ";.!][`´")
