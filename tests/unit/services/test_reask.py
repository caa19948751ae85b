"""When the judge or an engine changes, what is not right is asked for once more, and nothing that stands gets worse."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.doubts import Doubt, doubtful
from shared.editions import Edition
from shared.engines.protocol import Complaint, EngineAnswer
from shared.errors import DispatchError, TranslationError
from shared.failures import REFUSED_BY_JUDGE, Failure, known_failure
from shared.ledger import keys
from shared.ledger.records import PERSON, FailedResult, Result, TranslatedResult
from shared.ledger.results import read_result, store_result
from shared.papers import Paper
from shared.periods import Period
from shared.services import making
from shared.services.deliver import Delivery, Translating
from shared.services.events import Dispatch, DoubtfulRequest, RunRequest
from shared.services.fetching import Fetching
from shared.services.making import is_worth_asking, present_makers
from shared.services.messages import decode_paper
from shared.services.request import fulfil
from shared.services.tick import tick
from shared.settings import Settings
from shared.translation.ask import Asked
from shared.translation.judge_version import JUDGE_VERSION
from tests.fakes.aws import PAPERS as QUEUE
from tests.fakes.aws import Cloud
from tests.fakes.results import translation
from tests.fakes.texts import PAPERS, SENTENCES, TRANSLATIONS, no_paper

RUN, EDITION = "2025-W37", Edition("2025-W37", "ko")
MONDAY = datetime(2025, 9, 15, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEXT = f"after {JUDGE_VERSION}"
ROBOTS = Paper("2509.00006", "The Robots and the Baker", " ".join(SENTENCES))
WEEK = (ROBOTS, PAPERS[0])
THIRD = list(SENTENCES)[2]
LOOP = "빵집 지도 빵집 지도 빵집 지도 빵집 지도 빵집 지도 빵집 지도."
DOUBTFUL = {THIRD: "산책은 거리 9곳을 지나며 평균 25분 동안 이어집니다."}
REFUSED = {THIRD: LOOP}
BETTER = Settings(engines=("ko=better",))


class Week:
    """Two papers, of which the engine says what `said` gives for a sentence; `asked` is all that it was asked for."""

    def __init__(self, said: Mapping[str, str], settings: Settings | None = None) -> None:
        self.cloud = Cloud()
        self.said: Mapping[str, str] = said
        self.error: Failure | None = None
        self.settings = settings or Settings()
        self.second: Asked | None = None
        self.asked: list[str] = []
        self.now = MONDAY - HOUR
        self.tick()
        self.deliver()

    @property
    def fetching(self) -> Fetching:
        return Fetching(self.settings, self.cloud.store, self.cloud.papers, self.cloud.digests, _read, no_paper)

    def tick(self, after: timedelta = HOUR) -> tuple[Dispatch, ...]:
        self.now = self.cloud.clock.now = self.now + after
        return tick(self.fetching, self.now).dispatches

    def ask(self) -> tuple[Dispatch, ...]:
        return fulfil(self.fetching, self.now, DoubtfulRequest(RUN, ("ko",)))

    def deliver(self, receives: int = 1) -> None:
        """Deliver what waits in the queue, each message once."""
        translating = Translating(
            self.settings, self.cloud.store, lambda _: self._engine, lambda: 0.5, lambda _: self.second
        )
        for message in list(self.cloud.sqs.messages(QUEUE)):
            translating.deliver(decode_paper(message.body), Delivery(message.id, receives, self.now, self.now))
        self.cloud.sqs.messages(QUEUE).clear()

    @property
    def sent(self) -> list[str]:
        return [decode_paper(body).paper for body in self.cloud.sqs.bodies(QUEUE)]

    @property
    def held(self) -> TranslatedResult:
        return translation(self.result(ROBOTS))

    def result(self, paper: Paper) -> Result | None:
        return read_result(self.cloud.store, EDITION, paper.id)

    def _engine(self, text: str) -> EngineAnswer:
        self.asked.append(text)
        if self.error is not None and "robots" in text:
            raise TranslationError(self.error)
        said = SENTENCES | dict(self.said)
        known = said | {ROBOTS.title: "로봇과 제빵사", ROBOTS.abstract: " ".join(said.values())}
        known |= {english: korean for (code, english), korean in TRANSLATIONS.items() if code == "ko"}
        return EngineAnswer("\n\n".join(known.get(paragraph, LOOP) for paragraph in text.split("\n\n")))


def _read(_base: str, _period: Period, _top: int, _believe_few: bool) -> tuple[Paper, ...]:
    return WEEK


def marks(result: TranslatedResult) -> tuple[int, int]:
    return len(result.kept), doubtful(result.doubts)


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the version of the judge."""
    return lambda version: monkeypatch.setattr(making, "JUDGE_VERSION", version)


