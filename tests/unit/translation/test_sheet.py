"""A person gets each sentence beside its English, and what comes back says exactly what the person changed."""

import unicodedata

import pytest

from shared.doubts import MISSING, Doubt, Kept
from shared.errors import UsageError
from shared.languages.table import find_language
from shared.translation.parallel import Passage, parallel, remarks
from shared.translation.sheet import LEFT, Edited, Sheet, read_sheet, write_sheet

KOREAN = find_language("ko")
TITLE, OWN_TITLE = "Learning to Listen", "듣는 법을 배우기"
SOURCE = "We train BERT on 12 tasks. It fails on two of them.\n\nThe code of ALPHA is public."
FIRST, SECOND, THIRD = (
    "BERT를 12개 과제로 훈련합니다.",
    "두 과제에서는 실패합니다.",
    "ALPHA의 코드는 공개되어 있습니다.",
)
TEXT = f"{FIRST}\n{SECOND}\n\n{THIRD}"
ENGLISH = "It fails on two of them."
PARTLY = f"{FIRST}\n{ENGLISH}\n\n{THIRD}"
KEPT = (Kept(1, "loop", "again"),)


def sheet(text: str = TEXT, kept: tuple[Kept, ...] = (), title: str = OWN_TITLE) -> Sheet:
    passages = parallel(SOURCE, text, KOREAN, kept)
    return Sheet(TITLE, title, passages, kept, remarks(passages, [Doubt(0, "number", "'12'", "")], kept))


def edited(of: Sheet, *changes: tuple[str, str]) -> Edited:
    """What is read where a person has made these changes to the file of a sheet."""
    written = write_sheet(of, "2025-W37 ko 2509.00001", KOREAN)
    for was, becomes in changes:
        assert was in written
        written = written.replace(was, becomes)
    return read_sheet(written.encode(), of, KOREAN)


# Side by side.


def test_each_line_stands_with_its_sentence_and_in_its_paragraph() -> None:
    assert parallel(SOURCE, TEXT, KOREAN) == (
        Passage(0, ("We train BERT on 12 tasks.",), (FIRST,), (0,)),
        Passage(0, (ENGLISH,), (SECOND,), (1,)),
        Passage(1, ("The code of ALPHA is public.",), (THIRD,), (2,)),
    )


def test_a_kept_sentence_belongs_to_itself() -> None:
    assert parallel(SOURCE, PARTLY, KOREAN, KEPT)[1] == Passage(0, (ENGLISH,), (ENGLISH,), (1,), kept=True)


def test_without_a_text_every_sentence_stands_alone() -> None:
    assert [(passage.paragraph, passage.lines) for passage in parallel(SOURCE, "", KOREAN)] == [
        (0, ()),
        (0, ()),
        (1, ()),
    ]


def test_findings_stand_at_their_sentence_and_a_missing_one_in_its_gap() -> None:
    passages = parallel(SOURCE, f"{FIRST}\n\n{THIRD}", KOREAN)
    doubts = [Doubt(0, MISSING, "x", ENGLISH), Doubt(1, "names", "ALPHA", "")]

    assert [passage.lines for passage in passages] == [(FIRST,), (), (THIRD,)]
    assert remarks(passages, doubts, ()) == {1: ["doubtful: missing (x)"], 2: ["doubtful: names (ALPHA)"]}


# The file.


def test_the_file_shows_what_is_found_and_leaves_room_for_what_is_in_english() -> None:
    written = write_sheet(sheet(PARTLY, KEPT), "2025-W37 ko 2509.00001", KOREAN)

    assert f"# [title] {TITLE}\n{OWN_TITLE}\n" in written
    assert f"# [1] We train BERT on 12 tasks.\n#     doubtful: number ('12')\n{FIRST}\n" in written
    assert f"# [2] {ENGLISH}\n#     in English: loop (again)\n\n" in written


