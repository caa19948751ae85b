"""Whatever is crashed, repeated, delayed or reordered, every digest ends as the ledger says, and every mistake shows.

`CHOROK_INTERLEAVINGS` is how many interleavings are tried; seed n is the same interleaving every time.
"""

import os
from collections import Counter
from collections.abc import Sequence

import pytest

from tests.proof.choices import Choices, shrunk
from tests.proof.invariants import Invariant, Violation
from tests.proof.mutants import DOOR_MUTANTS, LAST_WORD_MUTANTS, MUTANTS, Mutant
from tests.proof.simulation import Fate, Simulation

INTERLEAVINGS = int(os.environ.get("CHOROK_INTERLEAVINGS", "2000"))
BLOCK = 250
MOST_FOR_A_MUTANT = 3000
SEEN = 100
"""How many interleavings show everything that can happen in one."""


def play(seed: int, recorded: Sequence[int] | None = None) -> tuple[Simulation, Violation | None]:
    """One interleaving, and the invariant that it broke."""
    simulation = Simulation(Choices(seed, recorded), traced=recorded is not None)
    try:
        simulation.play()
    except Violation as violation:
        return simulation, violation
    return simulation, None


def story(seed: int, violation: Violation) -> str:
    """The shortest way found to break the same invariant: what is not ordinary in it, and what touches the evidence."""

    def breaks(decisions: Sequence[int]) -> bool:
        found = play(seed, decisions)[1]
        return found is not None and found.invariant is violation.invariant

    decisions = shrunk(play(seed)[0].choices.taken, breaks)
    simulation, found = play(seed, decisions)
    evidence = str(found).partition(": ")[2].split(", ")
    told = [line for line in simulation.trace if not line.endswith("DONE") or any(part in line for part in evidence)]
    return "\n".join([f"seed {seed}: {violation}", *told, f"shrunk, so that {found}"])


@pytest.mark.parametrize("first", range(0, INTERLEAVINGS, BLOCK))
def test_every_interleaving_converges(first: int) -> None:
    for seed in range(first, min(first + BLOCK, INTERLEAVINGS)):
        _, violation = play(seed)
        if violation is not None:
            pytest.fail(story(seed, violation), pytrace=False)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mistake_is_caught(mutant: Mutant) -> None:
    with mutant.planted():
        broken = next((violation for seed in range(MOST_FOR_A_MUTANT) if (violation := play(seed)[1])), None)

    assert broken is not None
    assert broken.invariant in mutant.breaks


def test_each_invariant_is_one_that_a_mistake_can_break() -> None:
    broken = {invariant for mutant in (*MUTANTS, *DOOR_MUTANTS, *LAST_WORD_MUTANTS) for invariant in mutant.breaks}

    assert broken == set(Invariant) - {Invariant.NO_SURPRISE}


def test_everything_that_can_happen_does() -> None:
    happened: Counter[str] = Counter()

    for seed in range(SEEN):
        simulation, _ = play(seed)
        happened += simulation.happened + simulation.cloud.watch.seen

    assert {fate.name for fate in Fate} <= happened.keys()
    assert {"delivered twice", "doomed", "two aggregates", "concurrent"} <= happened.keys()
    assert {"translated, accepted", "failed, accepted"} <= happened.keys()
    assert {"redriven", "again", "lost calls", "deployed", "left by others", "refetched"} <= happened.keys()
    assert {"incident opened", "incident closed"} <= happened.keys()
    assert {"partial", "complete", "translated", "Lost", "AccessDeniedException"} <= happened.keys()


def test_a_seed_is_the_same_interleaving_every_time() -> None:
    first, _ = play(seed=7)

    second, _ = play(seed=7)
    repeated, _ = play(seed=7, recorded=first.choices.taken)

    assert first.choices.taken == second.choices.taken == repeated.choices.taken
    assert first.happened == repeated.happened
    assert first.cloud.s3.objects.keys() == repeated.cloud.s3.objects.keys()
