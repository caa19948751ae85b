"""A start that is killed or interrupted at any moment is made good by the next one, and nothing is lost."""

import subprocess
import sys
from pathlib import Path

import msgspec

from infra.embedded.cloud import Plan, running_cloud
from infra.embedded.state import hold
from tests.integration.embedded.assemblies import write_assembly

_OWNER = """
import os, signal, sys, traceback
import msgspec
from infra.embedded import cloud, deploy, emulator, ownership, process, state

STEPS = [
    (ownership, "claim"), (state.StateFolder, "prepare"), (state.StateFolder, "services"), (emulator, "take_from"),
    (process.LeashedProcess, "report"), (process.LeashedProcess, "stop"), (deploy, "_upload"), (deploy, "_settled"),
    (deploy, "_disable_schedules"), (state, "write_whole"), (state.StateFolder, "keep"), (state, "_release"),
]
SIGNALS = [getattr(signal, name) for name in sys.argv[2:]]
passed, last = set(), 0

def step(*name):
    # One of the times that a step is done is enough: more of them cost minutes and have shown nothing more.
    if name not in passed:
        passed.add(name)
        if len(passed) == last:
            os.kill(os.getpid(), SIGNALS[last % 2])

def watched(name, function):
    def call(*arguments, **named):
        step("before", name)
        try:
            return function(*arguments, **named)
        finally:
            step("after", name)
    return call

def start():
    try:
        with cloud.running_cloud(plan):
            return 0
    except KeyboardInterrupt:
        return 130
    except BaseException:
        traceback.print_exc()
        return 1

for place, name in STEPS:
    setattr(place, name, watched(name, getattr(place, name)))
state.claim = ownership.claim
plan = msgspec.json.decode(sys.argv[1], type=cloud.Plan, dec_hook=lambda kind, text: kind(text))
while True:
    last += 1
    # Everything is imported by now: each start costs no more than itself.
    pid = os.fork()
    if not pid:
        os._exit(start())
    ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if ended == 0:
        break
    if ended not in (-signal.SIGKILL, 130):
        sys.exit(f"step {last} ended with {ended}")
print(last - 1)
"""


def stop_at_every_step(plan: Plan, *signals: str) -> int:
    """Start a cloud of `plan` again and again on what the last start left, each stopped one step later than the last,
    by one of the two signals in turn.

    How many were stopped, until one had no more steps to be stopped at.
    """
    made = msgspec.json.encode(plan, enc_hook=str).decode()
    done = subprocess.run([sys.executable, "-c", _OWNER, made, *signals], capture_output=True, text=True, timeout=280)
    assert (done.returncode, done.stderr) == (0, "")
    return int(done.stdout)


def test_a_start_that_is_stopped_at_any_step_is_made_good_by_the_next(plan: Plan, tmp_path: Path) -> None:
    # given: a first start, killed before each of its steps and interrupted after it
    first = stop_at_every_step(plan, "SIGINT", "SIGKILL")
    with running_cloud(plan) as cloud:
        bucket, queue = cloud.outputs["Bucket"], cloud.outputs["Heard"].rpartition("/")[2]
        cloud.client("s3").put_object(Bucket=bucket, Key="results/kept", Body=b"kept")
    # when: another template is deployed, and that start is interrupted before each of its steps and killed after it
    later = stop_at_every_step(
        Plan(plan.state, write_assembly(tmp_path / "next", says="bye"), plan.stack, plan.engine), "SIGKILL", "SIGINT"
    )
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
