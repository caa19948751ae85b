"""What the judge and the masks promise on real data; `python -m tests.evaluation` prints the same in full."""

from pathlib import Path

import pytest

from shared.text.clean import clean_abstract
from shared.text.finding import Verdict
from shared.translation.answers import as_answered
from shared.translation.judge import judge
from tests.evaluation.appeal import appealed
from tests.evaluation.calibration import KOREAN, damaged, undamaged
from tests.evaluation.corpora import (
    GOOD_ENGINES,
    OTHER_ENGINES,
    abstract_pairs,
    flores_blocks,
    generated_abstracts,
    own_abstracts,
    own_sentences,
    real_papers,
)
from tests.evaluation.damage import KINDS, Kind
from tests.evaluation.masks import measure_survival

SEED = 20250912
EVERY = 12
"""Of so many pairs one is looked at here."""
CHANCE = 0.06
"""By how much a row of so few cases may miss its target."""


def test_every_mask_of_every_real_abstract_survives_both_engines(shared_data: Path) -> None:
    texts = [clean_abstract(paper.abstract) for paper in real_papers(shared_data)]

    survival = measure_survival(texts, SEED)

    assert (survival.texts, survival.identical, survival.intact) == (718, 718, 718)
    assert survival.billed <= 1.05


def test_every_mask_of_generated_abstracts_survives_both_engines() -> None:
    survival = measure_survival(generated_abstracts(300, SEED), SEED)

    assert (survival.identical, survival.intact) == (300, 300)


def test_the_judge_refuses_no_right_abstract_and_doubts_few(shared_data: Path) -> None:
    found = undamaged(abstract_pairs(shared_data)[::2])

    assert found.refused == 0
    assert found.doubtful / found.of <= 0.05


def test_the_judge_has_no_doubt_about_abstracts_of_our_own_and_catches_what_is_done_to_them() -> None:
    abstracts = own_abstracts()
    right = undamaged(abstracts)
    caught = [damaged(abstracts, kind, SEED, slice(None, None, 3)).caught for kind in KINDS if kind.target]

    assert (right.refused, right.doubtful) == (0, 0), right.rules
    assert sum(caught) / len(caught) >= 0.92


@pytest.mark.parametrize(("source", "text", "right"), own_sentences())
def test_a_sentence_passes_or_is_caught_as_it_should(source: str, text: str, right: bool) -> None:
    assert (judge(*as_answered(source, text, KOREAN), KOREAN).verdict is Verdict.PASSED) == right


@pytest.mark.parametrize("engine", [*GOOD_ENGINES, OTHER_ENGINES[0]])
def test_the_judge_is_no_worse_on_news(shared_data: Path, engine: str) -> None:
    found = undamaged(flores_blocks(shared_data, engine)[::2])

    assert found.refused / found.of <= 0.03
    assert found.doubtful / found.of <= 0.20


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.target], ids=lambda kind: kind.name)
def test_the_judge_catches_what_it_promises(shared_data: Path, kind: Kind) -> None:
    found = damaged(abstract_pairs(shared_data), kind, SEED, slice(None, None, EVERY))

    assert kind.target is not None
    assert found.of > 0
    assert found.caught >= kind.target - CHANCE


def test_no_right_paper_is_lost_and_few_damaged_ones_are(shared_data: Path) -> None:
    pairs = abstract_pairs(shared_data)[::EVERY]

    right = appealed(pairs, SEED, damaging=False, second=False)
    alone = appealed(pairs, SEED, damaging=True, second=False)
    helped = appealed(pairs, SEED, damaging=True, second=True)

    assert right.failed == helped.failed == 0
    assert alone.failed / len(pairs) <= 0.05
    assert alone.share("unmarked") <= 0.5
    assert helped.share("mended") > alone.share("mended")
    assert right.over == alone.over == helped.over == 0
