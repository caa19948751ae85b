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
from tests.e2e.conftest import Chorok, served
from tests.fakes.faults import Rule
from tests.fakes.translate import FakeTranslate
from tests.unit.huggingface.made import entry, made_id, made_ids, page, props

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


def test_the_users_old_files_are_healed_into_korean(up: Up, shared_data: Path, hugging_face: str) -> None:
    files = [str(old_digest(shared_data, week)) for week in WEEKS]

    done = up.chorok("heal", "--source", hugging_face, "--out", str(up.chorok.out), *files)

    assert done.returncode == 0, done.stdout + done.stderr
    assert_healed(up.chorok.out, shared_data, "ko", "Korean")


def test_the_users_old_files_are_really_translated(
    chorok: Chorok, shared_data: Path, hugging_face: str, portuguese_models: Path
) -> None:
    files = [str(old_digest(shared_data, week)) for week in WEEKS]
    options = ("--lang", "pt", "--source", hugging_face, "--out", str(chorok.out))

    done = chorok("heal", *options, *files, CHOROK_MODELS=str(portuguese_models))

    assert done.returncode == 0, done.stdout + done.stderr
    assert_healed(chorok.out, shared_data, "pt", "Portuguese")


ABSTRACT = "We train agents on short tasks. They learn to plan ahead, and they need no reward for it."
TITLES = {1: "Plans", 2: "Rewards", 3: "Tasks"}


def old_item(number: int, translation: str) -> str:
    link = f"--- {number}. {TITLES[number]} ---\nLink: https://huggingface.co/papers/{made_id(number)}\n\n"
    return f"{link}## Abstract (Original)\n{ABSTRACT}\n\n## 초록 (Korean)\n{translation}\n\n"


def old_text(week: str, *items: str) -> str:
    head = f"Hugging Face 주간 인기 논문 Top 10 ({week}) - 번역본\n출처: https://huggingface.co/papers/week/{week}\n\n"
    return head + "".join(items)


def test_old_files_of_every_kind_are_healed_in_one_command(up: Up, tmp_path: Path) -> None:
    """Given a week of three papers, of which its list holds no more than two now; files of it in every shape that the
    script has left behind; a week that is not over, and a note. When they are healed, then no paper is lost and no
    error is a translation.
    """
    site, files = tmp_path / "site", tmp_path / "files"
    (site / "papers" / "week").mkdir(parents=True)
    (site / "api" / "papers").mkdir(parents=True)
    files.mkdir()
    listed = [entry(number, title=TITLES.get(number, "Another"), summary=ABSTRACT) for number in (1, 3, *range(4, 12))]
    (site / "papers" / "week" / "2024-W20").write_bytes(page(props(listed, dateString="2024-W20")))
    (site / "api" / "papers" / made_id(2)).write_text(json.dumps(entry(2, title=TITLES[2], summary=ABSTRACT)["paper"]))
    refused = old_item(1, "Error 429: Too Many Requests")
    given_up = old_item(2, "x").partition("## Abstract")[0] + "--- 2. 항목 처리 실패 ---\n항목 처리 중 오류 발생: x\n\n"
    kinds = {
        "named.txt": old_text("2024-W20", refused, given_up, old_item(3, "번역 중 오류 발생: x")).encode(),
        "korean-windows.txt": old_text(
            "2024-W21", *(old_item(number, "번역 중 오류 발생: x") for number in TITLES)
        ).encode("cp949"),
        "early.txt": old_text("2999-W20", refused).encode(),
        "note.txt": b"Buy milk.\n",
    }
    for name, body in kinds.items():
        (files / name).write_bytes(body)

    with served(site) as address:
        options = ("--source", address, "--out", str(up.chorok.out))
        done = up.chorok("heal", *options, *(str(files / name) for name in kinds))
        again = up.chorok("heal", *options, str(up.chorok.out / "named.txt"), "--out", str(up.chorok.out / "again"))

    assert done.returncode == 1, done.stdout + done.stderr
    assert "early.txt: 2999-W20 is not over" in done.stdout
    assert "note.txt: This is not a digest" in done.stdout
    for name in ("named.txt", "korean-windows.txt"):
        healed = parse_text((up.chorok.out / name).read_bytes())
        papers = {paper.id: paper for paper in healed.papers}
        assert list(papers)[:3] == made_ids(1, 2, 3)
        assert all(papers[id_].translation and papers[id_].abstract == ABSTRACT for id_ in made_ids(1, 2, 3))
        assert "Error 429" not in (up.chorok.out / name).read_text()
    assert (again.returncode, (up.chorok.out / "again" / "named.txt").read_bytes()) == (
        0,
        (up.chorok.out / "named.txt").read_bytes(),
    )


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


def test_a_checkup_of_a_stack_says_what_is_good_and_what_is_not(up: Up) -> None:
    """The emulator is an account that nobody has bootstrapped, where nobody listens and Amazon Translate is missing."""
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "doctor", "--stack", "Chorok", "--json"],
        env=os.environ | up.exports,
        capture_output=True,
        text=True,
        check=False,
    )

    checkup = json.loads(done.stdout)
    states = {check["name"]: check["state"] for check in checkup["checks"]}
    assert (done.returncode, checkup["healthy"]) == (1, False), done.stderr
    assert "Traceback" not in done.stderr
    assert {name for name, state in states.items() if state == "failed"} >= {"bootstrap", "subscriptions"}
    assert {name for name, state in states.items() if state == "good"} >= {"credentials", "stack", "runtime", "cost"}
