"""First the mail, then the record: what could not be sent is not written down, and what was is not sent again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.errors import AwsError
from shared.incidents import Cause, Event, Incidents, Kind, Mail
from shared.ledger import keys
from shared.ledger.file import File
from shared.services.tell import Told, held_incidents, tell_of
from tests.fakes.aws import Cloud

MONDAY = datetime(2025, 9, 15, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEY = Cause(Kind.OURS, "AccessDenied", "a key", "what", "do")
PAPER = Cause(Kind.REFUSED, "2025-W37/ko", "a paper", "what", "do")


class Operator:
    """Hears of incidents, but of those about a `deaf` title. `meanwhile` happens at the next mail."""

    def __init__(self) -> None:
        self.cloud = Cloud()
        self.heard: list[tuple[Event, str]] = []
        self.deaf = ""
        self.meanwhile: Callable[[], object] = lambda: None

    def told(self, *causes: Cause, hours: int = 0) -> Told:
        return tell_of(self.cloud.store, self._tell, causes, MONDAY + hours * HOUR)

    def _tell(self, mail: Mail) -> None:
        if mail.incident.cause.title == self.deaf:
            raise AwsError("Nobody can be told", "AuthorizationError")
        self.heard.append((mail.event, mail.incident.cause.title))
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()


@pytest.fixture
def operator() -> Operator:
    return Operator()


def test_what_is_told_is_written_down(operator: Operator) -> None:
    told = operator.told(KEY)

    assert operator.heard == [(Event.OPENED, "a key")]
    assert told.open == held_incidents(operator.cloud.store).incidents
    assert [found.cause for found in told.open] == [KEY]


def test_of_several_each_is_told_that_can_be_and_the_others_later(operator: Operator) -> None:
    operator.deaf = "a key"
    first = operator.told(KEY, PAPER)
    operator.deaf = ""
    second = operator.told(KEY, PAPER, hours=1)

    assert first.trouble is not None
    assert ([found.cause for found in first.open], second.trouble) == ([PAPER], None)
    assert operator.heard == [(Event.OPENED, "a paper"), (Event.OPENED, "a key")]


def test_that_it_is_over_is_told_as_soon_as_it_can_be(operator: Operator) -> None:
    operator.told(KEY)
    operator.told(hours=1)
    operator.deaf = "a key"
    operator.told(hours=2)
    operator.deaf = ""

    after = operator.told(hours=3)

    assert operator.heard == [(Event.OPENED, "a key"), (Event.CLOSED, "a key")]
    assert after.open == ()


def test_where_another_tick_has_written_meanwhile_no_mail_is_repeated_and_none_forgotten(operator: Operator) -> None:
    other = Operator()
    other.cloud = operator.cloud
    operator.meanwhile = lambda: other.told(PAPER)

    told = operator.told(KEY)

    assert (operator.heard, other.heard) == ([(Event.OPENED, "a key")], [(Event.OPENED, "a paper")])
    assert {found.cause for found in told.open} == {KEY, PAPER}


def test_a_record_that_cannot_be_read_is_begun_anew(operator: Operator) -> None:
    operator.told(KEY)
    operator.cloud.store.write(keys.INCIDENTS, File(b"damaged", "application/json"))

    operator.told(KEY, hours=1)

    assert operator.heard == [(Event.OPENED, "a key")] * 2
    assert len(held_incidents(operator.cloud.store).incidents) == 1


def test_with_nothing_new_nothing_is_written(operator: Operator) -> None:
    operator.told(KEY)
    before = operator.cloud.s3.objects[keys.INCIDENTS]

    operator.told(KEY, hours=1)

    assert operator.cloud.s3.objects[keys.INCIDENTS] is before


def test_the_record_says_all_that_is_decided_by(operator: Operator) -> None:
    (found,) = operator.told(KEY).open
    missed = replace(found, missed=1, seen=2)
    operator.cloud.store.write_record(keys.INCIDENTS, Incidents((missed,)))

    assert held_incidents(operator.cloud.store) == Incidents((missed,))
