"""Numbers are worth the same in English and in a translation, however they are written."""

import pytest

from shared.languages.table import find_language
from shared.text import digits
from shared.text.numbers import english_quantities, loose_numbers
from shared.text.quantity import Quantity

KOREAN, CHINESE, JAPANESE = (find_language(code).pack for code in ("ko", "zh", "ja"))


def translated(text: str, code: str = "ko") -> list[Quantity]:
    return (find_language(code).pack.quantities or digits.quantities)(text)


def agree(english: str, text: str, code: str = "ko") -> bool:
    """Whether every number of the English is in the text, and every number of the text in the English."""
    wanted, found = english_quantities(english), translated(text, code)
    parts = {part for number in wanted for part in number.parts}
    return all(
        any(number.agrees(other) for other in found)
        or (number.parts and all(any(part in other.readings for other in found) for part in number.parts))
        for number in wanted
        if number.needed
    ) and all(any(number.agrees(other) for other in wanted) or number.readings & parts for number in found)


@pytest.mark.parametrize(
    ("english", "korean"),
    [
        ("4.5%", "4.5%"),
        ("1,040 km", "1040km"),
        ("version 1.2.3", "버전 1.2.3"),
        ("2.3 million", "230만"),
        ("14.7 billion", "147억"),
        ("1.2 trillion", "1조 2,000억"),
        ("120 million", "1억 2천만"),
        ("15k", "1만 5천"),
        ("15K", "15,000"),
        ("355B", "3550억"),
        ("8B", "8B"),
        ("128K", "128K"),
        ("the 90s", "1990년대"),
        ("9 pm", "21시"),
        ("1.5 hours", "1시간 30분"),
        ("75 minutes", "1시간 15분"),
        ("36 months", "3년"),
        ("Article 247", "제247조"),
        ("512", "５１２"),
        ("4.2-3.9 million", "420만-390만"),
        ("5 to 8 billion", "50억~80억"),
        ("2-3%", "2-3%"),
        ("1/20,000", "20,000분의 1"),
        ("520 M words", "5억 2천만 단어"),
        ("30 000 images", "3만 장"),
        ("nine hundred thousand", "90만"),
        ("two hundred and five", "205"),
        ("thirteen", "열세 개"),
        ("nineteen", "열아홉 가지"),
        ("the thirty-sixth", "제36회"),
        ("two-dozen", "24"),
        ("three decades", "30년"),
        ("two thirds", "3분의 2"),
        ("3/4", "75%"),
        ("1/8", "8분의 1"),
        ("a tenth", "0.1"),
        ("two orders of magnitude", "100배"),
        ("a 2.5x gain", "250%의 향상"),
        ("24/7", "24시간"),
        ("ResNet-101 backbones", "ResNet-101 백본"),
        ("GPT-5 only", "GPT-5만"),
        ("only Qwen 3", "Qwen 3만으로"),
        ("the top 40", "상위 40만 사용"),
        ("by 7", "7만큼"),
        ("the 99th percentile", "99 백분위수"),
        ("4 combinations of 6 conditions", "6 조건의 4 조합"),
    ],
)
def test_the_same_number_agrees(english: str, korean: str) -> None:
    assert agree(english, korean)


@pytest.mark.parametrize(
    ("english", "korean"),
    [
        ("4.5%", "45%"),
        ("4.5%", "4.6%"),
        ("2.3 million", "230억"),
        ("2.3 million", "2.3만"),
        ("14.7 billion", "14억"),
        ("355B", "355억"),
        ("2024", "2025"),
        ("70 thousand", "7천"),
        ("six", "다섯 개"),
        ("128k", "1만 2,800"),
        ("90 minutes", "1시간 20분"),
        ("3/4", "4/5"),
    ],
)
def test_another_number_or_scale_does_not(english: str, korean: str) -> None:
    assert not agree(english, korean)


@pytest.mark.parametrize(
    ("code", "english", "text"),
    [
        ("pt", "4.5%", "4,5 %"),
        ("pt", "4.5%", "4.5%"),
        ("pt", "1,040", "1.040"),
        ("zh", "2.3 million", "230万"),
        ("zh", "GPT-4 is strong", "GPT-4 十分强大"),
        ("zh", "three quarters", "4分之3"),
        ("ja", "120 million", "1億2千万"),
        ("ja", "GPT-4 is strong", "GPT-4 十分に強力"),
    ],
)
def test_other_languages_write_numbers_in_their_own_way(code: str, english: str, text: str) -> None:
    assert agree(english, text, code)


@pytest.mark.parametrize(
    ("korean", "units"),
    [
        ("3% 향상", {"percent"}),
        ("3 퍼센트", {"percent"}),
        ("3배 빠른", {"times"}),
        ("3 배치", set()),
        ("300ms", {"millisecond"}),
        ("5분 동안", {"minute"}),
        ("5 분류기", set()),
        ("$30", {"dollar"}),
        ("30원", {"won"}),
        ("2-3%", {"percent"}),
    ],
)
def test_units_are_read_unless_another_word_begins(korean: str, units: set[str]) -> None:
    assert translated(korean)[0].units == units


def test_a_year_or_a_score_may_be_cut_short() -> None:
    assert [sorted(number.readings) for number in english_quantities("1995-96")] == [[1995.0], [96.0, 1996.0]]


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("in three stages", ["three"]),
        ("Seven tasks beat the Seven Wonders", ["Seven"]),
        ("ten million documents", ["ten million"]),
        ("at 11:00 and 11:20", ["11", "11", "20"]),
        ("one second thought, each a quarter of millions", []),
        ("twenty-one", ["twenty-one"]),
    ],
)
def test_numbers_are_asked_for_where_they_are_surely_numbers(text: str, needed: list[str]) -> None:
    assert [number.text for number in english_quantities(text) if number.needed] == needed


@pytest.mark.parametrize(
    ("text", "worth"), [("World War II", 2), ("a triad", 3), ("half", 0.5), ("both twins", 2), ("in April", 4)]
)
def test_words_explain_the_digits_of_a_translation(text: str, worth: float) -> None:
    assert worth in loose_numbers(text)


@pytest.mark.parametrize(
    ("text", "worth"),
    [("삼차원", 3), ("이십 개", 20), ("약 천만 건", 10**7), ("수백 개", 100), ("제로샷", 0), ("양쪽", 2)],
)
def test_korean_words_may_stand_for_numbers(text: str, worth: float) -> None:
    assert worth in KOREAN.worded(text)


@pytest.mark.parametrize("text", ["五个数据集", "使用五种方法", "五つのデータセット"])
def test_chinese_numerals_may_stand_for_numbers(text: str) -> None:
    assert 5 in CHINESE.worded(text)
    assert 5 in JAPANESE.worded(text)
