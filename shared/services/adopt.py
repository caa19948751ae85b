"""How a new stack takes over what the bucket of another one holds: its digests, its memory, its ledger.

The old bucket is only read, may lie in another region, and stays as it is. The order is what makes it safe to stop
anywhere: each copied result wakes aggregate, which by then finds the digest published and announced.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from shared.errors import SettingsError
from shared.ledger import keys
from shared.ledger.records import Adopted
from shared.ledger.store import Reader, Store

_ORDER = (keys.DIGESTS, keys.MEMORY, keys.RUNS, keys.RESULTS)
"""What is copied. What engines were paid for in messages that still wait goes with the messages."""
_AT_ONCE = 10
"""As many as a client of botocore has connections."""


def adopt(store: Store, old: Reader, time: datetime) -> int:
    """Copy into `store` what is in `old` and not here yet, unless that is done; how many objects were copied.

    Nothing is copied over what is here. Raises SettingsError where the ledger has been used before, or has begun to
    take over another bucket.
    """
    adopted = store.record(keys.ADOPTED, Adopted)
    if adopted is None:
        if next(iter(store.list("")), None) is None:
            store.create(keys.ADOPTED, Adopted(old.bucket, time))
        adopted = store.record(keys.ADOPTED, Adopted)
    if adopted is None or adopted.bucket != old.bucket:
        raise SettingsError(
            f"adopt_bucket is {old.bucket}, but this stack has a ledger of its own, in {store.bucket}: only a new stack"
            " can take over another's. Take the setting away, or deploy under another name."
        )
    if adopted.done:
        return 0
    copied = sum(_copy(store, old, prefix) for prefix in _ORDER)
    store.write_record(keys.ADOPTED, replace(adopted, done=True))
    return copied


def _copy(store: Store, old: Reader, prefix: str) -> int:
    here = store.etags(prefix)
    absent = [listed.key for listed in old.list(prefix) if listed.key not in here and listed.key != keys.ADOPTED]

    def copy(key: str) -> None:
        held = old.read(key)
        if held is not None:
            store.replace(key, held.file, None)

    with ThreadPoolExecutor(_AT_ONCE) as executor:
        list(executor.map(copy, absent))
    return len(absent)
