"""What is seen of one paper: each finding at its sentence, why it failed, and nothing that drives the terminal."""

import io
from dataclasses import replace
from datetime import UTC, datetime

from rich.console import Console

from cli.showing.side_by_side import show_paper, side_by_side
from shared.doubts import Doubt, Kept
from shared.editions import Edition
from shared.failures import Failure, FailureClass
from shared.ledger.records import PERSON, FailedResult, Result, TranslatedResult
from shared.papers import Paper

EDITION, TIME = Edition("2025-W37", "ko"), datetime(2025, 9, 15, tzinfo=UTC)
FIRST, SECOND = "We train BERT on 12 tasks.", "It fails on two of them."
PAPER = Paper("2509.00001", "Learning to Listen", f"{FIRST} {SECOND}")
KOREAN = "BERT를 훈련합니다."
TRANSLATED = TranslatedResult(
    EDITION.run,
    "ko",
    PAPER.id,
    TIME,
    text=f"{KOREAN}\n{SECOND}",
    engine="engine-1",
    title="듣기",
    notes=("abstract: number ('12')", "title: left in English"),
    doubts=(Doubt(0, "number", "'12'", FIRST),),
    kept=(Kept(1, "loop", "again"),),
)
FAILED = FailedResult(
    EDITION.run, "ko", PAPER.id, TIME, Failure(FailureClass.PERMANENT, "RefusedByGate", "refused: loop"), attempts=2
)


def shown(result: Result | None, paper: Paper = PAPER, answers: tuple[str, ...] = ()) -> str:
    console = Console(file=io.StringIO(), width=160)
    show_paper(console, side_by_side(EDITION, paper, result, answers, "chorok redrive"))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_each_finding_stands_at_its_sentence_and_is_told_once() -> None:
    paper = side_by_side(EDITION, PAPER, TRANSLATED, (), "chorok redrive")

    assert [(sentence.source, sentence.found, sentence.kept) for sentence in paper.sentences] == [
        (FIRST, ("doubtful: number ('12')",), False),
        (SECOND, ("in English: loop (again)",), True),
    ]
    assert paper.notes == ("title: left in English",)
    assert shown(TRANSLATED).count("number ('12')") == 1


def test_of_a_failed_paper_it_is_said_what_was_refused_and_what_mends_it() -> None:
    told = shown(FAILED, answers=("훈련 훈련 훈련",))

    assert "failed (permanent, RefusedByGate): refused: loop" in told
    assert "→ Read what the judge found wrong; with a better engine or glossary: chorok redrive" in told
    assert "answered: 훈련 훈련 훈련" in told
    assert FIRST in told
    assert "→" not in shown(replace(FAILED, accepted=True))


def test_a_paper_without_a_result_is_pending() -> None:
    assert "2509.00001: pending\n" in shown(None)


def test_of_a_persons_text_the_judge_only_says_what_it_would_object_to() -> None:
    own = replace(
        TRANSLATED,
        engine=PERSON,
        doubts=(),
        kept=(),
        notes=(),
        text="BERT를 13개 과제로 훈련합니다.\n둘에서는 실패합니다.",
    )

    paper = side_by_side(EDITION, PAPER, own, (), "")

    assert paper.engine == "person"
    assert any("12" in found for sentence in paper.sentences for found in sentence.found)


def test_what_strangers_wrote_cannot_drive_the_terminal() -> None:
    hostile = "\x1b[2J\u202e[red]x"
    paper = replace(PAPER, title=f"A {hostile} title", abstract=f"{hostile} {FIRST}")
    failure = replace(FAILED.failure, cause=hostile, code=hostile)
    results = (
        replace(TRANSLATED, text=f"{KOREAN} {hostile}", title=hostile, engine=hostile, notes=(hostile,), kept=()),
        replace(FAILED, failure=failure),
    )

    told = "".join(shown(result, paper, (hostile,)) for result in results)

    assert "\x1b" not in told
    assert "\u202e" not in told
    assert "[red]x" in told
