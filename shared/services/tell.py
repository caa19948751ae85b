"""Telling an operator of incidents: first the mail, then the record of it.

So a crash in between repeats a mail and never loses one, and what could not be sent is not written down as told.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from shared.errors import AwsError, LedgerError
from shared.incidents import Cause, Event, Incident, Incidents, decide
from shared.ledger import keys
from shared.ledger.file import record_file
from shared.ledger.records import decode
from shared.ledger.store import Reader, Store, until_written
from shared.notices.incident_mail import Tell


@dataclass(frozen=True)
class Told:
    """The incidents that are open now, and why somebody could not be told, where that was so."""

    open: tuple[Incident, ...] = ()
    trouble: AwsError | None = None


def held_incidents(store: Reader) -> Incidents:
    """The incidents as they are written down."""
    return _held(store)[0]


def tell_of(store: Store, tell: Tell, causes: Collection[Cause], time: datetime) -> Told:
    """Tell of what has changed at a tick at `time` that sees these causes, and write it down.

    Where another tick has written meanwhile, what that one left untold is told. Raises LedgerContention.
    """
    sent: set[tuple[str, Event]] = set()
    trouble: AwsError | None = None

    def attempt() -> Incidents | None:
        nonlocal trouble
        held, etag = _held(store)
        kept: list[Incident | None] = []
        for step in decide(causes, held.incidents, time):
            after = step.after
            if step.mail and (step.mail.incident.cause.name, step.mail.event) not in sent:
                try:
                    tell(step.mail)
                    sent.add((step.mail.incident.cause.name, step.mail.event))
                except AwsError as error:
                    trouble, after = error, step.before
            kept.append(after)
        found = Incidents(tuple(incident for incident in kept if incident is not None))
        if found == held:
            return found
        return found if store.replace(keys.INCIDENTS, record_file(found), etag) else None

    return Told(until_written(attempt, keys.INCIDENTS).open, trouble)


def _held(store: Reader) -> tuple[Incidents, str | None]:
    """The record with its ETag. One that cannot be read counts as empty: what is wrong is told once more."""
    stored = store.read(keys.INCIDENTS)
    if stored is None:
        return Incidents(), None
    try:
        return decode(stored.body, Incidents, keys.INCIDENTS), stored.etag
    except LedgerError:
        return Incidents(), stored.etag
