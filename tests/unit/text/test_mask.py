"""Masks come back from any engine to the character, each exactly once, or the damage is told."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.text.mask import NONE, SPANS, SPANS_AND_NUMBERS, WORDS, Masking, addresses, with_addresses_apart
from tests.unit.translation.abstracts import abstracts

MASKINGS = pytest.mark.parametrize("masking", [SPANS, SPANS_AND_NUMBERS, WORDS], ids=lambda masking: masking.name)


@pytest.mark.parametrize(
    ("text", "masks"),
    [
        ("Code is at https://github.com/a/b.", ("https://github.com/a/b",)),
        ("See (https://a.io/b_(c)), http://b.org/?q=1&r=2!", ("https://a.io/b_(c)", "http://b.org/?q=1&r=2")),
        ("at github.com/a/b, project.github.io and www.a.org", ("github.com/a/b", "project.github.io", "www.a.org")),
        ("Mail first.last@uni-a.ac.kr.", ("first.last@uni-a.ac.kr",)),
        ("Run `pip install x` now.", ("`pip install x`",)),
        ("between <think> and </think> tags", ("<think>", "</think>")),
        (r"over $x_0 + y$, \alpha and \mathbb{R}^2", ("$x_0 + y$", r"\alpha", r"\mathbb{R}^2")),
        ("x_0, SR^2 and O(N^2) for v_{reason} = theta_{GRPO}", ("x_0", "SR^2", "O(N^2)", "v_{reason}", "theta_{GRPO}")),
        ("the judgment c^*. Then (SR^2). A bare ^2 too", ("c^*", "SR^2", "^2")),
    ],
)
def test_what_must_not_change_is_masked(text: str, masks: tuple[str, ...]) -> None:
    assert SPANS.mark(text).masks == masks


@pytest.mark.parametrize(
    "text",
    [
        "DeepSeek-R1-Zero, pi_0, OpenVLA-OFT, RoboTwin 1.0&2.0, GPT-4o and Qwen2.5-VL",
        "pass@1, nDCG@10, R1@0.7: 52.9% and DeepConf@512.",
        "prices of $5 and $10, over 3.30 -> 3.03, for >2 functions with <10 percent",
        "e.g. 12:00, 40–60%, ~3-7%, 1,040 km and Node.js",
    ],
)
def test_names_numbers_and_ranges_are_left_to_the_engine(text: str) -> None:
    assert SPANS.mark(text).masks == ()


def test_numbers_are_masked_for_an_engine_that_changed_one() -> None:
    marked = SPANS_AND_NUMBERS.mark("SAPO gains 4.5% at 1,040, GPT-4o and x_0 nothing.")

    assert marked.masks == ("4.5%", "1,040", "x_0")


def test_text_is_marked_up_for_amazon() -> None:
    marked = SPANS.mark("R&D on <think> at https://a.io/?b&c for x < y.")

    assert marked.text == (
        'R&amp;D on <span translate="no">&lt;think&gt;</span> at '
        '<span translate="no">https://a.io/?b&amp;c</span> for x &lt; y.'
    )


@pytest.mark.parametrize("masking", [SPANS, SPANS_AND_NUMBERS, WORDS, NONE], ids=lambda masking: masking.name)
@settings(deadline=None)
@given(text=abstracts() | st.text(max_size=120))
def test_an_engine_that_returns_its_input_gives_the_text_back(masking: Masking, text: str) -> None:
    marked = masking.mark(text)

    restored = masking.restore(marked.text, marked.masks)

    assert (restored.text, restored.damage) == (text, ())


@MASKINGS
@settings(deadline=None)
@given(text=abstracts(), order=st.randoms(use_true_random=False))
def test_a_hostile_engine_moves_masks_but_cannot_change_them(masking: Masking, text: str, order: st.DataObject) -> None:
    marked = masking.mark(text)
    pieces = re.split(r"(<span.*?</span>|PH\d+)", marked.text)
    hostile = [piece if index % 2 else piece.swapcase().replace(".", ";") for index, piece in enumerate(pieces)]
    order.shuffle(hostile)  # type: ignore[attr-defined]

    restored = masking.restore(" ".join(hostile), marked.masks)

    assert restored.damage == ()
    assert all(restored.text.count(mask) >= marked.masks.count(mask) for mask in marked.masks)


@MASKINGS
@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda text: re.sub(r"<span.*?</span>|PH1", "", text), "lost 'https://a.io/b'"),
        (lambda text: text + " " + re.sub(r".*(<span.*?</span>|PH1).*", r"\1", text), "unexpected 'https://a.io/b'"),
        (lambda text: re.sub(r"a\.io/b|PH1", "a.io/c", text), "lost 'https://a.io/b'"),
    ],
)
def test_a_mask_that_is_lost_doubled_or_changed_is_told(masking: Masking, damage: object, told: str) -> None:
    marked = masking.mark("Code is at https://a.io/b today.")

    restored = masking.restore(damage(marked.text), marked.masks)  # type: ignore[operator]

    assert told in restored.damage


def test_a_word_that_looks_like_a_placeholder_comes_back() -> None:
    text = "PH1 and ph 2 are names, https://a.io/b is none."
    marked = WORDS.mark(text)

    assert WORDS.restore(marked.text, marked.masks).text == text


def test_addresses_are_found_before_korean_particles() -> None:
    assert addresses("코드는 https://a.io/b에서, 문의는 me@a.io로.") == ("https://a.io/b", "me@a.io")


@pytest.mark.parametrize(
    ("glued", "apart"),
    [
        ("(https://a.io/b)에서, b.io/c를 받습니다.", "(https://a.io/b)에서, b.io/c 를 받습니다."),
        ("a@b.io로 쓰고 http://c.io/d?e=f에서 봅니다.", "a@b.io 로 쓰고 http://c.io/d?e=f 에서 봅니다."),
        ("https://a.ioで公開。 https://a.io, https://a.io.", "https://a.io で公開。 https://a.io, https://a.io."),
    ],
)
def test_no_letter_sticks_to_an_address(glued: str, apart: str) -> None:
    assert with_addresses_apart(glued) == with_addresses_apart(apart) == apart
