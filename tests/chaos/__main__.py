"""`python -m tests.chaos [--seed N]… [--papers N]`: exit status 0 where every seed ended as it must."""

import argparse
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

from shared.errors import ChorokError
from tests.chaos.storm import storm

SEEDS = (1, 2, 3)
_AT_ONCE = 3
"""Most of the time of a seed is waiting for calls that hang."""


def main() -> None:
    """Run the seeds and print what became of each."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Convergence under fire.")
    parser.add_argument("--seed", type=int, action="append", metavar="N", help="repeatable  [default: 1, 2 and 3]")
    parser.add_argument("--papers", type=int, default=10, metavar="N", help="papers a week  [default: 10]")
    arguments = parser.parse_args()
    if not Path("/proc/self/environ").exists():
        sys.exit("chaos finds the processes of functions in /proc: run it on Linux.")
    start = time.monotonic()
    ended_well = True
    with ProcessPoolExecutor(_AT_ONCE) as pool:
        for said, is_well in pool.map(_run, arguments.seed or SEEDS, repeat(arguments.papers)):
            print(said, flush=True)  # noqa: T201
            ended_well &= is_well
    print(f"chaos: {'passed' if ended_well else 'FAILED'} after {time.monotonic() - start:.0f} s")  # noqa: T201
    sys.exit(not ended_well)


def _run(seed: int, papers: int) -> tuple[str, bool]:
    """What to say of a seed, and whether it ended as it must; otherwise its state is kept."""
    state = Path(tempfile.mkdtemp(prefix=f"chorok-chaos-{seed}-"))
    try:
        report = storm(seed, papers, state)
    except ChorokError as error:
        return f"seed {seed}: {error}\n  state   {state}", False
    if report.troubles:
        return f"{report}\n  state   {state}", False
    shutil.rmtree(state)
    return str(report), True


if __name__ == "__main__":
    main()
