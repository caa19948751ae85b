"""Bringing a digest's files from the bucket to this machine, each whole or not at all."""

import os
import tempfile
from pathlib import Path

from shared.ledger import keys
from shared.ledger.store import Store


def download(store: Store, run: str, language: str, out: Path) -> Path:
    """Every file of the digest into `out/<run>/<language>/`; that folder."""
    prefix = f"{keys.DIGESTS}{run}/{language}/"
    folder = out / run / language
    folder.mkdir(parents=True, exist_ok=True)
    for listed in store.list(prefix):
        stored = store.read(listed.key)
        if stored is not None:
            write_whole(folder / listed.key.removeprefix(prefix), stored.body)
    return folder


def write_whole(path: Path, body: bytes) -> None:
    """Write `body` to `path` so that nobody ever sees half of it."""
    descriptor, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
        # mkstemp makes files for their owner alone; a digest is for whoever may read the folder.
        umask = os.umask(0)
        os.umask(umask)
        Path(scratch).chmod(0o666 & ~umask)
        Path(scratch).replace(path)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise
