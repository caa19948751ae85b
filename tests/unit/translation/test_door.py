"""Whoever brings a text, one function says whether it is a translation."""

import json
from pathlib import Path

import pytest

from shared.languages.table import find_language
from shared.translation.door import Accepted, Refused, accept
from shared.translation.judge import examine_safety
from tests.skips import skip

KOREAN, PORTUGUESE = find_language("ko"), find_language("pt")
SOURCE = "We give 12 robots a map of the old town and watch them find the baker."
TEXT = "로봇 12대에게 구시가지 지도를 주고 빵집을 찾는 모습을 지켜봅니다."


def test_a_right_text_is_accepted_and_nothing_else_makes_one() -> None:
    answer = accept(SOURCE, TEXT, KOREAN)

    assert isinstance(answer, Accepted)
    assert answer.text == TEXT
    with pytest.raises(TypeError):
        Accepted(TEXT, (), key=object())


def test_a_persons_text_is_refused_only_for_what_no_text_may_be() -> None:
    free = f"번역: {TEXT}"

    assert isinstance(accept(SOURCE, free, KOREAN), Refused)
    assert isinstance(accept(SOURCE, free, KOREAN, by_person=True), Accepted)
    assert isinstance(accept(SOURCE, f"{free}\n번역에 실패했습니다.", KOREAN, by_person=True), Refused)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "empty"),
        ("…", "empty"),
        (SOURCE, "unchanged"),
        (SOURCE.upper().replace(".", "!"), "unchanged"),
        ("Give me the map and I will find it.", "script"),
        (f"{TEXT}\nThe kettle boils over tonight.", "script"),
        (f"{TEXT} The kettle boils over tonight.", "script"),
        (f"{TEXT} &amp;", "leaked-markup"),
        (f"{TEXT}\x1b[0m", "control-character"),
        ("요청을 처리하지 못했습니다.", "error-text"),
    ],
)
def test_what_no_text_may_be(text: str, rule: str) -> None:
    answer = accept(SOURCE, text, KOREAN, by_person=True)

    assert isinstance(answer, Refused)
    assert rule in {finding.rule for finding in answer.findings}
    assert "\n" not in str(answer)


def test_names_addresses_and_quoted_words_of_the_source_need_no_letter_of_the_language() -> None:
    source = "PIXEL-3: Robots say 'hello baker' twice. See https://example.org/x for more."
    text = "PIXEL-3: 로봇은 두 번 말합니다.\nhello baker.\n자세한 내용은 다음에 있습니다.\nhttps://example.org/x"

    assert examine_safety(source, text, KOREAN) == ()
    assert examine_safety("PIXEL-3 v2", "PIXEL-3 v2", KOREAN) == ()


def test_a_language_in_latin_letters_is_told_from_its_source_alone() -> None:
    assert examine_safety("We feed small robots.", "Alimentamos robôs pequenos.", PORTUGUESE) == ()
    (finding,) = examine_safety("We feed small robots.", "We feed small robots", PORTUGUESE)
    assert finding.rule == "unchanged"


def test_no_right_abstract_is_refused_for_what_no_text_may_be(shared_data: Path) -> None:
    pairs = [json.loads(line) for line in (shared_data / "abstract-pairs.jsonl").read_text().split("\n") if line]

    refused = {pair["id"]: found for pair in pairs if (found := examine_safety(pair["source"], pair["text"], KOREAN))}

    assert len(pairs) > 500
    assert refused == {}


def test_every_old_error_text_is_refused_at_a_persons_door_too(shared_data: Path) -> None:
    file = shared_data.parent / "cases" / "judgements.jsonl"
    if not file.is_file():
        skip("shared", f"there is no file {file}")
    rows = [json.loads(line) for line in file.read_text().split("\n") if line]
    errors = [row for row in rows if row.get("kind") == "old error text"]
    right = [row for row in rows if row["right"] == "passed"]

    assert errors
    for row in errors:
        assert isinstance(accept(row["source"], row["text"], KOREAN, by_person=True), Refused), row["text"]
    for row in right:
        assert isinstance(accept(row["source"], row["text"], KOREAN, by_person=True), Accepted), row["text"]
