"""What must hold in every interleaving: some of it after every write, the rest when the world has come to rest."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum

from shared.digest.archive_entries import ARCHIVE, Archive, ArchivedEdition, around, entry_of, with_entry
from shared.digest.archive_files import archive_files
from shared.digest.feeds import feed_entries
from shared.digest.formats import DIGEST, FILES, page, renderings
from shared.digest.front import Languages, front_page
from shared.digest.model import Digest, build
from shared.digest.search import Shard, search_files, shard_name, with_digest
from shared.digest.view import view
from shared.doubts import doubtful
from shared.editions import Edition
from shared.incidents import Event, Incidents
from shared.languages.table import find_language
from shared.ledger import keys, markers
from shared.ledger.file import File, record_file
from shared.ledger.records import (
    PERSON,
    Manifest,
    Published,
    Reasked,
    Result,
    TranslatedResult,
    decode,
    decode_result,
    encode,
)
from shared.ledger.results import read_results
from shared.makers import Makers
from shared.notices.notice import subject
from shared.services.attest import sha256
from shared.services.making import is_worth_asking
from shared.services.messages import decode_digest, decode_paper
from tests.fakes.aws import DIGESTS, DIGESTS_DEAD, PAPERS, PAPERS_DEAD, Cloud, etag_of

_FRONT = (keys.LANGUAGES, keys.FRONT)
_NEVER = datetime.min.replace(tzinfo=UTC)

Paper = tuple[Edition, str]
"""A paper of an edition, by its arXiv id."""


class Invariant(StrEnum):
    """The invariants by name."""

    UPWARD = "results only move upward"
    LAST_WORD = "what a person wrote or accepted stays as it is"
    IMMUTABLE = "a manifest is replaced by the next revision alone, and kept"
    NEVER_PARTIAL_AGAIN = "no complete digest turns partial"
    NOTHING_LOST = "no paper is lost"
    NOT_PAID_AGAIN = "no call in a delivery that began after the translation was stored"
    MONEY = "every call is accounted for"
    CONVERGED = "every file below digests/ follows from the ledger"
    PUBLISHED = "what can be published is published"
    ATTESTED = "a digest is said to be published once the archive holds it, and no older one after it"
    TOLD = "every published digest with a translation was announced"
    HEARD = "an operator has the mail of what is written down as told, also that it is over"
    HEALED = "after a redrive and a later tick everything is complete"
    ASKED = "what others left doubtful is asked for once more"
    IDLE = "an idle tick only looks, and at no result"
    NO_ERROR_TEXT = "no error stands where a translation belongs"
    NO_SURPRISE = "nothing fails but by what was injected"


ERRORS = (
    "번역에 실패했습니다: 응답 시간이 초과되었습니다.",
    "죄송합니다. 이 글은 번역해 드릴 수 없습니다.",
    "**오류: API 키가 만료되었습니다.**",
    '{"error": {"code": 429, "message": "Slow down"}}',
    "HTTP 502 Bad Gateway",
    "null",
)
"""What comes in a translation's place."""


class Violation(BaseException):
    """An invariant does not hold. No handler may catch this, hence it is no Exception."""

    def __init__(self, invariant: Invariant, detail: str) -> None:
        super().__init__(f"{invariant}: {detail}")
        self.invariant = invariant


