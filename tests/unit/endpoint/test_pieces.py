"""Cutting lines so that nothing is lost on the way to the model."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.engine.pieces import MOST_UNITS, split, units


def pieces(line: str) -> list[str]:
    return [piece for piece, _ in split(line, "en") if piece]


@given(st.text(alphabet=st.sampled_from(list("aB9 .,;:?!()\u00a0–é가\t"))))
def test_the_pieces_and_their_spaces_are_the_line_again(line: str) -> None:
    assert "".join(piece + space for piece, space in split(line, "en")) == line


@given(st.text(alphabet=st.sampled_from(list("abcD9 .,")), max_size=600))
def test_no_piece_is_longer_than_the_model_follows(line: str) -> None:
    assert all(units(piece) <= MOST_UNITS for piece in pieces(line))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("It works. It is fast.", ["It works.", "It is fast."]),
        ("It improves by 3.5% vs. GPT-4, e.g. in Fig. 3.", ["It improves by 3.5% vs. GPT-4, e.g. in Fig. 3."]),
        ("See D\u00a0. Knuth\u3000.", ["See D\u00a0. Knuth\u3000."]),
        (
            "(2) Tuning, where data is chosen. We reach 9.75. Code is open. (3) Nothing.",
            ["(2) Tuning, where data is chosen.", "We reach 9.75.", "Code is open.", "(3) Nothing."],
        ),
    ],
)
def test_sentences_end_where_a_reader_sees_their_end(line: str, expected: list[str]) -> None:
    assert pieces(line) == expected


def test_a_long_sentence_is_cut_at_the_boundary_that_hurts_least() -> None:
    # given: a sentence that is too long, with one semicolon among many commas
    clause = ", ".join(f"word{number}" for number in range(25))
    # when
    first, second = pieces(f"{clause}; {clause}.")
    # then
    assert first == f"{clause};"
    assert second == f"{clause}."


def test_real_abstracts_are_cut_into_pieces_of_few_sentences(shared_data: Path) -> None:
    # given
    papers = json.loads((shared_data / "hf/api/daily_papers/2025-W37.json").read_text())
    abstracts = [" ".join(entry["paper"]["summary"].split()) for entry in papers]
    # when / then: nothing runs on to the end of an abstract
    assert max(len(piece) for abstract in abstracts for piece in pieces(abstract)) < 500
