"""What the fetch function does at every tick: make true what is not yet true.

Everything is looked up in the ledger, so that a tick may come twice, late, or after a crash at any step. The order is
what makes that safe: manifest before request, request before messages, messages before the `dispatched` marker.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.editions import Edition
from shared.errors import LedgerError, MissingManifest, SourceError
from shared.ledger import keys, markers
from shared.ledger.markers import is_final
from shared.ledger.records import Manifest, Requested
from shared.ledger.results import missing, papers_with_result
from shared.ledger.store import Reader, Store
from shared.periods import Period, last_finished_week
from shared.services.begin import begin, held_manifest, want
from shared.services.dispatch import dispatch, write_off
from shared.services.events import Dispatch
from shared.services.fetching import Fetching
from shared.services.making import present_makers
from shared.services.messages import DigestMessage, encode
from shared.services.reask import reask

UPKEEP = timedelta(weeks=4)
"""How long ticks look after a run, from when it was wanted."""


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
    known = _known(fetching.store)
    if not _has_begun(week, settings.languages, known):
        try:
            _begin(fetching, week, time)
        except (SourceError, LedgerError, MissingManifest) as error:
            troubles.append(error)
        known = _known(fetching.store)
    for edition in _looked_after(known, time):
        try:
            if not _is_final(fetching.store, edition, known):
                dispatches += _keep_up(fetching, edition, time)
            dispatches += _ask_once_more(fetching, edition, time, known)
        except LedgerError as error:
            troubles.append(error)
    overdue = 0
    try:
        overdue = _overdue(fetching, week, time, known)
    except LedgerError as error:
        troubles.append(error)
    return Tick(tuple(dispatches), overdue, tuple(troubles))


def _known(store: Store) -> dict[str, datetime]:
    """The keys of all that is known of runs, with the time of their last change: one look for a tick with no work."""
    return {listed.key: listed.modified for listed in store.list(keys.RUNS)}


def _has_begun(week: Period, languages: Collection[str], known: Collection[str]) -> bool:
    wanted = (keys.requested(Edition(week.name, code)) for code in languages)
    return all(key in known for key in (keys.manifest(week.name), *wanted))


def _begin(fetching: Fetching, week: Period, time: datetime) -> None:
    manifest = held_manifest(fetching, week.name) or begin(fetching, time, week.name)
    for code in fetching.settings.languages:
        want(fetching, manifest.edition(code), time)


def _overdue(fetching: Fetching, week: Period, time: datetime, known: Collection[str]) -> int:
    """In how many languages the digest of `week` should be final at `time` and is not."""
    settings = fetching.settings
    if time < week.end(settings.zone) + timedelta(hours=settings.settle_hours + settings.overdue_hours):
        return 0
    return sum(not _is_final(fetching.store, Edition(week.name, code), known) for code in settings.languages)


def _looked_after(known: Mapping[str, datetime], time: datetime) -> Iterator[Edition]:
    """Every edition that ticks still look after, of the keys that are `known` with the time of their last change."""
    for key, modified in known.items():
        edition = keys.parse_requested(key)
        if edition and time - modified <= UPKEEP:
            yield edition


def _is_final(store: Reader, edition: Edition, known: Collection[str]) -> bool:
    """Whether nothing of the edition is left to do: it is complete, or a person leaves it at what it lacks."""
    has_marker = keys.announced(edition, "complete") in known or keys.accepted(edition) in known
    if not has_marker or not (keys.replaced(edition.run, 0) in known or keys.forgotten(edition.run) in known):
        return has_marker
    # Which of a run's manifests a marker is about is only known when both are read.
    manifest = store.record(keys.manifest(edition.run), Manifest)
    return manifest is not None and is_final(store, manifest, edition.language)


def _keep_up(fetching: Fetching, edition: Edition, time: datetime) -> Iterator[Dispatch]:
    manifest = held_manifest(fetching, edition.run)
    request = fetching.store.record(keys.requested(edition), Requested)
    if manifest is None or request is None:
        return
    dispatched = markers.dispatched(fetching.store, manifest, edition.language)
    lost_after = timedelta(hours=fetching.settings.lost_after_hours)
    if dispatched is None:
        absent = frozenset(missing(manifest, papers_with_result(fetching.store, edition)))
        yield dispatch(fetching, manifest, edition.language, time, absent)
    elif time >= dispatched.scheduled_time + lost_after:
        write_off(fetching, manifest, edition.language, time)
    if time > request.scheduled_time:
        fetching.digests.send([encode(DigestMessage(edition.run, edition.language, publish=True))])


def _ask_once_more(fetching: Fetching, edition: Edition, time: datetime, known: Collection[str]) -> Iterator[Dispatch]:
    """Once for each judge and each set of engines: what others have left doubtful, kept in English, or refused."""
    marker = keys.reasked(edition, present_makers(fetching.settings, edition.language))
    if marker in known or keys.dispatched(edition) not in known:
        return
    manifest = held_manifest(fetching, edition.run)
    # What still has no result may yet get one by those before: a delivery may be at work since before the change.
    if manifest is not None and not missing(manifest, papers_with_result(fetching.store, edition)):
        yield reask(fetching, manifest, edition.language, time)
