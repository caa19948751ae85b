"""An archive that runs made: real pages read, every paper delivered to an engine that is wrong now and then, published.

What a run writes holds what no test would think of: times with microseconds, summaries, stars, marks of the judge.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import boto3

from shared.digest.archive_entries import Archive, entry_of
from shared.digest.archive_files import archive_files
from shared.digest.formats import renderings
from shared.digest.model import Digest
from shared.digest.view import view
from shared.engines.amazon import amazon_engine
from shared.engines.protocol import Engine, EngineAnswer
from shared.errors import TranslationError
from shared.failures import Failure, class_of
from shared.huggingface.source import top_papers
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.keys import SAMPLE
from shared.ledger.records import decode
from shared.papers import Paper
from shared.periods import Period, parse_period
from shared.services.archive import Archiving
from shared.services.correct import correct
from shared.services.deliver import Delivery, Translating
from shared.services.events import RunRequest
from shared.services.fetching import Fetching
from shared.services.messages import DigestMessage, decode_paper
from shared.services.publish import Publishing
from shared.services.request import fulfil
from shared.services.sample import sample_memory
from shared.settings import Settings
from tests.fakes.aws import PAPERS, Cloud
from tests.fakes.texts import no_paper
from tests.fakes.translate import FakeTranslate, korean
from tests.unit.digest.attacks import attacked_digest
from tests.unit.huggingface.made import FakeClient

WHOLE, ATTACKED, REAL = "2025-W35", "2025-W36", "2025-W37"
"""A week that is complete, one in which every stranger is hostile, and one that lacks three papers' translations."""
SITE = "https://digests.example.org/digests/"
_FAULTS = {2: "ThrottlingException", 3: "UnsupportedLanguagePairException", 4: "ValidationException"}
"""By their rank, the papers of the partial week that fail."""
_KOREAN = find_language("ko")
_LOOP = " ".join(["그리고 다시"] * 12)


def write_archive(data: Path, folder: Path) -> None:
    """Make the archive of the sample and three weeks, as `digests/` in the bucket; `data` holds the real pages."""
    with FakeTranslate(_sometimes_wrong) as fake:
        client = boto3.client(
            "translate",
            endpoint_url=fake.address,
            region_name="ap-northeast-2",
            aws_access_key_id="any",
            aws_secret_access_key="any",
        )
        deployment = _Deployment(data, amazon_engine(client, _KOREAN, terminology=None))
        deployment.run(SAMPLE)
        deployment.run(WHOLE)
        deployment.run(REAL, _FAULTS)
        deployment.add(attacked_digest(run=ATTACKED))
        deployment.write(folder)


def write_long_archive(site: Path, folder: Path, weeks: int) -> None:
    """Write the archive of so many weeks, each with the papers of one that is published below `site`."""
    digest = decode((site / WHOLE / "ko" / "digest.json").read_bytes(), Digest, "digest.json")
    last = parse_period(WHOLE).first
    runs = [f"{last - timedelta(weeks=number):%G-W%V}" for number in range(weeks)]
    views = {run: view(replace(digest, run=run, period=run)) for run in runs}
    archive = Archive(language="ko", entries=tuple(map(entry_of, views.values())))
    (folder / "ko").mkdir()
    for name, file in archive_files(archive, views, SITE).items():
        (folder / "ko" / name).write_bytes(file.body)


def publish_made(cloud: Cloud, digest: Digest) -> None:
    """Publish a digest that no run could make."""
    for name, file in renderings(view(digest), SITE).items():
        cloud.store.write(keys.digest(digest.edition, name), file)
    Archiving(cloud.store, SITE).add(digest.edition)


def write_published(cloud: Cloud, folder: Path) -> None:
    """Write what is published, each file below `folder` as its key has it."""
    for key, stored in cloud.s3.objects.items():
        if key.startswith(keys.DIGESTS):
            file = folder / key.removeprefix(keys.DIGESTS)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(stored.body)


class _Deployment:
    """The services on one cloud, whose runs are made here and now."""

    def __init__(self, data: Path, engine: Engine) -> None:
        self._data, self._engine = data, engine
        self._cloud, self._settings = Cloud(), Settings()
        correct(self._cloud.store, sample_memory(), datetime.now(UTC))

    def run(self, run: str, faults: Mapping[int, str] = MappingProxyType({})) -> None:
        """Fetch, translate and publish `run`; of its papers, those of the ranks in `faults` fail with these codes."""
        cloud = self._cloud
        fetching = Fetching(self._settings, cloud.store, cloud.papers, cloud.digests, self._read, no_paper)
        fulfil(fetching, datetime.now(UTC), RunRequest(run))
        messages = [decode_paper(body) for body in cloud.sqs.bodies(PAPERS)]
        cloud.sqs.messages(PAPERS).clear()
        for rank, message in enumerate(messages, start=1):
            engines = {_KOREAN: _failing(faults[rank]) if rank in faults else self._engine}
            translating = Translating(self._settings, cloud.store, engines.__getitem__, lambda: 0.5)
            now = datetime.now(UTC)
            translating.deliver(message, Delivery(f"{run}-{rank}", self._settings.receives, now, now))
        Publishing(cloud.store, lambda _view, _healed: None, SITE).publish(DigestMessage(run, "ko", publish=True))

    def add(self, digest: Digest) -> None:
        publish_made(self._cloud, digest)

    def write(self, folder: Path) -> None:
        write_published(self._cloud, folder)

    def _read(self, base: str, period: Period, top: int, believe_few: bool) -> tuple[Paper, ...]:
        page = (self._data / "hf" / "papers" / "week" / period.name).read_bytes()
        return top_papers(FakeClient(page=page), period, top, believe_few=believe_few).papers


def _failing(code: str) -> Engine:
    def engine(text: str) -> EngineAnswer:
        raise TranslationError(Failure(class_of(code), code, "A fault that was asked for."))

    return engine


def _sometimes_wrong(sentence: str, pair: str) -> str:
    """Korean of a kind, with a wrong number here and a loop there, so that sentences are doubtful or kept."""
    text = korean(sentence, pair)
    numbers = re.findall(r"\d+", sentence)
    if len(numbers) == 1:
        return text.replace(numbers[0], f"{int(numbers[0]) + 3}")
    return f"{_LOOP}." if len(numbers) == 2 and len(sentence) < 250 else text
