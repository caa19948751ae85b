"""An embedded cloud as `chorok up` keeps it, whose parts can be killed."""

import os
import random
import re
import signal
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.console import Console

from cli.connecting.opening import CloudOptions, choose_engine, pipeline, plan
from infra.embedded import keeper
from infra.embedded.cloud import Plan
from infra.embedded.state import wait_until_free
from shared.settings import PREFIX
from tests.chaos.phrasebook import LANGUAGES
from tests.processes import processes_with

_DEATH_SECONDS = 20.0
FETCH, TRANSLATE, AGGREGATE = "Fetch", "Translate", "Aggregate"
_FUNCTION = re.compile(rf"AWS_LAMBDA_FUNCTION_NAME=\S*?({FETCH}|{TRANSLATE}|{AGGREGATE})")


@dataclass
class Victim:
    """The cloud of `plan`; `pipeline` is what is deployed on it, once it is up.

    `killed` counts, by name, the functions that were killed one at a time, and `buried` those that fell with the cloud.
    """

    plan: Plan
    killed: Counter[str] = field(default_factory=Counter)
    buried: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, state: Path, engine: str, source: str) -> "Victim":
        """One on the folder `state` that translates and reads papers at these addresses."""
        options = CloudOptions(state, languages=LANGUAGES)
        chosen = choose_engine(options, {"AWS_ENDPOINT_URL_TRANSLATE": engine}, Console(quiet=True))
        made = plan(options, chosen)
        # Every function gets the address, and allows one on loopback only where it is told that it is embedded.
        told = {f"{PREFIX}SOURCE": source, f"{PREFIX}EMBEDDED": "true"}
        return cls(replace(made, environment=made.environment | told))

    def up(self) -> None:
        """Start it, or start it again."""
        self._running = keeper.up(self.plan)
        self.pipeline = pipeline(self._running.cloud)

    def down(self) -> None:
        """Stop it as a person does."""
        keeper.down(self.plan.state)

    def kill(self) -> None:
        """Kill its owner: everything dies with it, and what was in the queues is gone."""
        self.buried.update(self._functions().values())
        os.kill(self._running.pid, signal.SIGKILL)
        wait_until_free(self.plan.state, _DEATH_SECONDS)

    def kill_function(self, chance: random.Random, *names: str) -> None:
        """Kill one process of a function of these names, if any runs."""
        running = [(pid, name) for pid, name in sorted(self._functions().items()) if name in names]
        if running:
            pid, name = chance.choice(running)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.killed[name] += 1

    def runs(self, name: str) -> bool:
        """Whether a function of this name has a process."""
        return name in self._functions().values()

    def _functions(self) -> dict[int, str]:
        """The functions' processes, each with its function's name."""
        inside = processes_with(f"TMPDIR={self.plan.state / 'tmp'}")
        found = ((pid, _FUNCTION.search(told)) for pid, told in inside.items())
        return {pid: match[1] for pid, match in found if match}
