"""What the gate and the masks promise on real data; `python -m tests.evaluation` prints the same in full."""

from pathlib import Path

from shared.text.clean import clean_abstract
from tests.evaluation.calibration import caught, false_alarms
from tests.evaluation.corpora import GOOD_ENGINES, REPORT, generated_abstracts, real_papers
from tests.evaluation.damage import OF_THE_ACCEPTANCE
from tests.evaluation.masks import measure_survival

SEED = 20250912


def test_every_mask_of_every_real_abstract_survives_both_engines(shared_data: Path) -> None:
    texts = [clean_abstract(paper.abstract) for paper in real_papers(shared_data)]

    survival = measure_survival(texts, SEED)

    assert (survival.texts, survival.identical, survival.intact) == (718, 718, 718)
    assert survival.billed <= 1.05


def test_every_mask_of_generated_abstracts_survives_both_engines() -> None:
    survival = measure_survival(generated_abstracts(300, SEED), SEED)

    assert (survival.identical, survival.intact) == (300, 300)


def test_the_gate_is_silent_on_good_translations(shared_data: Path) -> None:
    counts = [false_alarms(shared_data, engine, REPORT) for engine in GOOD_ENGINES]

    assert sum(count.refused for count in counts) <= 0.02 * sum(count.of for count in counts)


def test_the_gate_speaks_on_damaged_ones(shared_data: Path) -> None:
    counts = caught(shared_data, REPORT, SEED, kinds=OF_THE_ACCEPTANCE, engines=GOOD_ENGINES[:1])

    assert {kind: count.share for kind, count in counts.items() if count.share < 0.85} == {}
    total = sum(count.refused for count in counts.values()) / sum(count.of for count in counts.values())
    assert total >= 0.95