class Watch:
    """Looks at every object as it is written; `seen` counts what was remarkable.

    `makers` make results now, by language; `asked` are the papers that were asked for once more.
    """

    def __init__(self, cloud: Cloud) -> None:
        self.seen: Counter[str] = Counter()
        self._cloud = cloud
        self.makers: dict[str, Makers] = {}
        self.asked: set[Paper] = set()
        self._manifests: dict[str, Manifest] = {}
        self._results: dict[str, Result] = {}
        self._complete: set[tuple[str, tuple[str, ...]]] = set()
        self._digests: dict[str, Digest] = {}
        self._archived: set[ArchivedEdition] = set()
        self._attested_digests: dict[str, str] = {}
        self._incidents = Incidents()
        self._told: Counter[tuple[Event, str]] = Counter()

    def written(self, key: str) -> None:
        """Raises Violation where the object now at `key` may not follow what was there."""
        body = self._cloud.s3.objects[key].body
        if key.startswith(keys.RESULTS):
            self._result_written(key, decode_result(body, key))
        elif key.endswith("/manifest.json"):
            self._manifest_written(key, decode(body, Manifest, key))
        elif "/reasked-" in key:
            self._reasked_written(decode(body, Reasked, key))
        elif key.endswith("/digest.json"):
            # The latest last, by which an older one is known.
            self._digests.pop(sha256(body), None)
            self._digests[sha256(body)] = decode(body, Digest, key)
            self._digest_written(key, self._digests[sha256(body)])
        elif key.endswith(f"/{ARCHIVE}"):
            self._archived.update(decode(body, Archive, key).entries)
        elif key.endswith("/published.json"):
            self._attested(key, decode(body, Published, key))
        elif key == keys.INCIDENTS:
            self._incidents_written(decode(body, Incidents, key))

    def _result_written(self, key: str, result: Result) -> None:
        held = self._results.get(key)
        if held is not None and not _leaves_it_at(held, result):
            raise Violation(Invariant.LAST_WORD, f"{key}: {held} became {result}")
        if held is not None and not _may_follow(held, result):
            raise Violation(Invariant.UPWARD, f"{key}: {_height(held)} became {_height(result)}")
        self._results[key] = result
        self.seen[f"{result.status}, accepted"] += result.accepted
        if isinstance(result, TranslatedResult):
            self.seen["translated"] += 1
            if any(error in text for error in ERRORS for text in (result.title, result.text, result.summary)):
                raise Violation(Invariant.NO_ERROR_TEXT, f"{key}: {result.text!r} {result.summary!r}")
            return
        self.seen[result.failure.code] += 1
        if result.failure.code == "Lost":
            paper = (result.edition, result.paper)
            if paper not in papers_in(self._cloud, PAPERS, PAPERS_DEAD):
                raise Violation(Invariant.NOTHING_LOST, f"{paper} has no message, and no result but Lost")

    def _reasked_written(self, marker: Reasked) -> None:
        """What makers before today's have left has a message that asks for it, or had one."""
        makers = Makers(marker.judge, marker.engines)
        if makers != self.makers[marker.language]:
            return
        waiting = {
            (message.edition, message.paper)
            for url in (PAPERS, PAPERS_DEAD)
            for message in map(decode_paper, self._cloud.sqs.bodies(url))
            if message.once_more
        }
        papers = {paper.id for paper in self._manifests[keys.manifest(marker.run)].papers}
        for held in self._results.values():
            left = isinstance(held, TranslatedResult) and held.edition == marker.edition
            if left and held.paper in papers and is_worth_asking(held, makers):
                self.seen["left by others"] += 1
                if (held.edition, held.paper) not in waiting | self.asked:
                    raise Violation(Invariant.ASKED, f"{held.edition} {held.paper}")

    def _manifest_written(self, key: str, manifest: Manifest) -> None:
        held = self._manifests.get(key)
        if held is not None and held != manifest:
            self.seen["refetched"] += 1
            kept = self._cloud.s3.objects.get(keys.replaced(held.run, held.revision))
            if manifest.revision != held.revision + 1 or kept is None or decode(kept.body, Manifest, key) != held:
                raise Violation(Invariant.IMMUTABLE, key)
        self._manifests[key] = manifest

    def _digest_written(self, key: str, digest: Digest) -> None:
        self.seen[digest.state] += 1
        papers = tuple(paper.id for paper in digest.papers)
        if digest.state == "complete":
            self._complete.add((key, papers))
        elif (key, papers) in self._complete:
            raise Violation(Invariant.NEVER_PARTIAL_AGAIN, key)

    def _attested(self, key: str, published: Published) -> None:
        self.seen["attested"] += 1
        written = list(self._digests)
        before = self._attested_digests.get(key, published.digest)
        if written.index(published.digest) < written.index(before):
            raise Violation(Invariant.ATTESTED, f"{key} names a digest older than the one it named before")
        self._attested_digests[key] = published.digest
        if entry_of(view(self._digests[published.digest])) not in self._archived:
            raise Violation(Invariant.ATTESTED, f"{key} is written, and the archive does not hold its digest")
        pages = tuple(sorted(keys.paper_page(paper.id) for paper in self._digests[published.digest].papers))
        if tuple(published.files) != (*FILES, *pages):
            raise Violation(Invariant.ATTESTED, f"{key} names {', '.join(published.files)}")

    def _incidents_written(self, incidents: Incidents) -> None:
        before, after = ({found.cause.name: found for found in held.open} for held in (self._incidents, incidents))
        self._told.update((Event.OPENED, after[name].cause.title) for name in after.keys() - before.keys())
        self._told.update((Event.CLOSED, before[name].cause.title) for name in before.keys() - after.keys())
        self._incidents = incidents
        for (event, title), count in self._told.items():
            self.seen[f"incident {event}"] += 1
            beginning = "healed: " if event is Event.CLOSED else ""
            heard = sum(said.endswith(f": {beginning}{title}") for said, _ in self._cloud.sns.published)
            if heard < count:
                raise Violation(Invariant.HEARD, f"{title} is {event} {count} times and told {heard} times")


