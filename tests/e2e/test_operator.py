"""What an operator does when something failed, on the embedded cloud: look, redrive, heal, backfill."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.digest.text_reader import parse_text
from tests.e2e.conftest import Chorok
from tests.fakes.faults import Rule
from tests.fakes.translate import FakeTranslate

WEEKS = [f"2025-W{week}" for week in range(33, 41)]
REFUSED = "Sharing is Caring"


@dataclass(frozen=True)
class Up:
    """A cloud that `chorok up` keeps, whose engine can be told to fail."""

    chorok: Chorok
    engine: FakeTranslate
    told: str

    @property
    def exports(self) -> dict[str, str]:
        """The environment that points the AWS CLI here."""
        return dict(re.findall(r"^export (\w+)=(.*)$", self.told, re.MULTILINE))

    def output(self, name: str) -> str:
        found = re.search(rf"^{name} +(\S+)$", self.told, re.MULTILINE)
        assert found is not None
        return found[1]

    def aws(self, *arguments: str) -> dict[str, Any]:
        """What the AWS CLI answers here. Without the endpoint, its version 1 would ask AWS for queues."""
        done = subprocess.run(
            [sys.executable, "-m", "awscli", *arguments, "--endpoint-url", self.exports["AWS_ENDPOINT_URL"]],
            env=os.environ | self.exports,
            capture_output=True,
            check=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def translated(self) -> list[str]:
        """The texts that the engine has translated, repetitions included."""
        return [call.text for call in self.engine.calls if call.outcome == "translated"]


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    folder = tmp_path_factory.mktemp("operator")
    chorok = Chorok(folder / "state", folder / "out")
    with FakeTranslate() as engine:
        started = chorok("up", "--receives", "3", AWS_ENDPOINT_URL_TRANSLATE=engine.address)
        assert started.returncode == 0, started.stderr
        try:
            yield Up(chorok, engine, started.stdout)
        finally:
            chorok("down")


def old_digest(shared_data: Path, week: str) -> Path:
    return shared_data / "digests" / f"huggingface_top_10_papers_{week}_translated.txt"


def assert_healed(out: Path, shared_data: Path, language: str, heading: str) -> None:
    """All 80 are translated, and what the user's files had right is as it was, to the byte."""
    for week in WEEKS:
        before = parse_text(old_digest(shared_data, week).read_bytes())
        healed = (out / old_digest(shared_data, week).name).read_bytes()
        after = parse_text(healed)
        assert after.language == heading
        assert all(paper.translation for paper in after.papers)
        for old, new in zip(before.papers, after.papers, strict=True):
            assert (new.rank, new.id, new.title, new.abstract) == (old.rank, old.id, old.title, old.abstract)
            assert f"--- {old.rank}. {old.title} ---\n".encode() in healed
            assert f"\n## Abstract (Original)\n{old.abstract}\n".encode() in healed
        digest = json.loads((out / week / language / "digest.json").read_bytes())
        assert digest["state"] == "complete"


def test_a_refused_paper_is_seen_dead_and_one_command_heals_it(up: Up, hugging_face: str) -> None:
    up.engine.fail(Rule(contains=REFUSED, code="InternalServerException"))
    run = up.chorok.run("--week", "2025-W37", "--source", hugging_face)
    digest = json.loads(up.chorok.file("2025-W37", "ko", "digest.json"))
    dead = up.aws(
        "sqs", "receive-message", "--visibility-timeout", "0", "--queue-url", up.output("PapersDeadLetterQueue")
    )
    told = up.chorok("status")
    told_of_stack = subprocess.run(
        [sys.executable, "-m", "cli.main", "status", "--stack", "Chorok", "--json"],
        env=os.environ | up.exports,
        capture_output=True,
        check=False,
    )
    still_refused = up.chorok("redrive", "--out", str(up.chorok.out))
    up.engine.heal()
    before = up.translated()

    redriven = up.chorok("redrive", "--out", str(up.chorok.out))
    again = up.chorok("redrive", "--out", str(up.chorok.out))

    assert run.returncode == 3, run.stderr
    assert [paper["translation"]["status"] for paper in digest["papers"]] == ["failed"] + ["translated"] * 9
    assert [json.loads(message["Body"])["paper"] for message in dead["Messages"]] == ["2509.08721"]
    assert told.returncode == 3, told.stderr
    assert f"→ chorok redrive --state {up.chorok.state}" in told.stdout
    assert json.loads(told_of_stack.stdout)["runs"][0]["failed"][0]["papers"] == ["2509.08721"]
    assert still_refused.returncode == 3, still_refused.stderr
    assert "1 failed: " in still_refused.stdout
    assert (redriven.returncode, again.returncode) == (0, 0), redriven.stderr + again.stderr
    assert [REFUSED in text for text in up.translated()[len(before) :]] == [True]
    assert json.loads(up.chorok.file("2025-W37", "ko", "digest.json"))["state"] == "complete"
    queues = json.loads(up.chorok("status", "--json").stdout)["queues"]
    assert [queue["dead"] for queue in queues] == [0, 0]


def test_the_users_old_files_are_healed_into_korean(up: Up, shared_data: Path) -> None:
    files = [str(old_digest(shared_data, week)) for week in WEEKS]

    done = up.chorok("heal", "--out", str(up.chorok.out), *files)

    assert done.returncode == 0, done.stdout + done.stderr
    assert_healed(up.chorok.out, shared_data, "ko", "Korean")


def test_the_users_old_files_are_really_translated(chorok: Chorok, shared_data: Path, portuguese_models: Path) -> None:
    files = [str(old_digest(shared_data, week)) for week in WEEKS]

    done = chorok("heal", "--lang", "pt", "--out", str(chorok.out), *files, CHOROK_MODELS=str(portuguese_models))

    assert done.returncode == 0, done.stdout + done.stderr
    assert_healed(chorok.out, shared_data, "pt", "Portuguese")


def test_a_backfill_goes_past_a_week_that_cannot_be_had(up: Up, hugging_face: str) -> None:
    done = up.chorok(
        "backfill", "2025-W32..2025-W33", "--top", "10", "--source", hugging_face, "--out", str(up.chorok.out)
    )
    again = up.chorok("backfill", "2025-W33", "--source", hugging_face, "--out", str(up.chorok.out))

    assert done.returncode == 1
    assert "2025-W32: " in done.stdout
    assert up.chorok.file("2025-W33", "ko", "digest.txt")
    assert again.returncode == 0, again.stdout + again.stderr


def test_a_stack_that_is_not_there_is_said_in_one_line(up: Up) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "redrive", "--stack", "Nowhere"],
        env=os.environ | up.exports,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert re.fullmatch(r"chorok: Stack Nowhere cannot be used: .*does not exist.*", done.stderr.splitlines()[-1])
