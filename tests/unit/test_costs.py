"""What a deployment is said to cost is what the handlers ask for, at AWS's prices."""

from collections import Counter
from dataclasses import replace

import pytest

from infra.costs import (
    A_PAPER,
    AN_EDITION,
    CHARACTERS,
    IDLE,
    PRICES,
    STORED_BYTES,
    Load,
    bill,
    dollars,
    limits,
    load_of,
)
from shared.settings import Settings
from tests.bench.counts import asked

FEW, MORE = 10, 30


@pytest.fixture(scope="module")
def measured() -> dict[int, Counter[str]]:
    return {count: asked(count) for count in (FEW, MORE)}


@pytest.mark.parametrize("count", [FEW, MORE])
def test_a_paper_and_a_digest_ask_for_what_is_reckoned_with(measured: dict[int, Counter[str]], count: int) -> None:
    found = measured[count]

    writes, reads = found["PutObject"] + found["ListObjectsV2"], found["GetObject"] + found["HeadObject"]

    assert writes == pytest.approx(AN_EDITION.writes + count * A_PAPER.writes, rel=0.03)
    assert reads == pytest.approx(AN_EDITION.reads + count * A_PAPER.reads, rel=0.03)
    assert found["characters"] == pytest.approx(count * CHARACTERS, rel=0.05)


def test_a_paper_stores_what_is_reckoned_with(measured: dict[int, Counter[str]]) -> None:
    # What a language's archive takes however many papers there are is not stored anew each week.
    stored = measured[MORE]["bytes"] - measured[FEW]["bytes"]

    assert stored == pytest.approx((MORE - FEW) * STORED_BYTES, rel=0.05)


def test_the_bill_of_a_usual_deployment_is_small_and_mostly_fixed() -> None:
    usual, idle = bill(load_of(Settings())), bill(IDLE)

    assert dollars(idle) == pytest.approx(5.2, abs=0.2)
    assert dollars(usual) - dollars(idle) == pytest.approx(1.2, abs=0.1)
    assert dollars(usual, free_tier=True) < 2


def test_a_language_that_bedrock_translates_costs_no_character_of_amazon_translate() -> None:
    settings = Settings(languages=("ko", "ja"), engines=("ja=bedrock:amazon.nova-lite-v1:0",))

    load = load_of(settings)

    assert (load.languages, load.by_amazon) == (2, 1)


def test_a_schedule_that_ticks_seldom_has_fewer_ticks() -> None:
    assert load_of(Settings(schedule="rate(2 hours)")).ticks == 365


def test_what_is_met_first_is_told_first_with_what_to_turn() -> None:
    first = limits(Load(1_000, 5, 5), Settings())[0]

    assert (first.share, first.turn) == (3.5, "`budget_characters`, 0 for none")
    assert limits(Load(1_000, 5, 5), replace(Settings(), budget_characters=0))[0].what == "aggregate's minute"


def test_every_price_names_the_page_of_aws_that_says_so() -> None:
    assert all(price.page.startswith("https://aws.amazon.com/") for price in PRICES.values())
