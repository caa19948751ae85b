"""Bringing a digest's files from the bucket to this machine, each whole or not at all."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from shared.digest.formats import NAMES
from shared.editions import Edition
from shared.ledger import keys
from shared.ledger.store import Reader


def download(store: Reader, edition: Edition, out: Path, names: Iterable[str] = NAMES) -> tuple[Path, ...]:
    """The digest's files of these names, as far as they are there, into `out/<run>/<language>/`; their paths.

    What is here already is left as it is. Raises OSError, with the path that cannot be written.

    The files are asked for by the names that they can have. A key of the bucket never becomes a path: whoever can write
    an object chooses its key, and `digests/2025-W37/ko/../../../.profile` is one.
    """
    wanted = {name: keys.digest(edition, name) for name in names}
    folder = folder_of(edition, out)
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for name, key in wanted.items():
        stored = store.read(key)
        if stored is not None:
            paths.append(folder / name)
            if not _holds(paths[-1], stored.body):
                write_whole(paths[-1], stored.body)
    return tuple(paths)


def folder_of(edition: Edition, out: Path) -> Path:
    """Where below `out` a digest's files are."""
    return out / edition.run / edition.language


def write_whole(path: Path, body: bytes) -> None:
    """Write `body` to `path` so that half of it is never seen; a link that lies there is replaced, not followed.

    A folder on the way may be a link: its owner put it there to have the files elsewhere.
    """
    try:
        descriptor, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        # Whoever reads the message knows this path, and not the scratch file's.
        raise OSError(error.errno, error.strerror, str(path)) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
        # mkstemp makes files for their owner alone; a digest is for whoever may read the folder.
        umask = os.umask(0)
        os.umask(umask)
        Path(scratch).chmod(0o666 & ~umask)
        Path(scratch).replace(path)
    except BaseException as error:
        Path(scratch).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise


def _holds(path: Path, body: bytes) -> bool:
    """Whether `path` is a file of its own, not a link to one, with these bytes."""
    return path.is_file() and not path.is_symlink() and path.read_bytes() == body
