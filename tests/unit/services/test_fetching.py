"""Every tick, and every request of a person, makes true what is not yet true, whatever happened before."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import msgspec
import pytest

from shared.editions import Edition
from shared.errors import DispatchError, LedgerError, PeriodNotOver, RunConflict, SourceUnreachable, UsageError
from shared.failures import Failure, FailureClass
from shared.ledger import keys
from shared.ledger.file import File
from shared.ledger.records import Announced, Dispatched, FailedResult, Manifest, Requested, Result, TranslatedResult
from shared.ledger.results import read_result, store_result
from shared.papers import HUGGING_FACE, Paper
from shared.periods import Period
from shared.services.events import (
    AgainRequest,
    PaperRequest,
    PublishRequest,
    ReadRequest,
    Request,
    RunRequest,
    SendRequest,
    Work,
    kind_of,
    parse_event,
    parse_request,
)
from shared.services.fetching import Fetching
from shared.services.messages import DigestMessage, PaperMessage, decode_digest, decode_paper
from shared.services.request import fulfil
from shared.services.tick import Tick, tick
from shared.settings import Settings
from tests.fakes.aws import DIGESTS, PAPERS, Cloud
from tests.fakes.results import failure, translation
from tests.fakes.texts import PAPERS as WEEK
from tests.fakes.texts import no_paper

RUN = "2025-W37"
MONDAY = datetime(2025, 9, 15, 1, tzinfo=UTC)
"""Ten in the morning in Seoul, ten hours after the end of the week."""
HOUR = timedelta(hours=1)
FAILURE = Failure(FailureClass.PERMANENT, "RefusedByGate", "refused")


@dataclass
class Source:
    """What stands in for Hugging Face: the same papers for every period, and what was asked of it."""

    papers: Sequence[Paper] = WEEK
    error: Exception | None = None
    asked: list[tuple[str, str, int, bool]] = field(default_factory=list)

    def __call__(self, base: str, period: Period, top: int, believe_few: bool) -> tuple[Paper, ...]:
        self.asked.append((base, period.name, top, believe_few))
        if self.error is not None:
            raise self.error
        return tuple(self.papers[:top])


class Deployment:
    """The fetch function on a cloud of its own."""

    def __init__(self, **settings: Any) -> None:
        self.cloud = Cloud()
        self.cloud.clock.now = MONDAY
        self.source = Source()
        self.settings = Settings(**settings)

    @property
    def fetching(self) -> Fetching:
        return Fetching(self.settings, self.cloud.store, self.cloud.papers, self.cloud.digests, self.source, no_paper)

    def tick(self, after: timedelta = timedelta(0)) -> Tick:
        self.cloud.clock.now = MONDAY + after
        return tick(self.fetching, MONDAY + after)

    def ask(self, after: timedelta = timedelta(0), request: Work | None = None, **run: Any) -> None:
        self.cloud.clock.now = MONDAY + after
        fulfil(self.fetching, MONDAY + after, request or RunRequest(**run))

    @property
    def messages(self) -> list[PaperMessage]:
        return [decode_paper(body) for body in self.cloud.sqs.bodies(PAPERS)]

    @property
    def sent(self) -> list[tuple[str, str, str]]:
        return [(message.run, message.language, message.paper) for message in self.messages]

    @property
    def signals(self) -> list[DigestMessage]:
        """What aggregate was told, apart from the created results."""
        bodies = [body for body in self.cloud.sqs.bodies(DIGESTS) if "Records" not in body]
        return [message for body in bodies for message in decode_digest(body)]

    def forget_messages(self) -> None:
        for url in (PAPERS, DIGESTS):
            self.cloud.sqs.messages(url).clear()

    def result(self, paper: Paper, language: str = "ko") -> Result | None:
        return read_result(self.cloud.store, Edition(RUN, language), paper.id)

    def translate(self, *papers: Paper, language: str = "ko", again: datetime | None = None) -> None:
        for paper in papers:
            result = TranslatedResult(RUN, language, paper.id, MONDAY, text="본문", engine="e", again=again)
            store_result(self.cloud.store, result)

    def fail(self, *papers: Paper) -> None:
        for paper in papers:
            store_result(self.cloud.store, FailedResult(RUN, "ko", paper.id, MONDAY, failure=FAILURE, message="m"))


def everything(language: str = "ko", papers: Sequence[Paper] = WEEK) -> list[tuple[str, str, str]]:
    return [(RUN, language, paper.id) for paper in papers]


# The first tick of a week.


def test_the_first_tick_after_ten_hours_fetches_the_week_and_sends_every_paper() -> None:
    deployment = Deployment(top=5, languages=("ko", "pt"))

    deployment.tick()

    manifest = deployment.cloud.store.record(keys.manifest(RUN), Manifest)
    assert manifest == Manifest(RUN, RUN, HUGGING_FACE, f"{HUGGING_FACE}/papers/week/{RUN}", 5, MONDAY, WEEK)
    assert deployment.sent == everything("ko") + everything("pt")
    assert {message.again for message in deployment.messages} == {None}
    assert (deployment.messages[0].title, deployment.messages[0].abstract) == (WEEK[0].title, WEEK[0].abstract)


def test_the_votes_of_a_week_are_not_taken_before_they_have_settled() -> None:
    deployment = Deployment()

    deployment.tick(-HOUR)

    assert deployment.source.asked[0][1] == "2025-W36"
    assert deployment.cloud.store.etag(keys.manifest(RUN)) is None


def test_a_page_that_was_down_at_ten_is_read_at_eleven() -> None:
    deployment = Deployment()
    deployment.source.error = SourceUnreachable("down")
    first = deployment.tick()

    deployment.source.error = None
    second = deployment.tick(HOUR)

    assert ([str(trouble) for trouble in first.troubles], second.troubles) == (["down"], ())
    assert deployment.sent == everything()


def test_a_page_that_is_down_keeps_nothing_else_from_being_done() -> None:
    deployment = Deployment()
    deployment.tick()
    deployment.forget_messages()
    deployment.source.error = SourceUnreachable("down")

    deployment.tick(timedelta(weeks=1))

    assert deployment.signals == [DigestMessage(RUN, "ko", publish=True)]


def test_a_damaged_run_keeps_no_other_from_being_looked_after_and_is_told_at_every_tick() -> None:
    deployment = Deployment()
    deployment.ask(run="2025-W35", source=HUGGING_FACE)
    deployment.tick()
    deployment.forget_messages()
    deployment.cloud.store.write(keys.manifest("2025-W35"), File(b"damaged", "application/json"))

    tick = deployment.tick(HOUR)

    assert [type(trouble) for trouble in tick.troubles] == [LedgerError]
    assert "runs/2025-W35/manifest.json" in str(tick.troubles[0])
    assert deployment.signals == [DigestMessage(RUN, "ko", publish=True)]


def test_fewer_papers_are_believed_only_nine_hours_after_the_first_tick() -> None:
    deployment = Deployment()
    deployment.source.error = SourceUnreachable("down")

    for hours in (0, 8, 9):
        deployment.tick(hours * HOUR)

    assert [believe_few for *_, believe_few in deployment.source.asked] == [False, False, True]


@pytest.mark.parametrize(
    ("run", "believed"),
    [("2025-W37", True), ("2025-W36", False), ("2024-W01", False), ("2025-09-14", True), ("2025-09-01", False)],
)
def test_fewer_papers_of_an_old_period_are_never_believed_without_the_api(run: str, believed: bool) -> None:
    deployment = Deployment()
    deployment.cloud.clock.now = MONDAY + 9 * HOUR

    deployment.ask(9 * HOUR, run=run)

    assert [believe_few for *_, believe_few in deployment.source.asked] == [believed]


@pytest.mark.parametrize("languages", [("ko",), ("ko", "pt")])
def test_a_digest_is_overdue_nine_hours_after_it_was_wanted(languages: tuple[str, ...]) -> None:
    deployment = Deployment(languages=languages)
    overdue = [deployment.tick(hours * HOUR).overdue for hours in (0, 8, 9, 10)]
    deployment.cloud.store.create(keys.announced(Edition(RUN, "ko"), "complete"), Announced(RUN, "ko", "complete"))

    assert overdue == [0, 0, len(languages), len(languages)]
    assert deployment.tick(11 * HOUR).overdue == len(languages) - 1


def test_a_first_tick_late_in_the_week_finds_nothing_overdue() -> None:
    assert Deployment().tick(timedelta(days=2)).overdue == 0


# Later ticks.


def test_a_tick_that_comes_twice_sends_nothing_twice_and_publishes_nothing_early() -> None:
    deployment = Deployment()
    deployment.tick()

    deployment.tick()

    assert deployment.sent == everything()
    assert deployment.signals == []
    assert len(deployment.source.asked) == 1


def test_a_later_tick_asks_for_publication_of_what_is_there() -> None:
    deployment = Deployment(languages=("ko", "pt"))
    deployment.tick()

    deployment.tick(HOUR)

    assert deployment.signals == [DigestMessage(RUN, "ko", publish=True), DigestMessage(RUN, "pt", publish=True)]
    assert deployment.sent == everything("ko") + everything("pt")


def test_a_tick_leaves_a_digest_alone_that_is_complete_and_announced() -> None:
    deployment = Deployment()
    deployment.tick()
    deployment.cloud.store.create(keys.announced(Edition(RUN, "ko"), "complete"), Announced(RUN, "ko", "complete"))

    deployment.tick(5 * HOUR)

    assert deployment.signals == []
    assert deployment.result(WEEK[0]) is None


def test_a_partial_digest_is_looked_after_for_four_weeks() -> None:
    deployment = Deployment()
    deployment.tick()
    deployment.cloud.store.create(keys.announced(Edition(RUN, "ko"), "partial"), Announced(RUN, "ko", "partial"))

    deployment.tick(timedelta(weeks=4))
    within = deployment.signals.count(DigestMessage(RUN, "ko", publish=True))
    deployment.forget_messages()
    deployment.tick(timedelta(weeks=4) + HOUR)

    assert within == 1
    assert DigestMessage(RUN, "ko", publish=True) not in deployment.signals


def test_a_crash_while_sending_is_made_good_by_the_next_tick() -> None:
    deployment = Deployment()
    deployment.cloud.sqs.refusals = 100
    with pytest.raises(DispatchError):
        deployment.tick()
    deployment.cloud.sqs.refusals = 0
    deployment.translate(WEEK[0])
    deployment.fail(WEEK[1])

    deployment.tick(HOUR)

    assert deployment.sent == everything(papers=WEEK[2:])
    dispatched = deployment.cloud.store.record(keys.dispatched(Edition(RUN, "ko")), Dispatched)
    assert dispatched == Dispatched(
        RUN,
        "ko",
        MONDAY + HOUR,
        messages=3,
        characters=sum(len(paper.title + paper.abstract) for paper in WEEK[2:]),
    )


def test_a_paper_without_any_result_is_lost_four_hours_after_it_was_sent() -> None:
    deployment = Deployment()
    deployment.tick()
    deployment.translate(WEEK[0])
    deployment.fail(WEEK[1])

    deployment.tick(4 * HOUR - timedelta(seconds=1))
    early = deployment.result(WEEK[2])
    deployment.tick(4 * HOUR)

    lost = deployment.result(WEEK[2])
    kept = [deployment.result(paper) for paper in WEEK[:2]]
    assert early is None
    assert failure(lost).failure == Failure(
        FailureClass.TRANSIENT, "Lost", "no result came within 4 hours of sending it"
    )
    assert (translation(kept[0]).text, failure(kept[1]).failure.code) == ("본문", "RefusedByGate")


def test_what_is_told_at_once_is_looked_after_until_the_crash_before_it_is_made_good() -> None:
    deployment = Deployment()
    deployment.tick()
    for key in (keys.dispatched(Edition(RUN, "ko")), keys.requested(Edition(RUN, "ko"))):
        del deployment.cloud.s3.objects[key]
    deployment.forget_messages()

    deployment.tick(HOUR)

    assert deployment.sent == everything()
    request = deployment.cloud.store.record(keys.requested(Edition(RUN, "ko")), Requested)
    assert request == Requested(RUN, "ko", MONDAY + HOUR)


def test_a_language_that_is_added_later_gets_the_papers_of_the_manifest() -> None:
    deployment = Deployment()
    deployment.tick()
    deployment.forget_messages()
    deployment.settings = replace(deployment.settings, languages=("ko", "pt"))
    deployment.source.papers = WEEK[:1]

    deployment.tick(HOUR)

    assert deployment.sent == everything("pt")
    assert deployment.signals == [DigestMessage(RUN, "ko", publish=True)]


# A person's requests.


def test_a_request_without_a_period_is_about_the_last_finished_week() -> None:
    deployment = Deployment()

    deployment.ask(-9 * HOUR)

    assert deployment.sent == everything()
    assert deployment.signals == [DigestMessage(RUN, "ko")]


@pytest.mark.parametrize("run", ["2025-W37", "2025-08", "2025-09-12", "2024-W52"])
def test_a_request_names_its_week_month_or_day(run: str) -> None:
    deployment = Deployment()

    deployment.ask(run=run, languages=("pt",), top=3)

    assert deployment.sent == [(run, "pt", paper.id) for paper in WEEK[:3]]
    assert [(base, name, top) for base, name, top, _ in deployment.source.asked] == [(HUGGING_FACE, run, 3)]


def test_a_request_sends_again_whatever_has_no_translation() -> None:
    deployment = Deployment()
    deployment.tick()
    deployment.translate(WEEK[0])
    deployment.fail(WEEK[1])
    deployment.forget_messages()

    deployment.ask(HOUR)

    assert deployment.sent == everything(papers=WEEK[1:])
    assert len(deployment.source.asked) == 1


def test_a_request_wakes_aggregate_even_where_nothing_is_left_to_translate() -> None:
    deployment = Deployment()
    deployment.tick()
    deployment.translate(*WEEK)
    deployment.forget_messages()

    deployment.ask(HOUR)

    assert deployment.sent == []
    assert deployment.signals == [DigestMessage(RUN, "ko")]


def test_a_request_to_translate_a_paper_again_says_which_and_when() -> None:
    deployment = Deployment()
    deployment.tick()
    deployment.translate(*WEEK)
    deployment.forget_messages()

    deployment.ask(HOUR, AgainRequest((WEEK[1].id,)))

    assert [(message.paper, message.again) for message in deployment.messages] == [(WEEK[1].id, MONDAY + HOUR)]


def test_a_request_for_publication_sends_no_paper() -> None:
    deployment = Deployment()
    deployment.tick()
    deployment.forget_messages()

    deployment.ask(HOUR, PublishRequest())

    assert deployment.sent == []
    assert deployment.signals == [DigestMessage(RUN, "ko", publish=True)]


def test_the_sample_week_asks_nobody() -> None:
    deployment = Deployment()
    deployment.source.error = SourceUnreachable("down")

    deployment.ask(run="sample")

    manifest = deployment.cloud.store.record(keys.manifest("sample"), Manifest)
    assert manifest is not None
    assert (manifest.run, manifest.period, manifest.source, len(manifest.papers)) == ("sample", "", "sample", 10)
    assert len(deployment.sent) == 10


@pytest.mark.parametrize("other", [{"top": 3}, {"source": "http://127.0.0.1:8000"}])
def test_a_run_never_changes_what_it_holds(other: dict[str, Any]) -> None:
    deployment = Deployment(embedded=True)
    deployment.tick()
    before = dict(deployment.cloud.s3.objects)

    with pytest.raises(RunConflict, match=r"Run 2025-W37 already holds the top 10 of https://huggingface\.co"):
        deployment.ask(HOUR, **other)

    assert deployment.cloud.s3.objects == before


def test_a_request_that_does_not_say_how_many_means_what_the_run_holds() -> None:
    deployment = Deployment(embedded=True)
    deployment.ask(top=3, source="http://127.0.0.1:8000")
    deployment.forget_messages()

    deployment.ask(HOUR)

    assert deployment.sent == everything(papers=WEEK[:3])


def test_of_two_that_fetch_at_once_both_work_with_the_papers_of_the_first() -> None:
    deployment = Deployment()

    def slow(base: str, period: Period, top: int, believe_few: bool) -> tuple[Paper, ...]:
        deployment.tick()
        return tuple(reversed(WEEK))

    slower = replace(deployment.fetching, read_papers=slow)
    tick(slower, MONDAY)

    manifest = deployment.cloud.store.record(keys.manifest(RUN), Manifest)
    assert manifest is not None
    assert manifest.papers == WEEK
    assert deployment.sent == everything()


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"run": "2025-W38"}, PeriodNotOver),
        ({"run": "2025-09-15"}, PeriodNotOver),
        ({"run": "2025-W60"}, UsageError),
        ({"run": "yesterday"}, UsageError),
        ({"languages": ("tlh",)}, UsageError),
        ({"request": AgainRequest(("2401.00001",))}, UsageError),
        ({"request": SendRequest(("2401.00001",))}, UsageError),
        ({"source": "http://169.254.169.254"}, UsageError),
        ({"source": "https://huggingface.co.example.org"}, UsageError),
    ],
)
def test_what_cannot_be_met_is_refused_and_nothing_is_sent(request_: dict[str, Any], error: type[Exception]) -> None:
    deployment = Deployment()

    with pytest.raises(error):
        deployment.ask(**request_)

    assert deployment.sent == []


def test_the_source_is_asked_for_the_plain_address() -> None:
    deployment = Deployment(embedded=True)

    deployment.ask(source="http://localhost:8000/")

    assert deployment.source.asked[0][0] == "http://localhost:8000"


# What is not sent.


def test_a_paper_without_a_text_is_not_sent_and_says_what_is_missing() -> None:
    deployment = Deployment()
    deployment.source.papers = [replace(WEEK[0], abstract=" \n"), replace(WEEK[1], title=""), WEEK[2]]

    deployment.tick()

    causes = [failure(deployment.result(paper)).failure.cause for paper in WEEK[:2]]
    assert deployment.sent == everything(papers=WEEK[2:3])
    assert causes == ["the source gives no abstract", "the source gives no title"]


def test_a_paper_whose_entry_is_odd_is_not_sent_and_says_why() -> None:
    deployment = Deployment()
    deployment.source.papers = [replace(WEEK[0], odd="a title that is not text"), *WEEK[1:]]

    deployment.tick()

    cause = "the source gives a title that is not text"
    assert deployment.sent == everything(papers=WEEK[1:])
    assert failure(deployment.result(WEEK[0])).failure == Failure(FailureClass.PERMANENT, "OddEntry", cause)


@pytest.mark.parametrize("text", [{"title": "가" * 1_001}, {"abstract": "가" * 20_001}])
def test_a_paper_that_is_too_long_fails_alone(text: dict[str, str]) -> None:
    deployment = Deployment()
    deployment.source.papers = [replace(WEEK[0], **text), *WEEK[1:]]  # type: ignore[arg-type]

    deployment.tick()

    assert deployment.sent == everything(papers=WEEK[1:])
    assert failure(deployment.result(WEEK[0])).failure.code == "TooLarge"


def test_what_exceeds_the_budget_is_not_sent_and_says_so() -> None:
    lengths = [len(paper.title + paper.abstract) for paper in WEEK]
    deployment = Deployment(budget_characters=sum(lengths[:2]))

    tick = deployment.tick()

    codes = [failure(deployment.result(paper)).failure.code for paper in WEEK[2:]]
    assert deployment.sent == everything(papers=WEEK[:2])
    assert codes == ["BudgetExceeded"] * 3
    assert [(dispatch.messages, dispatch.over_budget) for dispatch in tick.dispatches] == [(2, 3)]


def test_summaries_get_what_the_papers_leave_of_the_budget() -> None:
    summarised = tuple(replace(paper, summary="It is about robots.") for paper in WEEK)
    papers = sum(len(paper.title + paper.abstract) for paper in WEEK)
    deployment = Deployment(budget_characters=papers + 2 * len("It is about robots.") + 1)
    deployment.source.papers = summarised

    tick = deployment.tick()

    assert deployment.sent == everything()
    assert [message.summary for message in deployment.messages] == ["It is about robots."] * 2 + [""] * 3
    assert [(dispatch.characters, dispatch.over_budget) for dispatch in tick.dispatches] == [(papers + 38, 0)]


# The event.


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-09-15T01:00:00Z", MONDAY),
        ("2025-09-15T10:00:00+09:00", MONDAY),
        ("2025-09-15T01:00:00.250000+00:00", MONDAY + timedelta(milliseconds=250)),
    ],
)
def test_a_scheduled_time_means_the_same_in_every_time_zone(text: str, moment: datetime) -> None:
    time, request = parse_event({"scheduled_time": text})

    assert (time, time.utcoffset(), request) == (moment, timedelta(0), None)


def test_an_event_can_hold_a_request() -> None:
    request = SendRequest(("2509.00001",), "2025-W37", ("ko",))

    _, content = parse_event({"scheduled_time": "2025-09-15T01:00:00Z", "request": msgspec.to_builtins(request)})

    assert content is not None
    assert parse_request(content) == request


@pytest.mark.parametrize(
    "request_",
    [
        RunRequest("2025-W37", ("ko", "pt"), 5, HUGGING_FACE),
        AgainRequest(("2509.00001",), "2025-W37", ("ko",), 5, HUGGING_FACE),
        SendRequest(("2509.00001",), "2025-W37", ("ko",)),
        PublishRequest("2025-W37", ("ko",)),
        ReadRequest("2025-W37", 5, HUGGING_FACE),
        PaperRequest("2509.00001", HUGGING_FACE),
    ],
    ids=kind_of,
)
def test_a_request_arrives_as_it_was_sent(request_: Request) -> None:
    assert parse_request(msgspec.to_builtins(request_)) == request_


def test_a_request_of_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(
        UsageError, match="requests of the kind 'translate', only run, again, send, doubtful, publish, read"
    ):
        parse_request({"kind": "translate", "run": "2025-W37"})


@pytest.mark.parametrize("content", [{"top": "many"}, {"kind": "again"}, {"kind": "run", "languages": "ko"}])
def test_a_request_that_cannot_be_read_says_why(content: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="The request cannot be read: "):
        parse_request(content)


@pytest.mark.parametrize(
    "event",
    [
        {},
        None,
        {"scheduled_time": ""},
        {"scheduled_time": "<aws.scheduler.scheduled-time>"},
        {"scheduled_time": "2025-09-15T01:00:00"},
        {"scheduled_time": 1757898000},
        {"scheduled_time": "2025-09-15T01:00:00Z", "request": "run"},
    ],
)
def test_an_event_without_a_time_is_refused_because_the_clock_would_name_the_wrong_run(event: object) -> None:
    with pytest.raises(UsageError, match="scheduled time"):
        parse_event(cast("Any", event))
