"""When a schedule ticks: EventBridge Scheduler's expressions, checked before AWS is asked, and how far ticks are apart.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html. Times are those of the schedule's own zone,
whose changes for summer are not counted.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from shared.errors import SettingsError

_Matches = Callable[[date], bool]
_FIRST_DAY, _LAST_DAY = date(2028, 1, 1), date(2031, 12, 31)
"""Four years, one of them a leap year: which they are does not matter to an expression that is meant to go on."""
_RATE = re.compile(r"rate\(\s*([1-9][0-9]{0,5})\s+(minute|hour|day)s?\s*\)")
_CRON = re.compile(r"cron\((.*)\)")
_FIELDS = ("minutes", "hours", "day of month", "month", "day of week", "year")
_SPAN = re.compile(r"(?:(?P<all>\*)|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>[0-9]{1,3}))?")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


@cache
def longest_gap(expression: str) -> timedelta:
    """The longest time from one tick of `expression` to the next.

    Raises SettingsError for what EventBridge Scheduler would not take, and for what ticks once or never.

    >>> longest_gap("rate(6 hours)")
    datetime.timedelta(seconds=21600)
    >>> longest_gap("cron(0 9 ? * MON-FRI *)")
    datetime.timedelta(days=3)
    """
    if expression.startswith("at("):
        raise _wrong(expression, "it ticks once and never again")
    rate = _RATE.fullmatch(expression)
    if rate is not None:
        return int(rate[1]) * {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(1)}[rate[2]]
    cron = _CRON.fullmatch(expression)
    if cron is None:
        raise _wrong(expression, "it is neither cron(…) nor rate(…) with a number and minutes, hours or days")
    fields = cron[1].split()
    if len(fields) != len(_FIELDS):
        raise _wrong(expression, f"it has {len(fields)} fields instead of six: {', '.join(_FIELDS)}")
    try:
        gap = _cron_gap(fields)
    except ValueError as error:
        raise _wrong(expression, str(error)) from None
    if gap is None:
        raise _wrong(expression, "it never ticks")
    return gap


def _wrong(expression: str, why: str) -> SettingsError:
    return SettingsError(f"schedule is {expression!r}: {why}. Every hour is cron(0 * * * ? *).")


def _cron_gap(fields: Sequence[str]) -> timedelta | None:
    """The longest gap in four years, their ends included; None without a tick. Raises ValueError for a wrong field."""
    minutes = _numbers("minutes", fields[0], 0, 59)
    hours = _numbers("hours", fields[1], 0, 23)
    months = _numbers("month", fields[3], 1, 12, _MONTHS)
    years = _numbers("year", fields[5], 1970, 2199)
    days = [day for day in _days(fields[2], fields[4]) if day.month in months and day.year in years]
    if not days:
        return None
    times = [timedelta(hours=hour, minutes=minute) for hour in sorted(hours) for minute in sorted(minutes)]
    over_night = timedelta(days=1) + times[0] - times[-1]
    between = [later - earlier for earlier, later in pairwise((_FIRST_DAY, *days, _LAST_DAY))]
    within = [later - earlier for earlier, later in pairwise(times)]
    return max(*within, max(between) - timedelta(days=1) + over_night, over_night)


def _days(of_month: str, of_week: str) -> Iterator[date]:
    if (of_month == "?") == (of_week == "?"):
        raise ValueError("of day of month and day of week exactly one has to be ?")
    name, field = ("day of week", of_week) if of_month == "?" else ("day of month", of_month)
    if not field:
        raise ValueError(f"{name} is empty")
    wanted = [_day_of_week(item) if of_month == "?" else _day_of_month(item) for item in field.split(",")]
    day = _FIRST_DAY
    while day <= _LAST_DAY:
        if any(matches(day) for matches in wanted):
            yield day
        day += timedelta(days=1)


def _day_of_month(item: str) -> _Matches:
    if item == "L":
        return lambda day: day.day == _last(day)
    if re.fullmatch(r"[0-9]{1,2}W", item):
        (number,) = _numbers("day of month", item[:-1], 1, 31)
        return lambda day: day == _nearest_weekday(day, number)
    numbers = _numbers("day of month", item, 1, 31)
    return lambda day: day.day in numbers


def _day_of_week(item: str) -> _Matches:
    if "/" in item:
        raise ValueError(f"day of week holds {item!r}, and takes no steps")
    if item == "L":
        item = "SAT"
    match = re.fullmatch(r"(\w+?)(?:(L)|#([1-5]))", item)
    if match is None:
        numbers = _numbers("day of week", item, 1, 7, _WEEKDAYS)
        return lambda day: _weekday(day) in numbers
    (number,) = _numbers("day of week", match[1], 1, 7, _WEEKDAYS)
    if match[2]:
        return lambda day: _weekday(day) == number and day.day > _last(day) - 7
    return lambda day: _weekday(day) == number and (day.day - 1) // 7 + 1 == int(match[3])


def _numbers(name: str, field: str, least: int, most: int, names: Sequence[str] = ()) -> set[int]:
    """What numbers, ranges, steps and lists of them stand for. Raises ValueError."""

    def number(text: str) -> int:
        if text.upper() in names:
            return names.index(text.upper()) + 1
        if not re.fullmatch("[0-9]{1,4}", text) or not least <= int(text) <= most:
            raise ValueError(f"{name} holds {text!r}, which is not from {least} to {most}")
        return int(text)

    numbers: set[int] = set()
    for item in field.split(","):
        match = _SPAN.fullmatch(item)
        if match is None:
            raise ValueError(f"{name} holds {item!r}, which cannot be read")
        first = least if match["all"] else number(match["first"])
        last = number(match["last"]) if match["last"] else most if match["all"] or match["step"] else first
        step = int(match["step"] or 1)
        if first > last or not 1 <= step <= most:
            raise ValueError(f"{name} holds {item!r}, which is no range with a step")
        numbers.update(range(first, last + 1, step))
    return numbers


def _weekday(day: date) -> int:
    return day.isoweekday() % 7 + 1


def _last(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _nearest_weekday(day: date, number: int) -> date | None:
    """The weekday next to the day `number` in the same month as `day`, or None where the month is too short."""
    if number > _last(day):
        return None
    wanted = day.replace(day=number)
    steps = {6: (-1, 2), 7: (1, -2)}.get(wanted.isoweekday(), (0,))
    near = (wanted + timedelta(days=step) for step in steps)
    return next(found for found in near if found.month == day.month)
