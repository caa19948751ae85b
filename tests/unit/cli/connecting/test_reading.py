"""A ledger that is only read: nobody is waited for, and nothing is claimed that is not known."""

import json
import time
from pathlib import Path

import pytest

from cli.connecting.reader_options import open_ledger, open_published
from infra.embedded.state import Deployed, hold
from shared.errors import CloudError

OUTPUTS = {"Bucket": "ledger", "PapersQueue": "http://q/papers", "PapersDeadLetterQueue": "http://q/papers-dead"}


@pytest.fixture
def state(tmp_path: Path) -> Path:
    with hold(tmp_path / "state") as folder:
        queues = {
            url: {
                "url": url,
                "attributes": {"MessageRetentionPeriod": "3600"},
                "messages": [{"sent_at": time.time(), "visible_at": time.time() + 300}],
            }
            for url in (OUTPUTS["PapersQueue"], OUTPUTS["PapersDeadLetterQueue"])
        }
        (folder.services() / "sqs.json").write_text(json.dumps({"payload": {"queues": {"data": queues}}}))
        folder.keep(Deployed("template", OUTPUTS))
    return tmp_path / "state"


def test_after_a_stop_the_queues_are_what_was_saved(state: Path) -> None:
    ledger = open_ledger(state, "")

    assert ledger is not None
    queues = ledger.queues()
    assert queues is not None
    assert [(queue.name, queue.waiting, queue.in_flight, queue.dead) for queue in queues.work] == [
        ("papers", 1, 0, 1),
        ("digests", 0, 0, 0),
    ]
    assert [(ticks.name, ticks.messages) for ticks in queues.failures] == [("schedule", 0), ("fetch", 0)]
    assert not ledger.is_running


def test_beside_a_run_the_ledger_is_read_and_the_queues_are_not_known(state: Path) -> None:
    with hold(state):
        ledger = open_ledger(state, "")

    assert ledger is not None
    assert ledger.queues() is None
    assert ledger.is_running


def test_where_nothing_was_ever_deployed_there_is_no_ledger(tmp_path: Path) -> None:
    with hold(tmp_path / "state"):
        assert open_ledger(tmp_path / "state", "") is None
    with pytest.raises(CloudError, match=r"no embedded cloud at .* see `chorok run`"):
        open_published(tmp_path / "nowhere", "")