# What is asked.


def test_a_doubtful_paper_is_asked_of_a_new_engine_at_the_next_tick_and_gets_better() -> None:
    week = Week(DOUBTFUL)
    assert marks(week.held) == (0, 1)
    week.settings, week.said = BETTER, {}

    week.tick()

    assert week.sent == [ROBOTS.id]
    week.deliver()
    assert marks(week.held) == (0, 0)
    assert (week.held.engine, week.held.asked) == ("better", "better")


def test_a_sentence_in_english_is_asked_for_of_a_new_engine_too() -> None:
    week = Week(REFUSED)
    assert marks(week.held) == (1, 0)
    week.settings, week.said = BETTER, {}

    week.tick()
    week.deliver()

    assert marks(week.held) == (0, 0)


def test_a_paper_that_was_refused_is_asked_of_a_new_engine_and_one_whose_failure_is_ours_is_not() -> None:
    week = Week({})
    for paper, code in zip(WEEK, (REFUSED_BY_JUDGE, "NoCredentialsError"), strict=True):
        failure = known_failure(code, rules="loop")
        week.cloud.store.write_record(
            keys.result(EDITION, paper.id), FailedResult(RUN, "ko", paper.id, MONDAY, failure)
        )
    week.settings = BETTER

    week.tick()

    messages = map(decode_paper, week.cloud.sqs.bodies(QUEUE))
    assert [message.paper for message in messages if message.once_more] == [ROBOTS.id]


def test_a_new_judge_that_finds_nothing_wrong_any_more_costs_no_call(judge: Any) -> None:
    week = Week({})
    doubted = replace(week.held, doubts=(Doubt(0, "number", "12", ""),), judge="0")
    week.cloud.store.write_record(keys.result(EDITION, ROBOTS.id), doubted)
    paid = len(week.asked)
    judge(NEXT)

    week.tick()
    week.deliver()

    assert marks(week.held) == (0, 0)
    assert week.held.judge == NEXT
    assert len(week.asked) == paid


def test_a_remembered_text_that_is_doubtful_to_the_new_judge_too_is_asked_for_afresh(judge: Any) -> None:
    week = Week(DOUBTFUL)
    judge(NEXT)
    week.said = {}

    week.tick()
    week.deliver()

    assert marks(week.held) == (0, 0)


@pytest.mark.parametrize(
    "change", [{"second_engine": "chat:b"}, {"second_engine": "chat:a", "second_engine_on_doubts": True}]
)
def test_another_second_engine_is_another_set_of_engines(change: dict[str, Any]) -> None:
    week = Week(DOUBTFUL, Settings(second_engine="chat:a"))
    week.settings = Settings(**change)

    week.tick()

    assert week.sent == [ROBOTS.id]


def test_a_persons_text_and_a_text_without_marks_are_nobody_elses_to_mend() -> None:
    makers = present_makers(BETTER, "ko")
    doubts = (Doubt(0, "number", "12", ""),)
    text = TranslatedResult(RUN, "ko", ROBOTS.id, MONDAY, text="본문", engine="old")

    assert is_worth_asking(replace(text, doubts=doubts), makers)
    assert not is_worth_asking(text, makers)
    assert not is_worth_asking(replace(text, doubts=doubts, engine=PERSON), makers)


# Once.


@pytest.mark.parametrize("said", [DOUBTFUL, REFUSED])
def test_what_is_no_better_stands_as_it_was_and_is_never_asked_again(said: Mapping[str, str], judge: Any) -> None:
    week = Week(said)
    before = week.held
    judge(NEXT)
    week.tick()
    week.deliver()
    paid = len(week.asked)

    for _ in range(3):
        week.tick()
        week.ask()
        assert week.sent == []

    assert replace(week.held, judge=before.judge) == before
    assert week.held.judge == NEXT
    assert len(week.asked) == paid


def test_a_worse_answer_lowers_nothing() -> None:
    week = Week(DOUBTFUL)
    before = week.held
    week.settings, week.said = BETTER, REFUSED

    week.tick()
    week.deliver()

    assert replace(week.held, asked=before.asked) == before
    assert week.held.asked == "better"


def test_an_answer_with_more_doubts_lowers_nothing() -> None:
    week = Week(DOUBTFUL)
    before = week.held
    week.settings, week.said = (
        BETTER,
        DOUBTFUL | {list(SENTENCES)[1]: "각 로봇은 사람들이 카메라로 기록한 350번의 산책에서 학습합니다."},
    )

    week.tick()
    week.deliver()

    assert week.held.text == before.text
    assert marks(week.held) == (0, 1)


