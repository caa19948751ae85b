"""What the fetch function does at every tick: make true what is not yet true.

Everything is looked up in the ledger, so that a tick may come twice, late, or after a crash at any step. The order is
what makes that safe: manifest before request, request before messages, messages before the `dispatched` marker.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.editions import Edition
from shared.errors import AwsError, LedgerError, MessageError, MissingManifest, SourceError
from shared.failures import FailureClass
from shared.incidents import Cause, Incident, Incidents, Kind
from shared.ledger import keys, markers
from shared.ledger.markers import is_final
from shared.ledger.records import Manifest, Requested
from shared.ledger.results import missing, papers_with_result
from shared.ledger.store import Reader, Store
from shared.periods import Period, last_finished_week
from shared.services.begin import begin, held_manifest, want
from shared.services.causes import Look, causes_in, damaged, look, source, unknown
from shared.services.dispatch import dispatch, write_off
from shared.services.events import Dispatch
from shared.services.fetching import Fetching
from shared.services.making import present_makers
from shared.services.messages import DigestMessage, decode_paper, encode
from shared.services.reask import reask
from shared.services.recover import recover
from shared.services.tell import Told, held_incidents, tell_of

UPKEEP = timedelta(weeks=4)
"""How long ticks look after a run, from when it was wanted; longer, while an incident about it is open."""


@dataclass(frozen=True)
class Tick:
    """What a tick did, and what it saw.

    `causes` are what is wrong, `incidents` those that an operator knows of by now, `overdue` how many digests should be
    final and are not. `troubles` are what it could not do, and why.
    """

    dispatches: tuple[Dispatch, ...]
    causes: tuple[Cause, ...]
    incidents: tuple[Incident, ...]
    overdue: int
    troubles: tuple[SourceError | LedgerError | MissingManifest | AwsError, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether AWS let it do all that it had to: look at ledger and queues, and tell what is wrong."""
        return not any(isinstance(trouble, AwsError) for trouble in self.troubles)


def tick(fetching: Fetching, time: datetime) -> Tick:
    """Make true what is not yet true at `time`, and tell what is wrong; trouble with one run stops nothing that
    concerns another, and nothing that is told stops any work.

    Raises AwsError and DispatchError where AWS does, and LedgerContention.
    """
    dispatches: list[Dispatch] = []
    causes: list[Cause] = []
    troubles: list[SourceError | LedgerError | MissingManifest | AwsError] = []
    settings, store = fetching.settings, fetching.store
    week = last_finished_week(time - timedelta(hours=settings.settle_hours), settings.zone)
    known = _known(store)
    held = held_incidents(store) if keys.INCIDENTS in known else Incidents()
    held_up = {edition for incident in held.incidents for edition in incident.cause.editions}
    if not _has_begun(week, settings.languages, known):
        try:
            _begin(fetching, week, time)
        except SourceError as error:
            troubles.append(error)
            causes.append(source(week.name, error, settings))
        except (LedgerError, MissingManifest) as error:
            troubles.append(error)
            causes.append(damaged(week.name, error, settings))
        known = _known(store)
    looks: list[Look] = []
    hidden: set[Edition] = set()
    for edition in _looked_after(known, time, held_up):
        try:
            if not _is_final(store, edition, known):
                looks += _keep_up(fetching, edition, time, dispatches)
            dispatches += _ask_once_more(fetching, edition, time, known)
        except LedgerError as error:
            troubles.append(error)
            causes.append(damaged(edition.run, error, settings, (edition,)))
            hidden.add(edition)
    # What cannot be seen is not over for that.
    causes += (found.cause for found in held.incidents if not hidden.isdisjoint(found.cause.editions))
    causes += causes_in(looks, settings, time)
    dispatches += recover(fetching, looks, time)
    try:
        causes += _unknown(fetching, looks)
    except AwsError as error:
        troubles.append(error)
        causes += (found.cause for found in held.incidents if found.cause.kind is Kind.UNKNOWN)
    told = Told()
    if fetching.tell and (causes or held.incidents):
        told = tell_of(store, fetching.tell, causes, time)
    if told.trouble:
        troubles.append(told.trouble)
    overdue = sum(seen.is_overdue(settings, time) for seen in looks)
    return Tick(tuple(dispatches), tuple(causes), told.open, overdue, tuple(troubles))


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


