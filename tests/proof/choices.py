"""The decisions of one interleaving: drawn from a seed, written down, and so repeatable and shrinkable."""

import random
from collections.abc import Callable, Sequence


class Choices:
    """Decisions as numbers, of which 0 is always the dullest: no fault, no switch, the first in the queue.

    With `recorded`, its decisions are repeated and every further one is 0.
    """

    def __init__(self, seed: int, recorded: Sequence[int] | None = None) -> None:
        self.taken: list[int] = []
        self._draw = random.Random(seed).random
        self._recorded = recorded

    def among(self, count: int) -> int:
        """One of `count` possibilities, all equally likely."""
        if self._recorded is not None:
            return self._repeated(count)
        return self._noted(int(self._draw() * count))

    def weighted(self, probabilities: Sequence[float]) -> int:
        """0, or n with the nth of `probabilities`, which sum up to 1 at most."""
        if self._recorded is not None:
            return self._repeated(len(probabilities) + 1)
        rest = self._draw()
        for number, probability in enumerate(probabilities, start=1):
            rest -= probability
            if rest < 0:
                return self._noted(number)
        return self._noted(0)

    def happens(self, probability: float) -> bool:
        """Whether something of this probability happens."""
        return self.weighted((probability,)) == 1

    def _repeated(self, count: int) -> int:
        assert self._recorded is not None
        position = len(self.taken)
        decision = self._recorded[position] if position < len(self._recorded) else 0
        return self._noted(decision if decision < count else 0)

    def _noted(self, decision: int) -> int:
        self.taken.append(decision)
        return decision


def shrunk(decisions: Sequence[int], fails: Callable[[Sequence[int]], bool], attempts: int = 1000) -> list[int]:
    """Decisions of which as many as possible are 0 and which still fail, found in so many attempts at most."""
    best = list(decisions)
    size = len(best)
    while size and attempts > 0:
        for start in range(0, len(best), size):
            stretch = best[start : start + size]
            if attempts > 0 and any(stretch):
                attempts -= 1
                candidate = best[:start] + [0] * len(stretch) + best[start + size :]
                if fails(candidate):
                    best = candidate
        size //= 2
    return best
