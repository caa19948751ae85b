"""What every test shares: the real data beside the checkout, and a count of skips by reason."""

import os
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def _skip(reason: str, detail: str) -> None:
    """Skip for a named reason, or fail where `CHOROK_REQUIRE` (names separated by commas) demands it."""
    if reason in os.environ.get("CHOROK_REQUIRE", "").split(","):
        pytest.fail(f"CHOROK_REQUIRE names {reason!r}, but {detail}")
    pytest.skip(f"{reason}: {detail}")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real digests, pages and API answers that lies beside a contributor's checkout."""
    folder = Path(os.environ.get("CHOROK_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        _skip("shared", f"there is no folder {folder}")
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many tests were skipped for which reason."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.getreports("skipped"):
        longrepr = report.longrepr
        text = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
        reasons[text.removeprefix("Skipped: ").split(":")[0]] += 1
    listed = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items())) or "none"
    terminalreporter.write_line(f"skips by reason: {listed}")
