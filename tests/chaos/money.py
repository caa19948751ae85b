"""What the engine calls must add up to: one a paper, and one for each answer that was refused, lost, or asked twice."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

TRANSLATED = "translated"
_LOST, _HUNG, _CUT = "lost", "hung", "cut"


@dataclass(frozen=True)
class Bill:
    """The calls by outcome, as `tests.fakes.translate` names them, and what they may be for.

    `papers` counts each language of a paper; `injected` are the codes of the errors that were asked for; `killed`
    counts the translate functions that were killed, each of which may have taken an answer with it. `duplicates` counts
    the papers' further translations that a further message explains, `copies` those messages.
    """

    outcomes: Counter[str]
    papers: int
    injected: Collection[str]
    killed: int
    duplicates: int
    copies: int

    @property
    def calls(self) -> int:
        """What was asked of the engine, whatever came of it."""
        return self.outcomes.total()

    @property
    def errors(self) -> int:
        """The calls that were refused or cut off because that was asked for."""
        return sum(self.outcomes[code] for code in {*self.injected, _CUT})

    @property
    def lost(self) -> int:
        """The calls whose answer never arrived, or may not have."""
        return self.outcomes[_LOST] + self.outcomes[_HUNG] + self.killed

    @property
    def most(self) -> int:
        """The most calls that all this explains."""
        return self.papers + self.errors + self.lost + self.duplicates

    @property
    def adds_up(self) -> bool:
        """Whether every call is explained."""
        return self.calls <= self.most

    def __str__(self) -> str:
        lost = f"{self.outcomes[_LOST]} lost, {self.outcomes[_HUNG]} hung, {self.killed} functions killed"
        return (
            f"{self.calls} calls {'≤' if self.adds_up else 'ARE MORE THAN'} {self.most} = {self.papers} papers"
            f" + {self.errors} injected errors + {self.lost} lost answers ({lost})"
            f" + {self.duplicates} concurrent duplicates (of {self.copies} sent)"
        )
