"""A digest counts as published when its record says so of the very files that are there, and not before."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cli.connecting import watching
from cli.connecting.watching import Watch, pause
from shared.digest.formats import NAMES
from shared.digest.model import build
from shared.editions import Edition
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.file import File
from shared.ledger.records import Published
from shared.ledger.results import read_results
from tests.fakes.aws import Cloud
from tests.fakes.texts import PAPERS
from tests.unit.cli.deployment import RUN, Deployment

EDITION = Edition(RUN, "ko")


@pytest.fixture
def deployment() -> Deployment:
    made = Deployment()
    made.request()
    return made


def test_a_digest_is_published_once_its_record_names_the_files_that_are_there(deployment: Deployment) -> None:
    assert Watch(deployment.cloud.store, EDITION).is_published()


def without_record(cloud: Cloud) -> None:
    del cloud.s3.objects[keys.published(EDITION)]


def with_a_newer_result(cloud: Cloud) -> None:
    key = next(key for key in cloud.s3.objects if key.startswith(keys.results(EDITION)))
    held = cloud.s3.objects[key]
    cloud.store.write(key, File(held.body.replace(b'"text": "', b'"text": "!'), ""))


def with_an_older_file(name: str) -> Callable[[Cloud], None]:
    return lambda cloud: cloud.store.write(keys.digest(EDITION, name), File(b"older", ""))


def without_a_file(name: str) -> Callable[[Cloud], None]:
    def remove(cloud: Cloud) -> None:
        del cloud.s3.objects[keys.digest(EDITION, name)]

    return remove


@pytest.mark.parametrize(
    "unfinished",
    [
        without_record,
        with_a_newer_result,
        *(made(name) for made in (with_an_older_file, without_a_file) for name in NAMES if name != "digest.json"),
    ],
)
def test_a_digest_that_is_not_as_its_record_says_is_not_published(
    deployment: Deployment, unfinished: Callable[[Cloud], None]
) -> None:
    unfinished(deployment.cloud)

    assert not Watch(deployment.cloud.store, EDITION).is_published()


def test_a_run_is_watched_by_listings_and_its_outcome_read_from_the_digest() -> None:
    deployment = Deployment()
    watch = Watch(deployment.cloud.store, EDITION)
    deployment.request()
    deployment.cloud.s3.asked.clear()

    looked = watch.progress()
    by_looks = dict(deployment.cloud.s3.asked)
    published = watch.is_published()
    standing = watch.standing()

    assert (looked.awaited, looked.unread) == (frozenset(), frozenset(standing.results))
    assert by_looks == {"ListObjectsV2": 1, "GetObject": 1}
    assert published
    assert deployment.cloud.s3.asked == {"ListObjectsV2": 4, "GetObject": 4}, "however many papers there are"
    assert (standing.translated, standing.unread) == (5, frozenset())


def test_what_is_read_from_the_digest_is_what_the_results_say() -> None:
    deployment = Deployment()
    deployment.engine.refused = {PAPERS[1].title: "AccessDeniedException"}
    deployment.request()

    standing = Watch(deployment.cloud.store, EDITION).standing()

    results = read_results(deployment.cloud.store, EDITION, (paper.id for paper in PAPERS))
    manifest, korean = standing.manifest, find_language("ko")
    assert standing.results[PAPERS[1].id] == results[PAPERS[1].id]
    assert build(manifest, korean, standing.results) == build(manifest, korean, results)


def test_a_stack_of_an_older_version_never_says_that_nothing_is_left_and_its_digests_are_read(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_UNSETTLED_SECONDS", 0.0)
    said = deployment.cloud.store.record(keys.published(EDITION), Published)
    assert said is not None
    deployment.cloud.store.write_record(keys.published(EDITION), replace(said, settled=None))

    assert Watch(deployment.cloud.store, EDITION).is_published()


@pytest.mark.parametrize("papers", [100, 10_000])
def test_how_often_a_run_is_looked_at_depends_on_its_time_and_hardly_on_that(papers: int) -> None:
    def looks(seconds: float) -> int:
        elapsed, count = 0.0, 0
        while elapsed < seconds:
            done = int(papers * elapsed / seconds)
            elapsed += pause(elapsed, done, papers - done)
            count += 1
        return count

    assert looks(2) <= 7
    assert looks(100) <= 20
    assert looks(1000) <= 110
