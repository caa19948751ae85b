"""Cleaning makes plain paragraphs of what arXiv and Hugging Face leave of LaTeX, and changes nothing else."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.text.clean import clean_abstract, clean_title


def test_wrapped_lines_become_one_and_paragraphs_stay() -> None:
    abstract = "We study the\nproblem at scale.\n  In this work we\npropose X.\n\nCode is public."

    assert clean_abstract(abstract) == "We study the problem at scale.\n\nIn this work we propose X.\n\nCode is public."


def test_a_title_is_one_line() -> None:
    assert clean_title("An Effective Paradigm for Tiny-Scale\n  Vision-Language-Action\r\n Model") == (
        "An Effective Paradigm for Tiny-Scale Vision-Language-Action Model"
    )


@pytest.mark.parametrize(
    ("residue", "text"),
    [
        ("a novel phenomenon ``pushcut'' here", 'a novel phenomenon "pushcut" here'),
        ('like ``aha moments", too', 'like "aha moments", too'),
        ("introduce `Dragon Hatchling' (BDH)", "introduce 'Dragon Hatchling' (BDH)"),
        (r"accuracy of 38\% on S\&P 500 and RoboTwin 1.0\&2.0", "accuracy of 38% on S&P 500 and RoboTwin 1.0&2.0"),
        (r"a cost of only \50.5 for the arm", "a cost of only $50.5 for the arm"),
        ("an 8.4times speedup, a 512times512 image", "an 8.4× speedup, a 512×512 image"),
        (r"2.3\times greater, A\neq B, i.e. \ie so", "2.3× greater, A≠ B, i.e. i.e. so"),
        ("a full FoV (360^circtimes180^circ)", "a full FoV (360°×180°)"),
        (r"on the 0.25{\deg} dataset", "on the 0.25° dataset"),
        (r"with just sim1\% data and sim2real", "with just ~1% data and sim2real"),
        ("grew by 40--60\\% -- a lot", "grew by 40–60% – a lot"),
        ("without concerns--retaining all---mostly", "without concerns – retaining all — mostly"),
        ("models,~i.e., CLIP, at ~3% and Policy~(BPO)", "models, i.e., CLIP, at ~3% and Policy (BPO)"),
        ("between {entropy collapse} and {Qwen2.5-VL}", "between entropy collapse and Qwen2.5-VL"),
        (r"the \textbf{best} and R^textbf{2AI}", "the best and R^{2AI}"),
        ("via *</think>*, **TFPI** and c^* here", "via </think>, TFPI and c^* here"),
        (r"our board\footnote{https://a.io/b} is up", "our board (https://a.io/b) is up"),
        ("at https://github.com/a/b{here}.", "at here (https://github.com/a/b)."),
        ("[SearchInstruct](https://github.com/a/b)", "SearchInstruct (https://github.com/a/b)"),
        ("Project page: brightpinkhttps://a.github.io", "Project page: brightpink https://a.github.io"),
    ],
)
def test_residue_of_latex_and_markdown_becomes_text(residue: str, text: str) -> None:
    assert clean_abstract(residue) == text


@pytest.mark.parametrize(
    "text",
    [
        r"x_0, ^2, \alpha, O(N^2), theta_{GRPO} and c in {True, False}",
        "DeepSeek-R1-Zero, pi_0, OpenVLA-OFT and pass@1",
        "prices of $5 and $10, <think> and `code -- here`, https://a.io/b--c~d_e",
        "A plain sentence, with (brackets) and 12:00.",
    ],
)
def test_math_names_and_plain_text_stay_as_they_are(text: str) -> None:
    assert clean_abstract(text) == text


def test_unicode_is_composed_and_invisible_characters_go() -> None:
    assert clean_abstract("cafe\u0301\u200b \u00a0au\u00ad\x00 lait\ufeff") == "café au lait"


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_becomes_clean_text(text: str) -> None:
    cleaned = clean_abstract(text)

    assert unicodedata.is_normalized("NFC", cleaned)
    assert all(line == line.strip() for line in cleaned.split("\n"))
    assert "\n\n\n" not in cleaned
    assert "\n" not in clean_title(text)
