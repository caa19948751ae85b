"""A paper is not lost for a sentence: what is found is mended, marked or kept in English, at a bounded price."""

import html
import re
from collections.abc import Callable, Mapping, Sequence

import pytest

from shared.engines.protocol import Complaint, EngineAnswer
from shared.errors import TranslationError
from shared.failures import Failure, FailureClass
from shared.languages.table import find_language
from shared.text.clean import Cleaned, clean_title
from shared.translation.ask import Answered, Asked
from shared.translation.door import Accepted, accept
from shared.translation.judge import judge
from shared.translation.pipeline import Engines, Translation, translate
from tests.fakes.texts import SENTENCES as PAIRS

KOREAN = find_language("ko")
SENTENCES, RIGHT = list(PAIRS), list(PAIRS.values())
NO_TITLE = Cleaned("")
ABSTRACT, TEXT = Cleaned(" ".join(SENTENCES)), "\n".join(RIGHT)
LOOP = "빵집 지도 빵집 지도 빵집 지도 빵집 지도 빵집 지도 빵집 지도."


class Double:
    """An engine that says for each sentence what `said` has for it, and keeps what it was asked for."""

    def __init__(self, said: Mapping[str, str] = PAIRS, alone: Mapping[str, str] | None = None) -> None:
        self.said, self.alone = said, said if alone is None else alone
        self.asked: list[str] = []
        self.complaints: list[Complaint] = []

    def __call__(self, text: str, complaints: Sequence[Complaint] = ()) -> EngineAnswer:
        self.asked.append(text)
        self.complaints += complaints
        plain = html.unescape(re.sub("<[^>]*>", "", text))
        said = self.alone if plain in PAIRS else self.said
        for english, korean in said.items():
            plain = plain.replace(english, korean)
        return EngineAnswer(plain)


def appealed(first: Double, second: Double | None = None, **options: bool) -> Translation:
    asked = Asked("second", second) if second else None
    return translate(NO_TITLE, ABSTRACT, KOREAN, Engines(Asked("first", first), asked, **options), {})


def saying(place: int, text: str) -> dict[str, str]:
    return PAIRS | {SENTENCES[place]: text}


def test_the_texts_of_these_tests_pass_the_judge() -> None:
    assert judge(ABSTRACT, TEXT, KOREAN).findings == ()


@pytest.mark.parametrize("place", range(len(SENTENCES)))
@pytest.mark.parametrize(
    "damaged",
    [lambda text: LOOP, lambda text: "", lambda text: f"번역: {text}", lambda text: re.sub(r"\d+", "58", text)],
    ids=["loop", "dropped", "remark", "number"],
)
def test_a_damaged_sentence_is_asked_for_on_its_own_and_the_rest_stays(
    place: int, damaged: Callable[[str], str]
) -> None:
    first = Double(saying(place, damaged(RIGHT[place])), alone=PAIRS)

    translation = appealed(first)

    assert (translation.text, translation.doubts, translation.kept) == (TEXT, (), ())
    asked = {html.unescape(re.sub("<[^>]*>", "", text)) for text in first.asked[1:]}
    assert asked <= {SENTENCES[place]}


@pytest.mark.parametrize("place", range(len(SENTENCES)))
def test_what_stands_there_twice_is_taken_out_without_another_call(place: int) -> None:
    first = Double(saying(place, f"{RIGHT[place]} {RIGHT[place]}"))

    assert appealed(first).text == TEXT
    assert len(first.asked) == 1


@pytest.mark.parametrize("place", range(len(SENTENCES)))
def test_a_sentence_that_nothing_mends_stays_in_english_and_the_judge_never_sees_it(place: int) -> None:
    translation = appealed(Double(saying(place, LOOP)))

    assert translation.text.split("\n") == [*RIGHT[:place], SENTENCES[place], *RIGHT[place + 1 :]]
    assert [(mark.sentence, mark.rule) for mark in translation.kept] == [(place, "loop")]
    assert translation.doubts == ()


def test_a_doubt_asks_for_repair_once_and_is_published_with_its_english() -> None:
    first = Double(saying(3, RIGHT[3].replace("91", "58")))

    translation = appealed(first)

    assert {(doubt.sentence, doubt.rule, doubt.original) for doubt in translation.doubts} == {
        (3, "number", SENTENCES[3])
    }
    assert len(first.asked) == 2


def test_the_second_engine_gets_what_the_first_could_not_do_and_why() -> None:
    first, second = Double(saying(1, LOOP)), Double()

    translation = appealed(first, second)

    assert translation.text == TEXT
    assert translation.engines == ("first", "second")
    [complaint] = second.complaints
    assert (complaint.source, complaint.text) == (SENTENCES[1], LOOP)
    assert "loop" in complaint.why
    assert second.asked == [SENTENCES[1]]


