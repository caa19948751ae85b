"""Sentences are paired with their translations by length, as far as one can tell."""

from shared.text.align import align

SOURCE = ["A short one.", "A sentence that is a good deal longer than the first, and goes on.", "Then it ends here."]


def test_each_sentence_is_paired_with_its_own() -> None:
    text = ["짧은 것.", "첫 문장보다 상당히 길고 계속 이어지는 문장입니다.", "그리고 끝납니다."]

    alignment = align(SOURCE, text)

    assert alignment is not None
    assert alignment.stretches == tuple(zip(SOURCE, text, strict=True))
    assert alignment.misfit < 0.05


def test_a_sentence_that_was_cut_in_two_stays_with_its_source() -> None:
    text = ["짧은 것.", "첫 문장보다 상당히 깁니다.", "그리고 계속 이어지는 문장입니다.", "그리고 끝납니다."]

    alignment = align(SOURCE, text)

    assert alignment is not None
    assert alignment.stretches[1] == (SOURCE[1], f"{text[1]} {text[2]}")
    assert alignment.misfit < 0.05


def test_lengths_that_belong_to_other_sentences_disagree() -> None:
    alignment = align(
        SOURCE, ["이것은 처음부터 끝까지 아주 길게 이어지는 다른 문장입니다.", "짧은 것.", "길지도 않은 다른 것."]
    )

    assert alignment is not None
    assert alignment.misfit > 0.1


def test_far_more_sentences_on_one_side_cannot_be_aligned() -> None:
    assert align(SOURCE, ["짧은 것."] * 30) is None
    assert align(SOURCE, []) is None
