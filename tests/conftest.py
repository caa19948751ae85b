"""What every test shares: the real data beside the checkout, and a count of skips by reason."""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.skips import skip

ROOT = Path(__file__).parent.parent

# A shell that starts the tests in the background has them ignore Ctrl-C, and every command that they start too.
signal.signal(signal.SIGINT, signal.default_int_handler)

# No deadline: how fast a machine is says nothing of right or wrong. In CI the examples are the same in every run.
hypothesis.settings.register_profile(
    "chorok",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
hypothesis.settings.load_profile("chorok")


@pytest.fixture(scope="session", autouse=True)
def _configuration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A configuration of its own, so that the tests do not write into their user's."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("configuration")))
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real digests, pages and API answers that lies beside a contributor's checkout."""
    folder = Path(os.environ.get("CHOROK_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        skip("shared", f"there is no folder {folder}")
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
