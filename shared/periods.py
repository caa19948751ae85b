"""Periods of Hugging Face's paper lists: ISO weeks, months and days, in the schedule's time zone.

A run is named after its period, which comes from the schedule's own time and never from the clock.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from shared.errors import PeriodNotOver, UsageError

_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


class PeriodKind(StrEnum):
    """How long a period is, as Hugging Face calls it too."""

    WEEK = "week"
    MONTH = "month"
    DAY = "date"


@dataclass(frozen=True)
class Period:
    """A week (`2025-W37`), month (`2025-09`) or day (`2025-09-12`): first day and the day after the last."""

    kind: PeriodKind
    name: str
    first: date
    after: date

    def end(self, zone: ZoneInfo) -> datetime:
        """The moment the period is over in `zone`."""
        return datetime.combine(self.after, time.min, zone)


def parse_period(name: str) -> Period:
    """The period called `name`.

    Raises UsageError where `name` is not a period, such as a week 53 in a year that has none.
    """
    try:
        if match := _WEEK.fullmatch(name):
            return _week(date.fromisocalendar(int(match[1]), int(match[2]), 1))
        if match := _MONTH.fullmatch(name):
            first = date(int(match[1]), int(match[2]), 1)
            return Period(PeriodKind.MONTH, name, first, (first + timedelta(days=31)).replace(day=1))
        if match := _DAY.fullmatch(name):
            day = date(int(match[1]), int(match[2]), int(match[3]))
            return Period(PeriodKind.DAY, name, day, day + timedelta(days=1))
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{name!r} is not in the calendar: {error}.") from error
    raise UsageError(f"{name!r} is not a period. Write a week as 2025-W37, a month as 2025-09, a day as 2025-09-12.")


def last_finished_week(moment: datetime, zone: ZoneInfo) -> Period:
    """The newest ISO week that is over at `moment` in `zone`."""
    today = moment.astimezone(zone).date()
    return _week(today - timedelta(days=today.weekday() + 7))


def require_over(period: Period, moment: datetime, zone: ZoneInfo) -> None:
    """Raise PeriodNotOver unless `period` is over at `moment` in `zone`: votes still move until then."""
    end = period.end(zone)
    if moment < end:
        raise PeriodNotOver(f"{period.name} is not over: it ends at {end:%Y-%m-%d %H:%M} {zone.key}. Ask again then.")


def weeks_between(first: str, last: str) -> tuple[Period, ...]:
    """The ISO weeks from `first` to `last`, both included. Raises UsageError where these are not weeks in order."""
    start, stop = parse_period(first), parse_period(last)
    if start.kind is not PeriodKind.WEEK or stop.kind is not PeriodKind.WEEK or stop.first < start.first:
        raise UsageError(
            f"{first}..{last} is not a range of weeks. Write it as 2025-W33..2025-W44, the earlier one first."
        )
    return _weeks(start.first, stop.after)


def weeks_of(period: Period) -> tuple[Period, ...]:
    """The ISO weeks that share a day with `period`."""
    return _weeks(period.first - timedelta(days=period.first.weekday()), period.after)


def _weeks(monday: date, after: date) -> tuple[Period, ...]:
    """The weeks from that of `monday` to the last that begins before `after`."""
    return tuple(_week(monday + timedelta(days=days)) for days in range(0, (after - monday).days, 7))


def _week(monday: date) -> Period:
    year, week, _ = monday.isocalendar()
    return Period(PeriodKind.WEEK, f"{year:04}-W{week:02}", monday, monday + timedelta(days=7))
