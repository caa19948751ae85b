"""How an archive grows: `python -m tests.readers.growth` prints bytes at 10, 100 and 500 weeks, and for one more."""

import sys
from dataclasses import replace

from shared.digest.archive_entries import Archive, entry_of
from shared.digest.archive_files import archive_files
from shared.digest.feeds import feed_entries
from shared.digest.model import Digest, build
from shared.digest.search import Shard, search_files, with_digest
from shared.digest.view import view
from shared.languages.table import find_language
from shared.ledger.file import record_file
from shared.ledger.keys import SAMPLE
from shared.ledger.records import Manifest, TranslatedResult
from shared.papers import HUGGING_FACE
from shared.services.sample import sample_memory, sample_papers
from tests.readers.made import SITE
from tests.unit.digest.digests import LATER, MONDAY

_SUMMARY = (
    "모델이 서로의 경험을 나누며 학습하여 적은 계산으로도 추론 정확도를 높이고 여러 기기에서 안정적으로 동작합니다."
)
"""As long as a real one."""


def sample_digest() -> Digest:
    """The sample week in Korean, as a person translated it, and with summaries as a real week has them."""
    texts = {entry.source: entry.text for entry in sample_memory() if entry.language == "ko"}
    papers = tuple(replace(paper, summary="It is about robots.") for paper in sample_papers())
    manifest = Manifest(SAMPLE, "", HUGGING_FACE, f"{HUGGING_FACE}/papers", 10, MONDAY, papers)
    results = {
        paper.id: TranslatedResult(
            SAMPLE, "ko", paper.id, LATER, texts[paper.abstract], "person", texts[paper.title], summary=_SUMMARY
        )
        for paper in manifest.papers
    }
    return build(manifest, find_language("ko"), results)


def sizes(weeks: int) -> dict[str, int]:
    """The bytes of every file of an archive of so many weeks, and of a full year and a full quarter to search."""
    digest = replace(sample_digest(), run="2025-W01", period="2025-W01")
    runs = [f"{2017 + number // 52}-W{number % 52 + 1:02}" for number in range(weeks)]
    entries = tuple(replace(entry_of(view(digest)), run=run, period=run) for run in reversed(runs))
    archive = Archive(language="ko", entries=entries)
    newest = {entry.run: view(replace(digest, run=entry.run, period=entry.period)) for entry in feed_entries(archive)}
    files = archive_files(archive, newest, SITE) | {"archive.json": record_file(archive)}
    shard = Shard(language="ko")
    for run in runs[-52:]:
        shard = with_digest(shard, view(replace(digest, run=run, period=run)))
    year, quarter = search_files(shard, runs[-1]).values()
    files |= {"search-<year>.json": year, "list-<quarter>.json": quarter}
    return {name: len(file.body) for name, file in files.items()}


if __name__ == "__main__":
    columns = [sizes(weeks) for weeks in (10, 11, 100, 101, 500, 501)]
    sys.stdout.write(f"{'bytes at':24}{'10 weeks':>10}{'+1':>8}{'100 weeks':>12}{'+1':>8}{'500 weeks':>12}{'+1':>8}\n")
    for name in columns[0]:
        ten, eleven, hundred, hundred_one, many, many_one = (column[name] for column in columns)
        sys.stdout.write(
            f"{name:24}{ten:10}{eleven - ten:+8}{hundred:12}{hundred_one - hundred:+8}{many:12}{many_one - many:+8}\n"
        )
