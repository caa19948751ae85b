"""The memory's keys: what must share one, and what must not."""

import pytest

from shared.languages import language
from shared.translation.memory import memory_key, person_key

KOREAN = language("ko")
GLOSSARY = [("agent", "에이전트"), ("transformer", "트랜스포머")]


def test_a_key_can_name_an_object_and_is_stable() -> None:
    assert memory_key("A text.", KOREAN, "model-1", GLOSSARY) == memory_key(
        "A text.", KOREAN, "model-1", GLOSSARY[::-1]
    )
    assert len(person_key("A text.", KOREAN)) == 64


@pytest.mark.parametrize(
    "other",
    [
        memory_key("Another text.", KOREAN, "model-1", GLOSSARY),
        memory_key("A text.", language("pt"), "model-1", GLOSSARY),
        memory_key("A text.", KOREAN, "model-2", GLOSSARY),
        memory_key("A text.", KOREAN, "model-1", [("agent", "대리인")]),
        person_key("A text.", KOREAN),
    ],
)
def test_whatever_changes_the_translation_changes_the_key(other: str) -> None:
    assert memory_key("A text.", KOREAN, "model-1", GLOSSARY) != other


def test_a_person_is_found_whatever_the_engine() -> None:
    assert person_key("A text.", KOREAN) == person_key("A text.", KOREAN)
    assert person_key("A text.", KOREAN) != person_key("A text.", language("pt"))
