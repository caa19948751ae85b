"""Cleaning makes plain paragraphs of what arXiv and Hugging Face leave of LaTeX, and changes nothing else."""

import re
import unicodedata
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.text import clean, latex
from shared.text.clean import clean_abstract, clean_title
from shared.text.latex import Rewrites, rewrite


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
        (
            "at https: //github.com/a/b or https://github. com/a/b.",
            "at https://github.com/a/b or https://github.com/a/b.",
        ),
        ("between {entropy collapse} and {Qwen2.5-VL}", "between entropy collapse and Qwen2.5-VL"),
        (r"the \textbf{best} and R^textbf{2AI}", "the best and R^{2AI}"),
        ("via *</think>*, **TFPI** and c^* here", "via </think>, TFPI and c^* here"),
        (r"our board\footnote{https://a.io/b} is up", "our board (https://a.io/b) is up"),
        ("at https://github.com/a/b{here}.", "at here (https://github.com/a/b)."),
        ("[SearchInstruct](https://github.com/a/b)", "SearchInstruct (https://github.com/a/b)"),
        ("Project page: brightpinkhttps://a.github.io", "Project page: brightpink https://a.github.io"),
        ("about 7times, 1.5times-3.1×, times4 and 64 times 64", "about 7×, 1.5×-3.1×, ×4 and 64×64"),
        ("from 0.41rightarrow0.52, 2cdot3, 5pm1 at 2pm.", "from 0.41→0.52, 2·3, 5±1 at 2pm."),
        (r"8.12 vs.\ 9.01, 12\,000 steps, so\- called", "8.12 vs. 9.01, 12,000 steps, so called"),
        ("In Table~2 and (ii)~later, up to ~5%", "In Table 2 and (ii) later, up to ~5%"),
        (
            "an open ``quote, a closed'' one, ''twice'' and f'' of x",
            'an open "quote, a closed" one, "twice" and f\'\' of x',
        ),
        ("**S**mall-**M**odel and *Fast*, *L*earn, A* and B*", "Small-Model and Fast, Learn, A* and B*"),
        (
            r"Erd\H{o}s, Ma\~{n}ana, G\"odel, Pok\'{e}mon, gar\c{c}on, na\"\i ve",
            "Erdős, Mañana, Gödel, Pokémon, garçon, naïve",
        ),
        (
            r"{\O}rsted, \O stergaard, Stra{\ss}e, \L{}ukasz, Sm{\o}rg, \v{S}koda",
            "Ørsted, Østergaard, Straße, Łukasz, Smørg, Škoda",
        ),
        (r"the model\'s \"own\" words", 'the model\'s "own" words'),
        (
            r"is at\url{https://a.io/b\_c}, \href{https://a.io}{our page} (\url{b.io/c})",
            "is at https://a.io/b_c, our page (https://a.io) (b.io/c)",
        ),
        ("see urlhttps://a.io/b and url{https://a.io/c}", "see https://a.io/b and https://a.io/c"),
        (
            "at https: //a.io/b, http:/ /b.io and https://github. com /c/d",
            "at https://a.io/b, http://b.io and https://github.com/c/d",
        ),
        (
            "at https://github.com/ a/b and https://a. github.io/b, or https://a.io/ and/or https://a.io. See b.com/c",
            "at https://github.com/a/b and https://a.github.io/b, or https://a.io/ and/or https://a.io. See b.com/c",
        ),
        (r"It is open.\footnote{https://a.io/b. More text", "It is open. (https://a.io/b). More text"),
        (r"board\footnote{See \url{https://a.io}} is", "board (See https://a.io) is"),
        (r"board\footnote{We sell it. It is", "board (We sell it). It is"),
        ("a {B}ERT, s{U}b, {{Deep}} and an {open one}}, too {", "a BERT, sUb, Deep and an open one, too"),
        (r"the {\em new} and {\bf bold} \textbf{one \emph{more}}", "the new and bold one more"),
        (r"we show \n that\n\n it holds, \nu stays", r"we show that it holds, \nu stays"),
        (r"as known~\cite{a,b}, \textcolor{red}{seen} over $\mathbb{R}$", "as known, seen over $R$"),
    ],
)
def test_residue_of_latex_and_markdown_becomes_text(residue: str, text: str) -> None:
    assert clean_abstract(residue) == text


