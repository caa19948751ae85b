"""Sentences end where a reader ends them."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.languages.table import find_language
from shared.text.sentences import ENGLISH, SentenceEnds, split


def ends(language: str) -> SentenceEnds:
    return ENGLISH if language == "en" else find_language(language).sentence_ends


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["We follow Smith et al. (2024), cf. Fig. 3.", "It gains 4.5 points vs. GPT-4.", "Why?", "It scales."]),
        ("en", ["Code: https://a.io/b.c!", "See `a. B. c` there.", "Done."]),
        ("en", ["It has two parts: (1) A first part.", "(2) A second part here.", "Both work."]),
        ("en", ["It has (1) a first part and (2) a second part.", "Both work."]),
        ("ko", ["SAPO를 제안합니다.", "정확도는 4.5% 높습니다.", "코드는 https://a.io/b. 에 있습니다."]),
        ("ko", ["그는 “좋습니다.”라고 말했습니다.", "(참고) 다음 문장입니다."]),
        ("pt", ["O modelo é bom.", "Isto é o GPT-4.5.", "Sim!"]),
    ],
)
def test_sentences_are_found(language: str, sentences: list[str]) -> None:
    assert list(split(" ".join(sentences), ends(language))) == sentences


def test_languages_without_spaces_are_cut_too() -> None:
    assert split("提案します。良いです。", ends("ja")) == ("提案します。", "良いです。")


@settings(deadline=None)
@given(
    st.text(alphabet=st.characters(exclude_characters="\n"), max_size=150), st.sampled_from(["en", "ko", "pt", "zh"])
)
@example(text="Half an emoji \ud83d is. Two.", language="en")
def test_nothing_is_lost_but_spaces(text: str, language: str) -> None:
    assert "".join("".join(split(text, ends(language))).split()) == "".join(text.split())
