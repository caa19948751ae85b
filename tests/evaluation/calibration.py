"""How the judge does: on right translations, and on damaged ones, each finished in style like an engine's answer."""

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from multiprocessing import get_context
from typing import TypeVar

from shared.languages.table import find_language
from shared.text.finding import Verdict
from shared.translation.answers import as_answered
from shared.translation.judge import judge
from tests.evaluation.damage import KINDS, Kind, Pair

KOREAN = find_language("ko")
TOP = 10
FEWEST = 50
"""Cases of a kind that a share can be believed of."""
_TURNS = 4
_WEEKS = 1_000
_PROCESSES = 2
_MANY = 300
"""From so many items on, processes are worth their start."""
_RUN = 20
"""Pairs a process takes at once."""


@dataclass(frozen=True)
class Verdicts:
    """What became of some texts: how many there were, were refused, and were doubtful; and by which rules.

    `halves` are the shares of those refused or doubtful among the pairs of either half, by the hash of their ids: the
    judge was set on the first half.
    """

    of: int
    refused: int
    doubtful: int
    halves: tuple[float, float]
    rules: Counter[str] = field(default_factory=Counter)

    @property
    def caught(self) -> float:
        """The share of those refused or doubtful."""
        return (self.refused + self.doubtful) / self.of if self.of else 0.0


def half_of(pair: Pair) -> int:
    """0 for the half on which the judge was set, 1 for the other."""
    return int(hashlib.sha256(pair.id.encode()).hexdigest(), 16) % 2


def undamaged(pairs: Sequence[Pair]) -> Verdicts:
    """The verdicts on right translations."""
    return _counted(pairs, in_processes(_judged, pairs))


def damaged(pairs: Sequence[Pair], kind: Kind, seed: int, chosen: slice = slice(None)) -> Verdicts:
    """The verdicts on those of the `chosen` pairs that can be damaged in this way.

    Where that makes few cases, the same pairs are damaged again, in other places.
    """
    places = range(len(pairs))[chosen]
    items = [(pairs[place], another(pairs, place, seed)) for place in places]
    found: dict[tuple[str, str], tuple[Pair, _Outcome]] = {}
    for turn in range(_TURNS):
        outcomes = in_processes(partial(_damaged, kind_name=kind.name, seed=f"{seed} {turn}"), items)
        for (pair, _), outcome in zip(items, outcomes, strict=True):
            if outcome is not None:
                text, judged = outcome
                found.setdefault((pair.id, text), (pair, judged))
        if len(found) >= FEWEST:
            break
    return _counted([pair for pair, _ in found.values()], [judged for _, judged in found.values()])


def complete_weeks(of: int, refused: int, seed: int) -> float:
    """The share of weeks of ten papers without a refused one, where so many of so many are refused."""
    chance = random.Random(seed)
    papers = [place < refused for place in range(of)]
    return sum(not any(chance.sample(papers, TOP)) for _ in range(_WEEKS)) / _WEEKS


_Given = TypeVar("_Given")
_Made = TypeVar("_Made")
_Outcome = tuple[Verdict, frozenset[str]]


def _judged(pair: Pair) -> _Outcome:
    judgement = judge(*as_answered(pair.source, pair.text, KOREAN), KOREAN)
    return judgement.verdict, frozenset(finding.rule for finding in judgement.findings)


def _damaged(pairs: tuple[Pair, Pair], kind_name: str, seed: str) -> tuple[str, _Outcome] | None:
    pair, other = pairs
    kind = next(kind for kind in KINDS if kind.name == kind_name)
    text = kind.damage(pair, other, random.Random(f"{seed} {kind.name} {pair.id}"))
    if text is None or text == pair.text:
        return None
    return text, _judged(Pair(pair.id, pair.source, text))


def another(pairs: Sequence[Pair], place: int, seed: int) -> Pair:
    """Another pair than the one at `place`."""
    step = 1 + random.Random(f"{seed} {pairs[place].id}").randrange(len(pairs) - 1)
    return pairs[(place + step) % len(pairs)]


def in_processes(work: Callable[[_Given], _Made], items: Sequence[_Given]) -> list[_Made]:
    """`work` done on all items, in their order; on several processes where that pays."""
    if len(items) < _MANY:
        return list(map(work, items))
    return list(_pool().map(work, items, chunksize=_RUN))


@cache
def _pool() -> ProcessPoolExecutor:
    """The same processes for every row: each takes a second to start."""
    return ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn"))


def _counted(pairs: Sequence[Pair], outcomes: Sequence[_Outcome]) -> Verdicts:
    verdicts = Counter(verdict for verdict, _ in outcomes)
    halves: list[list[bool]] = [[], []]
    for pair, (verdict, _) in zip(pairs, outcomes, strict=True):
        halves[half_of(pair)].append(verdict is not Verdict.PASSED)
    return Verdicts(
        len(outcomes),
        verdicts[Verdict.REFUSED],
        verdicts[Verdict.DOUBTFUL],
        (_share(halves[0]), _share(halves[1])),
        Counter(rule for _, rules in outcomes for rule in rules),
    )


def _share(caught: Sequence[bool]) -> float:
    return sum(caught) / len(caught) if caught else 0.0
