"""What a translation says of its own sentences: those that are doubtful, and those that stay in English.

Both count the text's lines that are not empty, from 0: a text has one sentence a line.
"""

from dataclasses import dataclass


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
