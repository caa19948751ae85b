"""What a person has accepted is final: nothing that comes later lowers it, asks for it again, or complains about it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from shared.doubts import Doubt, Kept
from shared.editions import Edition
from shared.engines.amazon import amazon_engine
from shared.engines.protocol import Engine
from shared.errors import UsageError
from shared.failures import Failure, FailureClass
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.memories import read_memory
from shared.ledger.records import FailedResult, Manifest, Memory, Requested, Result, TranslatedResult
from shared.ledger.results import read_result, store_result
from shared.papers import Paper
from shared.services.accept import Acceptance, accept_results
from shared.services.correct import corrections, exchanged_entries, remember_persons, standing_entries
from shared.services.deliver import Delivery, Outcome, Translating
from shared.services.events import RunRequest
from shared.services.fetching import Fetching
from shared.services.messages import DigestMessage, PaperMessage
from shared.services.publish import Publication, Publishing
from shared.services.request import fulfil
from shared.services.tick import tick
from shared.settings import Settings
from shared.translation.memory_keys import person_key
from shared.translation.tmx import read_tmx, write_tmx
from tests.fakes import aws
from tests.fakes.results import failure, translation
from tests.fakes.texts import PAPERS, TRANSLATIONS

RUN, KOREAN = "2025-W37", find_language("ko")
EDITION = Edition(RUN, "ko")
DOUBTFUL, PARTLY, LOST, PASSED = PAPERS[:4]
BEFORE, NOW = datetime(2025, 9, 15, 2, tzinfo=UTC), datetime(2025, 9, 16, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
FIRST, SECOND = "첫 문장입니다.", "둘째 문장입니다."
FAILURE = Failure(FailureClass.PERMANENT, "RefusedByGate", "refused")


class Week:
    """A week of four papers: one is doubtful, one partly in English, one has failed, one is in order."""

    def __init__(self) -> None:
        self.cloud = aws.Cloud()
        self.store, self.settings = self.cloud.store, Settings(top=4)
        self.translate = aws.FakeTranslate(TRANSLATIONS)
        address = "https://huggingface.co"
        self.manifest = Manifest(RUN, RUN, address, f"{address}/papers/week/{RUN}", 4, BEFORE, PAPERS[:4])
        self.store.create(keys.manifest(RUN), self.manifest)
        self.store.create(keys.requested(EDITION), Requested(RUN, "ko", BEFORE))
        english = PARTLY.abstract.partition(". ")[0] + "."
        for paper, text, doubts, kept in (
            (DOUBTFUL, f"{FIRST}\n{SECOND}", (Doubt(0, "number", "7", ""),), ()),
            (PARTLY, f"{english}\n{SECOND}", (), (Kept(0, "loop", "again"),)),
            (PASSED, TRANSLATIONS["ko", PASSED.abstract], (), ()),
        ):
            held = TranslatedResult(RUN, "ko", paper.id, BEFORE, text=text, engine="engine-1", doubts=doubts, kept=kept)
            store_result(self.store, held)
        store_result(self.store, FailedResult(RUN, "ko", LOST.id, BEFORE, FAILURE, message="message-0"))

    def accept(self, paper: str = "") -> Acceptance:
        return accept_results(self.store, self.manifest, "ko", NOW, paper)

    def result(self, paper: Paper) -> Result | None:
        return read_result(self.store, EDITION, paper.id)

    def deliver(
        self, paper: Paper, again: datetime | None = None, run: str = RUN, engine: Engine | None = None
    ) -> Outcome:
        first = engine or amazon_engine(cast("Any", self.translate), KOREAN, terminology=None)
        translating = Translating(self.settings, self.store, lambda target: first, jitter=lambda: 0.5)
        message = PaperMessage(run, "ko", paper.id, paper.title, paper.abstract, again)
        return translating.deliver(message, Delivery("message-1", 1, LATER, LATER))

    def publish(self) -> Publication:
        publishing = Publishing(self.store, announce=lambda digest, healed: None)
        return publishing.publish(DigestMessage(RUN, "ko", publish=True))

    @property
    def fetching(self) -> Fetching:
        return Fetching(
            self.settings,
            self.store,
            self.cloud.papers,
            self.cloud.digests,
            lambda *_: PAPERS[:4],
            lambda *_: PAPERS[0],
        )


@pytest.fixture
def week() -> Week:
    return Week()


def test_of_a_run_all_is_accepted_that_is_not_in_order(week: Week) -> None:
    assert week.accept() == Acceptance((DOUBTFUL.id, PARTLY.id), (LOST.id,), (), (DOUBTFUL.id, PARTLY.id, LOST.id))

    doubtful, partly = translation(week.result(DOUBTFUL)), translation(week.result(PARTLY))
    assert (doubtful.accepted, doubtful.engine, doubtful.doubts) == (True, "engine-1", ())
    assert (partly.accepted, [mark.sentence for mark in partly.kept]) == (True, [0])
    assert failure(week.result(LOST)).accepted
    assert not translation(week.result(PASSED)).accepted


def test_one_paper_alone_is_accepted_as_it_is(week: Week) -> None:
    assert week.accept(PASSED.id).final == (PASSED.id,)
    assert translation(week.result(PASSED)).accepted
    assert not translation(week.result(DOUBTFUL)).accepted
    with pytest.raises(UsageError, match="is not a paper of run"):
        week.accept("2509.99999")


def test_what_has_no_result_yet_cannot_be_accepted(week: Week) -> None:
    del week.cloud.s3.objects[keys.result(EDITION, PASSED.id)]

    assert week.accept().pending == (PASSED.id,)
    assert keys.accepted(EDITION) not in week.cloud.s3.objects


def test_to_accept_twice_writes_nothing_more_and_mends_what_a_crash_left(week: Week) -> None:
    week.accept()
    objects = {key: held.etag for key, held in week.cloud.s3.objects.items()}
    lost = [key for key in objects if key.startswith(keys.MEMORY)]
    for key in lost:
        del week.cloud.s3.objects[key]

    assert week.accept() == Acceptance((), (), (), (DOUBTFUL.id, PARTLY.id, LOST.id))
    assert len(lost) == 2
    assert {key: held.etag for key, held in week.cloud.s3.objects.items()} == objects


# What it withstands.


@pytest.mark.parametrize("again", [None, BEFORE, LATER], ids=["a redrive", "asked for before", "asked for later"])
@pytest.mark.parametrize("remembered", [True, False], ids=["", "the memory was not written"])
def test_no_delivery_lowers_an_accepted_text(week: Week, again: datetime | None, *, remembered: bool) -> None:
    week.accept()
    if not remembered:
        for key in [key for key in week.cloud.s3.objects if key.startswith(keys.MEMORY)]:
            del week.cloud.s3.objects[key]

    for paper in (DOUBTFUL, PARTLY):
        held = translation(week.result(paper))
        week.deliver(paper, again)
        result = translation(week.result(paper))
        assert (result.text, result.kept, result.engine, result.accepted) == (held.text, held.kept, held.engine, True)
    if remembered:
        # Their titles had no translation: that is final too.
        assert week.translate.calls == []


def test_an_accepted_text_is_remembered_with_its_engine_and_given_to_other_runs(week: Week) -> None:
    week.accept()

    doubtful = translation(week.deliver(DOUBTFUL, run="2025-09-12").result)
    partly = translation(week.deliver(PARTLY, run="2025-09-12").result)

    assert (doubtful.text, doubtful.engine, doubtful.accepted) == (f"{FIRST}\n{SECOND}", "engine-1", True)
    assert partly.kept == translation(week.result(PARTLY)).kept
    assert doubtful.title == ""
    assert week.translate.calls == []


@pytest.mark.parametrize("loose", [False, True])
def test_what_a_person_wrote_stands_above_what_a_person_accepted(week: Week, *, loose: bool) -> None:
    key = person_key(DOUBTFUL.abstract, KOREAN)
    own = Memory("ko", DOUBTFUL.abstract, "사람이 썼습니다.", "person", origin="person")
    if loose:
        week.store.write_record(keys.loose_text("ko", key), own)
    else:
        remember_persons(week.store, "ko", DOUBTFUL.id, [own])

    week.accept()

    assert read_memory(week.store, "ko", DOUBTFUL.id).texts[key] == own
    assert translation(week.deliver(DOUBTFUL, LATER).result).text == own.text


def test_the_failure_that_comes_afterwards_leaves_it_accepted(week: Week) -> None:
    def refuses(text: str) -> Any:
        week.accept(LOST.id)
        raise aws.client_error("UnsupportedLanguagePairException", 400, "TranslateText")

    week.translate.translate_text = lambda Text, **_: refuses(Text)  # type: ignore[method-assign]  # noqa: N803
    week.deliver(LOST)

    assert failure(week.result(LOST)).failure.code == "UnsupportedLanguagePairException"
    assert failure(week.result(LOST)).accepted


# How quiet it is.


def test_the_dead_message_of_an_accepted_failure_is_done_with_and_costs_nothing(week: Week) -> None:
    week.accept()

    outcome = week.deliver(LOST)

    assert (outcome.retry_seconds, outcome.failure) == (None, None)
    assert week.translate.calls == []


def test_a_person_can_still_ask_for_it_by_name(week: Week) -> None:
    week.accept()

    week.deliver(LOST, again=LATER)

    assert translation(week.result(LOST)).text.replace("\n", " ") == TRANSLATIONS["ko", LOST.abstract]


def test_a_second_run_sends_nothing(week: Week) -> None:
    week.accept()

    (dispatch,) = fulfil(week.fetching, LATER, RunRequest(RUN))

    assert dispatch.messages == 0


def test_ticks_leave_an_accepted_edition_alone_and_do_not_call_it_overdue(week: Week) -> None:
    overdue = tick(week.fetching, LATER).overdue
    week.accept()
    week.publish()
    for url in (aws.PAPERS, aws.DIGESTS):
        week.cloud.sqs.messages(url).clear()

    after = tick(week.fetching, LATER)

    assert (overdue, after.overdue, sum(done.messages for done in after.dispatches)) == (1, 0, 0)
    assert not week.cloud.sqs.bodies(aws.DIGESTS)


def test_the_digest_stays_partial_and_says_to_the_operator_that_it_is_accepted(week: Week) -> None:
    before = week.publish()
    week.accept(DOUBTFUL.id)
    assert not week.publish().accepted
    assert keys.accepted(EDITION) not in week.cloud.s3.objects
    week.accept(LOST.id)
    after = week.publish()

    assert (before.state, before.accepted) == ("partial", False)
    assert (after.state, after.accepted) == ("partial", True)


# What translators see.


def test_an_accepted_text_comes_back_from_a_tool_as_no_correction(week: Week) -> None:
    week.accept()

    file = write_tmx(exchanged_entries(week.store))

    found = corrections(read_tmx(file), exchanged_entries(week.store), [paper.abstract for paper in PAPERS])
    assert found.accepted == ()
    by_source = {entry.source: entry for entry in exchanged_entries(week.store)}
    assert by_source[PARTLY.abstract].text == f"\n{SECOND}"
    assert {entry.origin for entry in standing_entries(week.store)} == {"accepted"}


def test_a_ledger_that_does_not_know_of_it_reads_as_before(week: Week) -> None:
    held = translation(week.result(PASSED))

    assert (held.accepted, replace(held, accepted=False)) == (False, held)
    assert b"accepted" not in week.cloud.s3.objects[keys.result(EDITION, PASSED.id)].body
