"""Periods are those of the ISO calendar and end in the schedule's time zone, at the year's edges too."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import PeriodNotOver, UsageError
from shared.huggingface.address import page_path
from shared.periods import PeriodKind, last_finished_week, parse_period, require_over, weeks_between, weeks_of

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("name", "first", "after"),
    [
        ("2025-W37", date(2025, 9, 8), date(2025, 9, 15)),
        ("2025-W01", date(2024, 12, 30), date(2025, 1, 6)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 5)),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 4)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 4)),
        ("2027-W01", date(2027, 1, 4), date(2027, 1, 11)),
        ("0999-W10", date(999, 3, 4), date(999, 3, 11)),
    ],
)
def test_a_week_runs_from_monday_to_sunday_across_the_years_edge(name: str, first: date, after: date) -> None:
    week = parse_period(name)

    assert (week.kind, week.name, week.first, week.after) == (PeriodKind.WEEK, name, first, after)
    assert page_path(week) == f"/papers/week/{name}"


@pytest.mark.parametrize(
    ("name", "first", "after", "path"),
    [
        ("2025-09", date(2025, 9, 1), date(2025, 10, 1), "/papers/month/2025-09"),
        ("2025-12", date(2025, 12, 1), date(2026, 1, 1), "/papers/month/2025-12"),
        ("2024-02", date(2024, 2, 1), date(2024, 3, 1), "/papers/month/2024-02"),
        ("2025-09-12", date(2025, 9, 12), date(2025, 9, 13), "/papers/date/2025-09-12"),
        ("2024-02-29", date(2024, 2, 29), date(2024, 3, 1), "/papers/date/2024-02-29"),
        ("2025-12-31", date(2025, 12, 31), date(2026, 1, 1), "/papers/date/2025-12-31"),
    ],
)
def test_a_month_and_a_day_know_where_they_end(name: str, first: date, after: date, path: str) -> None:
    period = parse_period(name)

    assert (period.name, period.first, period.after, page_path(period)) == (name, first, after, path)


@pytest.mark.parametrize(
    "name",
    ["2025-W53", "2027-W53", "2025-W00", "2025-W54", "2025-13", "2025-00", "2025-02-29", "0000-W01", "9999-12-31"],
)
def test_what_is_not_in_the_calendar_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="is not in the calendar"):
        parse_period(name)


@pytest.mark.parametrize(
    "name",
    ["", "2025", "2025-W1", "2025W37", "2025-w37", "2025-W37 ", "2025-W37\n", "25-W37", "２０２５-W37", "2025-0９"],
)
def test_what_is_no_period_is_refused_with_examples(name: str) -> None:
    with pytest.raises(UsageError, match=r"is not a period\. Write a week as 2025-W37"):
        parse_period(name)


@given(st.text(alphabet="0123456789-W", max_size=11))
def test_a_period_is_called_what_it_was_asked_for_as(name: str) -> None:
    try:
        period = parse_period(name)
    except UsageError:
        return

    assert period.name == name
    assert period.first < period.after


@given(st.dates(min_value=date(1, 2, 1), max_value=date(9999, 11, 30)))
def test_every_day_is_in_the_week_that_the_calendar_gives_it(day: date) -> None:
    year, number, weekday = day.isocalendar()

    name = f"{year:04}-W{number:02}"

    week = parse_period(name)

    assert week.name == name
    assert day - week.first == timedelta(days=weekday - 1)
    assert week.after - week.first == timedelta(days=7)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2025, 9, 15, 0, 0, tzinfo=SEOUL), "2025-W37"),
        (datetime(2025, 9, 14, 23, 59, 59, tzinfo=SEOUL), "2025-W36"),
        (datetime(2025, 9, 14, 15, 0, tzinfo=UTC), "2025-W37"),
        (datetime(2025, 9, 14, 14, 59, 59, tzinfo=UTC), "2025-W36"),
        (datetime(2026, 1, 1, 12, 0, tzinfo=SEOUL), "2025-W52"),
        (datetime(2027, 1, 3, 23, 59, tzinfo=SEOUL), "2026-W52"),
        (datetime(2027, 1, 4, 0, 0, tzinfo=SEOUL), "2026-W53"),
        (datetime(2027, 1, 11, 0, 0, tzinfo=SEOUL), "2027-W01"),
    ],
)
def test_the_last_finished_week_turns_at_mondays_midnight_in_the_schedules_zone(
    moment: datetime, expected: str
) -> None:
    assert last_finished_week(moment, SEOUL).name == expected


@given(st.integers(0, 2**32))
def test_the_last_finished_week_is_over_and_the_next_is_not(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)

    week = last_finished_week(moment, SEOUL)

    require_over(week, moment, SEOUL)
    with pytest.raises(PeriodNotOver):
        require_over(last_finished_week(moment + timedelta(days=7), SEOUL), moment, SEOUL)


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("2025-W37", "2025-09-15 00:00"),
        ("2026-W53", "2027-01-04 00:00"),
        ("2025-12", "2026-01-01 00:00"),
        ("2025-09-12", "2025-09-13 00:00"),
    ],
)
def test_a_period_is_over_at_midnight_after_its_last_day_and_not_a_second_sooner(name: str, end: str) -> None:
    period = parse_period(name)
    over = datetime.fromisoformat(end).replace(tzinfo=SEOUL)

    require_over(period, over, SEOUL)
    with pytest.raises(PeriodNotOver, match=f"{name} is not over: it ends at {end} Asia/Seoul"):
        require_over(period, over - timedelta(seconds=1), SEOUL)


def test_a_range_of_weeks_counts_the_53rd_where_there_is_one() -> None:
    assert [week.name for week in weeks_between("2026-W52", "2027-W02")] == [
        "2026-W52",
        "2026-W53",
        "2027-W01",
        "2027-W02",
    ]
    assert [week.name for week in weeks_between("2025-W52", "2026-W01")] == ["2025-W52", "2026-W01"]
    assert [week.name for week in weeks_between("2025-W37", "2025-W37")] == ["2025-W37"]


@pytest.mark.parametrize(
    ("first", "last"), [("2025-W38", "2025-W37"), ("2025-09", "2025-W40"), ("2025-W37", "2025-09-30")]
)
def test_what_is_no_range_of_weeks_is_refused(first: str, last: str) -> None:
    with pytest.raises(UsageError, match="is not a range of weeks"):
        weeks_between(first, last)


@pytest.mark.parametrize(
    ("period", "weeks"),
    [
        ("2025-09-12", ["2025-W37"]),
        ("2025-09-14", ["2025-W37"]),
        ("2025-W37", ["2025-W37"]),
        ("2025-09", ["2025-W36", "2025-W37", "2025-W38", "2025-W39", "2025-W40"]),
        ("2026-02", ["2026-W05", "2026-W06", "2026-W07", "2026-W08", "2026-W09"]),
        ("2021-02", ["2021-W05", "2021-W06", "2021-W07", "2021-W08"]),
        ("2025-01-01", ["2025-W01"]),
    ],
)
def test_a_period_knows_the_weeks_that_share_a_day_with_it(period: str, weeks: list[str]) -> None:
    assert [week.name for week in weeks_of(parse_period(period))] == weeks
