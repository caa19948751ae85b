"""Faults on request: how many, which, and the same ones every time."""

import pytest

from tests.fakes.faults import Faults, Plan, Rule


def fired(faults: Faults, texts: list[str]) -> list[str | None]:
    return [rule.code if (rule := faults.next(text)) else None for text in texts]


def test_without_rules_every_call_is_healthy() -> None:
    assert fired(Faults(Plan()), ["a", "b"]) == [None, None]


def test_a_rule_fires_for_the_texts_that_contain_its_words_and_as_often_as_it_says() -> None:
    faults = Faults(Plan((Rule(contains="diffusion", times=2),)))
    assert [code is not None for code in fired(faults, ["a diffusion", "b", "diffusion", "diffusion"])] == [
        True,
        False,
        True,
        False,
    ]


def test_shares_are_of_all_calls() -> None:
    # given
    faults = Faults(Plan((Rule(share=0.3, code="A"), Rule(share=0.1, code="B")), seed=1))
    # when
    codes = fired(faults, [f"text {number}" for number in range(5000)])
    # then
    assert codes.count("A") == pytest.approx(1500, abs=150)
    assert codes.count("B") == pytest.approx(500, abs=100)


def test_the_same_texts_fail_whatever_the_order_of_the_calls() -> None:
    # given
    texts = [f"text {number}" for number in range(50)] * 2
    plan = Plan((Rule(share=0.5),), seed=7)
    # when
    forwards = sorted(zip(texts, fired(Faults(plan), texts), strict=True), key=str)
    backwards = sorted(zip(texts[::-1], fired(Faults(plan), texts[::-1]), strict=True), key=str)
    # then
    assert forwards == backwards


def test_a_text_that_failed_may_pass_the_next_time() -> None:
    faults = Faults(Plan((Rule(share=0.5),), seed=7))
    assert {code is None for code in fired(faults, ["the same text"] * 40)} == {True, False}
