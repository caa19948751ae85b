"""What the fetch function does at every tick: make true what is not yet true.

Everything is looked up in the ledger, so that a tick may come twice, late, or after a crash at any step. The order is
what makes that safe: manifest before request, request before messages, messages before the `dispatched` marker.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.editions import Edition
from shared.errors import LedgerError, MissingManifest, SourceError
from shared.ledger import keys
from shared.ledger.records import Dispatched, Requested
from shared.ledger.results import missing, papers_with_result
from shared.ledger.store import Store
from shared.periods import Period, last_finished_week
from shared.services.begin import begin, held_manifest, want
from shared.services.dispatch import dispatch, write_off
from shared.services.events import Dispatch
from shared.services.fetching import Fetching
from shared.services.messages import DigestMessage, encode

UPKEEP = timedelta(weeks=4)
"""How long ticks look after a run that is neither complete nor accepted as it is."""


@dataclass(frozen=True)
class Tick:
    """What a tick did, how many digests of the newest week are overdue, and what it could not do, and why."""

    dispatches: tuple[Dispatch, ...]
    overdue: int
    troubles: tuple[SourceError | LedgerError | MissingManifest, ...] = ()


def tick(fetching: Fetching, time: datetime) -> Tick:
    """Make true what is not yet true at `time`; trouble with one run stops nothing that concerns another."""
    dispatches: list[Dispatch] = []
    troubles: list[SourceError | LedgerError | MissingManifest] = []
    settings = fetching.settings
    week = last_finished_week(time - timedelta(hours=settings.settle_hours), settings.zone)
    try:
        _begin(fetching, week, time)
    except (SourceError, LedgerError, MissingManifest) as error:
        troubles.append(error)
    for edition in _unfinished(fetching.store, time):
        try:
            dispatches += _keep_up(fetching, edition, time)
        except LedgerError as error:
            troubles.append(error)
    return Tick(tuple(dispatches), _overdue(fetching, week, time), tuple(troubles))


def _begin(fetching: Fetching, week: Period, time: datetime) -> None:
    manifest = held_manifest(fetching, week.name) or begin(fetching, time, week.name)
    for code in fetching.settings.languages:
        want(fetching, manifest.edition(code), time)


def _overdue(fetching: Fetching, week: Period, time: datetime) -> int:
    """In how many languages the digest of `week` should be final at `time` and is not."""
    settings = fetching.settings
    if time < week.end(settings.zone) + timedelta(hours=settings.settle_hours + settings.overdue_hours):
        return 0
    editions = [Edition(week.name, code) for code in settings.languages]
    return sum(all(fetching.store.etag(key) is None for key in _final(edition)) for edition in editions)


def _unfinished(store: Store, time: datetime) -> Iterator[Edition]:
    """Every edition that ticks still look after."""
    modified = {listed.key: listed.modified for listed in store.list(keys.RUNS)}
    for key in modified:
        edition = keys.parse_requested(key)
        if edition and time - modified[key] <= UPKEEP and not any(final in modified for final in _final(edition)):
            yield edition


def _final(edition: Edition) -> tuple[str, str]:
    """The keys of which either says that nothing of an edition is left to do."""
    return keys.announced(edition, "complete"), keys.accepted(edition)


def _keep_up(fetching: Fetching, edition: Edition, time: datetime) -> Iterator[Dispatch]:
    manifest = held_manifest(fetching, edition.run)
    request = fetching.store.record(keys.requested(edition), Requested)
    if manifest is None or request is None:
        return
    dispatched = fetching.store.record(keys.dispatched(edition), Dispatched)
    lost_after = timedelta(hours=fetching.settings.lost_after_hours)
    if dispatched is None:
        absent = frozenset(missing(manifest, papers_with_result(fetching.store, edition)))
        yield dispatch(fetching, manifest, edition.language, time, absent)
    elif time >= dispatched.scheduled_time + lost_after:
        write_off(fetching, manifest, edition.language, time)
    if time > request.scheduled_time:
        fetching.digests.send([encode(DigestMessage(edition.run, edition.language, publish=True))])
