"""Numbers are worth the same in English and in a translation, however they are written."""

from decimal import Decimal

import pytest

from shared.text.numbers import (
    english_numbers,
    english_spelled_numbers,
    english_words,
    korean_native_numbers,
    sino_korean_numbers,
    translated_numbers,
)


@pytest.mark.parametrize(
    ("english", "translated"),
    [
        ("4.5%", "4.5%"),
        ("1,040 km", "1040km"),
        ("version 1.2.3", "버전 1.2.3"),
        ("Figure 2", "그림 1,2,3"),
        ("2.3 million", "230만"),
        ("14.7 billion", "147억"),
        ("1.2 trillion", "1조 2,000억"),
        ("120 million", "1억 2천만"),
        ("15k", "1만 5천"),
        ("15K", "15,000"),
        ("355B", "3550억"),
        ("8B", "8B"),
        ("128K", "128K"),
        ("1995-96", "1996년"),
        ("the 90s", "1990년대"),
        ("9:30 pm", "21시"),
        ("1.5 hours", "1시간 30분"),
        ("Article 247", "제247조"),
        ("512", "５１２"),
    ],
)
def test_the_same_number_agrees(english: str, translated: str) -> None:
    found = translated_numbers(translated, "ko")

    assert any(number.agrees(other) for number in english_numbers(english) for other in found)


@pytest.mark.parametrize(
    ("english", "translated"),
    [
        ("4.5%", "45%"),
        ("4.5%", "4.6%"),
        ("2.3 million", "230억"),
        ("2.3 million", "2.3만"),
        ("14.7 billion", "14억"),
        ("355B", "355억"),
        ("2024", "2025"),
    ],
)
def test_another_number_or_unit_does_not(english: str, translated: str) -> None:
    found = translated_numbers(translated, "ko")

    assert not any(number.agrees(other) for number in english_numbers(english) for other in found)


@pytest.mark.parametrize(
    ("english", "portuguese"), [("4.5%", "4,5 %"), ("4.5%", "4.5%"), ("1,040", "1.040"), ("2", "1,2,3")]
)
def test_a_decimal_comma_is_read_where_the_language_has_one(english: str, portuguese: str) -> None:
    assert any(english_numbers(english)[0].agrees(other) for other in translated_numbers(portuguese, "pt"))


def test_the_minutes_of_a_full_hour_are_not_asked_for() -> None:
    assert [number.text for number in english_numbers("at 11:00 and 11:20")] == ["11", "11", "20"]


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("twenty-one", 21),
        ("two-dozen", 24),
        ("three hundred", 300),
        ("World War II", 2),
        ("a triad", 3),
        ("half", "0.5"),
    ],
)
def test_words_explain_the_digits_of_a_translation(text: str, worth: int | str) -> None:
    assert Decimal(worth) in english_words(text)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("in three stages", ["three"]),
        ("Seven tasks. The Seven Wonders", ["Seven"]),
        ("a two-minute walk between the two sides", ["two"]),
        ("ten million documents", ["ten million"]),
        ("In April and May 2024, may march", ["April", "May"]),
        ("one second thought, each a quarter", []),
        ("twenty-one", []),
    ],
)
def test_numbers_in_words_are_asked_for_where_they_are_surely_numbers(text: str, numbers: list[str]) -> None:
    assert [number.text for number in english_spelled_numbers(text)] == numbers


@pytest.mark.parametrize(("text", "worth"), [("세 가지", 3), ("열두 개", 12), ("첫 번째", 1), ("다섯으로", 5)])
def test_native_korean_numbers_are_read(text: str, worth: int) -> None:
    assert [number.readings for number in korean_native_numbers(text)] == [{Decimal(worth)}]


@pytest.mark.parametrize(("text", "worth"), [("삼차원", 3), ("이십 개", 20), ("약 천만 건", 10**7), ("수백 개", 100)])
def test_sino_korean_numbers_are_read(text: str, worth: int) -> None:
    assert {Decimal(worth)} in [number.readings for number in sino_korean_numbers(text)]