def test_a_request_that_fails_leaves_what_stood_and_only_a_person_asks_again() -> None:
    week = Week(DOUBTFUL)
    before = week.held
    week.settings, week.error = BETTER, known_failure("AccessDeniedException")
    week.tick()
    week.deliver()
    assert week.held == before

    week.tick()
    by_tick = week.sent
    week.ask()

    assert by_tick == []
    assert week.sent == [ROBOTS.id]


def test_a_second_engine_that_could_not_be_asked_may_be_asked_another_time() -> None:
    week = Week(REFUSED)
    week.settings = Settings(second_engine="chat:a")
    week.second = Asked("chat:a", _denied)
    week.tick()
    week.deliver()

    week.tick()
    by_tick = week.sent
    week.ask()

    assert by_tick == []
    assert week.sent == [ROBOTS.id]


def _denied(_text: str, _complaints: Sequence[Complaint]) -> EngineAnswer:
    raise TranslationError(known_failure("AccessDeniedException"))


def test_a_message_that_comes_twice_is_paid_for_once() -> None:
    week = Week(DOUBTFUL)
    week.settings = BETTER
    week.tick()
    [body] = week.cloud.sqs.bodies(QUEUE)
    week.deliver()
    paid = len(week.asked)

    week.cloud.sqs.put(QUEUE, body)
    week.deliver()

    assert len(week.asked) == paid


def test_a_crash_while_sending_is_made_good_by_the_next_tick() -> None:
    week = Week(DOUBTFUL)
    week.settings = BETTER
    week.cloud.sqs.refusals = 100
    with pytest.raises(DispatchError):
        week.tick()
    week.cloud.sqs.refusals = 0

    week.tick()

    assert week.sent == [ROBOTS.id]


def test_an_idle_tick_writes_nothing_and_reads_no_result() -> None:
    week = Week(DOUBTFUL)
    week.settings = BETTER
    week.tick()
    week.deliver()
    week.cloud.store.create(keys.announced(EDITION, "complete"), RunRequest())
    before, read = dict(week.cloud.s3.objects), _counted(week.cloud)

    week.tick()

    assert week.cloud.s3.objects == before
    assert not [key for key in read if key.startswith(keys.RESULTS)]
    assert len(read) <= 3


def _counted(cloud: Cloud) -> list[str]:
    read: list[str] = []
    get, listing = cloud.s3.get_object, cloud.s3.list_objects_v2

    def get_object(**request: Any) -> Any:
        read.append(request["Key"])
        return get(**request)

    def list_objects_v2(**request: Any) -> Any:
        read.append(request["Prefix"])
        return listing(**request)

    cloud.s3.get_object = get_object  # type: ignore[method-assign]
    cloud.s3.list_objects_v2 = list_objects_v2  # type: ignore[method-assign]
    return read


# Within limits.


def test_the_first_ticks_of_a_week_find_nothing_to_ask_once_more() -> None:
    week = Week(DOUBTFUL)

    for _ in range(3):
        assert week.tick() == ()

    assert week.sent == []


def test_ticks_leave_a_run_alone_after_four_weeks_and_a_person_does_not() -> None:
    week = Week(DOUBTFUL)
    week.settings = BETTER

    week.tick(timedelta(weeks=4) + HOUR)
    by_tick = [run for run in week.sent if run == ROBOTS.id]
    week.cloud.sqs.messages(QUEUE).clear()
    [dispatch] = week.ask()

    # The tick has begun a week of its own, with the same papers.
    assert len(by_tick) == 1
    assert (dispatch.messages, week.sent) == (1, [ROBOTS.id])


def test_what_the_budget_does_not_allow_keeps_its_translation() -> None:
    week = Week(DOUBTFUL)
    before = week.held
    week.settings = replace(BETTER, budget_characters=100)

    [dispatch] = week.tick()

    assert (dispatch.messages, dispatch.over_budget, week.sent) == (0, 1, [])
    assert week.held == before
    assert week.tick() == ()


def test_a_week_that_still_waits_for_results_is_looked_at_later() -> None:
    week = Week(DOUBTFUL)
    week.settings = BETTER
    held = week.cloud.s3.objects.pop(keys.result(EDITION, PAPERS[0].id))

    week.tick()
    early = week.sent
    week.cloud.s3.objects[keys.result(EDITION, PAPERS[0].id)] = held
    week.tick()

    assert (early, week.sent) == ([], [ROBOTS.id])


def test_a_better_text_of_those_before_is_not_replaced_by_a_late_answer_of_others() -> None:
    week = Week(DOUBTFUL)
    late = replace(week.held, judge="0", asked="older")

    store_result(week.cloud.store, late)

    assert week.held.asked == "amazon-translate"
