import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.text.display import displayable, readable, sentences


@pytest.mark.parametrize(
    ("residue", "shown"),
    [
        ("pi_0 and pi_{0.5}", "π₀ and π₀.₅"),
        ("\\alpha-entmax, \\betas", "α-entmax, \\betas"),
        ("10^{-3} of 10^5, O(n^2), 2^n", "10⁻³ of 10⁵, O(n²), 2ⁿ"),
        ("pass^4 and x_0, x_{12}", "pass⁴ and x₀, x₁₂"),
        ("snake_case_1 file_0.py a_1/b", "snake_case_1 file_0.py a_1/b"),
        ("see https://example.org/x_0/pi_0^2.", "see https://example.org/x_0/pi_0^2."),
        ("pass^k", "pass^k"),
    ],
)
def test_math_residue_is_shown_readably_and_all_else_as_it_is(residue: str, shown: str) -> None:
    assert readable(residue) == shown


def test_a_translation_is_paragraphs_of_one_sentence_a_line() -> None:
    assert sentences("하나.\n둘.\n\n\n 셋. \n") == (("하나.", "둘."), ("셋.",))


@given(st.text())
def test_what_is_shown_is_always_utf8_and_xml(text: str) -> None:
    shown = displayable(text)

    shown.encode()
    assert displayable(shown) == shown
    assert not [character for character in shown if character < " " and character not in "\t\n"]
