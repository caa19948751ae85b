"""The ledger that a command only reads: nothing is started, and nobody is waited for."""

from pathlib import Path

from cli.connecting.survey import Ledger, Queues, ledger_of
from cli.showing.overview import FailureStatus, QueueStatus
from infra.embedded.ownership import require_own
from infra.embedded.reading import read_folder, saved_depths
from infra.embedded.state import deployed_on, is_held, is_up
from shared.errors import CloudError
from shared.ledger.store import Reader


def open_ledger(state: Path, stack: str) -> Ledger | None:
    """The ledger of the deployed stack, or of a state folder: only to be read, and with nothing started.

    A folder's ledger is read from its files whatever runs on it, as that is the same for all and takes no time; its
    queues are those of the cloud that is up, or what the last one has saved. It is None where nothing was ever
    deployed. Raises CloudError.
    """
    if stack:
        # Only here and below, as it takes a while to import what talks to AWS.
        from cli.connecting.stacks import deployed_pipeline

        return ledger_of(deployed_pipeline(stack))
    state = state.resolve()
    require_own(state)
    store = read_folder(state)
    if store is None:
        return None
    if is_up(state):
        from cli.connecting.opening import pipeline
        from infra.embedded.keeper import running

        found = running(state)
        if found is not None:
            return Ledger(store, ledger_of(pipeline(found.cloud)).queues, is_running=True)
    if is_held(state):
        return Ledger(store, lambda: None, is_running=True)
    return Ledger(store, lambda: _saved_queues(state), is_running=False)


def open_published(state: Path, stack: str) -> Reader:
    """The digests of the deployed stack, or of a state folder, to be read. Raises CloudError where there is none."""
    ledger = open_ledger(state, stack)
    if ledger is None:
        raise CloudError(f"There is no embedded cloud at {state}, so no digest: see `chorok run`, or give --state.")
    return ledger.store


def _saved_queues(state: Path) -> Queues | None:
    """How full the queues were when their cloud stopped: whatever was at work then waits again at the next start."""
    deployed, depths = deployed_on(state), saved_depths(state)
    if deployed is None or depths is None:
        return None

    def work(name: str, output: str) -> QueueStatus:
        url, dead = (deployed.outputs.get(f"{output}{kind}", "") for kind in ("Queue", "DeadLetterQueue"))
        return QueueStatus(name, depths.get(url, 0), 0, depths.get(dead, 0), dead)

    def failures(name: str, output: str) -> FailureStatus:
        url = deployed.outputs.get(f"{output}FailuresQueue", "")
        return FailureStatus(name, depths.get(url, 0), url)

    return Queues(
        (work("papers", "Papers"), work("digests", "Digests")),
        (failures("schedule", "Schedule"), failures("fetch", "Fetch")),
    )
