"""Plain code that can be suspended anywhere: each task has a thread, but only one thread ever runs.

The order in which tasks run is therefore decided by whoever resumes them, and never by the machine.
"""

import threading
from collections.abc import Callable


class Abandoned(BaseException):
    """The interleaving is over; the task must not go on."""


class Task:
    """Some work on a thread of its own, which runs only from `resume` to the next `pause`."""

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        self.name = name
        self.done = False
        self.error: BaseException | None = None
        self._work = work
        self._abandoned = False
        self._worker: _Worker | None = None

    def resume(self) -> None:
        """Let the task run until it pauses or is done."""
        if self._worker is None:
            self._worker = _idle.pop() if _idle else _Worker()
            self._worker.work = self._run
        self._worker.hand_over()
        if self.done:
            _idle.append(self._worker)

    def pause(self) -> None:
        """Called by the task itself: let the one who resumed it go on."""
        assert self._worker is not None
        self._worker.hand_back()
        if self._abandoned:
            raise Abandoned

    def abandon(self) -> None:
        """End a task that has not been done."""
        if self._worker is not None and not self.done:
            self._abandoned = True
            self.resume()

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 - whoever resumed the task judges it
            self.error = error
        self.done = True


class _Worker(threading.Thread):
    """A thread that does one piece of work after the other. Two locks are the baton that it shares with its caller."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.work: Callable[[], None] = lambda: None
        self._turn, self._return = threading.Lock(), threading.Lock()
        self._turn.acquire()
        self._return.acquire()
        self.start()

    def run(self) -> None:
        self._turn.acquire()
        while True:
            self.work()
            self.hand_back()

    def hand_over(self) -> None:
        self._turn.release()
        self._return.acquire()

    def hand_back(self) -> None:
        self._return.release()
        self._turn.acquire()


_idle: list[_Worker] = []
