"""A year of chorok in memory, with its real functions: what it leaves behind, and whether it writes anything twice.

`python -m tests.year` backfills fifty-two weeks, ticks a hundred times and redrives five times; in the newest week one
paper is refused again and again. It ends with 1 where an object was put whose bytes were there already.
"""

import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from cli.backfill import backfill
from cli.connecting.pace import Clock
from cli.redrive import RedriveOptions, redrive
from cli.run import RunOptions
from functions.aggregate import handler as aggregate
from functions.translate import handler as translate
from shared.periods import last_finished_week, parse_period, weeks_between
from shared.services.events import RunRequest
from shared.services.fetching import Fetching
from shared.services.tick import tick
from shared.settings import Settings
from tests.fakes.texts import PAPERS, no_paper
from tests.unit.cli.deployment import Deployment

WEEKS, TICKS, REDRIVES = 52, 100, 5
REFUSED = replace(PAPERS[0], id="2611.00001", title="A Paper That Is Refused")


class Puts:
    """Counts the objects that are put, their bytes, and those that were there already to the byte, by their names."""

    def __init__(self, put: Callable[..., dict[str, Any]], deployment: Deployment) -> None:
        self.count = self.bytes = 0
        self.twice: Counter[str] = Counter()
        self._put = put
        self._objects = deployment.cloud.s3.objects

    def __call__(self, **request: Any) -> dict[str, Any]:
        held = self._objects.get(request["Key"])
        self.twice[request["Key"].rpartition("/")[2]] += held is not None and held.body == request["Body"]
        answer = self._put(**request)
        self.count += 1
        self.bytes += len(request["Body"])
        return answer


def live(deployment: Deployment, out: Path, report: Callable[[str], object]) -> int:
    """Live through the year; how many writes changed nothing."""
    now = datetime.now(UTC)
    deployment.cloud.clock.now = now
    puts = Puts(deployment.cloud.s3.put_object, deployment)
    cast("Any", deployment.cloud.s3).put_object = puts
    last = last_finished_week(now, deployment.settings.zone)
    first = parse_period(f"{(last.first - timedelta(weeks=WEEKS - 1)):%G-W%V}")
    weeks = [period.name for period in weeks_between(first.name, last.name)]

    def told(what: str) -> None:
        size = sum(len(held.body) for held in deployment.cloud.s3.objects.values())
        report(
            f"{what}: objects {len(deployment.cloud.s3.objects)}, bytes {size:,}; put {puts.count}, bytes"
            f" {puts.bytes:,}; changed nothing {sum(puts.twice.values())}"
        )

    chosen = RunOptions(RunRequest(), wait=60.0, out=out)
    clock = Clock(lambda: 0.0, lambda seconds: None)
    backfill(deployment.pipeline, weeks[:-1], chosen, deployment.console, clock)
    deployment.engine.refused = {REFUSED.title: "UnsupportedLanguagePairException"}
    deployment.source.papers = (REFUSED, *PAPERS[1:])
    backfill(deployment.pipeline, weeks[-1:], chosen, deployment.console, clock)
    told(f"{WEEKS} weeks")
    fetching = Fetching(
        deployment.settings,
        deployment.cloud.store,
        deployment.cloud.papers,
        deployment.cloud.digests,
        deployment.source,
        no_paper,
    )
    for number in range(TICKS):
        tick(fetching, now + timedelta(hours=1 + number))
        deployment.work()
    told(f"{TICKS} ticks")
    for _ in range(REDRIVES):
        redrive(deployment.pipeline, RedriveOptions("", 60.0, out), deployment.console)
    told(f"{REDRIVES} redrives")
    for name, count in puts.twice.items():
        if count:
            report(f"put again: {name}, {count} times")
    return sum(puts.twice.values())


def main() -> None:
    """Live through the year and report."""
    logging.disable()
    for handler in (aggregate, translate):
        cast("Any", handler).metrics.flush_metrics = lambda: None
    with tempfile.TemporaryDirectory() as out:
        deployment = Deployment(languages=Settings().languages)
        sys.exit(bool(live(deployment, Path(out), lambda line: sys.stdout.write(f"{line}\n"))))


if __name__ == "__main__":
    main()
