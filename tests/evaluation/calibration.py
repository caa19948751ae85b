"""The gate's false alarms on good translations, and what it catches of damaged ones."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.languages.table import find_language
from shared.translation.gate import Finding, examine
from shared.translation.style import finish
from tests.evaluation.corpora import GOOD_ENGINES, flores_blocks
from tests.evaluation.damage import DAMAGES, Block

KOREAN = find_language("ko")


@dataclass(frozen=True)
class Count:
    """So many refused of so many, and by which rules."""

    refused: int
    of: int
    rules: dict[str, int]

    @property
    def share(self) -> float:
        """The refused part."""
        return self.refused / self.of if self.of else 0.0


def false_alarms(folder: Path, engine: str, lines: range) -> Count:
    """How many of an engine's own blocks the gate refuses."""
    return _count([_refusals(block) for block in flores_blocks(folder, engine, lines)])


def false_alarms_on_finished(folder: Path, engine: str, lines: range) -> Count:
    """The same after the pipeline joined each block, mended its style and cut it into sentences anew."""
    return _count([_refusals(_finished(block)) for block in flores_blocks(folder, engine, lines)])


def _finished(block: Block) -> Block:
    source, text = (lines.replace("\n", " ") for lines in (block.source, block.text))
    return Block(source, finish([text], source, KOREAN))


def caught(
    folder: Path, lines: range, seed: int, kinds: Iterable[str] = tuple(DAMAGES), engines: Iterable[str] = GOOD_ENGINES
) -> dict[str, Count]:
    """By kind of damage, how many damaged blocks of the engines the gate refuses."""
    counts = {}
    for name in kinds:
        damage, chance = DAMAGES[name], random.Random(f"{seed} {name}")
        refusals = []
        for engine in engines:
            blocks = flores_blocks(folder, engine, lines)
            for block in blocks:
                damaged = damage(block, chance.choice([other for other in blocks if other != block]), chance)
                if damaged is not None and damaged != block:
                    refusals.append(_refusals(damaged))
        counts[name] = _count(refusals)
    return counts


def _refusals(block: Block) -> list[Finding]:
    return [finding for finding in examine(block.source, block.text, KOREAN) if finding.hard]


def _count(refusals: Sequence[list[Finding]]) -> Count:
    rules = Counter(findings[0].rule for findings in refusals if findings)
    return Count(sum(bool(findings) for findings in refusals), len(refusals), dict(rules.most_common()))
