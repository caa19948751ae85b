"""Each delivery ends with one result or says when to come back, pays once, and never waits."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast

import pytest

from shared.editions import Edition
from shared.engines.amazon import amazon_engine
from shared.failures import FailureClass
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.memories import MOST_OF_ENGINES, read_memory, revise_memory
from shared.ledger.records import Memory, Result, TranslatedResult
from shared.ledger.results import read_result, store_result
from shared.ledger.store import Store
from shared.papers import Paper
from shared.services.deliver import Delivery, Outcome, Translating
from shared.services.messages import PaperMessage
from shared.settings import Settings
from shared.translation.ask import Asked
from shared.translation.judge_version import JUDGE_VERSION
from shared.translation.memory_keys import memory_key, person_key
from tests.fakes.aws import BUCKET, Cloud, FakeTranslate, client_error
from tests.fakes.results import failure, translation
from tests.fakes.texts import PAPERS, SENTENCES, TRANSLATIONS

RUN = "2025-W37"
KOREAN = find_language("ko")
PAPER = PAPERS[0]
FIRST, NOW = datetime(2025, 9, 15, 1, tzinfo=UTC), datetime(2025, 9, 15, 2, tzinfo=UTC)
AGAIN, LATER = datetime(2025, 9, 20, 1, tzinfo=UTC), datetime(2025, 9, 21, 1, tzinfo=UTC)
ERROR = "번역 중 오류 발생: 3번의 시도 후에도 네트워크 연결에 실패했습니다."


class Deployment:
    """The translate function on a cloud of its own."""

    def __init__(self, **settings: Any) -> None:
        self.cloud = Cloud()
        self.translate = FakeTranslate(TRANSLATIONS)
        self.settings = Settings(**settings)
        self.second: Asked | None = None

    def deliver(
        self,
        receives: int = 1,
        message_id: str = "message-1",
        run: str = RUN,
        target: str = "ko",
        again: datetime | None = None,
        paper: Paper = PAPER,
        store: Store | None = None,
        *,
        loose_texts: bool = True,
    ) -> Outcome:
        message = PaperMessage(
            run, target, paper.id, paper.title, paper.abstract, again, summary=paper.summary, loose_texts=loose_texts
        )
        engine_for = partial(amazon_engine, cast("Any", self.translate), terminology=None)
        translating = Translating(
            self.settings, store or self.cloud.store, engine_for, jitter=lambda: 0.5, second_for=lambda _: self.second
        )
        return translating.deliver(message, Delivery(message_id, receives, FIRST, NOW))

    def result(self, run: str = RUN) -> Result | None:
        return read_result(self.cloud.store, Edition(run, "ko"), PAPER.id)

    def remember(self, source: str, text: str, origin: str = "engine", *, loose: bool = False) -> None:
        key = (
            memory_key(source, KOREAN, self.settings.engine("ko")) if origin == "engine" else person_key(source, KOREAN)
        )
        engine = self.settings.engine("ko") if origin == "engine" else "person"
        record = Memory("ko", source, text, engine, cast("Any", origin))
        if loose:
            self.cloud.store.write_record(keys.loose_text("ko", key), record)
        else:
            revise_memory(self.cloud.store, "ko", PAPER.id, lambda texts: {**texts, key: record})

    def remembered(self, paper: Paper = PAPER) -> dict[str, Memory]:
        return dict(read_memory(self.cloud.store, "ko", paper.id).texts)


# What goes well.


def test_a_delivery_stores_the_translation_with_everything_about_it() -> None:
    deployment = Deployment()

    verdict = deployment.deliver(receives=2)

    result = translation(deployment.result())
    assert (result.title, result.text) == (
        TRANSLATIONS["ko", PAPER.title],
        TRANSLATIONS["ko", PAPER.abstract].replace(". ", ".\n"),
    )
    assert (result.engine, result.attempts, result.message) == ("amazon-translate", 2, "message-1")
    assert (result.first_time, result.time) == (FIRST, NOW)
    assert result.characters == len(deployment.translate.calls[0][1])
    assert verdict == Outcome(result, characters=result.characters)


def test_a_paper_costs_one_call() -> None:
    deployment = Deployment()

    deployment.deliver()

    assert deployment.translate.calls == [("ko", f"{PAPER.title}\n\n{PAPER.abstract}")]


def summarised(text: str = "모델이 듣는 법을 배웁니다.") -> tuple[Paper, Deployment]:
    """A paper with a summary, and a deployment whose engine makes this text of it."""
    paper, deployment = replace(PAPER, summary="Models learn\n to listen."), Deployment()
    deployment.translate = FakeTranslate(TRANSLATIONS | {("ko", "Models learn to listen."): text})
    return paper, deployment


def test_a_summary_travels_in_the_papers_one_call_and_is_remembered() -> None:
    paper, deployment = summarised()

    first = translation(deployment.deliver(paper=paper).result)
    second = translation(deployment.deliver(paper=paper, run="2025-09-12").result)

    assert first.summary == second.summary == "모델이 듣는 법을 배웁니다."
    assert deployment.translate.calls == [("ko", f"{PAPER.title}\n\n{PAPER.abstract}\n\nModels learn to listen.")]


def test_a_summary_that_is_refused_costs_the_paper_nothing_else() -> None:
    paper, deployment = summarised(ERROR)

    result = translation(deployment.deliver(paper=paper).result)

    assert (result.title, result.summary) == (TRANSLATIONS["ko", PAPER.title], "")
    assert [note for note in result.notes if note.startswith("summary: left out, the judge refused")]
    assert len(deployment.remembered()) == 2, "title and abstract are remembered alone"


def test_a_summary_that_todays_judge_doubts_is_asked_for_again() -> None:
    paper, deployment = summarised()
    deployment.deliver(paper=paper)
    deployment.remember("Models learn to listen.", "모델이 7배 빨리 듣는 법을 배웁니다.")

    result = translation(deployment.deliver(paper=paper, run="2025-09-12").result)

    assert result.summary == "모델이 듣는 법을 배웁니다."
    assert [text for _, text in deployment.translate.calls[1:]] == ["Models learn to listen."]


def test_a_paper_that_is_remembered_without_its_summary_needs_no_engine_that_answers() -> None:
    paper, deployment = summarised()
    deployment.deliver()
    deployment.translate.errors = [("ThrottlingException", 400)]

    outcome = deployment.deliver(paper=paper, run="2025-09-12")

    assert outcome.retry_seconds is None
    assert translation(outcome.result).summary == ""


@pytest.mark.parametrize("message_id", ["message-1", "message-2"])
def test_a_delivery_that_starts_after_the_translation_is_stored_costs_nothing(message_id: str) -> None:
    deployment = Deployment()
    first = deployment.deliver().result

    verdict = deployment.deliver(receives=2, message_id=message_id)

    assert verdict == Outcome(first)
    assert len(deployment.translate.calls) == 1


def test_the_same_paper_in_another_run_costs_nothing() -> None:
    deployment = Deployment()
    first = translation(deployment.deliver().result)

    verdict = deployment.deliver(run="2025-09-12")

    second = translation(deployment.result("2025-09-12"))
    assert (second.text, second.title, second.engine) == (first.text, first.title, first.engine)
    assert (second.remembered, second.characters) == (True, 0)
    assert verdict.remembered == 2
    assert len(deployment.translate.calls) == 1


def test_another_language_or_another_engine_is_asked_anew() -> None:
    deployment = Deployment()
    deployment.deliver()

    deployment.deliver(target="pt")
    deployment.settings = Settings(engines=("ko=another-engine",))
    deployment.deliver(run="2025-09-12")

    assert [target for target, _ in deployment.translate.calls] == ["ko", "pt", "ko"]


def test_an_answer_is_paid_for_once_even_where_its_result_could_not_be_stored() -> None:
    deployment = Deployment()
    deployment.deliver(store=_refusing_writes(deployment.cloud, below=keys.RESULTS))
    before = deployment.result()

    deployment.deliver(receives=2)

    assert before is None
    assert deployment.result() is not None
    assert len(deployment.translate.calls) == 1


# The memory.


def test_a_person_s_text_comes_first_and_is_asked_of_nobody() -> None:
    deployment = Deployment()
    deployment.remember(PAPER.title, "기계의 제목")
    deployment.remember(PAPER.title, "사람의 제목", origin="person")
    deployment.remember(PAPER.abstract, "사람이 옮긴 초록입니다.", origin="person")

    result = translation(deployment.deliver().result)

    assert (result.title, result.text, result.engine) == ("사람의 제목", "사람이 옮긴 초록입니다.", "person")
    assert deployment.translate.calls == []


@pytest.mark.parametrize("origin", ["engine", "person"])
def test_what_an_older_version_remembers_is_used_and_from_then_on_remembered_of_its_paper(origin: str) -> None:
    deployment = Deployment()
    deployment.remember(PAPER.title, "기억한 제목", origin, loose=True)
    deployment.remember(PAPER.abstract, "기억한 초록입니다.", origin, loose=True)

    first = translation(deployment.deliver().result)
    second = translation(deployment.deliver(run="2025-09-12", loose_texts=False).result)

    assert (first.title, first.text) == (second.title, second.text) == ("기억한 제목", "기억한 초록입니다.")
    assert deployment.translate.calls == []


def test_a_fresh_translation_leaves_what_a_person_wrote_in_an_older_version() -> None:
    deployment = Deployment()
    deployment.remember(PAPER.abstract, "사람이 옮긴 초록입니다.", "person", loose=True)
    deployment.remember(PAPER.title, "기계의 제목", loose=True)

    result = translation(deployment.deliver(again=AGAIN).result)

    assert (result.title, result.text) == (TRANSLATIONS["ko", PAPER.title], "사람이 옮긴 초록입니다.")


def test_a_paper_asks_the_ledger_five_times_where_no_text_is_loose() -> None:
    deployment = Deployment()

    deployment.deliver(loose_texts=False)

    assert dict(deployment.cloud.s3.asked) == {"GetObject": 2, "PutObject": 3}


def test_what_a_person_brings_in_while_an_engine_answers_stays_remembered() -> None:
    deployment = Deployment()

    class Slow(FakeTranslate):
        def translate_text(self, **request: Any) -> dict[str, Any]:
            deployment.remember(PAPER.abstract, "사람이 옮긴 초록입니다.", origin="person")
            return super().translate_text(**request)

    deployment.translate = Slow(TRANSLATIONS)
    deployment.deliver()

    result = translation(deployment.deliver(run="2025-09-12").result)
    assert (result.text, result.engine) == ("사람이 옮긴 초록입니다.", "person")


def test_only_so_many_texts_of_engines_are_remembered_of_a_paper_and_every_person_s() -> None:
    deployment = Deployment()
    deployment.remember(PAPER.title, "사람의 제목", origin="person")
    for number in range(MOST_OF_ENGINES + 3):
        deployment.settings = Settings(engines=(f"ko=engine-{number}",))
        deployment.deliver(run="2025-09-12", again=AGAIN + timedelta(days=number))

    texts = list(deployment.remembered().values())
    assert [text.origin for text in texts] == ["person", *["engine"] * MOST_OF_ENGINES]
    assert texts[-1].source == PAPER.abstract


def test_what_the_memory_lacks_is_all_that_is_asked_for() -> None:
    deployment = Deployment()
    deployment.remember(PAPER.title, "기억한 제목")

    result = translation(deployment.deliver().result)

    assert result.title == "기억한 제목"
    assert deployment.translate.calls == [("ko", PAPER.abstract)]


def test_a_remembered_text_that_today_s_gate_refuses_is_translated_anew_and_replaced() -> None:
    deployment = Deployment()
    deployment.remember(PAPER.abstract, PAPER.abstract)

    deployment.deliver()
    deployment.deliver(run="2025-09-12")

    assert len(deployment.translate.calls) == 1


def test_a_request_for_a_fresh_translation_asks_once_and_ignores_the_memory() -> None:
    deployment = Deployment()
    deployment.deliver()
    deployment.translate = FakeTranslate({**TRANSLATIONS, ("ko", PAPER.title): "새로운 제목"})

    deployment.deliver(again=AGAIN, message_id="message-2")
    deployment.deliver(again=AGAIN, message_id="message-2", receives=2)
    deployment.deliver(message_id="message-1", receives=2)

    result = translation(deployment.result())
    assert (result.title, result.again) == ("새로운 제목", AGAIN)
    assert len(deployment.translate.calls) == 1


def test_of_two_requests_for_a_fresh_translation_the_later_one_stays() -> None:
    deployment = Deployment()
    deployment.deliver(again=LATER, message_id="message-3")

    deployment.deliver(again=AGAIN, message_id="message-2")

    result = translation(deployment.result())
    assert result.again == LATER
    assert len(deployment.translate.calls) == 1


# What goes wrong.


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalServerException", "SomethingNew"])
def test_what_may_heal_comes_back_later_and_later_without_a_result(code: str) -> None:
    deployment = Deployment()
    deployment.translate.errors = [(code, 400)] * 3

    verdicts = [deployment.deliver(receives) for receives in (1, 2, 3)]

    assert [verdict.retry_seconds for verdict in verdicts] == [22, 45, 90]
    assert {verdict.failure.code for verdict in verdicts if verdict.failure} == {code}
    assert deployment.result() is None


def test_an_outage_that_ends_before_the_last_receive_leaves_no_trace() -> None:
    deployment = Deployment()
    deployment.translate.errors = [("ServiceUnavailableException", 503)] * 9

    for receives in range(1, 11):
        deployment.deliver(receives)

    result = deployment.result()
    assert result is not None
    assert (result.status, result.attempts) == ("translated", 10)


def test_the_last_receive_stores_the_failure_and_gives_the_message_to_the_dead_at_once() -> None:
    deployment = Deployment(receives=3)
    deployment.translate.errors = [("ThrottlingException", 400)]

    verdict = deployment.deliver(receives=3)

    result = failure(deployment.result())
    assert (result.attempts, result.message) == (3, "message-1")
    assert (result.failure.kind, result.failure.code) == (FailureClass.TRANSIENT, "ThrottlingException")
    assert (result.first_time, result.time) == (FIRST, NOW)
    assert verdict == Outcome(result, retry_seconds=0, failure=result.failure)


@pytest.mark.parametrize(
    ("code", "kind", "retry_seconds"),
    [
        ("UnsupportedLanguagePairException", FailureClass.PERMANENT, 0),
        ("AccessDeniedException", FailureClass.OURS, None),
        ("UnrecognizedClientException", FailureClass.OURS, None),
    ],
)
def test_what_cannot_heal_fails_on_the_first_receive_and_leaves_nothing_dead_that_ticks_send_again(
    code: str, kind: FailureClass, retry_seconds: int | None
) -> None:
    deployment = Deployment()
    deployment.translate.errors = [(code, 400)]

    verdict = deployment.deliver()

    result = failure(deployment.result())
    assert (result.failure.kind, result.failure.code) == (kind, code)
    assert verdict.retry_seconds == retry_seconds


def test_an_error_text_in_place_of_a_translation_fails_and_is_never_stored_as_one() -> None:
    deployment = Deployment()
    deployment.translate = FakeTranslate(defaultdict(lambda: ERROR))

    deployment.deliver()

    assert failure(deployment.result()).failure.code == "RefusedByGate"
    edition = Edition(RUN, "ko")
    assert set(deployment.cloud.s3.objects) == {keys.answers(edition, PAPER.id), keys.result(edition, PAPER.id)}


@pytest.mark.parametrize(
    ("code", "retry_seconds"), [("UnsupportedLanguagePairException", 0), ("AccessDeniedException", None)]
)
def test_a_message_that_has_failed_ends_without_another_call(code: str, retry_seconds: int | None) -> None:
    deployment = Deployment()
    deployment.translate.errors = [(code, 400)]
    deployment.deliver()

    later = deployment.deliver(receives=2)

    assert later.retry_seconds == retry_seconds
    assert len(deployment.translate.calls) == 1


def test_a_redriven_message_tries_afresh_and_heals_the_paper() -> None:
    deployment = Deployment()
    deployment.translate.errors = [("AccessDeniedException", 400)]
    deployment.deliver()

    verdict = deployment.deliver(message_id="message-2")

    result = deployment.result()
    assert result is not None
    assert result.status == "translated"
    assert verdict.retry_seconds is None


def test_a_failure_never_takes_a_translation_away_that_came_meanwhile() -> None:
    deployment = Deployment()
    stored: list[Result] = []

    class Overtaken(FakeTranslate):
        def translate_text(self, **request: Any) -> dict[str, Any]:
            result = TranslatedResult(RUN, "ko", PAPER.id, NOW, text="본문", engine="amazon-translate")
            stored.append(store_result(deployment.cloud.store, result))
            raise client_error("AccessDeniedException", 400, "TranslateText")

    deployment.translate = Overtaken({})

    verdict = deployment.deliver()

    assert verdict == Outcome(stored[0])
    assert deployment.result() == stored[0]


def test_a_memory_that_cannot_be_read_is_told_and_nobody_is_asked_in_its_place() -> None:
    deployment = Deployment()
    key = keys.memory("ko", PAPER.id)
    deployment.cloud.s3.put_object(Bucket=BUCKET, Key=key, Body=b"{", ContentType="application/json", CacheControl="")

    outcome = deployment.deliver()

    assert outcome.failure is not None
    assert (outcome.failure.kind, outcome.failure.code) == (FailureClass.OURS, "DamagedObject")
    assert key in outcome.failure.cause
    assert deployment.translate.calls == []
    assert deployment.cloud.s3.objects[key].body == b"{"


def test_a_bucket_that_cannot_be_written_is_tried_again() -> None:
    deployment = Deployment()

    verdict = deployment.deliver(store=_refusing_writes(deployment.cloud, below=keys.MEMORY))

    assert verdict.result is None
    assert verdict.retry_seconds == 22
    assert verdict.failure is not None
    assert verdict.failure.code == "SlowDown"


def test_a_text_that_is_empty_once_cleaned_says_so_and_costs_nothing() -> None:
    deployment = Deployment()

    verdict = deployment.deliver(paper=Paper(PAPER.id, title="\u200b", abstract="\u200b"))

    assert verdict.failure is not None
    assert verdict.failure.kind is FailureClass.PERMANENT
    assert deployment.translate.calls == []


# What is appealed.


def test_what_was_paid_for_before_a_fault_is_not_paid_for_again() -> None:
    deployment = Deployment()
    deployment.deliver(store=_refusing_writes(deployment.cloud, below=keys.MEMORY))

    verdict = deployment.deliver(receives=2)

    result = translation(deployment.result())
    assert len(deployment.translate.calls) == 1
    assert (verdict.characters, result.characters) == (0, len(deployment.translate.calls[0][1]))


def test_another_message_has_nothing_paid_for() -> None:
    deployment = Deployment()
    deployment.deliver(again=AGAIN, store=_refusing_writes(deployment.cloud, below=keys.RESULTS))

    deployment.deliver(again=LATER, receives=2, message_id="message-2")

    assert len(deployment.translate.calls) == 2


ROBOTS = Paper("2509.00006", PAPER.title, " ".join(SENTENCES))
LOOP = "빵집 지도 빵집 지도 빵집 지도 빵집 지도 빵집 지도 빵집 지도."


def test_a_sentence_that_stays_in_english_is_published_as_such_and_not_remembered() -> None:
    deployment = _looping_in(2)

    result = translation(deployment.deliver(paper=ROBOTS).result)

    assert [(mark.sentence, mark.rule) for mark in result.kept] == [(2, "loop")]
    assert result.text.split("\n")[2] == list(SENTENCES)[2]
    assert (result.engine, result.engines, result.judge) == ("amazon-translate", (), JUDGE_VERSION)
    assert list(deployment.remembered(ROBOTS)) == [memory_key(ROBOTS.title, KOREAN, "amazon-translate")]


def test_what_two_engines_wrote_names_both_and_is_remembered_for_these_two() -> None:
    deployment = _looping_in(2)
    deployment.settings = Settings(second_engine="bedrock:amazon.nova-lite-v1:0")
    second = FakeTranslate({("ko", english): korean for english, korean in SENTENCES.items()})
    asked = amazon_engine(cast("Any", second), KOREAN, terminology=None)
    deployment.second = Asked("second", lambda text, _complaints: asked(text))
    names = ("amazon-translate", "second")

    result = translation(deployment.deliver(paper=ROBOTS).result)
    recalled = translation(deployment.deliver(paper=ROBOTS, run="2025-W38").result)
    deployment.settings = Settings()
    alone = translation(deployment.deliver(paper=ROBOTS, run="2025-W39").result)

    assert (result.text, result.engine, result.engines) == ("\n".join(SENTENCES.values()), names[0], names)
    assert (recalled.text, recalled.engines, recalled.remembered) == (result.text, names, True)
    assert not alone.remembered
    assert len(second.calls) == 2, "once with the second engine set, and once more without it"


def _looping_in(place: int) -> Deployment:
    """A deployment whose engine says nothing but a phrase again and again for one sentence."""
    deployment = Deployment()
    said = SENTENCES | {list(SENTENCES)[place]: LOOP}
    texts = said | {ROBOTS.abstract: " ".join(said.values()), ROBOTS.title: TRANSLATIONS["ko", ROBOTS.title]}
    deployment.translate = FakeTranslate(
        defaultdict(lambda: LOOP, {("ko", english): korean for english, korean in texts.items()})
    )
    return deployment


def _refusing_writes(cloud: Cloud, below: str) -> Store:
    """A store that S3 asks to slow down whenever something is written below a prefix."""

    class Refusing:
        get_object = cloud.s3.get_object

        def put_object(self, **request: Any) -> object:
            if request["Key"].startswith(below):
                raise client_error("SlowDown", 503, "PutObject")
            return cloud.s3.put_object(**request)

    return Store(cast("Any", Refusing()), BUCKET)
