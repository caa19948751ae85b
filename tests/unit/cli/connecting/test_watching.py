"""A digest counts as published when its record says so of the very files that are there, and not before."""

from collections.abc import Callable

import pytest

from cli.connecting.watching import Watch, pause
from shared.digest.formats import NAMES
from shared.editions import Edition
from shared.ledger import keys
from shared.ledger.file import File
from tests.fakes.aws import Cloud
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


@pytest.mark.parametrize("papers", [100, 10_000])
def test_how_often_a_run_is_looked_at_depends_on_its_time_and_hardly_on_that(papers: int) -> None:
    def looks(seconds: float) -> int:
        elapsed, count = 0.0, 0
        while elapsed < seconds:
            done = int(papers * elapsed / seconds)
            elapsed += pause(elapsed, done, papers - done)
            count += 1
        return count

    assert looks(2) <= 10
    assert looks(100) <= 30
    assert looks(1000) <= 120
