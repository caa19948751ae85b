"""What is wrong, and what an operator is told of it: one mail when it begins, one a day, one when it is over.

A *cause* is what one tick sees; an *incident* is a cause from tick to tick. What is told follows from both and from the
time alone. Nobody is told of a single paper, and of nothing that heals before anybody could have done anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec

from shared.editions import Edition

_Time = Annotated[datetime, msgspec.Meta(tz=True)]

REMINDER = timedelta(days=1)
"""How often an operator is reminded of what is still wrong."""
TICKS_TO_CLOSE = 2
"""After how many ticks in a row without its cause an incident is over."""


class Kind(StrEnum):
    """The kinds of causes. The runbook has an entry for each."""

    SOURCE = "source"
    """Hugging Face does not give the week's papers."""
    REFUSED = "refused"
    """Papers of an edition have failed, and a person has to decide what becomes of them."""
    OURS = "ours"
    """The deployment is wrong: nothing heals until it is mended."""
    LATE = "late"
    """An edition should be published by now, and no paper's failure says why it is not."""
    DAMAGED = "damaged"
    """An object of the ledger cannot be read."""
    UNKNOWN = "unknown"
    """The papers' dead-letter queue holds messages that the ledger knows nothing of."""

    @property
    def ticks_to_open(self) -> int:
        """How many ticks in a row see such a cause before anybody is told."""
        return 3 if self in (Kind.SOURCE, Kind.LATE, Kind.UNKNOWN) else 1


@dataclass(frozen=True)
class Cause:
    """Something that is wrong: `kind` and `about` tell it from all others.

    `title` says it in a few words, `what` in full, `do` holds the one command. `editions` are those that it holds up.
    """

    kind: Kind
    about: str
    title: str
    what: str
    do: str
    editions: tuple[Edition, ...] = ()

    @property
    def name(self) -> str:
        """`source`, `refused:<run>/<language>`, `ours:<code>` and so on."""
        return f"{self.kind}:{self.about}" if self.about else self.kind


@dataclass(frozen=True)
class Incident:
    """A cause since `since`, as it was last seen.

    `seen` counts the ticks in a row that saw it until somebody was told, `missed` those since the last that did;
    `counted` is the time of the last tick that is counted in either. `told` is when the latest mail about it was sent,
    None before the first.
    """

    cause: Cause
    since: _Time
    counted: _Time
    seen: int = 1
    missed: int = 0
    told: _Time | None = None


@dataclass(frozen=True)
class Incidents:
    """All incidents, as the ledger keeps them in one object."""

    incidents: tuple[Incident, ...] = ()

    @property
    def open(self) -> tuple[Incident, ...]:
        """Those that somebody was told of."""
        return tuple(incident for incident in self.incidents if incident.told is not None)


class Event(StrEnum):
    """What a mail is about."""

    OPENED = "opened"
    REMINDED = "reminded"
    CLOSED = "closed"


@dataclass(frozen=True)
class Mail:
    """What has to be told of an incident."""

    event: Event
    incident: Incident


@dataclass(frozen=True)
class Step:
    """What becomes of an incident at a tick: `before` becomes `after`, None being none.

    Where there is a `mail`, that is so only once it is sent; until then the incident stays as it was.
    """

    before: Incident | None
    after: Incident | None
    mail: Mail | None = None


def decide(causes: Iterable[Cause], incidents: Iterable[Incident], time: datetime) -> tuple[Step, ...]:
    """What becomes of each incident, and of each new cause, at a tick at `time` that sees these causes and no others.

    A tick that comes twice, or after a later one, counts once.
    """
    seen = {cause.name: cause for cause in causes}
    held = {incident.cause.name: incident for incident in incidents}
    names = dict.fromkeys([*held, *seen])
    return tuple(_step(held.get(name), seen.get(name), time) for name in names)


def _step(before: Incident | None, cause: Cause | None, time: datetime) -> Step:
    if before is not None and time <= before.counted:
        return Step(before, before)
    if cause is None:
        return _missed(before, time)
    if before is None:
        return _awaited(None, Incident(cause, since=time, counted=time), time)
    if before.told is None:
        return _awaited(before, replace(before, cause=cause, counted=time, seen=before.seen + 1), time)
    after = replace(before, cause=cause)
    if before.missed:
        after = replace(after, missed=0, counted=time)
    if time - before.told < REMINDER:
        return Step(before, after)
    after = replace(after, told=time)
    return Step(before, after, Mail(Event.REMINDED, after))


def _awaited(before: Incident | None, after: Incident, time: datetime) -> Step:
    """The step of an incident that nobody was told of before."""
    if after.seen < after.cause.kind.ticks_to_open:
        return Step(before, after)
    after = replace(after, told=time)
    return Step(before, after, Mail(Event.OPENED, after))


def _missed(before: Incident | None, time: datetime) -> Step:
    """The step of an incident whose cause is not seen any more."""
    if before is None or before.told is None:
        return Step(before, None)
    if before.missed + 1 >= TICKS_TO_CLOSE:
        return Step(before, None, Mail(Event.CLOSED, before))
    return Step(before, replace(before, missed=before.missed + 1, counted=time))
