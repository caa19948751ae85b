"""Whatever a user can cause is one line and an exit status; nothing is started for it."""

import re
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError

from cli import main, status


def run(arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """The command's exit status and what it said of errors."""
    monkeypatch.setattr("sys.argv", ["chorok", *arguments])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["status", "2024-W01"], r"There is no run 2024-W01 here\. Runs there are: none\."),
        (["redrive", "2024-W01"], r"There is no run 2024-W01 here\. Runs there are: none\."),
        (["heal", __file__], r".*test_main\.py: This is no digest.*"),
        (["heal", "--lang", "tlh", __file__], "'tlh' is not a language that chorok knows.*"),
        (["backfill", "2025-W44..2025-W33"], ".*the earlier one first.*"),
        (["run", "--again", "2509.08721,W37"], "'W37' is no paper's id.*"),
        (["run", "--or-sample", "--stack", "Chorok"], "--or-sample is for the embedded cloud.*"),
        (["run", "--engine", "model", "--stack", "Chorok"], "--engine and --receives are for the embedded cloud.*"),
    ],
)
def test_what_cannot_be_asked_for_is_said_in_one_line(
    arguments: list[str],
    line: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state = tmp_path / "state"

    code, said = run([*arguments, "--state", str(state)], capsys, monkeypatch)

    assert code == 2
    assert re.fullmatch(f"chorok: {line}\n", said)
    assert not state.exists()


def test_an_aws_that_cannot_be_reached_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def survey(*_: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://sqs.example")

    monkeypatch.setattr(status, "survey", survey)

    code, said = run(["status", "--state", str(tmp_path / "state")], capsys, monkeypatch)

    assert code == 1
    assert said == (
        'chorok: AWS cannot be used: Could not connect to the endpoint URL: "https://sqs.example"'
        " (EndpointConnectionError)\n"
    )


def test_where_nothing_has_run_the_status_is_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["status", "--state", str(tmp_path / "state")], capsys, monkeypatch) == (0, "")
    assert not (tmp_path / "state").exists()
