"""The memory's keys: what must share one, and what must not."""

import pytest

from shared.languages.glossary import Glossary, Term
from shared.languages.table import find_language
from shared.translation.memory_keys import memory_key, person_key

KOREAN = find_language("ko")
SOURCE = "An agent plans."


def glossary(**terms: str) -> Glossary:
    return Glossary(KOREAN, tuple(Term((term,), translation) for term, translation in terms.items()))


KEY = memory_key(SOURCE, KOREAN, "model-1", glossary(agent="에이전트", transformer="트랜스포머"))


@pytest.mark.parametrize(
    "other",
    [
        memory_key("An agent acts.", KOREAN, "model-1", glossary(agent="에이전트")),
        memory_key(SOURCE, find_language("pt"), "model-1", glossary(agent="에이전트")),
        memory_key(SOURCE, KOREAN, "model-2", glossary(agent="에이전트")),
        memory_key(SOURCE, KOREAN, "model-1", glossary(agent="대리인")),
        person_key(SOURCE, KOREAN),
    ],
)
def test_whatever_changes_the_translation_changes_the_key(other: str) -> None:
    assert len(other) == len(KEY) == 64
    assert other != KEY


def test_a_glossary_entry_that_does_not_occur_changes_nothing() -> None:
    assert memory_key(SOURCE, KOREAN, "model-1", glossary(transformer="변환기", agent="에이전트")) == KEY


def test_a_person_is_found_by_source_and_language_alone() -> None:
    assert person_key(SOURCE, KOREAN) == person_key(SOURCE, KOREAN)
    assert person_key(SOURCE, KOREAN) != person_key(SOURCE, find_language("pt"))
