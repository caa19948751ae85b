"""A start that is killed at any moment is made good by the next one, and nothing is lost."""

import subprocess
import sys
from pathlib import Path

import msgspec

from infra.embedded.cloud import Plan, running_cloud
from infra.embedded.state import hold
from tests.integration.embedded.assemblies import write_assembly

_OWNER = """
import os, signal, sys
from pathlib import Path
import msgspec
from infra.embedded import cloud, deploy, emulator, functions, ownership, process, state

STEPS = [
    (ownership, "claim"), (state.StateFolder, "prepare"), (state.StateFolder, "services"), (emulator, "take_from"),
    (process.LeashedProcess, "report"), (process.LeashedProcess, "stop"), (deploy, "_upload"), (deploy, "_settled"),
    (deploy, "_disable_schedules"), (state, "write_whole"), (state.StateFolder, "keep"), (state, "_release"),
]
passed, last = 0, int(sys.argv[2])

def step():
    global passed
    passed += 1
    if passed == last:
        os.kill(os.getpid(), signal.SIGKILL)

def watched(function):
    def call(*arguments, **named):
        step()
        try:
            return function(*arguments, **named)
        finally:
            step()
    return call

for place, name in STEPS:
    setattr(place, name, watched(getattr(place, name)))
state.claim = ownership.claim
plan = msgspec.json.decode(sys.argv[1], type=cloud.Plan, dec_hook=lambda kind, text: kind(text))
with cloud.running_cloud(plan):
    pass
"""
_MOST_STEPS = 80


def kill_at_every_step(plan: Plan) -> int:
    """Start a cloud of `plan` again and again on what the last start left, each killed one step later than the last.

    How many were killed, until one had no more steps to be killed at.
    """
    made = msgspec.json.encode(plan, enc_hook=str).decode()
    for killed in range(_MOST_STEPS):
        done = subprocess.run(
            [sys.executable, "-c", _OWNER, made, str(killed + 1)], capture_output=True, text=True, timeout=120
        )
        if done.returncode == 0:
            return killed
        assert done.returncode == -9, done.stderr
    raise AssertionError("there is no end of steps")


def test_a_start_that_is_killed_at_any_step_is_made_good_by_the_next(plan: Plan, tmp_path: Path) -> None:
    # given: a first start, killed at each of its steps
    first = kill_at_every_step(plan)
    with running_cloud(plan) as cloud:
        bucket, queue = cloud.outputs["Bucket"], cloud.outputs["Heard"].rpartition("/")[2]
        cloud.client("s3").put_object(Bucket=bucket, Key="results/kept", Body=b"kept")
    # when: another template is deployed, and that start is killed at each of its steps
    later = kill_at_every_step(Plan(plan.state, write_assembly(tmp_path / "next", says="bye"), plan.stack, plan.engine))
    # then
    assert first >= 20
    assert later >= 20
    with running_cloud(plan) as cloud:
        assert cloud.outputs["Bucket"] == bucket
        assert cloud.outputs["Heard"].rpartition("/")[2] == queue
        assert cloud.client("s3").get_object(Bucket=bucket, Key="results/kept")["Body"].read() == b"kept"
        heard = cloud.client("sqs").receive_message(QueueUrl=cloud.outputs["Heard"], MaxNumberOfMessages=10)
        assert any("results/kept" in message["Body"] for message in heard["Messages"])
    with hold(plan.state) as folder:
        assert len(list((folder.root / "saved").iterdir())) <= 2
