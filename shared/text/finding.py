"""What the judge finds in a text, whatever the language: a rule, its verdict, its evidence, and the sentence."""

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """What becomes of a text, the best first."""

    PASSED = "passed"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


LONGEST_EVIDENCE = 120
"""Characters of the evidence that a finding shows of itself in a log or a digest."""


@dataclass(frozen=True)
class Finding:
    """What one rule saw: its name, whether that makes the text doubtful or refuses it, and the evidence, in one line.

    `sentence` counts from 0. It is the sentence of the text that is doubted or, where `missing`, the sentence of the
    source that the text lacks; None where the finding speaks of the whole text.
    """

    rule: str
    verdict: Verdict
    evidence: str
    sentence: int | None = None
    missing: bool = False

    @property
    def refuses(self) -> bool:
        """Whether the text cannot stand as it is."""
        return self.verdict is Verdict.REFUSED

    def __str__(self) -> str:
        """One line that is short enough for a log or a digest."""
        return f"{self.rule} ({self.evidence[:LONGEST_EVIDENCE]}{'…' * (len(self.evidence) > LONGEST_EVIDENCE)})"


def refused(rule: str, evidence: str, sentence: int | None = None) -> Finding:
    """A finding that no translation survives."""
    return Finding(rule, Verdict.REFUSED, evidence, sentence)


def doubted(rule: str, evidence: str, sentence: int | None = None) -> Finding:
    """A finding that a translation survives, marked."""
    return Finding(rule, Verdict.DOUBTFUL, evidence, sentence)
