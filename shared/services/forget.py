"""How a run is taken away: its manifests, markers, results and answers, and then, by aggregate, its digests.

That it was forgotten is written first, and its manifest goes before everything else: from then on nothing is sent,
written off or published for it, and whoever publishes it just now takes it away again (`shared.services.publish`).
What they have marked by then counts for no manifest that the run may have later.
The memory stays, so that nothing is paid for twice where the run begins again: at a person's request, or at the next
tick where it is the last finished week.
"""

from datetime import datetime

from shared.editions import Edition
from shared.errors import UnknownRun
from shared.ledger import keys
from shared.ledger.records import Forgotten, Manifest
from shared.ledger.store import Reader, Store


def editions_of(store: Reader, run: str) -> tuple[Edition, ...]:
    """The editions of which anything is there. Raises UnknownRun where nothing is there of the run at all."""
    prefixes = (keys.RUNS, keys.RESULTS, keys.ANSWERS, keys.DIGESTS)
    found = [
        listed.key.removeprefix(keys.of_run(prefix, run))
        for prefix in prefixes
        for listed in store.list(keys.of_run(prefix, run))
        if listed.key != keys.forgotten(run)
    ]
    if not found:
        raise UnknownRun(f"There is no run {run} here.")
    languages = {rest.partition("/")[0] for rest in found if "/" in rest}
    return tuple(Edition(run, language) for language in sorted(languages))


def forget(store: Store, run: str, time: datetime) -> None:
    """Take away everything of the run but its digests, of which aggregate has to be told. It may be repeated."""
    manifest = store.record(keys.manifest(run), Manifest)
    forgotten = store.record(keys.forgotten(run), Forgotten)
    revision = max(manifest.revision + 1 if manifest else 1, forgotten.revision if forgotten else 1)
    store.write_record(keys.forgotten(run), Forgotten(run, time, revision))
    store.delete(keys.manifest(run))
    for prefix in (keys.RUNS, keys.RESULTS, keys.ANSWERS):
        for listed in list(store.list(keys.of_run(prefix, run))):
            if listed.key != keys.forgotten(run):
                store.delete(listed.key)
