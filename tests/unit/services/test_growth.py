"""One more week costs aggregate the same, however many weeks there are."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from shared.digest.archive import Archive, ArchivedEdition, entry_of
from shared.digest.formats import DIGEST
from shared.digest.model import Digest, build
from shared.editions import Edition
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.records import Manifest, TranslatedResult, encode
from shared.ledger.results import store_result
from shared.ledger.store import Store
from shared.papers import HUGGING_FACE
from shared.services.archive import ARCHIVE
from shared.services.messages import DigestMessage
from shared.services.publish import Publishing
from tests.fakes.aws import BUCKET, Cloud
from tests.fakes.texts import PAPERS

NEW = "2036-W01"
MOMENT = datetime(2036, 1, 7, 1, tzinfo=UTC)


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


def requests_for_one_more(weeks: int) -> Counter[str]:
    """What aggregate asks of S3 to publish a week after so many others."""
    cloud = Cloud()
    digest = digest_of(NEW, cloud)
    runs = [f"{2035 - number // 52}-W{52 - number % 52:02}" for number in range(weeks)]
    entries: list[ArchivedEdition] = []
    for run in runs:
        earlier = replace(digest, run=run, period=run)
        cloud.store.write(keys.digest(Edition(run, "ko"), DIGEST), encode(earlier))
        entries.append(entry_of(earlier))
    cloud.store.write(keys.archive("ko", ARCHIVE), encode(Archive(language="ko", entries=tuple(entries))))
    counted = Counted(cloud.s3)

    Publishing(Store(counted, BUCKET), lambda _digest, _healed: None).publish(DigestMessage(NEW, "ko"))  # type: ignore[arg-type]

    return counted.requests


def test_one_more_week_asks_as_much_after_ten_weeks_as_after_five_hundred() -> None:
    after_ten, after_hundred, after_many = (requests_for_one_more(weeks) for weeks in (10, 100, 500))

    assert after_ten == after_hundred == after_many
    assert after_ten.total() < 100
