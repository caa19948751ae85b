"""Many weeks in one go: resumable, patient with the source, and no week in the way of another."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cli import values
from cli.backfill import Week, backfill
from cli.connecting.pace import Clock, Pace
from cli.run import RunOptions
from shared.digest.formats import NAMES
from shared.editions import Edition
from shared.errors import PageUnreadable, SourceThrottled, UsageError
from shared.ledger import keys
from shared.papers import Paper
from shared.periods import Period
from shared.services.events import PublishRequest, RunRequest
from tests.fakes.texts import PAPERS
from tests.unit.cli.deployment import Deployment, HuggingFace

CUT_SHORT = Edition("2025-W36", "ko")
FILES = sorted(NAMES)
WEEKS = ("2025-W35", "2025-W36", "2025-W37")


@dataclass
class FakeClock:
    """Time that goes on only where somebody waits."""

    time: float = 0.0
    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.time, self.sleep)


class Looking(HuggingFace):
    """A source that does `look` before each answer."""

    def __init__(self, look: Callable[[], None]) -> None:
        super().__init__()
        self.look = look

    def __call__(self, base: str, period: Period, top: int, believe_few: bool) -> tuple[Paper, ...]:
        self.look()
        return super().__call__(base, period, top, believe_few)


def fill(deployment: Deployment, out: Path, clock: FakeClock | None = None) -> tuple[Week, ...]:
    chosen = RunOptions(RunRequest(), wait=60.0, out=out)
    return backfill(deployment.pipeline, WEEKS, chosen, deployment.console, (clock or FakeClock()).clock)


def test_every_week_becomes_a_digest(tmp_path: Path) -> None:
    deployment = Deployment()

    done = fill(deployment, tmp_path)

    assert [(week.name, week.is_complete) for week in done] == [(name, True) for name in WEEKS]
    assert all((tmp_path / name / "ko" / "digest.txt").is_file() for name in WEEKS)


def test_all_weeks_are_sent_before_any_is_waited_for(tmp_path: Path) -> None:
    """Given three weeks, when the last one's papers are read, then nothing of the first one is here yet."""
    deployment = Deployment()
    here: list[int] = []
    deployment.source = Looking(lambda: here.append(sum(1 for _ in tmp_path.iterdir())))

    fill(deployment, tmp_path)

    assert here == [0, 0, 0]


def test_a_week_that_fails_does_not_stop_the_others_and_is_told(tmp_path: Path) -> None:
    deployment = Deployment()
    deployment.source.errors = [PageUnreadable("the page of 2025-W35 holds no papers")]

    done = fill(deployment, tmp_path)

    assert [week.is_complete for week in done] == [False, True, True]
    assert "2025-W35: the page of 2025-W35 holds no papers" in deployment.output


def test_a_week_whose_publication_was_cut_short_is_published_whole_before_it_is_downloaded(tmp_path: Path) -> None:
    deployment = Deployment()
    fill(deployment, tmp_path / "first")
    for key in (keys.digest(CUT_SHORT, keys.PAGE), keys.published(CUT_SHORT)):
        del deployment.cloud.s3.objects[key]
    requests = len(deployment.requests)

    done = fill(deployment, tmp_path / "second")

    assert all(week.is_complete for week in done)
    assert deployment.requests[requests:] == [PublishRequest(CUT_SHORT.run, (CUT_SHORT.language,))]
    assert all(sorted(file.name for file in (tmp_path / "second" / week / "ko").iterdir()) == FILES for week in WEEKS)


def test_the_second_time_only_what_is_not_complete_is_asked_for(tmp_path: Path) -> None:
    deployment = Deployment()
    deployment.source.errors = [PageUnreadable("unreadable")]
    fill(deployment, tmp_path / "first")
    requests = len(deployment.requests)

    done = fill(deployment, tmp_path / "second")

    assert deployment.requests[requests:] == [RunRequest("2025-W35", ("ko",))]
    assert all(week.is_complete for week in done)
    assert (tmp_path / "second" / "2025-W37" / "ko" / "digest.txt").is_file()


def test_a_partial_week_is_told_as_such(tmp_path: Path) -> None:
    deployment = Deployment()
    deployment.engine.refused = {PAPERS[0].title: "InternalServerException"}

    done = fill(deployment, tmp_path)

    assert not any(week.is_complete or week.trouble for week in done)


@pytest.mark.parametrize(("told", "waited"), [(42, 42.0), (None, 300.0)])
def test_a_pause_that_the_source_wants_is_made(tmp_path: Path, told: int | None, waited: float) -> None:
    deployment, clock = Deployment(), FakeClock()
    deployment.source.errors = [SourceThrottled("429", told), SourceThrottled("429", told)]

    done = fill(deployment, tmp_path, clock)

    assert all(week.is_complete for week in done)
    assert clock.waits == [waited, waited]


def test_a_source_that_never_has_time_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    deployment, clock = Deployment(), FakeClock()
    deployment.source.errors = [SourceThrottled("wait a day", 86_400), *[SourceThrottled("busy", 1)] * 6]

    done = fill(deployment, tmp_path, clock)

    assert [week.trouble for week in done] == ["wait a day", "busy", ""]
    assert len(clock.waits) == 5


def test_so_many_requests_in_so_many_seconds_and_no_more() -> None:
    fake = FakeClock()
    pace = Pace(fake.clock, requests=2, seconds=10.0)

    made = []
    for _ in range(5):
        pace.wait()
        made.append(fake.time)
        fake.time += 1

    assert made == [0.0, 1.0, 10.0, 11.0, 20.0]


def test_a_range_of_weeks_crosses_the_year_and_has_an_order() -> None:
    assert values.weeks("2020-W52..2021-W01", "") == ("2020-W52", "2020-W53", "2021-W01")
    assert values.weeks("2025-W37", "") == ("2025-W37",)
    with pytest.raises(UsageError, match="the earlier one first"):
        values.weeks("2025-W44..2025-W33", "")
