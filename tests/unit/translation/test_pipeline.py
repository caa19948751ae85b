"""What `translate` promises: one call in the normal case, other forms where the judge refuses, else a failure."""

import random
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.engines.protocol import MOST_BYTES, Engine, EngineAnswer
from shared.errors import TranslationError
from shared.failures import Failure, FailureClass
from shared.languages.table import Language, find_language
from shared.text.clean import clean_abstract, clean_title
from shared.text.mask import NONE, SPANS, SPANS_AND_NUMBERS, WORDS, Masking
from shared.translation.ask import Answers, Asked, requests
from shared.translation.pipeline import Engines, Translation
from shared.translation.pipeline import translate as translate_with
from tests.evaluation.masks import hostile_answer
from tests.unit.translation.abstracts import abstracts

KOREAN = find_language("ko")

TITLE = "SAPO: Swarm Sampling\n  Policy Optimization"
ABSTRACT = (
    "We propose SAPO, a method for\ntraining language models. It improves accuracy by 4.5\\% on AIME 2024.\n"
    "  Code is available at https://github.com/gensyn/sapo."
)
DICTIONARY = {
    "SAPO: Swarm Sampling Policy Optimization": "SAPO: 스웜 샘플링 정책 최적화",
    "We propose SAPO, a method for training language models.": "우리는 언어 모델을 훈련하는 방법인 SAPO를 제안합니다.",
    "It improves accuracy by 4.5% on AIME 2024.": "이 방법은 AIME 2024에서 정확도를 4.5% 높입니다.",
    "Code is available at": "코드는 다음에서 볼 수 있습니다:",
}
TEXT = (
    "우리는 언어 모델을 훈련하는 방법인 SAPO를 제안합니다.\n이 방법은 AIME 2024에서 정확도를 4.5% 높입니다.\n\n"
    "코드는 다음에서 볼 수 있습니다: https://github.com/gensyn/sapo."
)


def translate(
    title: str, abstract: str, target: Language, engine: Engine, answers: Answers | None = None
) -> Translation:
    engines = Engines(Asked.plain("first", engine))
    known = {} if answers is None else answers
    return translate_with(clean_title(title), clean_abstract(abstract), target, engines, known)


def by_dictionary(text: str) -> str:
    for english, korean in DICTIONARY.items():
        text = text.replace(english, korean)
    return text


class Recorder:
    """An engine that answers with `answer(text)` and keeps what it was sent."""

    def __init__(self, answer: Callable[[str], str]) -> None:
        self.answer = answer
        self.sent: list[str] = []

    def __call__(self, text: str) -> EngineAnswer:
        self.sent.append(text)
        return EngineAnswer(self.answer(text), ("chorok-ko",))


def failure_of(engine: Engine, title: str = TITLE, abstract: str = ABSTRACT) -> Failure:
    with pytest.raises(TranslationError) as caught:
        translate(title, abstract, KOREAN, engine)
    return caught.value.failure


def test_title_and_abstract_travel_in_one_call_and_come_back_apart() -> None:
    engine = Recorder(by_dictionary)

    translation = translate(TITLE, ABSTRACT, KOREAN, engine)

    assert translation.title == "SAPO: 스웜 샘플링 정책 최적화"
    assert translation.text == TEXT
    assert translation.terminologies == ("chorok-ko",)
    assert len(engine.sent) == 1
    assert translation.characters == len(engine.sent[0])


def test_what_is_remembered_is_not_sent() -> None:
    engine = Recorder(by_dictionary)

    only_title = translate(TITLE, "", KOREAN, engine)
    only_abstract = translate("", ABSTRACT, KOREAN, engine)

    assert (only_title.title, only_title.text) == ("SAPO: 스웜 샘플링 정책 최적화", "")
    assert (only_abstract.title, only_abstract.text) == ("", TEXT)
    assert len(engine.sent) == 2


def test_nothing_to_translate_is_a_failure_without_a_call() -> None:
    engine = Recorder(by_dictionary)

    failure = failure_of(engine, "", " \n ")

    assert (failure.kind, failure.code) == (FailureClass.PERMANENT, "EmptyText")
    assert engine.sent == []


def test_an_engine_that_merges_paragraphs_is_asked_for_sentences() -> None:
    engine = Recorder(lambda text: by_dictionary(text).replace("\n\n", " "))

    translation = translate(TITLE, ABSTRACT, KOREAN, engine)

    assert translation.title == "SAPO: 스웜 샘플링 정책 최적화"
    assert translation.text == TEXT
    assert translation.characters == sum(map(len, engine.sent))


def test_an_engine_that_breaks_spans_is_asked_with_words() -> None:
    engine = Recorder(lambda text: by_dictionary(text).replace("translate=", "übersetze="))

    translation = translate(TITLE, ABSTRACT, KOREAN, engine)

    assert translation.text == TEXT
    assert "PH1" in engine.sent[-1]
    assert all("Swarm" not in text for text in engine.sent[1:]), "the title that passed is not paid for again"


