"""One more week costs aggregate the same, however many weeks there are."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from shared.digest import feeds
from shared.digest.archive_entries import ARCHIVE, Archive, entry_of
from shared.digest.archive_files import archive_files
from shared.digest.formats import DIGEST
from shared.digest.model import Digest, build
from shared.digest.templating import render
from shared.digest.view import View, view
from shared.editions import Edition
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.file import record_file
from shared.ledger.records import Manifest, TranslatedResult
from shared.ledger.results import store_result
from shared.ledger.store import Store
from shared.notices.notice import in_turn
from shared.papers import HUGGING_FACE
from shared.services import archive, publish
from shared.services.messages import DigestMessage
from shared.services.publish import Publishing
from shared.text.clean import clean_abstract, clean_title
from tests.fakes.aws import BUCKET, Cloud
from tests.fakes.texts import PAPERS

NEW = "2035-W40"
MOMENT = datetime(2035, 10, 8, 1, tzinfo=UTC)


class Counted:
    """The S3 client it is given, with a count of the requests and of the bytes written."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3
        self.requests: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._s3, name)

        def counted(**request: Any) -> Any:
            self.requests[name] += 1
            return call(**request)

        return call if name == "get_paginator" else counted


def digest_of(run: str, cloud: Cloud) -> Digest:
    manifest = Manifest(run, run, HUGGING_FACE, f"{HUGGING_FACE}/papers/week/{run}", 3, MOMENT, PAPERS[:3])
    cloud.store.create(keys.manifest(run), manifest)
    results = {
        paper.id: TranslatedResult(run, "ko", paper.id, MOMENT, text="본문입니다.", engine="amazon-translate")
        for paper in manifest.papers
    }
    if run == NEW:
        for result in results.values():
            store_result(cloud.store, result)
    return build(manifest, find_language("ko"), results)


def nobody(view: View, healed: bool) -> None:
    """Announces to nobody."""


def archived(weeks: int) -> Cloud:
    """A cloud with so many published weeks, and with every result of a new one."""
    cloud = Cloud()
    digest = digest_of(NEW, cloud)
    runs = [f"{date.fromisocalendar(2035, 40, 1) - timedelta(weeks=number + 1):%G-W%V}" for number in range(weeks)]
    for run in runs:
        cloud.store.write(keys.digest(Edition(run, "ko"), DIGEST), record_file(replace(digest, run=run, period=run)))
    new = entry_of(view(digest))
    entries = tuple(replace(new, run=run, period=run) for run in runs)
    held = Archive(language="ko", entries=entries)
    cloud.store.write(keys.archive("ko", ARCHIVE), record_file(held))
    views = {run: view(replace(digest, run=run, period=run)) for run in runs[:10]}
    for name, file in archive_files(held, views).items():
        cloud.store.write(keys.archive("ko", name), file)
    return cloud


def requests_for_one_more(cloud: Cloud, announce: Callable[[View, bool], None] = nobody) -> Counter[str]:
    """What aggregate asks of S3 to publish the new week."""
    counted = Counted(cloud.s3)
    Publishing(Store(counted, BUCKET), announce).publish(DigestMessage(NEW, "ko"))  # type: ignore[arg-type]
    return counted.requests


def test_one_more_week_asks_as_much_after_ten_weeks_as_after_five_hundred() -> None:
    after_ten, after_hundred, after_many = (requests_for_one_more(archived(weeks)) for weeks in (10, 100, 500))

    assert after_ten == after_hundred == after_many
    assert after_ten.total() < 100


def test_a_publication_makes_each_digest_s_view_once_and_cleans_each_paper_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Given an archive with a full feed, when a week comes, then feeds, pages, search and notices share the views."""
    cloud = archived(weeks=20)
    views: Counter[str] = Counter()
    cleaned: Counter[str] = Counter()
    items: Counter[str] = Counter()
    noticed: list[View] = []

    def counted_view(digest: Digest) -> View:
        views[digest.run] += 1
        return view(digest)

    def counted_clean(text: str, clean: Callable[[str], str]) -> str:
        cleaned[clean.__name__] += 1
        return clean(text)

    def counted_render(template: str, **values: Any) -> bytes:
        if template == "feed.html":
            items[values["view"].digest.run] += 1
        return render(template, **values)

    monkeypatch.setattr(publish, "view", counted_view)
    monkeypatch.setattr(archive, "view", counted_view)
    monkeypatch.setattr(feeds, "render", counted_render)
    for clean in (clean_title, clean_abstract):
        monkeypatch.setattr(f"shared.digest.view.{clean.__name__}", partial(counted_clean, clean=clean))

    requests_for_one_more(cloud, in_turn(*(lambda shown, _healed: noticed.append(shown) for _ in range(2))))

    newest = {NEW, *(f"2035-W{week}" for week in range(31, 40))}
    assert noticed[0] is noticed[1]
    assert views == items == Counter(newest)
    assert cleaned == {"clean_title": 30, "clean_abstract": 30}
