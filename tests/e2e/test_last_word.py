"""A person shows, corrects and accepts papers, and it stands, whatever comes later: on the embedded cloud."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Chorok
from tests.fakes.faults import Rule
from tests.fakes.translate import FakeTranslate, korean

RUN, LOST_SENTENCE, LOST_PAPER = "2025-W37", "While this approach greatly enhances", "Why Language Models"
ERROR = "Error 503: Service Unavailable"
WRITTEN = "사람이 고쳐 쓴 첫 문장입니다."
EDIT = r"""
import re, sys
from pathlib import Path

was, becomes = sys.argv[1:3]
file = Path(sys.argv[3])
file.write_text(re.sub(was, becomes, file.read_text(encoding="utf-8"), count=1), encoding="utf-8")
"""
FIRST_LINE = r"(# \[1\] [^\n]*\n)[^\n]+"


class Editing:
    """Editors that replace what a pattern matches."""

    def __init__(self, folder: Path) -> None:
        self._script = folder / "edit.py"
        self._script.write_text(EDIT)

    def __call__(self, was: str, becomes: str) -> str:
        return f"{sys.executable} {self._script} '{was}' '{becomes}'"


@pytest.fixture
def editing(tmp_path: Path) -> Editing:
    return Editing(tmp_path)


def damaged(sentence: str, pair: str = "en-ko") -> str:
    """An engine that answers one sentence with an error."""
    return "Error 429: Too Many Requests" if LOST_SENTENCE in sentence else korean(sentence, pair)


def test_a_persons_word_stands_whatever_comes_later(chorok: Chorok, hugging_face: str, editing: Editing) -> None:
    """All with a cloud that is up, and what is written reached as a deployed stack is."""
    asked, out = ("--week", RUN, "--source", hugging_face, "--top", "3"), ("--out", str(chorok.out))
    with FakeTranslate(damaged) as engine:
        engine.fail(Rule(contains=LOST_PAPER, code="UnsupportedLanguagePairException"))
        started = chorok("up", AWS_ENDPOINT_URL_TRANSLATE=engine.address)
        exports = dict(re.findall(r"^export (\w+)=(.*)$", started.stdout, re.MULTILINE))

        def on_the_stack(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, "-m", "cli.main", *arguments, "--stack", "Chorok"],
                env=os.environ | exports | environment,
                capture_output=True,
                text=True,
                check=False,
            )

        try:
            assert chorok.run(*asked).returncode == 3
            right, doubtful, failed = (paper["id"] for paper in papers(chorok))
            told = chorok("status", RUN)
            shown, refused = chorok("show", RUN, doubtful), on_the_stack("show", RUN, failed)
            unchanged = chorok("correct", RUN, right, EDITOR=editing("nothing", ""))
            corrected = on_the_stack("correct", RUN, right, *out, EDITOR=editing(FIRST_LINE, rf"\1{WRITTEN}"))
            spoiled = chorok("correct", RUN, doubtful, EDITOR=editing(FIRST_LINE, rf"\1{ERROR}"))
            accepted = on_the_stack("accept", RUN, *out)
            digest, quiet = papers(chorok), on_the_stack("status", "--json")
            old = chorok.out / "old.txt"
            old.write_bytes(chorok.file(RUN, "ko", "digest.txt"))
            calls = len(engine.calls)
            later = [
                chorok("redrive", *out),
                chorok.run(*asked, "--again", f"{right},{doubtful}"),
                chorok("heal", str(old), "--out", str(chorok.out / "healed")),
                chorok("status"),
            ]
        finally:
            chorok("down")

    assert told.stdout.count(failed) == 1
    assert f"→ chorok show {RUN} {failed} --lang ko --state {chorok.state}" in told.stdout
    assert "doubtful: missing" in " ".join(shown.stdout.split())
    assert "UnsupportedLanguagePairException" in refused.stdout
    assert unchanged.stdout == "Nothing was changed.\n"
    assert (corrected.returncode, accepted.returncode) == (0, 0), corrected.stderr + accepted.stderr
    assert f"{RUN} ko: corrected {right}" in corrected.stdout
    assert (spoiled.returncode, "error-text" in spoiled.stdout) == (1, True), spoiled.stderr
    kept = re.search(r"kept in (\S+)", spoiled.stdout)
    assert kept is not None
    assert ERROR in Path(kept[1]).read_text()
    assert [paper["translation"]["status"] for paper in digest] == ["translated", "translated", "failed"]
    assert digest[0]["translation"]["text"].startswith(WRITTEN)
    assert [digest[0]["translation"]["engine"], digest[1]["translation"]["engine"]] == ["person", "translate-endpoint"]
    assert "doubts" not in digest[1]["translation"]
    assert quiet.returncode == 0, quiet.stderr
    (run,) = json.loads(quiet.stdout)["runs"]
    assert (run["state"], run["accepted"]) == ("accepted", [failed])
    assert [command.returncode for command in later] == [0, 0, 0, 0], [command.stderr for command in later]
    # The title that nobody has corrected was asked for afresh.
    assert [call.text for call in engine.calls[calls:]] == [" ".join(digest[0]["title"].split())]
    # What the judge once noted goes where the text comes from the memory.
    assert [paper["translation"] | {"notes": []} for paper in papers(chorok)] == [
        paper["translation"] | {"notes": []} for paper in digest
    ]


def test_with_no_cloud_up_no_dead_message_is_left_of_what_was_accepted(
    chorok: Chorok, hugging_face: str, engine: FakeTranslate
) -> None:
    engine.fail(Rule(code="UnsupportedLanguagePairException"))
    asked = ("--week", RUN, "--source", hugging_face, "--top", "1", "--receives", "1")
    run = chorok.run(*asked, AWS_ENDPOINT_URL_TRANSLATE=engine.address)
    before = json.loads(chorok("status", "--json").stdout)

    accepted = chorok("accept", RUN, "--out", str(chorok.out))

    after = chorok("status", "--json")
    assert (run.returncode, accepted.returncode, after.returncode) == (3, 0, 0), accepted.stderr
    assert before["queues"][0]["dead"] == 1
    assert json.loads(after.stdout)["queues"][0]["dead"] == 0


def papers(chorok: Chorok) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(chorok.file(RUN, "ko", "digest.json"))["papers"]
    return found
