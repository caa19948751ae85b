"""How an archive grows: `python -m tests.readers.growth` prints bytes at 10, 100 and 500 weeks, and for one more."""

import sys
from dataclasses import replace

from shared.digest.archive_entries import Archive, entry_of
from shared.digest.archive_files import archive_files
from shared.digest.feeds import feed_entries
from shared.digest.search import Shard, with_digest
from shared.digest.view import view
from shared.ledger.file import record_file
from tests.readers.site import SITE, sample_digest


def sizes(weeks: int) -> dict[str, int]:
    """The bytes of every file of an archive of so many weeks, and of one full year of documents to search."""
    digest = replace(sample_digest(), run="2025-W01", period="2025-W01")
    runs = [f"{2017 + number // 52}-W{number % 52 + 1:02}" for number in range(weeks)]
    entries = tuple(replace(entry_of(view(digest)), run=run, period=run) for run in reversed(runs))
    archive = Archive(language="ko", entries=entries)
    newest = {entry.run: view(replace(digest, run=entry.run, period=entry.period)) for entry in feed_entries(archive)}
    files = archive_files(archive, newest, SITE) | {"archive.json": record_file(archive)}
    shard = Shard(language="ko")
    for run in runs[-52:]:
        shard = with_digest(shard, view(replace(digest, run=run, period=run)))
    return {name: len(file.body) for name, file in (files | {"search-<year>.json": record_file(shard)}).items()}


if __name__ == "__main__":
    columns = [sizes(weeks) for weeks in (10, 11, 100, 101, 500, 501)]
    sys.stdout.write(f"{'bytes at':24}{'10 weeks':>10}{'+1':>8}{'100 weeks':>12}{'+1':>8}{'500 weeks':>12}{'+1':>8}\n")
    for name in columns[0]:
        ten, eleven, hundred, hundred_one, many, many_one = (column[name] for column in columns)
        sys.stdout.write(
            f"{name:24}{ten:10}{eleven - ten:+8}{hundred:12}{hundred_one - hundred:+8}{many:12}{many_one - many:+8}\n"
        )
