"""`python -m tests.permissions`: the table of what is allowed and used; exit status 1 where the two differ."""

import sys
import tempfile
from pathlib import Path

from tests.permissions.paths import record
from tests.permissions.policies import allowances
from tests.permissions.proof import prove, table


def main() -> int:
    """Record, hold against the policies, and print."""
    with tempfile.TemporaryDirectory() as folder:
        recorded = record(Path(folder))
    proof = prove(recorded.calls, allowances(recorded.template, recorded.names))
    sys.stdout.write("\n".join(table(proof)) + "\n")
    return int(bool(proof.not_allowed or proof.not_used))


if __name__ == "__main__":
    sys.exit(main())
