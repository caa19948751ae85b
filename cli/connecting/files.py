"""Bringing a digest's files from the bucket to this machine, each whole or not at all."""

import os
import tempfile
from pathlib import Path

from shared.digest.formats import NAMES
from shared.ledger import keys
from shared.ledger.store import Store


def download(store: Store, run: str, language: str, out: Path) -> Path:
    """Every file of the digest into `out/<run>/<language>/`; that folder.

    The files are asked for by the names that they can have. A key of the bucket never becomes a path: whoever can write
    an object chooses its key, and `digests/2025-W37/ko/../../../.profile` is one.
    """
    wanted = {name: keys.digest(run, language, name) for name in NAMES}
    folder = out / run / language
    folder.mkdir(parents=True, exist_ok=True)
    for name, key in wanted.items():
        stored = store.read(key)
        if stored is not None:
            write_whole(folder / name, stored.body)
    return folder


def write_whole(path: Path, body: bytes) -> None:
    """Write `body` to `path` so that nobody ever sees half of it; a link that lies there is replaced, not followed.

    A folder on the way may be a link: its owner put it there to have the files elsewhere.
    """
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