def _looked_after(known: Mapping[str, datetime], time: datetime, held_up: Collection[Edition]) -> Iterator[Edition]:
    """Every edition that ticks still look after, of the keys that are `known` with the time of their last change.

    What is `held_up` by an incident is, until somebody has mended it or leaves it at that.
    """
    for key, modified in known.items():
        edition = keys.parse_requested(key)
        if edition and (time - modified <= UPKEEP or edition in held_up):
            yield edition


def _is_final(store: Reader, edition: Edition, known: Collection[str]) -> bool:
    """Whether nothing of the edition is left to do: it is complete, or a person leaves it at what it lacks."""
    has_marker = keys.announced(edition, "complete") in known or keys.accepted(edition) in known
    if not has_marker or not (keys.replaced(edition.run, 0) in known or keys.forgotten(edition.run) in known):
        return has_marker
    # Which of a run's manifests a marker is about is only known when both are read.
    manifest = store.record(keys.manifest(edition.run), Manifest)
    return manifest is not None and is_final(store, manifest, edition.language)


def _keep_up(fetching: Fetching, edition: Edition, time: datetime, dispatches: list[Dispatch]) -> Iterator[Look]:
    """Bring an edition that is not final forward, add to `dispatches` what is sent, and look how it stands then."""
    manifest = held_manifest(fetching, edition.run)
    request = fetching.store.record(keys.requested(edition), Requested)
    if manifest is None or request is None:
        return
    dispatched = markers.dispatched(fetching.store, manifest, edition.language)
    lost_after = timedelta(hours=fetching.settings.lost_after_hours)
    if dispatched is None:
        absent = frozenset(missing(manifest, papers_with_result(fetching.store, edition)))
        dispatches.append(dispatch(fetching, manifest, edition.language, time, absent))
    elif time >= dispatched.scheduled_time + lost_after:
        write_off(fetching, manifest, edition.language, time)
    if time > request.scheduled_time:
        fetching.digests.send([encode(DigestMessage(edition.run, edition.language, publish=True))])
    yield look(fetching.store, manifest, request)


def _ask_once_more(fetching: Fetching, edition: Edition, time: datetime, known: Collection[str]) -> Iterator[Dispatch]:
    """Once for each judge and each set of engines: what others have left doubtful, kept in English, or refused."""
    marker = keys.reasked(edition, present_makers(fetching.settings, edition.language))
    if marker in known or keys.dispatched(edition) not in known:
        return
    manifest = held_manifest(fetching, edition.run)
    # What still has no result may yet get one by those before: a delivery may be at work since before the change.
    if manifest is not None and not missing(manifest, papers_with_result(fetching.store, edition)):
        yield reask(fetching, manifest, edition.language, time)


def _unknown(fetching: Fetching, looks: Sequence[Look]) -> Iterator[Cause]:
    """That the papers' dead-letter queue holds what the ledger knows nothing of.

    Its messages are read only where there are more than papers whose failure sent one there. Nothing is taken away.
    """
    if fetching.dead_papers is None:
        return
    failures = (result for seen in looks for result in seen.failed)
    expected = sum(bool(failed.message) and failed.failure.kind is not FailureClass.OURS for failed in failures)
    if fetching.dead_papers.count() <= expected:
        return
    strangers = sum(not _is_known(fetching.store, body) for body in fetching.dead_papers.look())
    if strangers:
        yield unknown(strangers, fetching.settings)


def _is_known(store: Reader, body: str) -> bool:
    """Whether the ledger has a result for the paper that a dead message is about."""
    try:
        message = decode_paper(body)
    except MessageError:
        return False
    return store.etag(keys.result(message.edition, message.paper)) is not None
