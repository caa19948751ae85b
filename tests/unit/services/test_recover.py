"""After a failure that is ours nobody has to send anything: a tick tries one paper, the next one sends the others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from shared.editions import Edition
from shared.failures import Failure, FailureClass
from shared.incidents import Mail
from shared.ledger import keys
from shared.ledger.file import File
from shared.ledger.records import FailedResult, TranslatedResult
from shared.ledger.results import store_result
from shared.papers import Paper
from shared.queues import Queue
from shared.services.fetching import Fetching
from shared.services.messages import PaperMessage, decode_paper, encode
from shared.services.tick import Tick, tick
from shared.settings import Settings
from tests.fakes.aws import PAPERS, PAPERS_DEAD, Cloud
from tests.fakes.texts import PAPERS as WEEK
from tests.fakes.texts import no_paper

RUN = "2025-W37"
MONDAY = datetime(2025, 9, 15, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEY = Failure(FailureClass.OURS, "UnrecognizedClientException", "AWS does not know this access key.")
REFUSED = Failure(FailureClass.PERMANENT, "RefusedByGate", "refused")
OUTAGE = Failure(FailureClass.TRANSIENT, "NetworkError", "no answer")


class Week:
    """A week that was sent an hour ago. `mails` are those about incidents."""

    def __init__(self, *languages: str) -> None:
        self.cloud = Cloud()
        self.mails: list[Mail] = []
        self.settings = Settings(languages=languages or ("ko",))
        self.tick(0)
        self.sent()

    def tick(self, hours: int) -> Tick:
        self.cloud.clock.now = MONDAY + hours * HOUR
        fetching = Fetching(
            self.settings,
            self.cloud.store,
            self.cloud.papers,
            self.cloud.digests,
            lambda *asked: WEEK,
            no_paper,
            dead_papers=Queue(cast("Any", self.cloud.sqs), PAPERS_DEAD),
            tell=self.mails.append,
        )
        return tick(fetching, self.cloud.clock.now)

    def sent(self) -> list[tuple[str, str]]:
        """Language and paper of what was sent since last time."""
        messages = [decode_paper(body) for body in self.cloud.sqs.bodies(PAPERS)]
        self.cloud.sqs.messages(PAPERS).clear()
        return [(message.language, message.paper) for message in messages]

    def fail(self, *papers: Paper, failure: Failure = KEY, hours: float = 0, language: str = "ko") -> None:
        for paper in papers:
            time = MONDAY + hours * HOUR
            result = FailedResult(RUN, language, paper.id, time, failure, attempts=1, message=f"dead {paper.id}")
            store_result(self.cloud.store, result)

    def translate(self, paper: Paper, *, hours: float, language: str = "ko", **result: Any) -> None:
        time = MONDAY + hours * HOUR
        translated = TranslatedResult(RUN, language, paper.id, time, text="본문", engine="e", characters=100)
        store_result(self.cloud.store, replace(translated, **result))


def everything(language: str, *papers: Paper) -> list[tuple[str, str]]:
    return [(language, paper.id) for paper in papers]


def test_every_tick_tries_one_paper_and_when_it_passes_all_others_are_sent() -> None:
    week = Week()
    week.fail(*WEEK)
    week.tick(1)
    first = week.sent()
    week.fail(WEEK[0], hours=1.1)
    week.tick(2)
    second = week.sent()
    week.translate(WEEK[0], hours=2.1)

    week.tick(3)

    assert first == second == everything("ko", WEEK[0])
    assert week.sent() == everything("ko", *WEEK[1:])


def test_a_paper_that_the_engine_answered_and_the_judge_refused_has_passed_too() -> None:
    week = Week()
    week.fail(*WEEK[1:])
    week.fail(WEEK[0], failure=REFUSED, hours=1)

    week.tick(2)

    assert week.sent() == everything("ko", *WEEK[1:])


@pytest.mark.parametrize("language", ["ko", "pt"])
def test_each_language_is_tried_by_itself_as_each_has_its_engine(language: str) -> None:
    week = Week("ko", "pt")
    for code in ("ko", "pt"):
        week.fail(*WEEK, language=code)
    week.translate(WEEK[0], hours=1, language=language)

    week.tick(2)

    (other,) = {"ko", "pt"} - {language}
    assert sorted(week.sent()) == sorted([*everything(language, *WEEK[1:]), *everything(other, WEEK[0])])


@pytest.mark.parametrize("result", [{"characters": 0, "remembered": True}, {"engine": "person", "characters": 0}])
def test_what_no_engine_was_asked_for_says_nothing_of_the_engine(result: dict[str, Any]) -> None:
    week = Week()
    week.fail(*WEEK)
    week.translate(WEEK[0], hours=1, **result)

    week.tick(2)

    assert week.sent() == everything("ko", WEEK[1])


def test_what_was_answered_before_it_broke_says_nothing_either() -> None:
    week = Week()
    week.translate(WEEK[0], hours=0.1)
    week.fail(*WEEK[1:], hours=0.2)

    week.tick(1)

    assert week.sent() == everything("ko", WEEK[1])


def test_an_outage_is_not_an_answer_and_what_failed_for_it_is_left_to_a_person() -> None:
    week = Week()
    week.fail(*WEEK[1:])
    week.fail(WEEK[0], failure=OUTAGE, hours=1)

    week.tick(2)

    assert week.sent() == everything("ko", WEEK[1])


def test_what_a_person_leaves_at_that_is_not_tried() -> None:
    week = Week()
    week.fail(*WEEK)
    for paper in WEEK:
        held = FailedResult(RUN, "ko", paper.id, MONDAY, KEY, accepted=True)
        week.cloud.store.write_record(f"results/{RUN}/ko/{paper.id}.json", held)

    done = week.tick(1)

    assert (week.sent(), done.causes, week.mails) == ([], (), [])


def test_it_is_one_incident_for_all_papers_and_languages_and_the_refused_paper_another() -> None:
    week = Week("ko", "pt")
    week.fail(*WEEK)
    week.fail(*WEEK[1:], language="pt")
    week.fail(WEEK[0], failure=REFUSED, language="pt")

    week.tick(1)

    assert [mail.incident.cause.name for mail in week.mails] == [
        "ours:UnrecognizedClientException",
        "refused:2025-W37/pt",
    ]
    ours, refused = (mail.incident.cause for mail in week.mails)
    assert ours.what == (
        "9 papers of 2025-W37 ko, 2025-W37 pt failed: AWS does not know this access key. (UnrecognizedClientException)"
    )
    assert ours.editions == (Edition(RUN, "ko"), Edition(RUN, "pt"))
    assert refused.do == (
        "Read what the judge found wrong; with a better engine or glossary: chorok redrive 2025-W37 --stack Chorok"
        "; to leave it at that: chorok accept 2025-W37 --lang pt --stack Chorok"
    )


def test_an_edition_is_looked_after_until_its_incident_is_over_however_old() -> None:
    week = Week()
    week.fail(*WEEK, failure=REFUSED)
    for hours in range(1, 24 * 7 * 5, 12):
        week.tick(hours)

    (incident, *others) = {mail.incident.cause.name for mail in week.mails if RUN in mail.incident.cause.name}

    assert (incident, others) == (f"refused:{RUN}/ko", [])
    assert week.mails[-1].event == "reminded"


def test_what_a_damaged_object_hides_is_not_over_for_that() -> None:
    week = Week()
    week.fail(*WEEK, failure=REFUSED)
    week.tick(1)
    whole = week.cloud.s3.objects[keys.manifest(RUN)]
    week.cloud.store.write(keys.manifest(RUN), File(b"damaged", "application/json"))
    for hours in range(2, 6):
        week.tick(hours)
    week.cloud.s3.objects[keys.manifest(RUN)] = whole
    for hours in range(6, 9):
        week.tick(hours)

    assert [(mail.event, mail.incident.cause.name) for mail in week.mails] == [
        ("opened", f"refused:{RUN}/ko"),
        ("opened", f"damaged:{RUN}"),
        ("closed", f"damaged:{RUN}"),
    ]


def test_a_queue_that_cannot_be_asked_ends_no_incident_and_the_tick_is_not_done() -> None:
    week = Week()
    week.cloud.sqs.put(PAPERS_DEAD, "poison")
    before = [week.tick(hours).is_done for hours in range(1, 4)]
    del week.cloud.sqs._queues[PAPERS_DEAD]

    after = [week.tick(hours).is_done for hours in range(4, 8)]

    assert (before, after) == ([True] * 3, [False] * 4)
    assert [mail.event for mail in week.mails if mail.incident.cause.kind == "unknown"] == ["opened"]


# What is in the papers' dead-letter queue.


def test_dead_messages_that_the_ledger_knows_are_no_incident_and_stay() -> None:
    week = Week()
    bodies = week_bodies()
    week.fail(WEEK[0], failure=REFUSED)
    week.translate(WEEK[1], hours=0.5)
    for body in bodies[:2]:
        week.cloud.sqs.put(PAPERS_DEAD, body)

    causes = [cause.name for hours in range(1, 4) for cause in week.tick(hours).causes]

    assert set(causes) == {f"refused:{RUN}/ko"}
    assert sorted(week.cloud.sqs.bodies(PAPERS_DEAD)) == sorted(bodies[:2])


@pytest.mark.parametrize("known", [0, 1])
def test_dead_messages_that_the_ledger_knows_nothing_of_are_counted(known: int) -> None:
    week = Week()
    bodies = week_bodies()
    for paper, body in zip(WEEK[:known], bodies, strict=False):
        week.fail(paper, failure=REFUSED)
        week.cloud.sqs.put(PAPERS_DEAD, body)
    for body in ("poison", bodies[-1].replace(RUN, "2024-W01")):
        week.cloud.sqs.put(PAPERS_DEAD, body)

    done = week.tick(1)

    (cause,) = (cause for cause in done.causes if cause.kind == "unknown")
    assert "about no result in the ledger: 2." in cause.what
    assert len(week.cloud.sqs.messages(PAPERS_DEAD)) == 2 + known


def week_bodies() -> list[str]:
    """The messages of the week's papers, as they were sent."""
    return [encode(PaperMessage(RUN, "ko", paper.id, paper.title, paper.abstract)) for paper in WEEK]
