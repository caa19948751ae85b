"""The state folder of an older version goes on where it was: nothing is lost, and nothing is paid for twice."""

import json
import tarfile
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Chorok
from tests.fakes.translate import FakeTranslate

STATES = sorted((Path(__file__).parent.parent / "fixtures").glob("v*/state.tar.xz"))
COMPLETE, PARTIAL, WAITING = "2025-W36", "2025-W37", "2025-W38"
MISSING = ["Bridges Made of Words", "Why Maps Forget"]
"""The titles of the papers that have no translation: one was at work when the cloud stopped, one is dead."""


def unpack(state: Path, folder: Path) -> None:
    """Put the state into `folder`, as if its cloud had stopped a moment ago: SQS keeps no message for ever."""
    with tarfile.open(state) as archive:
        archive.extractall(folder, filter="data")
    [queues] = folder.glob("saved/*/services/sqs.json")
    saved = json.loads(queues.read_bytes())
    messages = [message for queue in saved["payload"]["queues"]["data"].values() for message in queue["messages"]]
    passed = time.time() - max(message["sent_at"] for message in messages)
    for message in messages:
        for moment in ("sent_at", "visible_at", "first_receive_at"):
            if message[moment] is not None:
                message[moment] += passed
    queues.write_text(json.dumps(saved))


def status(chorok: Chorok) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(chorok("status", "--json").stdout)
    return told


def states(told: dict[str, Any]) -> dict[str, tuple[str, int, int]]:
    return {run["run"]: (run["state"], run["translated"], run["expected"]) for run in told["runs"]}


@pytest.mark.parametrize("state", STATES, ids=lambda path: path.parent.name)
def test_a_state_folder_of_an_older_version_goes_on(state: Path, chorok: Chorok, engine: FakeTranslate) -> None:
    unpack(state, chorok.state)
    [manifest] = chorok.state.glob(f"s3/[0-9]*/*/runs/{COMPLETE}/manifest.json")
    source = json.loads(manifest.read_bytes())["source"]

    before = status(chorok)
    up = chorok("up", AWS_ENDPOINT_URL_TRANSLATE=engine.address)
    try:
        run = chorok.run("--week", COMPLETE, "--top", "2", "--source", source)
        redriven = chorok("redrive", "--out", str(chorok.out))
        again = chorok.run("--week", PARTIAL, "--top", "4", "--source", source)
        downloaded = chorok("download", WAITING, "--out", str(chorok.out))
        after = status(chorok)
    finally:
        chorok("down")

    assert states(before) == {COMPLETE: ("complete", 2, 2), PARTIAL: ("partial", 3, 4), WAITING: ("partial", 1, 2)}
    assert [(queue["waiting"] + queue["in_flight"], queue["dead"]) for queue in before["queues"]] == [(1, 1), (1, 1)]
    assert [queue["messages"] for queue in before["failures"]] == [1, 1]
    for done in (up, run, redriven, again, downloaded):
        assert done.returncode == 0, done.stdout + done.stderr
    assert "쉬어 가는 모델이 더 빨리 배웁니다." in chorok.file(COMPLETE, "ko", "digest.txt").decode()
    for week in (PARTIAL, WAITING):
        assert json.loads(chorok.file(week, "ko", "digest.json"))["state"] == "complete"
    assert states(after) == {COMPLETE: ("complete", 2, 2), PARTIAL: ("complete", 4, 4), WAITING: ("complete", 2, 2)}
    assert [queue["dead"] for queue in after["queues"]] == [0, 0]
    translated = [call.text.partition("\n\n")[0] for call in engine.calls if call.outcome == "translated"]
    assert sorted(translated) == MISSING
