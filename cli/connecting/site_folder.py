"""The whole archive as a plain folder, which any static host can serve."""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cli.connecting.files import write_whole
from shared.digest.archive_entries import ARCHIVE, Archive
from shared.digest.archive_files import archive_names
from shared.digest.formats import FILES
from shared.editions import Edition
from shared.errors import MissingDigest
from shared.languages.table import codes
from shared.ledger import keys
from shared.ledger.store import Reader, plain_etag

_AT_ONCE = 10
"""As many as a client of botocore has connections."""


@dataclass(frozen=True)
class Copied:
    """How many files the site has, and how many of them were not here yet, or were others."""

    files: int
    written: int


def copy_site(store: Reader, out: Path) -> Copied:
    """Bring every archive with its digests into `out`, each file whole; what is here already is left as it is.

    As in `download`, a file is asked for by the name that it can have, and no key of the bucket becomes a path. Nothing
    is removed from `out`, which may hold what others put there. Raises MissingDigest where there is no archive, and
    OSError with the path that cannot be written.
    """
    etags = store.etags(keys.DIGESTS)
    found = {key: out / key.removeprefix(keys.DIGESTS) for key in _known(store, etags) if key in etags}
    if not found:
        raise MissingDigest("There is no digest yet, so there is nothing to make a site of.")
    changed = [key for key, path in found.items() if not _is_here(path, etags[key])]
    for folder in {found[key].parent for key in changed}:
        folder.mkdir(parents=True, exist_ok=True)

    def copy(key: str) -> bool:
        stored = store.read(key)
        if stored is not None:
            write_whole(found[key], stored.body)
        return stored is not None

    with ThreadPoolExecutor(_AT_ONCE) as executor:
        return Copied(len(found), sum(executor.map(copy, changed)))


def _known(store: Reader, etags: Mapping[str, str]) -> Iterator[str]:
    """The keys that a site's files can have: those of each language's archive, and of the digests that it names."""
    for language in codes():
        key = keys.archive(language, ARCHIVE)
        archive = store.record(key, Archive) if key in etags else None
        if archive is None:
            continue
        for entry in archive.entries:
            edition = Edition(entry.run, language)
            for name in (*FILES, *keys.paper_pages(edition, etags)):
                yield keys.digest(edition, name)
        for name in archive_names(archive):
            yield keys.archive(language, name)
    yield from (keys.LANGUAGES, keys.FRONT)


def _is_here(path: Path, etag: str) -> bool:
    """Whether `path` is a file of its own, not a link to one, with the bytes that have this ETag."""
    try:
        return not path.is_symlink() and plain_etag(path.read_bytes()) == etag
    except OSError as error:
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            return False
        raise OSError(error.errno, os.strerror(error.errno or 0), str(path)) from error
