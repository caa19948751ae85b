"""A year of hourly ticks with the real functions, in which everything goes wrong once: every mail is counted.

It begins on a Wednesday, in a zone whose clocks change twice, and ends in more languages than it began.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from functions.aggregate import handler as aggregate
from functions.fetch import handler as fetch
from functions.translate import handler as translate
from shared.editions import Edition
from shared.errors import SourceUnreachable
from shared.ledger import keys
from shared.ledger.records import Manifest
from shared.ledger.results import read_results
from shared.metrics import Metric
from shared.notices.incident_mail import sns_tell
from shared.periods import last_finished_week
from shared.queues import Queue
from shared.services.accept import accept_results
from shared.services.fetching import Fetching
from shared.settings import Settings
from tests.fakes import aws
from tests.fakes.texts import PAPERS
from tests.unit.cli.deployment import Deployment

ZONE = "America/New_York"
SETTLE_HOURS = Settings().settle_hours
START = datetime(2025, 9, 17, 15, tzinfo=UTC)
"""A Wednesday."""
YEAR = 365 * 24
WEEK = 7 * 24
"""In hours, as YEAR is."""
REFUSED = "UnsupportedLanguagePairException"


class Topic(aws.FakeSNS):
    """The topic, which may refuse whoever asks."""

    denied = False

    def publish(self, **message: Any) -> dict[str, Any]:
        if self.denied:
            raise aws.client_error("AuthorizationErrorException", 403, "Publish")
        return super().publish(**message)


class Recorder:
    """Stands in for the metrics of a function: what was reported since it was last emptied."""

    metric_set = False

    def __init__(self) -> None:
        self.reported: dict[str, float] = {}

    def add_metric(self, name: Metric, unit: object, value: float) -> None:
        self.reported[name] = value

    def flush_metrics(self) -> None:
        """Nothing waits."""


@dataclass
class World:
    """A deployment that is ticked. `told` are the incidents' mails, by the hour of their tick; `done` what each tick
    reported of itself."""

    metrics: Recorder
    deployment: Deployment = field(default_factory=lambda: Deployment(time_zone=ZONE, receives=2))
    topic: Topic = field(default_factory=Topic)
    told: list[tuple[int, str]] = field(default_factory=list)
    done: dict[int, bool] = field(default_factory=dict)
    languages: tuple[str, ...] = ("ko",)
    is_down: bool = False

    def tick(self, hour: int) -> None:
        time = START + timedelta(hours=hour)
        self.deployment.cloud.clock.now = time
        self.metrics.reported.clear()
        before = len(self.topic.published)
        self.deployment.source.errors = [SourceUnreachable("503")] if self.is_down else []
        fetch.handle({"scheduled_time": time.isoformat()}, self.fetching)
        self.told += [(hour, subject) for subject, _ in self.topic.published[before:]]
        self.done[hour] = bool(self.metrics.reported[Metric.TICKS_DONE])
        self.deployment.work()

    @property
    def fetching(self) -> Fetching:
        deployment, cloud = self.deployment, self.deployment.cloud
        return Fetching(
            replace(deployment.settings, languages=self.languages),
            cloud.store,
            cloud.papers,
            cloud.digests,
            deployment.source,
            deployment.source.paper,
            dead_papers=Queue(cast("Any", cloud.sqs), aws.PAPERS_DEAD),
            tell=sns_tell(cast("Any", self.topic), aws.TOPIC, "Chorok"),
        )

    def engine_refuses(self, snippet: str, code: str) -> None:
        """From now on, and nothing is remembered of before."""
        objects = self.deployment.cloud.s3.objects
        for key in [key for key in objects if key.startswith(keys.MEMORY)]:
            del objects[key]
        self.deployment.engine.refused = {snippet: code}

    def engine_answers(self) -> None:
        self.deployment.engine.refused = {}

    def source(self, *, down: bool) -> None:
        self.is_down = down

    def topic_refuses(self, *, denied: bool) -> None:
        self.topic.denied = denied

    def be_silent_about(self, snippet: str) -> None:
        self.topic_refuses(denied=True)
        self.engine_refuses(snippet, REFUSED)

    def accept(self, run: str) -> None:
        store = self.deployment.cloud.store
        manifest = store.record(keys.manifest(run), Manifest)
        assert manifest is not None
        for language in self.languages:
            accept_results(store, manifest, language, self.deployment.cloud.clock.now)

    def redrive(self) -> None:
        self.engine_answers()
        self.deployment.sqs.redrive(aws.PAPERS_DEAD)
        self.deployment.work()

    def statuses(self, run: str) -> set[str]:
        papers = [paper.id for paper in PAPERS]
        return {
            result.status
            for language in self.languages
            for result in read_results(self.deployment.cloud.store, Edition(run, language), papers).values()
        }


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    for module in (aggregate, translate):
        monkeypatch.setattr(module, "metrics", Recorder())
    recorder = Recorder()
    monkeypatch.setattr(fetch, "metrics", recorder)
    return World(recorder)


def monday(week: int) -> int:
    """The hour, counted from the start, of the first tick of this week, ten hours after the end of the one before."""
    first = datetime(2025, 9, 22, 10, tzinfo=ZoneInfo(ZONE)) + timedelta(weeks=week)
    return (first.astimezone(UTC) - START) // timedelta(hours=1)


def run_at(hour: int) -> str:
    """The run that a tick at this hour begins, where nobody has begun it."""
    return last_finished_week(START + timedelta(hours=hour - SETTLE_HOURS), ZoneInfo(ZONE)).name


def alarm_states(done: dict[int, bool]) -> Iterator[str]:
    """The states of `TicksMissing`, as CloudWatch changes them by the data of the last two ticks."""

    def state(hour: int) -> str:
        data = [done[recent] for recent in (hour - 1, hour) if recent in done]
        return "INSUFFICIENT_DATA" if not data else "OK" if any(data) else "ALARM"

    for changed, _ in groupby(state(hour) for hour in range(max(done) + 1)):
        yield changed


def test_a_year_in_which_everything_goes_wrong_once(world: World) -> None:
    first, refused, denied, silent, keyed, paused, poisoned = (monday(week) for week in (5, 9, 13, 17, 21, 25, 34))
    poison = aws.Message("poison", "poison", START)
    dead = world.deployment.sqs.messages(aws.PAPERS_DEAD)
    script: dict[int, Callable[[], object]] = {
        # Hugging Face answers 503 to ten ticks.
        first: lambda: world.source(down=True),
        first + 10: lambda: world.source(down=False),
        # A paper is refused, and a person leaves it at that two and a half days later.
        refused: lambda: world.engine_refuses(PAPERS[0].title, REFUSED),
        refused + 60: lambda: world.accept(run_at(refused)),
        refused + 61: world.engine_answers,
        # Nothing may be translated for thirty hours.
        denied: lambda: world.engine_refuses("", "AccessDeniedException"),
        denied + 30: world.engine_answers,
        # A paper is refused, and fetch may not publish: then it may, and a person redrives.
        silent: lambda: world.be_silent_about(PAPERS[1].title),
        silent + 12: lambda: world.topic_refuses(denied=False),
        silent + 15: world.redrive,
        # A wrong key for five hours.
        keyed: lambda: world.engine_refuses("", "UnrecognizedClientException"),
        keyed + 5: world.engine_answers,
        # A language more, on a Wednesday.
        monday(30) + 2 * 24: lambda: setattr(world, "languages", ("ko", "pt")),
        # Somebody else's message among the dead, for ten hours.
        poisoned: lambda: dead.append(poison),
        poisoned + 10: lambda: dead.remove(poison),
    }
    for hour in range(YEAR):
        script.get(hour, lambda: None)()
        if not paused <= hour < paused + WEEK:
            world.tick(hour)

    down, lacking, unheard = map(run_at, (first, refused, silent))
    ours = "the deployment has to be mended"
    failed = "papers of {} ko could not be translated"
    unknown = "the papers' dead-letter queue holds what the ledger does not know"
    assert world.told == [
        (first + 2, f"Chorok: Hugging Face does not give the papers of {down}"),
        (first + 11, f"Chorok: healed: Hugging Face does not give the papers of {down}"),
        (refused + 1, f"Chorok: {failed.format(lacking)}"),
        (refused + 25, f"Chorok: still: {failed.format(lacking)}"),
        (refused + 49, f"Chorok: still: {failed.format(lacking)}"),
        (refused + 61, f"Chorok: healed: {failed.format(lacking)}"),
        (denied + 1, f"Chorok: {ours} (AccessDeniedException)"),
        (denied + 25, f"Chorok: still: {ours} (AccessDeniedException)"),
        (denied + 33, f"Chorok: healed: {ours} (AccessDeniedException)"),
        (silent + 12, f"Chorok: {failed.format(unheard)}"),
        (silent + 16, f"Chorok: healed: {failed.format(unheard)}"),
        (keyed + 1, f"Chorok: {ours} (UnrecognizedClientException)"),
        (keyed + 8, f"Chorok: healed: {ours} (UnrecognizedClientException)"),
        (poisoned + 2, f"Chorok: {unknown}"),
        (poisoned + 11, f"Chorok: healed: {unknown}"),
    ]
    # What only CloudWatch can tell: that fetch may not publish, and that nothing ticks; each when it begins and ends.
    assert list(alarm_states(world.done)) == ["OK", "ALARM", "OK", "INSUFFICIENT_DATA", "OK"]
    assert [hour for hour, done in world.done.items() if not done] == [*range(silent + 1, silent + 12)]
    # Nobody sent anything after the permission and the key were back, and only what was accepted lacks a paper.
    statuses = {run: world.statuses(run) for run in map(run_at, world.done)}
    assert {run for run, found in statuses.items() if found != {"translated"}} == {lacking}
    assert len(statuses) == 1 + 52 - 1, "the first one, one a week, but for the one in which nothing ticked"
