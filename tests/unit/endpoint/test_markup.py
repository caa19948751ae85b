"""What must not be translated survives any engine; the rest is translated."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.engine.markup import translate


def unchanged(sentence: str) -> str:
    return sentence


class Recorder:
    """An engine that changes nothing and remembers what it saw."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, sentence: str) -> str:
        self.seen.append(sentence)
        return sentence


def span(text: str) -> str:
    return f'<span translate="no">{text}</span>'


plain = st.text(alphabet=st.sampled_from(list("aB9 .,PH12'\n")), max_size=30)
markup = st.lists(
    st.one_of(plain, st.sampled_from(["&amp;", "&lt;", "&gt;"]), plain.map(lambda text: span(text.strip() + "x"))),
    max_size=12,
).map("".join)


@given(markup)
def test_an_engine_that_changes_nothing_gives_the_text_back(text: str) -> None:
    assert translate(text, "en", {}, unchanged).text == text


@pytest.mark.parametrize(
    "engine",
    [
        str.lower,
        lambda sentence: sentence.replace("PH1", ""),
        lambda sentence: f"{sentence} {sentence}",
        lambda sentence: re.sub(r"PH(\d)", r"PH \1", sentence),
        lambda sentence: re.sub(r"PH(\d)", r"PH\1s", sentence),
        lambda sentence: sentence + " PH1",
        lambda sentence: "",
        lambda sentence: sentence + "".join(map(chr, range(0xE000, 0xE010))),
    ],
    ids=[
        "lower case",
        "loses one",
        "doubles all",
        "tears apart",
        "adds an ending",
        "invents one",
        "says nothing",
        "private use",
    ],
)
def test_every_span_comes_back_exactly_once_from_a_hostile_engine(engine: Callable[[str], str]) -> None:
    # given
    address, code = span("https://x.y/z?a=1&b=2"), span("{}[PH9]")
    # when
    text = translate(f"See {address}. Both {code} and {address} are here.", "en", {}, engine).text
    # then
    assert text.count(address) == 2
    assert text.count(code) == 1
    assert re.sub(r"\W", "", text.replace(address, "").replace(code, ""))


def test_the_engine_sees_neither_tags_nor_entities() -> None:
    # given
    engine = Recorder()
    # when
    translate(f"A &lt; B &amp; C at {span('https://x.y')} holds.", "en", {}, engine)
    # then
    assert engine.seen == ["A < B & C at PH1 holds."]


def test_what_the_engine_writes_is_escaped_only_where_the_text_was_markup() -> None:
    assert translate("A &amp; B", "en", {}, lambda _: "C & D < E").text == "C &amp; D &lt; E"
    assert translate("A & B", "en", {}, lambda _: "C & D < E").text == "C & D < E"


def test_a_word_of_the_text_that_looks_like_a_placeholder_stays_itself() -> None:
    text = f"PH1 and PH2 are at {span('https://x.y')} now."
    assert translate(text, "en", {}, unchanged).text == text


@pytest.mark.parametrize("text", [f"{span('x')}5 is it.", f"It is a{span('x')}b.", f"{span('x')}{span('y')} are."])
def test_a_span_that_touches_its_neighbours_keeps_its_place(text: str) -> None:
    assert translate(text, "en", {}, unchanged).text == text


def test_paragraphs_and_spacing_stay() -> None:
    text = "  One. Two.\n\nThree.\n  Four.  \n"
    assert translate(text, "en", {}, str.upper).text == text.upper()


def test_sentences_are_translated_one_by_one() -> None:
    engine = Recorder()
    translate("It works. It is fast.\nIt is small.", "en", {}, engine)
    assert engine.seen == ["It works.", "It is fast.", "It is small."]


def test_terms_become_their_targets_as_whole_words_and_by_case() -> None:
    # given
    terms = {"model": "모델", "language model": "언어 모델", "agent": "에이전트"}
    # when
    translated = translate("A language model, a Model and models; an agent.", "en", terms, str.upper)
    # then: the longest term wins, and what was not applied is not reported
    assert translated.text == "A 언어 모델, A MODEL AND MODELS; AN 에이전트."
    assert translated.terms == (("language model", "언어 모델"), ("agent", "에이전트"))


def test_a_term_inside_a_span_is_left_alone() -> None:
    text = f"See {span('model')}."
    assert translate(text, "en", {"model": "모델"}, unchanged).text == text
