"""What the fetch function is sent and what it answers, as frozen dataclasses with one JSON form each."""

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from shared.errors import UsageError

SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"
"""https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html"""


@dataclass(frozen=True)
class Request:
    """What a person asks for beyond a plain tick.

    `run` is a period's name, `sample`, or a run that exists; "" is the last finished week. `top`, `languages` and
    `source` are 0, () and "" for what the run holds, or else the deployment's settings. `again` names papers whose
    memory is ignored; `only` names the only papers that are sent, () for all. With `publish` nothing is sent to
    translate: aggregate is asked to publish whatever is there. With `read` the run's papers are read where it has no
    manifest yet, and nothing else is done.
    """

    run: str = ""
    top: int = 0
    languages: tuple[str, ...] = ()
    source: str = ""
    again: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    publish: bool = False
    read: bool = False


@dataclass(frozen=True)
class FetchEvent:
    """The event of the schedule's target: the time it was scheduled for, and a person's request if there is one."""

    scheduled_time: str
    request: Request | None = None


@dataclass(frozen=True)
class Dispatch:
    """What one dispatch did for one run and language: papers, messages, their characters, papers over budget."""

    run: str
    language: str
    papers: int
    messages: int
    characters: int
    over_budget: int = 0


@dataclass(frozen=True)
class Answer:
    """What a person's request came to: the dispatches, or the name and message of an error of the tree.

    `retry_after` is in seconds, where Hugging Face said how long to wait.
    """

    dispatches: tuple[Dispatch, ...] = ()
    error: str = ""
    message: str = ""
    retry_after: int | None = None


def parse_event(event: object) -> tuple[datetime, Request | None]:
    """The scheduled time, in UTC, and the request in an event.

    Raises UsageError where there is no time that can be read: without a time there is no run to name.
    """
    try:
        parsed = msgspec.convert(event, FetchEvent)
        time = datetime.fromisoformat(parsed.scheduled_time)
    except (msgspec.ValidationError, ValueError) as error:
        raise UsageError(
            f"The event has no scheduled time that can be read ({error}); it must be ISO 8601, as EventBridge Scheduler"
            f" puts in place of {SCHEDULED_TIME}."
        ) from error
    if time.tzinfo is None:
        raise UsageError(f"The scheduled time {parsed.scheduled_time} has no time zone.")
    return time.astimezone(UTC), parsed.request