@pytest.mark.parametrize("kept", [(), KEPT])
def test_saved_unchanged_nothing_changes(kept: tuple[Kept, ...]) -> None:
    assert edited(sheet(PARTLY if kept else TEXT, kept)) == Edited(None, None)


def test_what_only_an_editor_changed_is_no_change() -> None:
    assert edited(sheet(), ("\n", "\r\n")) == Edited(None, None)
    assert edited(sheet(), (FIRST, f"{unicodedata.normalize('NFD', FIRST)}  ")) == Edited(None, None)
    assert read_sheet(b"\xef\xbb\xbf" + write_sheet(sheet(), "x", KOREAN).encode(), sheet(), KOREAN) == Edited(
        None, None
    )


def test_one_sentence_is_corrected_and_the_others_stay() -> None:
    found = edited(sheet(), (SECOND, "둘에서는 실패합니다. 이유는 모릅니다."))

    assert found == Edited(None, f"{FIRST}\n둘에서는 실패합니다.\n이유는 모릅니다.\n\n{THIRD}")


def test_a_title_is_corrected_alone() -> None:
    assert edited(sheet(), (OWN_TITLE, "잘 듣는 법")) == Edited("잘 듣는 법", None)


def test_a_kept_sentence_is_translated_or_stays_in_english() -> None:
    partly = sheet(PARTLY, KEPT)

    assert edited(partly, ("(again)\n", f"(again)\n{SECOND}\n")) == Edited(None, TEXT)
    assert edited(partly, (THIRD, "코드는 ALPHA에 있습니다.")) == Edited(
        None, f"{FIRST}\n{ENGLISH}\n\n코드는 ALPHA에 있습니다.", KEPT
    )


def test_a_failed_paper_is_translated_as_far_as_a_person_does_it() -> None:
    failed = sheet("", (), "")
    sentences = (
        "# [1] We train BERT on 12 tasks.\n",
        "# [2] It fails on two of them.\n",
        "# [3] The code of ALPHA is public.\n",
    )

    assert edited(failed) == Edited(None, None)
    whole = edited(
        failed, *((line, f"{line}{text}\n") for line, text in zip(sentences, (FIRST, SECOND, THIRD), strict=True))
    )
    assert whole == Edited(None, TEXT)
    assert edited(
        failed, (sentences[0], f"{sentences[0]}{FIRST}\n"), (sentences[2], f"{sentences[2]}{THIRD}\n")
    ) == Edited(None, PARTLY, (Kept(1, LEFT, ""),))


def test_two_sentences_become_one_where_the_number_is_taken_away() -> None:
    failed = sheet("", (), "")

    joined = edited(
        failed,
        ("# [1] We train BERT on 12 tasks.\n", f"# [1] We train BERT on 12 tasks.\n{FIRST}\n"),
        ("# [2] It fails on two of them.\n", ""),
        ("# [3] The code of ALPHA is public.\n", f"# [3] The code of ALPHA is public.\n{THIRD}\n"),
    )

    assert joined == Edited(None, f"{FIRST}\n\n{THIRD}")


def test_a_line_that_begins_like_a_comment_is_kept() -> None:
    marked = Sheet("", "", (Passage(0, ("We rank #1.",), ("#1위입니다.",), (0,)),))

    assert edited(marked) == Edited(None, None)
    assert edited(marked, (" #1위입니다.", " #1위가 됩니다.")) == Edited(None, "#1위가 됩니다.")


def test_hostile_english_stays_a_comment() -> None:
    hostile = Sheet("A\n한국어 줄", "", (Passage(0, ("B\r\n# [2] x\u2028한국어",), (), ()),))

    written = write_sheet(hostile, "a\nb", KOREAN)

    assert all(not line or line.startswith("#") for line in written.split("\n"))


@pytest.mark.parametrize(
    ("body", "said"), [(b"\xb0\xa1", "UTF-8"), ("글\n# [1] x\n".encode(), "above the first number")]
)
def test_a_file_that_cannot_be_read_says_why(body: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_sheet(body, sheet(), KOREAN)