def test_a_number_that_an_engine_changed_is_a_doubt_and_noted() -> None:
    translation = translate("", ABSTRACT, KOREAN, Recorder(lambda text: by_dictionary(text).replace("4.5%", "45%")))

    assert "45%" in translation.text
    assert any(note.startswith("abstract: number (") for note in translation.notes)


def test_an_engine_that_breaks_every_mask_is_asked_without_masks() -> None:
    def breaks_masks(text: str) -> str:
        return re.sub(r"PH\d+", "", re.sub(r"<span.*?</span>", "", by_dictionary(text)))

    assert translate(TITLE, ABSTRACT, KOREAN, Recorder(breaks_masks)).text == TEXT


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        (lambda text: "", "empty"),
        (lambda text: text, "unchanged"),
        (lambda text: "번역 중 오류 발생: 3번의 시도 후에도 네트워크 연결에 실패했습니다.", "error-text"),
        (lambda text: re.sub(r"<span.*?</span>|PH1|https\S+", "링크", by_dictionary(text)), "mask"),
    ],
)
def test_what_no_form_mends_is_a_permanent_failure_that_names_the_rule(answer: Callable[[str], str], rule: str) -> None:
    failure = failure_of(Recorder(answer), title="")

    assert (failure.kind, failure.code) == (FailureClass.PERMANENT, "RefusedByGate")
    assert rule in failure.cause
    assert "\n" not in failure.cause


@settings(deadline=None)
@given(paragraphs=st.lists(abstracts(), min_size=1, max_size=3), seed=st.integers())
def test_a_hostile_engine_is_refused_or_leaves_every_mask_whole(paragraphs: list[str], seed: int) -> None:
    abstract = "\n\n".join(paragraphs)
    chance = random.Random(seed)

    def hostile(text: str) -> EngineAnswer:
        return EngineAnswer("\n\n".join(hostile_answer(paragraph, chance) for paragraph in text.split("\n\n")))

    try:
        text = translate("", abstract, KOREAN, hostile).text
    except TranslationError:
        return
    masks = SPANS.mark(clean_abstract(abstract)).masks
    assert all(text.count(mask) >= masks.count(mask) for mask in masks)


def test_no_text_is_sent_twice() -> None:
    engine = Recorder(lambda text: text)

    failure_of(engine)

    assert len(engine.sent) == len(set(engine.sent))


def test_a_refused_title_does_not_hold_back_its_abstract() -> None:
    def forgets_the_title(text: str) -> str:
        return by_dictionary(text).replace("SAPO: 스웜 샘플링 정책 최적화", "Internal Server Error")

    translation = translate(TITLE, ABSTRACT, KOREAN, Recorder(forgets_the_title))

    assert (translation.title, translation.text) == ("", TEXT)
    assert any(note.startswith("title: ") and "error-text" in note for note in translation.notes)


def test_an_engine_error_goes_through_as_it_is() -> None:
    def engine(text: str) -> EngineAnswer:
        raise TranslationError(Failure(FailureClass.TRANSIENT, "ThrottlingException", "slow down"))

    assert failure_of(engine).code == "ThrottlingException"


@pytest.mark.parametrize(
    ("english", "korean"), [("Sentence {} is plain. ", "문장 {}도 평범합니다. "), ("item {}, ", "항목 {}, ")]
)
def test_a_long_text_is_cut_so_that_every_call_stays_within_the_limit(english: str, korean: str) -> None:
    pattern = re.compile(re.escape(english.strip()).replace(r"\{\}", r"(\d+)"))
    engine = Recorder(lambda text: pattern.sub(lambda match: korean.strip().format(match[1]), text))
    count = 3 * MOST_BYTES // (2 * len(english))

    translation = translate("", "".join(english.format(number) for number in range(count)), KOREAN, engine)

    assert len(engine.sent) > 1
    assert all(len(text.encode()) <= MOST_BYTES for text in engine.sent)
    assert translation.text.split() == "".join(korean.format(number) for number in range(count)).split()


@pytest.mark.parametrize("masking", [SPANS, SPANS_AND_NUMBERS, WORDS, NONE], ids=lambda masking: masking.name)
def test_a_long_text_is_measured_in_the_form_that_is_sent(masking: Masking) -> None:
    text = "We gain 1 2 3 4 5 6 7 8 9 points in `x`. " * 1_000

    sent = requests({"abstract": text}, masking)

    assert max(len(request.text.encode()) for request in sent) <= MOST_BYTES
    assert sum(request.text.count("points") for request in sent) == 1_000


def test_a_stretch_that_cannot_be_cut_is_a_permanent_failure() -> None:
    failure = failure_of(Recorder(by_dictionary), abstract="x" * (MOST_BYTES + 1))

    assert (failure.kind, failure.code) == (FailureClass.PERMANENT, "TextSizeLimitExceededException")
