"""What the fetch function is sent and what it answers: each a frozen type with one JSON form.

A person's requests are distinguished by their `kind`. Version 0.1.0 wrote one request with a flag for each kind, and no
`kind`; it is still read.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args

import msgspec

from shared.errors import UsageError
from shared.papers import Paper

SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"
"""https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html"""


# msgspec tells the members of a union apart by a tag, which only its own structs have: hence no dataclasses here.
class RunRequest(msgspec.Struct, frozen=True, tag_field="kind", tag="run"):
    """Send whatever of a run has no translation; begin the run first where it has not begun.

    `run` is a period's name, `sample`, or a run that exists; "" is the last finished week. `languages` are () for those
    of the deployment; `top` and `source` are 0 and "" for what the run holds, or else the deployment's settings.
    """

    run: str = ""
    languages: tuple[str, ...] = ()
    top: int = 0
    source: str = ""


class AgainRequest(msgspec.Struct, frozen=True, tag_field="kind", tag="again"):
    """As a RunRequest, but `papers` are translated afresh, whatever has been translated and remembered before."""

    papers: tuple[str, ...]
    run: str = ""
    languages: tuple[str, ...] = ()
    top: int = 0
    source: str = ""


class SendRequest(msgspec.Struct, frozen=True, tag_field="kind", tag="send"):
    """Of `papers`, send those that have no translation, and no others."""

    papers: tuple[str, ...]
    run: str = ""
    languages: tuple[str, ...] = ()


class DoubtfulRequest(msgspec.Struct, frozen=True, tag_field="kind", tag="doubtful"):
    """Ask once more for what of a run is doubtful or kept in English, and was made by another judge or engine."""

    run: str
    languages: tuple[str, ...] = ()


class PublishRequest(msgspec.Struct, frozen=True, tag_field="kind", tag="publish"):
    """Publish whatever of the run is translated. No paper is sent."""

    run: str = ""
    languages: tuple[str, ...] = ()


class ReadRequest(msgspec.Struct, frozen=True, tag_field="kind", tag="read"):
    """Read the papers of the run where it has no manifest yet, and do nothing else."""

    run: str = ""
    top: int = 0
    source: str = ""


class PaperRequest(msgspec.Struct, frozen=True, tag_field="kind", tag="paper"):
    """Look up the one paper with this arXiv id, and do nothing else."""

    paper: str
    source: str = ""


class RefetchRequest(msgspec.Struct, frozen=True, tag_field="kind", tag="refetch"):
    """Read the papers of a run that has begun once more, and propose them; `top` and `source` as in a RunRequest."""

    run: str
    top: int = 0
    source: str = ""


Work = RunRequest | AgainRequest | SendRequest | DoubtfulRequest | PublishRequest | ReadRequest | RefetchRequest
"""What a person may have done with a run."""

Request = Work | PaperRequest
"""What a person may ask for."""

KINDS = tuple(str(request.__struct_config__.tag) for request in get_args(Request))
"""The kinds of requests that this version understands."""


def kind_of(request: Request) -> str:
    """The kind of a request, as it is sent."""
    return str(request.__struct_config__.tag)


@dataclass(frozen=True)
class Dispatch:
    """What one dispatch did for one run and language: papers, messages, their characters, papers over budget.

    `once_more` are the papers that were sent though they have a result, for others to do better.
    """

    run: str
    language: str
    papers: int
    messages: int
    characters: int
    over_budget: int = 0
    once_more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What a person's request came to: the dispatches, or the name and message of an error of the tree.

    `retry_after` is in seconds, where Hugging Face said how long to wait.
    """

    dispatches: tuple[Dispatch, ...] = ()
    error: str = ""
    message: str = ""
    retry_after: int | None = None


@dataclass(frozen=True)
class PaperAnswer:
    """What a PaperRequest that could be met came to."""

    paper: Paper


@dataclass(frozen=True)
class _Event:
    """What the fetch function receives: when a tick is due (the schedule's input), and a person's request or None."""

    scheduled_time: str
    request: dict[str, object] | None = None


@dataclass(frozen=True)
class _FirstRequest:
    """A request as version 0.1.0 wrote it."""

    run: str = ""
    top: int = 0
    languages: tuple[str, ...] = ()
    source: str = ""
    again: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    publish: bool = False
    read: bool = False

    def understood(self) -> Request:
        """The request of today that means the same."""
        if self.read:
            return ReadRequest(self.run, self.top, self.source)
        if self.publish:
            return PublishRequest(self.run, self.languages)
        if self.only:
            return SendRequest(self.only, self.run, self.languages)
        if self.again:
            return AgainRequest(self.again, self.run, self.languages, self.top, self.source)
        return RunRequest(self.run, self.languages, self.top, self.source)


def parse_event(event: object) -> tuple[datetime, dict[str, object] | None]:
    """The scheduled time of an event, in UTC, and the request in it, if there is one, for `parse_request`.

    Raises UsageError where there is no time that can be read: without a time there is no run to name.
    """
    try:
        parsed = msgspec.convert(event, _Event)
        time = datetime.fromisoformat(parsed.scheduled_time)
    except (msgspec.ValidationError, ValueError) as error:
        raise UsageError(
            f"The event has no scheduled time that can be read ({error}); it must be ISO 8601, as EventBridge Scheduler"
            f" puts in place of {SCHEDULED_TIME}."
        ) from error
    if time.tzinfo is None:
        raise UsageError(f"The scheduled time {parsed.scheduled_time} has no time zone.")
    return time.astimezone(UTC), parsed.request


def parse_request(content: dict[str, object]) -> Request:
    """A person's request. Raises UsageError, naming its kind, where this version does not understand it."""
    kind = content.get("kind")
    if kind is not None and kind not in KINDS:
        raise UsageError(
            f"This deployment does not understand requests of the kind {kind!r}, only {', '.join(KINDS)}: it is of"
            " another version than the command. Deploy it again."
        )
    try:
        if kind is None:
            return msgspec.convert(content, _FirstRequest).understood()
        request: Request = msgspec.convert(content, Request)
        return request
    except msgspec.ValidationError as error:
        raise UsageError(f"The request cannot be read: {error}.") from error
