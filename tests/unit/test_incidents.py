"""What is told of an incident: once that it begins, once a day that it lasts, once that it is over, nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.incidents import REMINDER, TICKS_TO_CLOSE, Cause, Event, Incident, Kind, Mail, decide

START = datetime(2025, 9, 15, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)

kinds = st.sampled_from([Kind.SOURCE, Kind.OURS, Kind.REFUSED])
seen_at = st.lists(st.frozensets(kinds), max_size=80)
"""What each of some ticks sees."""


def cause(kind: Kind, what: str = "what") -> Cause:
    return Cause(kind, "", title=f"{kind}", what=what, do="do")


def live(ticks: Sequence[frozenset[Kind]], gap: timedelta = HOUR, times: int = 1) -> list[tuple[int, Event, Kind]]:
    """Every mail of these ticks, each of which comes so many `times`: its tick's number, its event, its kind."""
    incidents: tuple[Incident, ...] = ()
    told: list[tuple[int, Event, Kind]] = []
    for number, kinds in enumerate(ticks):
        for _ in range(times):
            mails, incidents = tick(incidents, kinds, START + number * gap)
            told += [(number, mail.event, mail.incident.cause.kind) for mail in mails]
    return told


def tick(
    incidents: Sequence[Incident], kinds: frozenset[Kind], time: datetime
) -> tuple[list[Mail], tuple[Incident, ...]]:
    steps = decide([cause(kind) for kind in sorted(kinds)], incidents, time)
    after = (step.after for step in steps)
    return [step.mail for step in steps if step.mail], tuple(found for found in after if found is not None)


def of(kind: Kind, told: Sequence[tuple[int, Event, Kind]]) -> list[tuple[int, Event]]:
    return [(number, event) for number, event, about in told if about is kind]


@given(seen_at, kinds)
def test_mails_come_in_their_order_and_none_twice_in_a_day(ticks: list[frozenset[Kind]], kind: Kind) -> None:
    mails = of(kind, live(ticks))

    events = [event for _, event in mails]
    following = {Event.OPENED: (Event.REMINDED, Event.CLOSED), Event.CLOSED: (Event.OPENED,)}
    following[Event.REMINDED] = following[Event.OPENED]
    assert events[:1] in ([], [Event.OPENED])
    for (before, earlier), (number, event) in pairwise(mails):
        assert event in following[earlier]
        assert event is not Event.REMINDED or number - before >= REMINDER / HOUR


@given(seen_at, kinds)
def test_an_incident_opens_with_the_last_of_its_ticks_in_a_row_and_closes_with_the_last_without(
    ticks: list[frozenset[Kind]], kind: Kind
) -> None:
    mails = of(kind, live(ticks))

    is_open, seen, missed, expected = False, 0, 0, []
    for number, found in enumerate(ticks):
        seen, missed = (seen + 1, 0) if kind in found else (0, missed + 1)
        if not is_open and seen == kind.ticks_to_open:
            is_open = True
            expected.append((number, Event.OPENED))
        elif is_open and missed == TICKS_TO_CLOSE:
            is_open = False
            expected.append((number, Event.CLOSED))
    assert [mail for mail in mails if mail[1] is not Event.REMINDED] == expected


@given(seen_at, st.integers(2, 3))
def test_a_tick_that_comes_again_tells_nothing_and_counts_as_one(ticks: list[frozenset[Kind]], times: int) -> None:
    assert live(ticks, times=times) == live(ticks)


@given(seen_at, seen_at, st.integers(0, 79))
def test_a_tick_that_comes_after_a_later_one_opens_and_closes_nothing_that_one_counted(
    ticks: list[frozenset[Kind]], late: list[frozenset[Kind]], position: int
) -> None:
    incidents: tuple[Incident, ...] = ()
    for number, kinds in enumerate(ticks):
        _, incidents = tick(incidents, kinds, START + number * HOUR)
    counted = [found for found in incidents if found.counted == START + (len(ticks) - 1) * HOUR]

    for kinds in late[:1]:
        steps = decide([cause(kind) for kind in kinds], counted, START + min(position, len(ticks) - 2) * HOUR)
        assert all(step.before == step.after for step in steps if step.before is not None)


@given(seen_at, kinds)
def test_what_changes_about_one_cause_changes_nothing_that_is_told_of_others(
    ticks: list[frozenset[Kind]], kind: Kind
) -> None:
    alone = live([found & {kind} for found in ticks])

    assert of(kind, live(ticks)) == of(kind, alone)


@given(seen_at)
def test_with_nothing_new_there_is_nothing_to_write(ticks: list[frozenset[Kind]]) -> None:
    incidents: tuple[Incident, ...] = ()
    for number, kinds in enumerate([*ticks, *[frozenset({Kind.OURS})] * 4]):
        _, incidents = tick(incidents, kinds, START + number * HOUR)
    last = max([START, *(found.told for found in incidents if found.told)])

    mails, after = tick(incidents, frozenset({Kind.OURS}), last + 5 * HOUR)

    assert (mails, after) == ([], incidents)


@pytest.mark.parametrize("hours", [1, 5, 24, 84])
def test_it_is_reminded_of_once_a_day_or_at_every_tick_that_is_rarer(hours: int) -> None:
    mails = of(Kind.OURS, live([frozenset({Kind.OURS})] * 100, timedelta(hours=hours)))

    every = -(-24 // hours)
    assert [number for number, _ in mails] == list(range(0, 100, every))


def test_an_outage_of_two_ticks_is_nobodys_business() -> None:
    assert live([frozenset({Kind.SOURCE})] * 2 + [frozenset()] * 5) == []


def test_an_incident_says_what_was_seen_last_and_keeps_its_beginning() -> None:
    (first,) = decide([cause(Kind.OURS, "one paper")], (), START)
    assert first.after is not None

    (second,) = decide([cause(Kind.OURS, "two papers")], [first.after], START + HOUR)

    assert second.after == replace(first.after, cause=cause(Kind.OURS, "two papers"))
    assert (second.mail, second.after and second.after.since) == (None, START)