def is_translated(
    cloud: Cloud, paper: Paper, again: datetime | None = None, once_more_by: Makers | None = None
) -> bool:
    """Whether the ledger holds the translation that a message asks for: with this `again`, or these makers."""
    held = cloud.s3.objects.get(keys.result(*paper))
    result = None if held is None else decode_result(held.body, "")
    if once_more_by is not None and is_worth_asking(result, once_more_by):
        return False
    return isinstance(result, TranslatedResult) and result.answers(again)


def is_kept_elsewhere(cloud: Cloud, paper: Paper) -> bool:
    """Whether another run has the paper with a sentence that stays in English, which is remembered nowhere."""
    edition, identity = paper
    others = (other for other in editions(cloud) if other != edition and other.language == edition.language)
    held = (cloud.s3.objects.get(keys.result(other, identity)) for other in others)
    results = (decode_result(found.body, "") for found in held if found is not None)
    return any(isinstance(result, TranslatedResult) and bool(result.kept) for result in results)


def is_settled(cloud: Cloud, paper: Paper, again: datetime | None = None, once_more_by: Makers | None = None) -> bool:
    """Whether a message has nothing to ask for: it is translated, or a person leaves it at that."""
    held = cloud.s3.objects.get(keys.result(*paper))
    is_left = held is not None and decode_result(held.body, "").accepted and again is None
    return is_left or is_translated(cloud, paper, again, once_more_by)


def require_nothing_lost(cloud: Cloud) -> None:
    """Every paper of what was dispatched has a result, or a message in the queue or its dead-letter queue."""
    waiting = papers_in(cloud, PAPERS, PAPERS_DEAD)
    for edition in editions(cloud):
        if markers.dispatched(cloud.store, _manifest(cloud, edition.run), edition.language):
            for paper in papers_of(cloud, edition):
                if keys.result(*paper) not in cloud.s3.objects and paper not in waiting:
                    raise Violation(Invariant.NOTHING_LOST, f"{paper} has neither a result nor a message")


def require_converged(cloud: Cloud, *, after_a_tick: bool) -> None:
    """Every file below `digests/` is what follows from the ledger, and a digest is there once every paper has a result.

    Where a person's command crashed after a manifest was replaced, that is so only after a tick: what was half
    published then stays so until then. Of a language about which a signal still waits among the dead, that cannot be
    said yet.
    """
    wanted = editions(cloud)
    signals = signalled(cloud, DIGESTS, DIGESTS_DEAD)
    waiting = {edition.language for edition in signals}
    for edition in wanted:
        has_results = all(keys.result(*paper) in cloud.s3.objects for paper in papers_of(cloud, edition))
        if has_results and edition.language not in waiting and not is_published(cloud, edition):
            raise Violation(Invariant.PUBLISHED, f"{edition} has every result and no digest")
    if not after_a_tick and any(is_published(cloud, edition) and is_behind(cloud, edition) for edition in wanted):
        return
    files: dict[str, dict[str, bytes]] = {edition.language: {} for edition in wanted}
    for key, held in cloud.s3.objects.items():
        if key.startswith(keys.DIGESTS) and key not in _FRONT:
            files.setdefault(key.split("/")[-2], {})[key] = unsettled(key, held.body)
    _require_front(cloud, {edition.language for edition in wanted if is_published(cloud, edition)}, waiting)
    pages = [edition for edition in wanted if keys.digest(edition, keys.PAGE) in cloud.s3.objects]
    for language in sorted(files.keys() - waiting):
        published = [
            digest_of(cloud, edition)
            for edition in wanted
            if edition.language == language and is_published(cloud, edition)
        ]
        expected, found = files_of(published, pages), files[language]
        for edition in wanted:
            if edition.language == language and keys.replaced(edition.run, 0) in cloud.s3.objects:
                # The page of a paper that left the run stays for whoever has its address.
                for name in keys.paper_pages(edition, found.keys() - expected.keys()):
                    found.pop(keys.digest(edition, name))
        # A page leads to the run's other languages, and one about which a signal waits may be on its way there.
        for edition in (Edition(signal.run, language) for signal in signals):
            for key in (keys.digest(edition, keys.PAGE), keys.published(edition)):
                expected.pop(key, None)
                found.pop(key, None)
        if found != expected:
            wrong = sorted(key for key in found.keys() | expected if found.get(key) != expected.get(key))
            raise Violation(Invariant.CONVERGED, ", ".join(wrong))


