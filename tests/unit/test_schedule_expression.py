"""Schedules: what EventBridge Scheduler takes, how far ticks are apart, and one line for what it would refuse."""

from datetime import timedelta

import pytest

from shared.errors import SettingsError
from shared.schedule_expression import longest_gap

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("expression", "gap"),
    [
        ("cron(0 * * * ? *)", HOUR),
        ("cron(0/15 * * * ? *)", HOUR / 4),
        ("cron(0 9,18 * * ? *)", 15 * HOUR),
        ("cron(30 */3 * * ? *)", 3 * HOUR),
        ("cron(0 8-18/2 ? JAN-DEC * *)", 14 * HOUR),
        ("cron(0 9 ? * MON-FRI *)", 3 * DAY),
        ("cron(0 9 ? * L *)", 7 * DAY),
        ("cron(0 9 ? * 2#1 *)", 35 * DAY),
        ("cron(0 9 ? * FRIL *)", 35 * DAY),
        ("cron(0 9 L * ? *)", 31 * DAY),
        ("cron(0 9 15W * ? *)", 32 * DAY),
        ("cron(0 * * * ? 2026-2199)", HOUR),
        ("rate(1 hour)", HOUR),
        ("rate(90 minutes)", 1.5 * HOUR),
        ("rate(2 days)", 2 * DAY),
    ],
)
def test_the_longest_gap_between_two_ticks(expression: str, gap: timedelta) -> None:
    assert longest_gap(expression) == gap


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("hourly", "neither cron"),
        ("0 * * * ? *", "neither cron"),
        ("rate(0 hours)", "neither cron"),
        ("rate(1 week)", "neither cron"),
        ("rate(1.5 hours)", "neither cron"),
        ("at(2026-11-28T09:00:00)", "once"),
        ("cron(0 * * * *)", "5 fields"),
        ("cron(0 * * * * *)", "exactly one has to be ?"),
        ("cron(0 9 ? * ? *)", "exactly one has to be ?"),
        ("cron(60 * * * ? *)", "minutes holds '60'"),
        ("cron(0 24 * * ? *)", "hours holds '24'"),
        ("cron(0 */0 * * ? *)", "hours holds '*/0'"),
        ("cron(0 9 32W * ? *)", "day of month holds '32'"),
        ("cron(0 9 10-1 * ? *)", "day of month holds '10-1'"),
        ("cron(0 9 ? FEBRUARY MON *)", "month holds 'FEBRUARY'"),
        ("cron(0 9 ? * 8 *)", "day of week holds '8'"),
        ("cron(0 9 ? * MON#6 *)", "day of week holds 'MON#6'"),
        ("cron(0 9 ? * MON/2 *)", "no steps"),
        ("cron(0 * * * ? 1969)", "year holds '1969'"),
        ("cron(0 9 31 FEB ? *)", "never"),
    ],
)
def test_what_scheduler_would_refuse_is_refused_in_one_line_that_says_why(expression: str, why: str) -> None:
    with pytest.raises(SettingsError) as caught:
        longest_gap(expression)

    message = str(caught.value)
    assert repr(expression) in message
    assert why in message
    assert "\n" not in message
