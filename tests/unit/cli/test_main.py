"""Whatever a user can cause is one line and an exit status; nothing is started for it."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, NoRegionError

from cli import main, status
from shared.errors import LedgerError


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
        (["heal", __file__], r".*test_main\.py: This is not a digest.*"),
        (["heal", "--lang", "tlh", __file__], "'tlh' is not a language that chorok knows.*"),
        (["backfill", "2025-W44..2025-W33"], ".*the earlier one first.*"),
        (["run", "--again", "2509.08721,W37"], "'W37' is not a paper's id.*"),
        (["run", "--or-sample", "--stack", "Chorok"], "--or-sample is for the embedded cloud.*"),
        (["run", "--engine", "model", "--stack", "Chorok"], "--engine, --second-engine and --receives .*"),
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


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["run", "--lang", "ko,tlh"], r"'tlh' is not a language that chorok knows\. Known: .*ko.*"),
        (["run", "--week", "2999-W01"], r"2999-W01 is not over.* The last finished week is \d{4}-W\d\d\."),
        (["run", "--week", "2025-W60"], r"'2025-W60' is not in the calendar.* The last finished week is \d{4}-W\d\d\."),
        (["run", "--source", "huggingface"], r"'huggingface' is .* Use https://huggingface\.co.*"),
        (["backfill", "2025-W40..2999-W01"], r".*is not over.* The last finished week is .*"),
        (["download", "--lang", "tlh"], r"'tlh' is not a language that chorok knows.*"),
        (["download", "--format", "pdf"], r"Invalid value for '--format': 'pdf' is not one of 'json'.*"),
        (["memory", "export", "--lang", "tlh", "x.tmx"], r"'tlh' is not a language that chorok knows.*"),
        (["status", "2025-37"], r"'2025-37' is not in the calendar.*"),
        (["url", "\x1b[2J"], r"'\\x1b\[2J' is not a run\..*"),
        (["run", "--\x1b[2J"], r"No such option '--\\x1b\[2J'.* See: chorok run --help"),
        (["run", "--out", "/dev/null/digests"], r"/dev/null/digests cannot be written: /dev/null is not a folder.*"),
    ],
)
def test_what_is_misused_is_said_before_anything_starts(
    arguments: list[str],
    line: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def start(*_: object) -> None:
        raise AssertionError("something was started")

    monkeypatch.setattr("subprocess.Popen", start)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    state = tmp_path / "state"
    state.mkdir()

    code, said = run([*arguments, "--state", str(state)], capsys, monkeypatch)

    assert code == 2
    assert re.fullmatch(f"chorok: {line}\n", said)
    assert list(tmp_path.iterdir()) == [state]
    assert list(state.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (OSError(28, "No space left on device"), "No space left on device."),
        (PermissionError(13, "Permission denied", "/srv/\x1b[2J"), r"/srv/\x1b[2J cannot be used: Permission denied."),
        (OSError("something odd"), "something odd."),
        (OSError(30, "Read-only file system", b"/srv/\xff"), r"/srv/\udcff cannot be used: Read-only file system."),
        (NoRegionError(), "AWS cannot be used: no AWS region is set. Set AWS_DEFAULT_REGION"),
        (LedgerError("a\nb\x9b"), r"a\nb\x9b"),
    ],
)
def test_whatever_the_world_does_is_one_line(
    error: Exception, line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def survey(*_: object) -> None:
        raise error

    monkeypatch.setattr(status, "survey", survey)

    code, said = run(["status", "--state", str(tmp_path / "state")], capsys, monkeypatch)

    assert code == 1
    assert said.startswith(f"chorok: {line}")
    assert said.count("\n") == 1
    assert said[:-1].isprintable()


INTERRUPTED = """
import builtins, os, sys
from cli.main import main

imported, number = sys.argv.pop(1), int(sys.argv.pop(1))
real = builtins.__import__

def interrupting(name, *rest, **named):
    global imported
    if name == imported:
        imported = ""
        os.kill(os.getpid(), number)
    return real(name, *rest, **named)

builtins.__import__ = interrupting
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("imported", ["cli.outcome", "click", "cli.commands", "cli.connecting.reader_options"])
def test_it_is_stopped_with_one_line_from_the_first_moment_on(
    imported: str, number: signal.Signals, tmp_path: Path
) -> None:
    arguments = [
        sys.executable,
        "-c",
        INTERRUPTED,
        imported,
        str(int(number)),
        "status",
        "--state",
        str(tmp_path / "x"),
    ]

    done = subprocess.run(arguments, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (128 + number, "", "chorok: stopped\n")


def chorok(*arguments: str, **given: Any) -> subprocess.CompletedProcess[str]:
    """The command as a process."""
    command = [sys.executable, "-m", "cli.main", *arguments]
    return subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, **given)


def test_who_stops_reading_hears_nothing_more(tmp_path: Path) -> None:
    for arguments in (("--help",), ("status", "--state", str(tmp_path / "state"))):
        read, write = os.pipe()
        os.close(read)

        done = chorok(*arguments, stdout=write)

        os.close(write)
        assert (done.returncode, done.stderr) == (1, "")


def test_output_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    for arguments in (("--help",), ("status", "--state", str(tmp_path / "state"))):
        with Path("/dev/full").open("w") as full:
            done = chorok(*arguments, stdout=full)

        assert (done.returncode, done.stderr) == (1, "chorok: No space left on device.\n")


def test_a_terminal_that_knows_ascii_alone_gets_escapes(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    state = str(tmp_path / "주간")

    done = chorok("status", "--state", state, stdout=subprocess.PIPE, env=environment)

    assert (done.returncode, done.stderr) == (0, "")
    assert r"\uc8fc\uac04" in done.stdout