def _require_front(cloud: Cloud, languages: set[str], waiting: set[str]) -> None:
    """What stands above the archives leads to every language that has a digest, and to no other."""
    held = cloud.s3.objects.get(keys.LANGUAGES)
    found = () if held is None else decode(held.body, Languages, keys.LANGUAGES).languages
    if not languages - waiting <= set(found) <= languages:
        raise Violation(Invariant.CONVERGED, f"{keys.LANGUAGES} names {found}, and not {languages}")
    front = cloud.s3.objects.get(keys.FRONT)
    if found and not waiting and (front is None or front.body != front_page(found).body):
        raise Violation(Invariant.CONVERGED, keys.FRONT)


def files_of(digests: Sequence[Digest], pages: Sequence[Edition]) -> dict[str, bytes]:
    """Every file of one language, as it follows from its digests; `pages` are all editions that have one."""
    if not digests:
        return {}
    language = digests[0].language
    views = {digest.run: view(digest) for digest in digests}
    archive, shards = Archive(language=language), dict[str, Shard]()
    for digest in digests:
        archive = with_entry(archive, entry_of(views[digest.run]))
        name = shard_name(digest.period)
        shards[name] = with_digest(shards.get(name, Shard(language=language)), views[digest.run])
    files = {keys.archive(language, ARCHIVE): record_file(archive)}
    for digest in digests:
        searched = search_files(shards[shard_name(digest.period)], digest.period)
        files |= {keys.archive(language, name): file for name, file in searched.items()}
    newest = {entry.run: views[entry.run] for entry in feed_entries(archive)}
    files |= {keys.archive(language, name): file for name, file in archive_files(archive, newest, "").items()}
    for run, shown in views.items():
        files |= {keys.digest(Edition(run, language), name): file for name, file in renderings(shown, "").items()}
        languages = [edition.language for edition in pages if edition.run == run]
        files[keys.digest(Edition(run, language), keys.PAGE)] = page(shown, around(archive, run, languages))
    for run in views:
        files[keys.published(Edition(run, language))] = record_file(published_as(Edition(run, language), files))
    return {key: file.body for key, file in files.items()}


def unsettled(key: str, body: bytes) -> bytes:
    """The file as it follows from the ledger: that nothing is left to do is said only where nobody wrote meanwhile."""
    if not key.endswith("/published.json"):
        return body
    return encode(replace(decode(body, Published, key), settled=None))


def published_as(edition: Edition, files: Mapping[str, File]) -> Published:
    """What is said of a digest with these files."""
    names = (*FILES, *keys.paper_pages(edition, files))
    bodies = {name: files[keys.digest(edition, name)].body for name in names}
    etags = {name: etag_of(body) for name, body in bodies.items()}
    return Published(edition.run, edition.language, sha256(bodies[DIGEST]), etags)


def require_told(cloud: Cloud) -> None:
    """Every digest with a translation was announced in its state, unless a signal about it waits among the dead."""
    waiting = signalled(cloud, DIGESTS, DIGESTS_DEAD)
    subjects = {said for said, _ in cloud.sns.published}
    for edition in editions(cloud):
        if edition in waiting or not is_published(cloud, edition) or is_behind(cloud, edition):
            continue
        digest = held_digest(cloud, edition)
        ways = {subject(digest, healed=healed).rpartition(",")[0] for healed in (True, False)}
        if digest.translated and not any(said.rpartition(",")[0] in ways for said in subjects):
            raise Violation(Invariant.TOLD, f"{edition} is {digest.state}")


def require_all_over(cloud: Cloud) -> None:
    """No incident is left where nothing is wrong any more."""
    held = cloud.store.record(keys.INCIDENTS, Incidents)
    if held is not None and held.incidents:
        raise Violation(Invariant.HEARD, f"{held.incidents[0].cause.name} is not over")


