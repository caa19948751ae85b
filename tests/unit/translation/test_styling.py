"""Korean is mended where a rule can do so safely, and left alone where it is right."""

import pytest

from shared.languages.ko.style import formal
from shared.languages.table import find_language
from shared.translation.styling import compose, finish

KOREAN = find_language("ko")


@pytest.mark.parametrize(
    ("plain", "polite"),
    [
        ("SAPO를 제안한다.", "SAPO를 제안합니다."),
        ("성능이 향상되었다.", "성능이 향상되었습니다."),
        ("모델이다.", "모델입니다."),
        ("매우 중요하다.", "매우 중요합니다."),
        ("필요하지 않는다!", "필요하지 않습니다!"),
        ("결과를 보여준다.", "결과를 보여줍니다."),
        ("길이가 길다.", "길이가 깁니다."),
        ("정확도가 높다.", "정확도가 높습니다."),
        ("방법을 만든다.", "방법을 만듭니다."),
        ("그렇지 아니다.", "그렇지 아닙니다."),
        ("기존보다 빠르다.”", "기존보다 빠릅니다.”"),
    ],
)
def test_a_plain_predicate_becomes_formal(plain: str, polite: str) -> None:
    assert formal(plain) == polite


@pytest.mark.parametrize(
    "sentence", ["이미 제안합니다.", "결과는 2위다.", "하이퍼파라미터 람다.", "코드: https://a.io/b", "공개됨."]
)
def test_what_is_formal_or_no_predicate_stays(sentence: str) -> None:
    assert formal(sentence) == sentence


@pytest.mark.parametrize(
    ("engine", "korean"),
    [
        ("지난 10 년 동안 120 만 명이 사용했습니다.", "지난 10년 동안 120만 명이 사용했습니다."),
        ("대규모 언어 모델 (LLM)은 강력합니다.", "대규모 언어 모델(LLM)은 강력합니다."),
        ("세포를 분류 할 수있는 도구입니다.", "세포를 분류할 수 있는 도구입니다."),
        ("연구자를위한 데이터셋입니다.", "연구자를 위한 데이터셋입니다."),
        ("모델을 학습 한 후 평가 하였습니다.", "모델을 학습한 후 평가 하였습니다."),
        ("널리 사용 되는 방법입니다.", "널리 사용되는 방법입니다."),
        ('이는 "환각" 입니다 .', "이는 “환각” 입니다."),
        ("이른바 'aha moment'가 있습니다。", "이른바 ‘aha moment’가 있습니다."),
        ("코드는 Github에 있습니다. (", "코드는 Github에 있습니다."),
    ],
)
def test_spaces_and_punctuation_are_mended(engine: str, korean: str) -> None:
    assert finish([engine], "", KOREAN) == korean


@pytest.mark.parametrize(
    "text",
    [
        "다음 (1) 학습과 (2) 평가로 나뉩니다.",
        "사진 한 장이면 충분합니다.",
        "다시 할 수 있도록 합니다.",
        "필수 없이도 됩니다.",
        "이것은 King's College의 방법입니다.",
        "`a 'b' (c)`는 코드입니다.",
    ],
)
def test_text_that_is_right_is_left_alone(text: str) -> None:
    assert finish([text], "", KOREAN) == text


def test_text_stands_one_sentence_a_line_and_keeps_its_paragraphs() -> None:
    assert finish(["하나를 제안한다. 둘을 보인다.", "코드를 공개한다."], "", KOREAN) == (
        "하나를 제안합니다.\n둘을 보입니다.\n\n코드를 공개합니다."
    )


def test_terms_and_particles_are_mended_together() -> None:
    text = finish(["우리는 SAPO을 변환기로 학습합니다."], "We train SAPO with a transformer.", KOREAN)

    assert text == "우리는 SAPO를 트랜스포머로 학습합니다."


def test_other_languages_keep_their_own_style() -> None:
    assert (
        finish(['Ele disse "sim" (10 anos). (', "Fim."], "", find_language("pt"))
        == 'Ele disse "sim" (10 anos).\n\nFim.'
    )


def test_text_is_composed_before_masks_are_looked_for() -> None:
    assert compose("\u1112\u1161\u11ab\u200b글\ufeff") == "한글"
