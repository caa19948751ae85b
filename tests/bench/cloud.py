"""An embedded cloud whose requests are counted, and whose processor time is known by what spent it."""

import json
import os
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from cli.connecting.deployment import Pipeline
from cli.connecting.opening import pipeline
from infra.assembly import STACK, synthesize
from infra.embedded import emulator
from infra.embedded.cloud import Cloud, Plan, running_cloud
from tests.asked import APPLICATION, FUNCTIONS, name_functions
from tests.bench.gateway import COUNTS
from tests.bench.translator import calls, engine
from tests.processes import processes_with

_TICKS = os.sysconf("SC_CLK_TCK")
_GATEWAY = "tests.bench.gateway"


@dataclass(frozen=True)
class Counts:
    """Requests and bytes by who caused them: `Fetch`, `Translate`, `Aggregate`, or `command`."""

    counted: Counter[tuple[str, str, str]]

    def __sub__(self, before: "Counts") -> "Counts":
        return Counts(self.counted - before.counted)

    def __add__(self, others: "Counts") -> "Counts":
        return Counts(self.counted + others.counted)

    def by(self, *who: str) -> "Counts":
        """What these caused."""
        return Counts(Counter({key: count for key, count in self.counted.items() if key[0] in who}))

    def total(self, kind: str, *who: str) -> int:
        """Of one kind (requests, sent, read), all that these caused."""
        return sum(count for (name, what, _), count in self.counted.items() if what == kind and name in who)

    def by_operation(self, kind: str, who: str) -> dict[str, int]:
        """Of one kind, what one caused by operation, the most first."""
        found = {op: count for (name, what, op), count in self.counted.items() if what == kind and name == who}
        return dict(sorted(found.items(), key=lambda item: -item[1]))


@dataclass(frozen=True)
class Measured:
    """The cloud, its pipeline, and the folder where its objects lie."""

    cloud: Cloud
    pipeline: Pipeline
    state: Path

    def counts(self) -> Counts:
        """What was asked of it so far."""
        with urllib.request.urlopen(f"{self.cloud.endpoint}{COUNTS}", timeout=30) as answer:
            return Counts(Counter({(who, kind, op): count for who, kind, op, count in json.load(answer)}))

    def calls(self) -> int:
        """How many calls the engine has answered."""
        return calls(self.state / "calls")

    def processor(self) -> dict[str, float]:
        """Seconds of processor time by function, and of the emulator; a worker that has ended counts as `ended`."""
        spent = dict.fromkeys((*FUNCTIONS, "emulator", "ended"), 0.0)
        for pid, told in processes_with(f"TMPDIR={self.state / 'tmp'}").items():
            own, children = _seconds(pid)
            name = next((name for name in FUNCTIONS if f"{APPLICATION}={name}" in told), "")
            if name:
                spent[name] += own
            elif _GATEWAY in told:
                spent["emulator"] += own
                spent["ended"] += children
        return spent

    def memory(self) -> dict[str, float]:
        """The most megabytes that any one process of each function, and the emulator, has held."""
        peaks: dict[str, float] = {}
        for pid, told in processes_with(f"TMPDIR={self.state / 'tmp'}").items():
            name = next((name for name in FUNCTIONS if f"{APPLICATION}={name}" in told), "emulator")
            peaks[name] = max(peaks.get(name, 0.0), _peak(pid))
        return peaks

    def modified(self, key: str) -> float:
        """When the object at `key` was last written, in seconds since the epoch; 0 where there is none."""
        found = list(self.state.glob(f"s3/*/{self.pipeline.store.bucket}/{key}"))
        return max((path.stat().st_mtime for path in found), default=0.0)


@contextmanager
def measured_cloud(state: Path, source: str, seconds: float, concurrency: int, share: float) -> Iterator[Measured]:
    """A cloud that reads papers at `source`; its engine takes `seconds` and fails a `share` of the texts once."""
    settings = {
        "embedded": "true",
        "budget_characters": "0",
        "retry_base_seconds": "1",
        "retry_cap_seconds": "2",
        "translate_concurrency": str(concurrency),
    }
    plan = Plan(
        state=state,
        assembly=synthesize(settings),
        stack=STACK,
        engine=engine(seconds, state / "calls", share),
        # All functions get both: only one of them reads papers, and each judges what it gets.
        environment={"CHOROK_SOURCE": source, "CHOROK_EMBEDDED": "true"},
    )
    command = (*emulator.COMMAND[:-1], _GATEWAY)
    with patch.object(emulator, "COMMAND", command), running_cloud(plan) as cloud:
        name_functions(cloud)
        yield Measured(cloud, pipeline(cloud), state)


def wait_until(condition: Callable[[], bool], seconds: float = 900.0) -> None:
    """Wait for what `condition` says to come true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "nothing came of it"
        time.sleep(0.05)


def _seconds(pid: int) -> tuple[float, float]:
    """The processor time of a process, and of its children that have ended (proc(5), /proc/pid/stat)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0, 0.0
    user, system, children_user, children_system = map(int, fields[11:15])
    return (user + system) / _TICKS, (children_user + children_system) / _TICKS


def _peak(pid: int) -> float:
    """The most memory a process has held, in megabytes."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
