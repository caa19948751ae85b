"""What the commands for readers take, and what they refuse before they look anywhere."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cli import download, url, values
from cli.commands import chorok
from cli.connecting.link import LONGEST_SECONDS
from shared.digest.formats import FORMAT_NAMES
from shared.errors import CloudError, UsageError


@pytest.mark.parametrize(
    ("written", "seconds"), [("90s", 90), ("15m", 900), ("1.5h", 5400), ("7d", LONGEST_SECONDS), ("0s", 0)]
)
def test_a_time_is_written_with_its_unit(written: str, seconds: float) -> None:
    assert values.Duration().convert(written, None, None) == seconds


@pytest.mark.parametrize("expires", ["8d", "604801s", "0s", "0.5s"])
def test_no_link_is_promised_that_s3_would_not_take(expires: str) -> None:
    result = CliRunner().invoke(url.command, ["--expires", expires])

    assert isinstance(result.exception, UsageError)
    assert "7d at most" in str(result.exception)


@pytest.mark.parametrize("asked", ["download", "open", "url", "serve", "doctor --repair"])
def test_where_there_is_no_cloud_one_line_says_what_to_do(asked: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(chorok, [*asked.split(), "--state", str(tmp_path / "nowhere")])

    assert isinstance(result.exception, CloudError)
    assert "chorok run" in str(result.exception) or "chorok up" in str(result.exception)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("command", [download.command, url.command])
def test_the_help_names_every_format_there_is(command: click.Command) -> None:
    shown = CliRunner().invoke(command, ["--help"]).output

    assert "|".join(FORMAT_NAMES) in "".join(shown.split())
