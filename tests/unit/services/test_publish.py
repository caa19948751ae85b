"""What is published follows from the ledger alone, whoever publishes it, when, and however often."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from shared.digest.formats import FILES
from shared.digest.front import Languages
from shared.digest.model import build
from shared.digest.view import View
from shared.editions import Edition
from shared.errors import LedgerContention, LedgerUnavailable, MissingManifest
from shared.failures import Failure, FailureClass
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.file import File
from shared.ledger.records import Announced, FailedResult, Manifest, Published, TranslatedResult
from shared.ledger.results import read_results, store_result
from shared.ledger.store import Store
from shared.papers import HUGGING_FACE, Paper
from shared.services.messages import DigestMessage
from shared.services.publish import Publication, Publishing
from tests.fakes.aws import BUCKET, Cloud, client_error
from tests.fakes.texts import PAPERS
from tests.proof.invariants import files_of, unsettled

RUN = "2025-W37"
WEEK = PAPERS[:3]
MOMENT = datetime(2025, 9, 15, 1, tzinfo=UTC)
MANIFEST = Manifest(RUN, RUN, HUGGING_FACE, f"{HUGGING_FACE}/papers/week/{RUN}", 3, MOMENT, WEEK)
FAILURE = Failure(FailureClass.PERMANENT, "RefusedByGate", "refused")
EDITION = Edition(RUN, "ko")
PUBLISHED = keys.published(EDITION)
SIGNAL, LOOK = DigestMessage(RUN, "ko", signal=True), DigestMessage(RUN, "ko")
PUBLISH = DigestMessage(RUN, "ko", publish=True)


@dataclass
class Deployment:
    """The aggregate function on a cloud of its own, and what it told the subscribers."""

    cloud: Cloud = field(default_factory=Cloud)
    told: list[tuple[str, int, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cloud.store.create(keys.manifest(RUN), MANIFEST)

    def publish(self, message: DigestMessage = SIGNAL, store: Store | None = None) -> Publication:
        return Publishing(store or self.cloud.store, self.announce).publish(message)

    def announce(self, view: View, healed: bool) -> None:
        self.told.append((view.digest.state, view.digest.translated, healed))

    def translate(self, *papers: Paper, text: str = "본문", again: datetime | None = None) -> None:
        for paper in papers:
            result = TranslatedResult(RUN, "ko", paper.id, MOMENT, text=text, engine="amazon-translate", again=again)
            store_result(self.cloud.store, result)

    def fail(self, *papers: Paper) -> None:
        for paper in papers:
            store_result(self.cloud.store, FailedResult(RUN, "ko", paper.id, MOMENT, failure=FAILURE))

    @property
    def files(self) -> dict[str, bytes]:
        """Every file that is published, by its key, but for what stands above all languages."""
        above, objects = (keys.LANGUAGES, keys.FRONT), self.cloud.s3.objects
        published = (key for key in objects if key.startswith(keys.DIGESTS) and key not in above)
        return {key: unsettled(key, objects[key].body) for key in published}

    @property
    def digest(self) -> bytes:
        """`digest.json` as it is published."""
        return self.files[keys.digest(Edition(RUN, "ko"), "digest.json")]

    @property
    def expected(self) -> dict[str, bytes]:
        """Every file as it follows from manifest and results."""
        results = read_results(self.cloud.store, Edition(RUN, "ko"), [paper.id for paper in WEEK])
        return files_of([build(MANIFEST, find_language("ko"), results)], [Edition(RUN, "ko")])


def counting(deployment: Deployment, written: list[str]) -> Store:
    """The ledger, where the key of every object that is put is noted in `written`."""

    class Counting:
        def __getattr__(self, name: str) -> Any:
            return getattr(deployment.cloud.s3, name)

        def put_object(self, **request: Any) -> Any:
            written.append(request["Key"])
            return deployment.cloud.s3.put_object(**request)

    return Store(cast("Any", Counting()), BUCKET)


@pytest.fixture
def deployment() -> Deployment:
    return Deployment()


# When something is published.


def test_nothing_is_published_while_a_paper_is_still_awaited(deployment: Deployment) -> None:
    deployment.translate(*WEEK[:2])

    assert deployment.publish() == Publication(RUN, "ko", "open", papers=3)
    assert deployment.files == {}


def test_the_last_translation_completes_the_digest(deployment: Deployment) -> None:
    deployment.translate(*WEEK)

    assert deployment.publish() == Publication(RUN, "ko", "complete", papers=3, translated=3)
    assert deployment.files == deployment.expected


def test_a_digest_is_partial_when_something_failed_and_nothing_is_left_to_wait_for(deployment: Deployment) -> None:
    deployment.translate(*WEEK[:2])
    deployment.fail(WEEK[2])

    assert deployment.publish() == Publication(RUN, "ko", "partial", papers=3, translated=2)
    assert deployment.files == deployment.expected


def test_a_later_tick_publishes_what_is_there(deployment: Deployment) -> None:
    deployment.translate(WEEK[0])

    assert deployment.publish(PUBLISH) == Publication(RUN, "ko", "partial", papers=3, translated=1)
    assert deployment.files == deployment.expected


def test_a_published_digest_follows_every_later_signal(deployment: Deployment) -> None:
    deployment.publish(PUBLISH)
    deployment.translate(WEEK[0])

    deployment.publish()

    assert deployment.files == deployment.expected


def test_a_partial_digest_heals(deployment: Deployment) -> None:
    deployment.translate(*WEEK[:2])
    deployment.fail(WEEK[2])
    deployment.publish()

    deployment.translate(WEEK[2])

    assert deployment.publish().state == "complete"
    assert deployment.files == deployment.expected


def test_a_fresh_translation_gets_into_a_complete_digest(deployment: Deployment) -> None:
    deployment.translate(*WEEK)
    deployment.publish()

    deployment.translate(WEEK[0], text="새 본문", again=MOMENT)
    deployment.publish()

    assert "새 본문".encode() in deployment.digest
    assert deployment.files == deployment.expected


def test_papers_that_are_in_no_manifest_are_in_no_digest(deployment: Deployment) -> None:
    deployment.translate(*WEEK, PAPERS[3])

    deployment.publish()

    assert PAPERS[3].id.encode() not in deployment.digest


def test_a_run_without_a_manifest_is_an_error_because_nothing_says_what_it_holds() -> None:
    publishing = Publishing(Cloud().store, lambda view, healed: None)

    with pytest.raises(MissingManifest, match="Run 2025-W37 has no manifest"):
        publishing.publish(SIGNAL)


def test_a_signal_for_a_long_run_asks_for_one_paper_and_not_for_the_list(deployment: Deployment) -> None:
    """Given a run that was open when last looked at, when another signal comes, then three questions are enough."""
    publishing = Publishing(deployment.cloud.store, deployment.announce)
    deployment.translate(WEEK[0])
    publishing.publish(SIGNAL)
    deployment.translate(WEEK[1])
    deployment.cloud.s3.asked.clear()

    assert publishing.publish(SIGNAL).state == "open"
    assert deployment.cloud.s3.asked == {"HeadObject": 3}


def test_what_another_process_published_meanwhile_follows_every_later_signal(deployment: Deployment) -> None:
    publishing = Publishing(deployment.cloud.store, deployment.announce)
    publishing.publish(SIGNAL)
    deployment.publish(PUBLISH)
    deployment.translate(WEEK[0])

    assert publishing.publish(SIGNAL).state == "partial"
    assert deployment.files == deployment.expected


def test_a_page_of_a_month_names_the_weeks_page_of_its_paper_as_the_one_to_find(deployment: Deployment) -> None:
    deployment.translate(*WEEK)
    deployment.publish()
    month = replace(MANIFEST, run="2025-09", period="2025-09")
    deployment.cloud.store.create(keys.manifest("2025-09"), month)
    for paper in WEEK:
        result = TranslatedResult("2025-09", "ko", paper.id, MOMENT, text="본문", engine="amazon-translate")
        store_result(deployment.cloud.store, result)

    site = "https://digests.example.org/"
    Publishing(deployment.cloud.store, deployment.announce, site).publish(DigestMessage("2025-09", "ko"))

    page = deployment.cloud.s3.objects[f"digests/2025-09/ko/{WEEK[0].id}.html"].body.decode()
    assert f'<link rel="canonical" href="{site}{RUN}/ko/{WEEK[0].id}.html">' in page


def test_each_language_is_published_alone(deployment: Deployment) -> None:
    deployment.translate(*WEEK)

    assert deployment.publish(DigestMessage(RUN, "pt")).state == "open"
    assert deployment.files == {}


# Converging.


@dataclass
class Watched:
    """S3 with something that happens once, right before a certain call on a certain kind of key.

    With `last`, that call is the last that is answered.
    """

    cloud: Cloud
    method: str
    ending: str
    happens: Callable[[], object]
    last: bool = False
    waiting: bool = True

    def __getattr__(self, name: str) -> Any:
        def call(**request: str) -> Any:
            if self.last and not self.waiting:
                raise client_error("InternalError", 500, name)
            if (
                self.waiting
                and name == self.method
                and request.get("Key", request.get("Prefix", "")).endswith(self.ending)
            ):
                self.waiting = False
                self.happens()
            return getattr(self.cloud.s3, name)(**request)

        return self.cloud.s3.get_paginator if name == "get_paginator" else call

    @property
    def store(self) -> Store:
        return Store(cast("Any", self), BUCKET)


@pytest.mark.parametrize("published", [True, False])
@pytest.mark.parametrize(
    ("method", "ending"),
    [
        ("get_object", f"{WEEK[0].id}.json"),
        ("get_object", f"{WEEK[2].id}.json"),
        ("put_object", "digest.json"),
        ("put_object", "digest.txt"),
        ("put_object", "digest.html"),
        ("get_object", "digest.json"),
        ("put_object", "archive.json"),
        ("put_object", "feed.json"),
        ("put_object", "published.json"),
    ],
)
def test_another_aggregate_that_publishes_more_in_between_is_never_undone(
    deployment: Deployment, method: str, ending: str, *, published: bool
) -> None:
    deployment.translate(WEEK[0])
    if published:
        deployment.publish(PUBLISH)
    deployment.translate(WEEK[1])
    deployment.fail(WEEK[2])

    def overtake() -> None:
        deployment.translate(WEEK[2])
        deployment.publish()

    watched = Watched(deployment.cloud, method, ending, overtake)
    deployment.publish(store=watched.store)

    assert not watched.waiting
    assert b'"state": "complete"' in deployment.digest
    assert deployment.files == deployment.expected


def test_a_look_that_finds_everything_right_takes_no_new_neighbour_from_a_page(deployment: Deployment) -> None:
    deployment.translate(*WEEK)
    deployment.publish()
    page, later = keys.digest(Edition(RUN, "ko"), keys.PAGE), "2025-W38"

    def publish_the_next_week() -> None:
        deployment.cloud.store.create(keys.manifest(later), replace(MANIFEST, run=later, period=later))
        for paper in WEEK:
            result = TranslatedResult(later, "ko", paper.id, MOMENT, text="본문", engine="amazon-translate")
            store_result(deployment.cloud.store, result)
        deployment.publish(DigestMessage(later, "ko"))

    class Overtaken:
        """S3, whose archive has been read when the next week comes, and the ETags of the pages have not."""

        def __getattr__(self, name: str) -> Any:
            return getattr(deployment.cloud.s3, name)

        def get_object(self, **request: Any) -> Any:
            answer = deployment.cloud.s3.get_object(**request)
            if request["Key"].endswith("search-2025.json") and later.encode() not in deployment.files[page]:
                publish_the_next_week()
            return answer

    deployment.publish(LOOK, Store(cast("Any", Overtaken()), BUCKET))

    assert later.encode() in deployment.files[page]


@pytest.mark.parametrize(
    "file", ["digest.txt", "digest.md", "digest.epub", "digest.html", "index.html", "feed.json", "published.json"]
)
def test_an_overtaken_aggregate_that_fails_in_the_end_leaves_nothing_old_behind(
    deployment: Deployment, file: str
) -> None:
    deployment.translate(*WEEK[:2])
    deployment.fail(WEEK[2])

    def overtake() -> None:
        deployment.translate(WEEK[2])
        deployment.publish()

    overtaken = Watched(deployment.cloud, "put_object", file, overtake, last=True)
    with pytest.raises(LedgerUnavailable):
        deployment.publish(store=overtaken.store)

    assert deployment.files == deployment.expected


@pytest.mark.parametrize("file", ["digest.txt", "digest.md", "digest.html", "2025-W37/ko/index.html"])
def test_a_crash_between_the_files_is_made_good_by_the_next_signal(deployment: Deployment, file: str) -> None:
    deployment.translate(*WEEK[:2])
    deployment.publish(PUBLISH)
    deployment.translate(WEEK[2])

    def crash() -> None:
        raise client_error("InternalError", 500, "PutObject")

    with pytest.raises(LedgerUnavailable):
        deployment.publish(store=Watched(deployment.cloud, "put_object", file, crash).store)
    torn = deployment.files != deployment.expected
    deployment.publish()

    assert torn
    assert deployment.files == deployment.expected


def test_a_digest_that_never_comes_to_rest_is_an_error_and_no_endless_loop(deployment: Deployment) -> None:
    deployment.translate(*WEEK)
    moments = iter(range(10_000))

    class Restless(Watched):
        def __getattr__(self, name: str) -> Any:
            self.waiting = True
            return super().__getattr__(name)

    def disturb() -> None:
        again = next(moments)
        deployment.translate(WEEK[0], text=f"본문 {again}", again=MOMENT + timedelta(seconds=again))
        deployment.publish()

    with pytest.raises(LedgerContention, match="changed 50 times"):
        deployment.publish(LOOK, Restless(deployment.cloud, "get_object", f"{WEEK[0].id}.json", disturb).store)


def test_what_is_there_to_the_byte_is_not_written_again_and_what_is_wrong_alone_is_mended(
    deployment: Deployment,
) -> None:
    deployment.translate(*WEEK)
    deployment.publish()
    before = deployment.files
    deployment.cloud.store.write(keys.digest(Edition(RUN, "ko"), "digest.md"), File(b"left by a crash", ""))
    written: list[str] = []

    deployment.publish(store=counting(deployment, written))

    assert written == [keys.digest(Edition(RUN, "ko"), "digest.md")]
    assert deployment.files == before


# Saying that it is published.


def test_the_last_thing_written_says_which_digest_is_published_and_which_files_it_is(deployment: Deployment) -> None:
    deployment.translate(*WEEK)
    written: list[str] = []

    deployment.publish(store=counting(deployment, written))

    said = deployment.cloud.store.record(PUBLISHED, Published)
    assert said is not None
    assert written[-3:] == [PUBLISHED, keys.announced(EDITION, "complete"), PUBLISHED]
    assert said.digest == hashlib.sha256(deployment.digest).hexdigest()
    names = (*FILES, *(keys.paper_page(paper.id) for paper in WEEK))
    assert said.files == {name: deployment.cloud.store.etag(keys.digest(EDITION, name)) for name in names}


def test_a_digest_of_an_older_version_is_said_to_be_published_at_the_next_signal_and_nothing_else_is_written(
    deployment: Deployment,
) -> None:
    deployment.translate(*WEEK)
    deployment.publish()
    del deployment.cloud.s3.objects[PUBLISHED]
    written: list[str] = []

    deployment.publish(store=counting(deployment, written))

    assert set(written) == {PUBLISHED}
    assert deployment.files == deployment.expected


def test_a_signal_that_finds_everything_as_it_is_reads_no_result(deployment: Deployment) -> None:
    deployment.translate(*WEEK)
    first = deployment.publish()
    deployment.cloud.s3.asked.clear()

    assert deployment.publish() == first
    assert deployment.cloud.s3.asked == {"HeadObject": 2, "ListObjectsV2": 2, "GetObject": 2}


def test_a_signal_after_a_refetch_is_not_done_with_the_digest_of_the_papers_before(deployment: Deployment) -> None:
    deployment.translate(*WEEK)
    deployment.publish()
    deployment.cloud.store.write_record(keys.manifest(RUN), replace(MANIFEST, papers=WEEK[::-1], revision=1))

    deployment.publish()

    assert deployment.digest.index(WEEK[2].id.encode()) < deployment.digest.index(WEEK[0].id.encode())


def test_a_signal_for_what_is_partial_says_the_same_again(deployment: Deployment) -> None:
    deployment.translate(*WEEK[:2])
    accepted = FailedResult(RUN, "ko", WEEK[2].id, MOMENT, failure=FAILURE, accepted=True)
    store_result(deployment.cloud.store, accepted)

    assert deployment.publish() == deployment.publish() == Publication(RUN, "ko", "partial", 3, 2, accepted=True)


def test_a_signal_tells_subscribers_whom_a_crash_has_kept_waiting(deployment: Deployment) -> None:
    deployment.translate(*WEEK)

    def crash() -> None:
        raise client_error("InternalError", 500, "PutObject")

    with pytest.raises(LedgerUnavailable):
        deployment.publish(store=Watched(deployment.cloud, "put_object", "announced-complete.json", crash).store)
    deployment.told.clear()

    deployment.publish()
    deployment.publish()

    assert deployment.told == [("complete", 3, False)]


def test_a_signal_mends_a_file_that_is_not_the_one_that_was_published(deployment: Deployment) -> None:
    deployment.translate(*WEEK)
    deployment.publish()
    deployment.cloud.store.write(keys.digest(EDITION, "digest.md"), File(b"damaged", ""))

    deployment.publish()

    assert deployment.files == deployment.expected


def test_a_new_neighbour_changes_the_page_and_what_is_said_of_it(deployment: Deployment) -> None:
    deployment.translate(*WEEK)
    deployment.publish()
    before = deployment.files[PUBLISHED]
    later = Edition("2025-W38", "ko")
    deployment.cloud.store.create(keys.manifest(later.run), replace(MANIFEST, run=later.run, period=later.run))

    deployment.publish(DigestMessage(later.run, later.language, publish=True))

    said = deployment.cloud.store.record(PUBLISHED, Published)
    assert deployment.files[PUBLISHED] != before
    assert said is not None
    assert said.files[keys.PAGE] == deployment.cloud.store.etag(keys.digest(EDITION, keys.PAGE))


@pytest.mark.parametrize("file", ["digest.html", "archive.json", "feed.json", "2025-W37/ko/index.html"])
def test_a_digest_whose_publication_crashed_is_not_said_to_be_published(deployment: Deployment, file: str) -> None:
    deployment.translate(*WEEK)

    def crash() -> None:
        raise client_error("InternalError", 500, "PutObject")

    with pytest.raises(LedgerUnavailable):
        deployment.publish(store=Watched(deployment.cloud, "put_object", file, crash).store)

    assert PUBLISHED not in deployment.files


def test_two_languages_that_come_first_at_once_lead_to_each_other_and_are_both_led_to(deployment: Deployment) -> None:
    deployment.translate(*WEEK)

    def overtake() -> None:
        deployment.publish(DigestMessage(RUN, "pt", publish=True))

    watched = Watched(deployment.cloud, "put_object", "languages.json", overtake)
    deployment.publish(store=watched.store)

    objects = deployment.cloud.s3.objects
    assert not watched.waiting
    assert deployment.cloud.store.record(keys.LANGUAGES, Languages) == Languages(languages=("ko", "pt"))
    assert all(f'href="{language}/latest.html"'.encode() in objects[keys.FRONT].body for language in ("ko", "pt"))
    for ours, other in (("ko", "pt"), ("pt", "ko")):
        edition = Edition(RUN, ours)
        assert f'href="../{other}/index.html"'.encode() in objects[keys.digest(edition, keys.PAGE)].body
        said = deployment.cloud.store.record(keys.published(edition), Published)
        assert said is not None
        assert said.files[keys.PAGE] == deployment.cloud.store.etag(keys.digest(edition, keys.PAGE))


# Telling.


def test_the_subscribers_are_told_once_of_a_complete_digest(deployment: Deployment) -> None:
    deployment.translate(*WEEK)

    for _ in range(3):
        deployment.publish()

    assert deployment.told == [("complete", 3, False)]


def test_the_subscribers_are_told_of_a_partial_digest_and_of_its_healing(deployment: Deployment) -> None:
    deployment.translate(WEEK[0])
    deployment.publish(PUBLISH)
    deployment.translate(WEEK[1])
    deployment.publish(PUBLISH)
    deployment.translate(WEEK[2])
    deployment.publish()

    assert deployment.told == [("partial", 1, False), ("complete", 3, True)]


def test_nobody_is_told_of_a_partial_digest_that_was_completed_and_told_of_meanwhile(deployment: Deployment) -> None:
    deployment.translate(*WEEK[:2])
    deployment.fail(WEEK[2])

    def overtake() -> None:
        deployment.translate(WEEK[2])
        deployment.publish()

    late = Watched(deployment.cloud, "get_object", "announced-partial.json", overtake)
    deployment.publish(store=late.store)

    assert not late.waiting
    assert deployment.told == [("complete", 3, False)]


def test_nobody_is_told_of_a_digest_without_any_translation(deployment: Deployment) -> None:
    deployment.fail(*WEEK)

    deployment.publish()

    assert deployment.files == deployment.expected
    assert deployment.told == []
    assert deployment.cloud.store.etag(keys.announced(Edition(RUN, "ko"), "partial")) is None


def test_a_crash_after_telling_repeats_the_notice_and_one_before_loses_none(deployment: Deployment) -> None:
    deployment.translate(*WEEK)

    def crash() -> None:
        raise client_error("InternalError", 500, "PutObject")

    crashing = Watched(deployment.cloud, "put_object", "announced-complete.json", crash)
    with pytest.raises(LedgerUnavailable):
        deployment.publish(store=crashing.store)
    deployment.publish()

    marker = deployment.cloud.store.record(keys.announced(Edition(RUN, "ko"), "complete"), Announced)
    assert deployment.told == [("complete", 3, False)] * 2
    assert marker == Announced(RUN, "ko", "complete")


def test_a_notice_that_could_not_be_sent_is_sent_at_the_next_signal(deployment: Deployment) -> None:
    deployment.translate(*WEEK)

    def refuse(view: View, healed: bool) -> None:
        raise client_error("Throttled", 429, "Publish")

    with pytest.raises(ClientError):
        Publishing(deployment.cloud.store, refuse).publish(SIGNAL)
    deployment.publish()

    assert deployment.told == [("complete", 3, False)]


def test_a_digest_is_announced_only_once_every_file_of_it_is_there(deployment: Deployment) -> None:
    deployment.translate(*WEEK)
    seen: list[dict[str, bytes]] = []

    Publishing(deployment.cloud.store, lambda view, healed: seen.append(deployment.files)).publish(SIGNAL)

    assert seen == [deployment.expected]
