"""Faults on request: which TranslateText calls fail, and how.

Every call draws one number in [0, 1) from the seed, its text, and how often that text came before: so the same plan
hits the same texts, whatever the order and concurrency of the calls. The rules whose `contains` is in the text divide
the interval in their order, each taking its `share`; the rule that holds the number fires, and what is left over is
healthy.
"""

import hashlib
import threading
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from infra.engine.wire import SERVER_FAULTS


@dataclass(frozen=True)
class Rule:
    """One way to fail.

    `fault` is "error" (answer `code`, with `status` or the code's own; without a code the status alone, as a broken
    proxy would), "hang" (never answer), "cut" (close the connection at once) or "lose" (do the work, then close it).
    `share` is of all calls whose text has `contains` in it; `times` is how often the rule fires at most, None for ever.
    """

    fault: Literal["error", "hang", "cut", "lose"] = "error"
    share: float = 1.0
    contains: str = ""
    times: int | None = None
    code: str = "ThrottlingException"
    status: int | None = None
    message: str = "A fault that was asked for."

    @property
    def answered_status(self) -> int:
        """The HTTP status of an "error"."""
        return self.status or (500 if self.code in SERVER_FAULTS else 400)


@dataclass(frozen=True)
class Plan:
    """A seed and rules in their order; without rules every call is healthy."""

    rules: tuple[Rule, ...] = ()
    seed: int = 0


class Faults:
    """A plan at work. Any thread may ask."""

    def __init__(self, plan: Plan) -> None:
        self._lock = threading.Lock()
        self.follow(plan)

    def follow(self, plan: Plan) -> None:
        """Start `plan` afresh in place of the one before."""
        with self._lock:
            self._plan = plan
            self._seen: Counter[str] = Counter()
            self._fired: Counter[int] = Counter()

    def next(self, text: str) -> Rule | None:
        """The rule that fires for this call, if any."""
        with self._lock:
            drawn = _draw(self._plan.seed, text, self._seen[text])
            self._seen[text] += 1
            taken = 0.0
            for index, rule in enumerate(self._plan.rules):
                if rule.contains not in text or (rule.times is not None and self._fired[index] >= rule.times):
                    continue
                taken += rule.share
                if drawn < taken:
                    self._fired[index] += 1
                    return rule
        return None


def _draw(seed: int, text: str, before: int) -> float:
    """A number in [0, 1) that depends on nothing else."""
    digest = hashlib.sha256(f"{seed}/{before}/{text}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64
