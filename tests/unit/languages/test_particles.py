"""Particles agree with how the word before them is read, and nothing else in a text changes."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.languages.ko.particles import repair_particles

with Path(__file__).with_name("particles.csv").open(encoding="utf-8", newline="") as file:
    CASES = [(row["given"], row["expected"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("given_text", "expected"), CASES)
def test_particles_agree_with_the_reading_of_the_word_before(given_text: str, expected: str) -> None:
    assert repair_particles(given_text) == expected


def test_particles_after_a_korean_word_are_mended_only_where_it_was_just_put_in() -> None:
    given_text = "트랜스포머을 쓰는 인코더을 봅니다."

    assert repair_particles(given_text) == given_text
    assert repair_particles(given_text, words=["트랜스포머"]) == "트랜스포머를 쓰는 인코더을 봅니다."


@given(
    st.lists(
        st.sampled_from(
            [
                *"이가은는을를로과와라며다 \n.,()[]\"'`“”%+",
                *("으로", "을(를)", "(으)로", "이라는", "모델", "RL", "GPT", "$", "3", "10", "/"),
            ]
        )
    ).map("".join)
)
def test_a_repaired_text_needs_no_repair(text: str) -> None:
    once = repair_particles(text)

    assert repair_particles(once) == once


@given(st.text(st.characters(codec="utf-8", exclude_characters="이가은는을를로으과와라나며다고든지란랑였었")))
def test_a_text_without_particles_stays_as_it_is(text: str) -> None:
    assert repair_particles(text) == text


def test_good_korean_is_left_alone(shared_data: Path) -> None:
    """A person's Korean has next to no wrong particle after Latin words and numbers."""
    lines = (shared_data / "flores-dev" / "reference.ko").read_text(encoding="utf-8").splitlines()

    changed = [(line, repair_particles(line)) for line in lines if repair_particles(line) != line]

    assert len(changed) <= 10, changed
