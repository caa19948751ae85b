"""`python -m tests.bench quick|standard|large [SUBJECT …]`: measure, print the table, keep it.

What was measured stands in `docs/benchmarks/<date>.json`, with the machine; a second run on the same day replaces the
subjects that it measured. `make documents` writes the tables of the documents from the newest file.
"""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.bench.commands import commands
from tests.bench.counts import counts
from tests.bench.kept import keep
from tests.bench.pipeline import busy, many_weeks, timed
from tests.bench.rows import Row, plain
from tests.bench.script import against_the_script
from tests.bench.starts import starts
from tests.bench.texts import judging, reading, translating

Subject = Callable[[bool], Iterator[Row]]
QUICK: Mapping[str, Subject] = {"counts": counts}
STANDARD: Mapping[str, Subject] = {
    "counts": counts,
    "reading": reading,
    "judging": judging,
    "translating": translating,
    "starts": starts,
    "commands": commands,
    "script": against_the_script,
    "timed": timed,
    "busy": busy,
    "backfill": many_weeks,
}
SETS = {"quick": QUICK, "standard": STANDARD, "large": {"busy": busy}}


def main(kind: str, *named: str) -> int:
    """The exit status: 1 where a count is not what it has to be; times are shown, and fail nothing."""
    rows: list[Row] = []
    for name, subject in SETS[kind].items():
        if named and name not in named:
            continue
        began = time.monotonic()
        rows += subject(kind == "large")
        sys.stderr.write(f"{name}: {time.monotonic() - began:.0f} s\n")
    sys.stdout.write(plain(rows))
    if kind != "quick":
        keep(Path(__file__).parents[2] / "docs" / "benchmarks", rows)
    worse = [row.what for row in rows if not row.is_held]
    sys.stdout.write(f"\n{sum(row.is_reached for row in rows)} of {len(rows)} reach their targets\n")
    if kind != "quick" or not worse:
        return 0
    sys.stderr.write(f"worse than they were: {'; '.join(worse)}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:] or ("standard",)))