def require_published(cloud: Cloud, wanted: Iterable[Edition]) -> None:
    """Every digest that was asked for is there, complete or not, unless a signal about it waits among the dead."""
    waiting = signalled(cloud, DIGESTS, DIGESTS_DEAD)
    for edition in wanted:
        if edition not in waiting and not is_published(cloud, edition):
            raise Violation(Invariant.PUBLISHED, f"{edition} has no digest after a later tick")


def require_complete(cloud: Cloud, wanted: Iterable[Edition]) -> None:
    """Every digest that was asked for is complete, or accepted as it is, and nothing is left in any queue."""
    for edition in wanted:
        missing = [paper for paper in papers_of(cloud, edition) if not is_settled(cloud, paper)]
        if missing:
            raise Violation(Invariant.HEALED, f"{missing} are not translated")
        if not is_published(cloud, edition):
            raise Violation(Invariant.HEALED, f"{edition} is not complete")
    left = [url for url in (PAPERS, PAPERS_DEAD, DIGESTS, DIGESTS_DEAD) if cloud.sqs.messages(url)]
    if left:
        raise Violation(Invariant.HEALED, f"messages are left in {left}")


def editions(cloud: Cloud) -> list[Edition]:
    """Every digest that the ledger says is wanted."""
    written = sorted(key for key in cloud.s3.objects if key.startswith(keys.RUNS))
    return [edition for key in written if (edition := keys.parse_requested(key)) is not None]


def papers_of(cloud: Cloud, edition: Edition) -> list[Paper]:
    """The papers that a digest is to hold."""
    return [(edition, paper.id) for paper in _manifest(cloud, edition.run).papers]


def digest_of(cloud: Cloud, edition: Edition) -> Digest:
    """The digest as it follows from manifest and results."""
    manifest = _manifest(cloud, edition.run)
    results = read_results(cloud.store, edition, (paper.id for paper in manifest.papers))
    return build(manifest, find_language(edition.language), results)


def held_digest(cloud: Cloud, edition: Edition) -> Digest:
    """The digest as it is published."""
    digest = cloud.store.record(keys.digest(edition, DIGEST), Digest)
    assert digest is not None
    return digest


def is_behind(cloud: Cloud, edition: Edition) -> bool:
    """Whether the digest is published of the papers that the run had before."""
    published = [paper.id for paper in held_digest(cloud, edition).papers]
    return published != [paper for _, paper in papers_of(cloud, edition)]


def is_published(cloud: Cloud, edition: Edition) -> bool:
    """Whether there is a digest, of whatever state."""
    return keys.digest(edition, DIGEST) in cloud.s3.objects


def papers_in(cloud: Cloud, *urls: str) -> set[Paper]:
    """The papers that messages in these queues are about."""
    messages = (decode_paper(body) for url in urls for body in cloud.sqs.bodies(url))
    return {(message.edition, message.paper) for message in messages}


def signalled(cloud: Cloud, *urls: str) -> set[Edition]:
    """The digests that messages in these queues are about."""
    messages = (message for url in urls for body in cloud.sqs.bodies(url) for message in decode_digest(body))
    return {message.edition for message in messages}


def _manifest(cloud: Cloud, run: str) -> Manifest:
    manifest = cloud.store.record(keys.manifest(run), Manifest)
    assert manifest is not None
    return manifest


def _may_follow(held: Result, result: Result) -> bool:
    """Only a failure may be followed by its like; a translation only by a better one or a later request's.

    Who was asked for a better one in vain may be written into it.
    """
    if isinstance(held, TranslatedResult) and isinstance(result, TranslatedResult):
        held = replace(held, judge=result.judge, asked=result.asked)
    return _height(held) < _height(result) or held == result or held.status == result.status == "failed"


def _leaves_it_at(held: Result, result: Result) -> bool:
    """Whether `result` leaves a person's last word as it is, but for another of a person's."""
    if not isinstance(held, TranslatedResult):
        # An accepted failure may be translated at last.
        return result.accepted or not held.accepted or isinstance(result, TranslatedResult)
    if not isinstance(result, TranslatedResult) or result.engine == PERSON:
        return True
    return held.engine != PERSON and (not held.accepted or (result.accepted and result.text == held.text))


def _height(result: Result) -> tuple[int, int, int, datetime]:
    if not isinstance(result, TranslatedResult):
        return 0, 0, 0, _NEVER
    rank = 3 if result.engine == PERSON else 2 if result.accepted else 1
    return rank, -len(result.kept), -doubtful(result.doubts), result.again or _NEVER
