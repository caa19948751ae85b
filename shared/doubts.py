"""What a translation says of its own sentences: those that are doubtful, and those that stay in English.

Both count the text's lines that are not empty, from 0: a text has one sentence a line.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count

MISSING = "missing"
"""The rule of a doubt whose English is not that of its sentence, but of one that the text seems to lack there."""


@dataclass(frozen=True)
class Doubt:
    """A sentence that is published though the judge doubts it: the rule, its evidence in one line, and the English.

    `original` is what of the source belongs to the sentence, "" where that is not known.
    """

    sentence: int
    rule: str
    evidence: str
    original: str


@dataclass(frozen=True)
class Kept:
    """A sentence that stays in English, as the text has it there, because every translation of it was refused."""

    sentence: int
    rule: str
    evidence: str


def marks(doubts: Iterable[Doubt], kept: Iterable[Kept]) -> Mapping[int, Doubt | Kept]:
    """What is shown of each sentence, whatever was found: that it is kept, else one doubt, with the English if known.

    What a reader would lose most comes first: a sentence that is missing.

    >>> marks([Doubt(1, "number", "3", ""), Doubt(1, "unit", "GB", "It has 3 GB.")], [])
    {1: Doubt(sentence=1, rule='unit', evidence='GB', original='It has 3 GB.')}
    """
    found: dict[int, Doubt | Kept] = {}
    for doubt in sorted(doubts, key=lambda doubt: (doubt.rule != MISSING, not doubt.original)):
        found.setdefault(doubt.sentence, doubt)
    return found | {sentence.sentence: sentence for sentence in kept}


def doubtful(doubts: Iterable[Doubt]) -> int:
    """How many sentences are doubtful, each counted once, whatever was found in it."""
    return len({doubt.sentence for doubt in doubts})


def without_kept(text: str, kept: Iterable[Kept]) -> str:
    r"""`text` with an empty line for each sentence that is kept in English.

    >>> without_kept("첫째.\nSecond.\n\n셋째.", [Kept(1, "loop", "x")])
    '첫째.\n\n\n셋째.'
    """
    numbers, number = {sentence.sentence for sentence in kept}, count()
    return "\n".join(line if line.strip() and next(number) not in numbers else "" for line in text.split("\n"))