@pytest.mark.parametrize(
    "text",
    [
        r"x_0, ^2, \alpha, O(N^2), theta_{GRPO} and c in {True, False}",
        r"\frac{a}{b}, \sum_{i=1}^{n}, labels {0, 1}, x_{i^{2}} and \unknown{kept}",
        "sim2real, several times, 3 sometimes, a rightarrowed word, isn't and 'so'",
        "DeepSeek-R1-Zero, pi_0, OpenVLA-OFT and pass@1",
        "prices of $5 and $10, <think> and `code -- here`, https://a.io/b--c~d_e",
        "A plain sentence, with (brackets) and 12:00.",
    ],
)
def test_math_names_and_plain_text_stay_as_they_are(text: str) -> None:
    assert clean_abstract(text) == text


def test_unicode_is_composed_and_invisible_characters_go() -> None:
    assert clean_abstract("cafe\u0301\u200b \u00a0au\u00ad\x00 lait\ufeff") == "café au lait"


RESIDUE = (
    *(
        r"\url{",
        r"\href{a}{",
        r"\footnote{",
        r"\"o",
        r"\c{c}",
        r"\c c",
        r"\n",
        "\\",
        r"\emph{",
        r"\frac{a}",
        r"\cite[",
        r"\o ",
    ),
    *(
        "**a",
        "*a",
        "``",
        "''",
        "`a'",
        "https: //",
        "https://a. com",
        "https://a{b}",
        "[a](b.c",
        "![",
        "{",
        "}",
        "{{a}}",
        "_{",
        "text{",
    ),
    *(
        "1times",
        "2 times ",
        "sim1,",
        "1rightarrow",
        "--",
        "---",
        "a~",
        "$",
        "%",
        " ",
        "\n  ",
        "a",
        "B",
        "가",
        "o\u0308",
        "\u0301",
        ".",
    ),
)


@given(st.lists(st.sampled_from(RESIDUE) | st.text(max_size=3), max_size=12).map("".join))
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    abstract, title = clean_abstract(text), clean_title(text)

    assert (clean_abstract(abstract), clean_title(title)) == (abstract, title)


@pytest.mark.parametrize("residue", RESIDUE)
def test_residue_costs_no_more_than_its_length(residue: str) -> None:
    def seconds(length: int) -> float:
        text = (residue * length)[:length]
        started = process_time()
        clean_abstract(text)
        return process_time() - started

    shorter, longer = (min(seconds(length) for _ in range(3)) for length in (1_000, 4_000))

    # Four times the text costs four times as much where the cost is its length, sixteen times where it is the square.
    assert longer < 10 * max(shorter, 0.001)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_becomes_clean_text(text: str) -> None:
    cleaned = clean_abstract(text)

    assert unicodedata.is_normalized("NFC", cleaned)
    assert all(line == line.strip() for line in cleaned.split("\n"))
    assert "\n\n\n" not in cleaned
    assert "\n" not in clean_title(text)


_PIECES = (
    "http", "https: //", "HTTP://", "www.", "github.com/", "a.io/b", "[n](a.b)", "**", "*", "url", "href", "{", "}",
    "footnote", "textbf{", "\\", "\\n", "``", "''", "^circ", "times", " times ", "pm", "sim", "approx", "leq", "geq",
    "rightarrow", "cdot", "--", "---", "~", "%",
)  # fmt: skip


@pytest.mark.parametrize(
    ("rewrites", "needed"),
    [
        (clean._ADDRESSES_AND_MARKDOWN, clean._ANY_ADDRESS_OR_MARKDOWN),
        (latex._COMMANDS, latex._ANY_COMMAND),
        (latex._SIGNS, latex._ANY_SIGN),
    ],
    ids=["addresses and Markdown", "commands", "signs"],
)
@given(text=st.lists(st.sampled_from([*_PIECES, *"ab 1.-'\""]), max_size=12).map("".join))
def test_what_is_not_searched_for_residue_has_none(rewrites: Rewrites, needed: re.Pattern[str], text: str) -> None:
    assert needed.search(text) or rewrite(text, rewrites) == text