def test_the_second_engine_is_asked_for_doubts_only_where_that_is_wanted() -> None:
    doubtful = saying(3, RIGHT[3].replace("91", "58"))
    first, unasked, asked = Double(doubtful), Double(), Double()

    assert appealed(first, unasked).doubts
    assert appealed(first, asked, on_doubts=True).text == TEXT
    assert (len(unasked.asked), len(asked.asked)) == (0, 1)


def test_the_second_engine_passes_the_same_judge() -> None:
    translation = appealed(Double(saying(1, LOOP)), Double(saying(1, f"{LOOP} {LOOP}")))

    assert [mark.sentence for mark in translation.kept] == [1]
    assert translation.engines == ("first",)


def test_a_text_that_is_refused_as_a_whole_is_the_second_engines() -> None:
    translation = appealed(Double({ABSTRACT: "Internal Server Error"}), Double())

    assert (translation.text, translation.engines) == (TEXT, ("second",))


def test_a_paper_of_which_too_little_is_left_has_failed() -> None:
    with pytest.raises(TranslationError) as caught:
        appealed(Double(PAIRS | dict.fromkeys(SENTENCES[:3], LOOP)))

    assert caught.value.failure.code == "RefusedByGate"
    assert "loop" in caught.value.failure.cause


@pytest.mark.parametrize("last", [False, True])
def test_trouble_of_the_second_engine_costs_no_paper(last: bool) -> None:
    def throttled(text: str, complaints: Sequence[Complaint]) -> EngineAnswer:
        raise TranslationError(Failure(FailureClass.TRANSIENT, "ThrottlingException", "slow down"))

    engines = Engines(Asked("first", Double(saying(1, LOOP))), Asked("second", throttled), last=last)

    if last:
        translation = translate(NO_TITLE, ABSTRACT, KOREAN, engines, {})
        assert [mark.sentence for mark in translation.kept] == [1]
        assert any("ThrottlingException" in note for note in translation.notes)
    else:
        with pytest.raises(TranslationError):
            translate(NO_TITLE, ABSTRACT, KOREAN, engines, {})


def test_what_was_answered_is_not_paid_for_again() -> None:
    first, answers = Double(saying(1, LOOP)), dict[str, Answered]()
    engines = Engines(Asked("first", first))
    once = translate(NO_TITLE, ABSTRACT, KOREAN, engines, answers)
    calls = len(first.asked)

    assert translate(NO_TITLE, ABSTRACT, KOREAN, engines, answers) == once
    assert len(first.asked) == calls


@pytest.mark.parametrize("answer", ["", "Internal Server Error", "아무 말", LOOP, "x" * 200_000, "가나다 " * 30_000])
@pytest.mark.parametrize("times", [1, 12])
def test_no_engine_makes_a_paper_cost_more_than_three_times_its_length(answer: str, times: int) -> None:
    abstract = " ".join(f"{sentence[:-1]} in case {case}." for case in range(times) for sentence in SENTENCES)
    sent: list[int] = []

    def useless(text: str, complaints: Sequence[Complaint] = ()) -> EngineAnswer:
        sent.append(len(text) + 500)
        return EngineAnswer("\n\n".join([answer] * len(text.split("\n\n"))), prompt_characters=500)

    asked = Asked("first", useless, lambda text, complaints: 500)
    title = clean_title("Robots Find the Baker")
    with pytest.raises(TranslationError):
        translate(title, Cleaned(abstract), KOREAN, Engines(asked, Asked("second", useless, asked.prompt)), {})

    assert sum(sent) <= max(6_000, 3 * (len(abstract) + len("Robots Find the Baker")))


@pytest.mark.parametrize("answer", ["가" * 100_000, "가나다 " * 30_000])
def test_an_answer_of_endless_length_is_refused_for_its_length_and_not_kept_whole(answer: str) -> None:
    answers: dict[str, Answered] = {}
    asked = Asked.plain("first", lambda text: EngineAnswer(answer))

    with pytest.raises(TranslationError, match="length"):
        translate(clean_title("Robots Find the Baker"), ABSTRACT, KOREAN, Engines(asked), answers)

    assert all(len(answered.answer.text) < 10_000 for answered in answers.values())


def test_an_abstract_that_nobody_would_read_is_not_asked_for() -> None:
    first = Double()

    with pytest.raises(TranslationError, match="more than any abstract has"):
        translate(NO_TITLE, Cleaned(ABSTRACT * 60), KOREAN, Engines(Asked("first", first)), {})

    assert first.asked == []


def test_only_sentences_of_the_source_may_stay_in_english() -> None:
    translation = appealed(Double(saying(1, LOOP)))

    assert isinstance(accept(ABSTRACT, translation.text, KOREAN, kept=translation.kept), Accepted)
    for text in (translation.text.replace("340", "341"), translation.text.replace(SENTENCES[1], "Buy our robots now.")):
        assert not isinstance(accept(ABSTRACT, text, KOREAN, kept=translation.kept), Accepted)
