"""The summary travels with its paper, is judged on its own, and whatever goes wrong with it, its paper goes on."""

import re
from collections.abc import Callable

import pytest

from shared.engines.protocol import EngineAnswer
from shared.errors import TranslationError
from shared.failures import Failure, FailureClass
from shared.languages.table import find_language
from shared.text.clean import clean_abstract, clean_title
from shared.translation.ask import Answers, Asked
from shared.translation.pipeline import Engines, Translation, translate

KOREAN = find_language("ko")
TITLE, ABSTRACT = "Learning to Rest", "We study how models learn. They learn faster with 12 robots."
SUMMARY = "Models learn 3 times faster\nwith Robo-9."
DICTIONARY = {
    TITLE: "쉬는 법을 배우기",
    "We study how models learn.": "모델이 어떻게 배우는지 연구합니다.",
    "They learn faster with 12 robots.": "로봇 12대와 함께 더 빨리 배웁니다.",
    "Models learn 3 times faster with Robo-9.": "모델은 Robo-9로 3배 빨리 배웁니다.",
}
WHOLE = ("쉬는 법을 배우기", "모델이 어떻게 배우는지 연구합니다.\n로봇 12대와 함께 더 빨리 배웁니다.")


class Recorder:
    """An engine that knows the dictionary; `answer` may change what it answers, and `sent` is what it was asked."""

    def __init__(self, answer: Callable[[str], str] = lambda text: text) -> None:
        self.answer = answer
        self.sent: list[str] = []

    def __call__(self, text: str) -> EngineAnswer:
        self.sent.append(text)
        text = re.sub(r"<span[^>]*>(.*?)</span>", r"\1", text)
        for english, korean in DICTIONARY.items():
            text = text.replace(english, korean)
        return EngineAnswer(self.answer(text), ())


def refusing(code: str, kind: FailureClass, when: Callable[[str], bool]) -> Callable[[str], str]:
    """An engine's answer that is an error where `when` is true of it."""

    def answer(text: str) -> str:
        if when(text):
            raise TranslationError(Failure(kind, code, "no"))
        return text

    return answer


def translated(
    engine: Recorder,
    summary: str = SUMMARY,
    title: str = TITLE,
    abstract: str = ABSTRACT,
    second: Recorder | None = None,
    answers: Answers | None = None,
) -> Translation:
    asked = Asked.plain("second", second) if second else None
    return translate(
        clean_title(title),
        clean_abstract(abstract),
        KOREAN,
        Engines(Asked.plain("first", engine), asked),
        {} if answers is None else answers,
        summary=clean_title(summary),
    )


def test_it_travels_in_the_same_call_as_title_and_abstract() -> None:
    engine = Recorder()

    found = translated(engine)

    assert (found.title, found.text) == WHOLE
    assert found.summary == "모델은 Robo-9로 3배 빨리 배웁니다."
    assert len(engine.sent) == 1


def test_a_paper_without_one_is_asked_for_as_ever() -> None:
    engine = Recorder()

    found = translated(engine, summary=" \n ")

    assert found.summary == ""
    assert found.notes == ()
    assert engine.sent == [f"{TITLE}\n\n{ABSTRACT}"]


@pytest.mark.parametrize(
    "instead",
    [
        "",
        "모델은 Robo-9로 7배 빨리 배웁니다.",
        "Models learn 3 times faster with Robo-9.",
        "번역 중 오류 발생: 3번의 시도 후에도 네트워크 연결에 실패했습니다.",
    ],
)
def test_one_that_is_wrong_or_doubtful_is_left_out_alone_and_noted(instead: str) -> None:
    engine = Recorder(lambda text: text.replace("모델은 Robo-9로 3배 빨리 배웁니다.", instead or "?"))

    found = translated(engine)

    assert (found.title, found.text, found.summary) == (*WHOLE, "")
    assert [note for note in found.notes if note.startswith("summary: left out")]


def test_an_engine_that_will_not_translate_it_gets_the_paper_without_it() -> None:
    engine = Recorder(refusing("AnswerWithheld", FailureClass.PERMANENT, lambda text: "Robo-9" in text))

    found = translated(engine)

    assert (found.title, found.text, found.summary) == (*WHOLE, "")
    assert len(engine.sent) == 2


def test_one_whose_masks_cost_more_than_a_paper_may_is_not_sent() -> None:
    engine = Recorder()

    found = translated(engine, summary=" ".join(f"x_{number}" for number in range(150)) + " `y`" * 40)

    assert (found.title, found.text, found.summary) == (*WHOLE, "")
    assert engine.sent == [f"{TITLE}\n\n{ABSTRACT}"]


@pytest.mark.parametrize("kind", list(FailureClass))
def test_a_paper_that_is_known_but_for_its_summary_never_waits_for_it(kind: FailureClass) -> None:
    engine = Recorder(refusing("AnyCode", kind, lambda text: True))

    found = translated(engine, title="", abstract="")

    assert (found.title, found.text, found.summary) == ("", "", "")


def test_a_failure_of_the_whole_call_is_the_papers_own() -> None:
    engine = Recorder(refusing("ThrottlingException", FailureClass.TRANSIENT, lambda text: True))

    with pytest.raises(TranslationError):
        translated(engine)

    assert len(engine.sent) == 1


def test_paragraphs_that_came_back_as_one_are_asked_for_apart() -> None:
    engine = Recorder(lambda text: text.replace("\n\n", " "))

    found = translated(engine)

    assert (found.title, found.text) == WHOLE
    assert found.summary == "모델은 Robo-9로 3배 빨리 배웁니다."


def test_the_second_engine_is_never_asked_for_it() -> None:
    first, second = Recorder(lambda text: "Internal Server Error\n\n" * 2 + "Internal Server Error"), Recorder()

    found = translated(first, second=second)

    assert (found.title, found.text, found.summary) == (*WHOLE, "")
    assert not [text for text in second.sent if "Robo" in text]


def test_a_paper_costs_at_most_three_times_what_is_translated_of_it() -> None:
    abstract = " ".join(f"The robots of city {number} learn from {number + 7} walks." for number in range(100, 160))
    wrong = re.compile(r"The robots of city (\d+) learn from (\d+) walks\.")
    engine = Recorder(lambda text: wrong.sub(r"도시 \1의 로봇은 산책 9\2번에서 배웁니다.", text).replace("3배", "7배"))

    found = translated(engine, abstract=abstract)

    assert len(TITLE + abstract) < found.characters <= 3 * len(TITLE + abstract + SUMMARY)
    assert found.characters == sum(map(len, engine.sent))
