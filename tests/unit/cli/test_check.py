"""`chorok check` judges the lines of a file, in order, and survives those that nobody can read."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.check import LONGEST_LINE
from cli.outcome import run

RIGHT = {"id": "right", "source": "We train 3 agents.", "text": "3개의 에이전트를 훈련한다."}
CHANGED = {
    "id": "changed",
    "source": "It gains 4%. We train 3 agents.",
    "text": "4% 향상됩니다. 5개의 에이전트를 훈련합니다.",
}
ERROR = {"id": 7, "source": "We train 3 agents.", "text": "번역 중 오류 발생: Connection error."}

Outcome = tuple[int, list[Any], list[str]]
Check = Callable[..., Outcome]


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    """Exit status, what was printed, decoded line by line, and the lines of errors."""

    def check(*lines: str | bytes, options: tuple[str, ...] = ()) -> Outcome:
        file = tmp_path / "translations.jsonl"
        file.write_bytes(b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines))
        status = run(["check", str(file), *options])
        shown = capsys.readouterr()
        return status, [json.loads(line) for line in shown.out.splitlines()], shown.err.splitlines()

    return check


def test_each_line_gets_its_verdict_in_order_and_in_finished_style(check: Check) -> None:
    status, [right, changed, error], errors = check(*map(json.dumps, (RIGHT, CHANGED, ERROR)))

    assert (status, errors) == (0, [])
    assert right == {"id": "right", "verdict": "passed", "findings": []}
    assert (changed["id"], changed["verdict"]) == ("changed", "doubtful")
    assert {"rule", "verdict", "sentence", "evidence"} == set(changed["findings"][0])
    assert {(finding["rule"], finding["sentence"]) for finding in changed["findings"]} == {("number", 1)}
    assert (error["id"], error["verdict"], error["findings"][0]["sentence"]) == (7, "refused", 0)


def test_a_line_that_cannot_be_read_is_named_and_the_others_are_judged(check: Check) -> None:
    status, judged, errors = check(
        json.dumps(RIGHT),
        "no JSON",
        "",
        '{"id": "x", "source": "We train."}',
        '{"id": "x", "source": 3, "text": "훈련"}',
        '{"id": "x", "source": " ", "text": "훈련"}',
        b'{"id": "\xff"}',
        b" " * (LONGEST_LINE + 5),
        b"\xef\xbb\xbf" + json.dumps(CHANGED).encode(),
    )

    assert status == 1
    assert [line["id"] for line in judged] == ["right", "changed"]
    assert [line.split(" of ")[0] for line in errors] == [f"chorok: line {number}" for number in (2, 4, 5, 6, 7, 8)]
    assert "`text`" in errors[1]
    assert "source is empty" in errors[3]


def test_what_comes_from_outside_does_not_drive_the_terminal(check: Check) -> None:
    hostile = {"id": "\x1b[2J\u202e", "source": "We train.", "text": "훈련합니다.\x1b]0;x\x07"}

    status, [judged], _ = check(json.dumps(hostile))

    assert (status, judged["id"], judged["verdict"]) == (0, hostile["id"], "refused")


def test_another_language_is_judged_by_its_own_rules(check: Check) -> None:
    line = {"id": 1, "source": "We train 3 agents on GPT-4.", "text": "Treinamos 3 agentes com o GPT-4."}

    assert check(json.dumps(line), options=("--lang", "PT"))[1][0]["verdict"] == "passed"
    assert check(json.dumps(line), options=("--lang", "ko"))[1][0]["verdict"] == "refused"


@pytest.mark.parametrize("arguments", [["nowhere.jsonl"], ["--lang", "tlh", "-"]])
def test_what_cannot_be_asked_for_is_a_usage_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", *arguments]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_standard_input_is_judged_line_by_line_before_it_ends() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "cli.main", "check", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as command:
        assert command.stdin
        assert command.stdout
        command.stdin.write(json.dumps(RIGHT).encode() + b"\n")
        command.stdin.flush()
        first = json.loads(command.stdout.readline())
        command.stdin.write(json.dumps(ERROR).encode() + b"\n")
        command.stdin.close()

        assert first["id"] == "right"
        assert [json.loads(line)["id"] for line in command.stdout] == [7]
        assert command.wait() == 0


def test_nothing_of_a_cloud_is_loaded_for_it() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, cli.check; print(*sys.modules)"], capture_output=True, check=True, text=True
    ).stdout.split()

    assert not {"boto3", "botocore", "aws_cdk", "jsii", "requests"} & set(loaded)
