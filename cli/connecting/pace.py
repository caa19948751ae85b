"""Asking Hugging Face no faster than it allows, and making the pauses that it asks for."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from rich.console import Console

from cli.showing.terminal import say
from shared.errors import SourceThrottled

_PAGES = 100
_PAGES_SECONDS = 300.0
"""Hugging Face answers so many page requests in so many seconds (https://huggingface.co/docs/hub/rate-limits)."""
_MOST_WAITS = 5
_LONGEST_WAIT_SECONDS = 3600.0
"""After so many waits, or where Hugging Face asks for a longer one, it is given up: others use up the limit."""

_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Clock:
    """A clock in seconds, and a way to let it go on."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Pace:
    """Lets so many requests through in so many seconds."""

    def __init__(self, clock: Clock, requests: int = _PAGES, seconds: float = _PAGES_SECONDS) -> None:
        self._clock = clock
        self._seconds = seconds
        self._made: deque[float] = deque(maxlen=requests)

    def wait(self) -> None:
        """Wait until one more request may be made."""
        if len(self._made) == self._made.maxlen:
            self._clock.sleep(max(0.0, self._made[0] + self._seconds - self._clock.now()))
        self._made.append(self._clock.now())

    def ask(self, request: Callable[[], _Answer], console: Console) -> _Answer:
        """What `request` comes to, made again after each pause that Hugging Face wants.

        Raises SourceThrottled where it wants too many, or too long ones.
        """
        waits = 0
        while True:
            self.wait()
            try:
                return request()
            except SourceThrottled as error:
                seconds = _PAGES_SECONDS if error.retry_after is None else error.retry_after
                if waits == _MOST_WAITS or seconds > _LONGEST_WAIT_SECONDS:
                    raise
                waits += 1
                say(console, f"Hugging Face wants a pause: going on in {seconds:.0f} s", "yellow")
                self._clock.sleep(seconds)
