"""Which neural models there are (`models.json`), where they lie, and how they are fetched.

A model is one row of the table: its files with sizes and SHA-256 sums, gzipped as published ("packed") and, where
known, unpacked. A file is used only if it matches one of them. Every place that holds models has the same layout, one
folder a language pair (`en-ko/model.enko.intgemm.alphas.bin.gz`): the user's cache, a local folder named by
`CHOROK_MODELS`, and what lies below an address named by it. Without `CHOROK_MODELS` the row's own address is used.

The sums are those of the Git LFS pointers of https://github.com/mozilla/firefox-translations-models; a packed sum there
is the sum of the `.gz`, and `registry.json` and `metadata.json` of the same repository give sums of unpacked files.
"""

import fcntl
import gzip
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import requests
import urllib3

from shared.addresses import is_loopback
from shared.errors import ModelError, ModelUnreachable, UsageError

TABLE = Path(__file__).with_name("models.json")

Progress = Callable[[str, int, int], None]
"""Told while a model is fetched: the pair ("en-ko"), the bytes that are here, the bytes of the whole model."""

_CONNECT_SECONDS = 10
_READ_SECONDS = 30
_BLOCK_BYTES = 1 << 16


@dataclass(frozen=True)
class Checksum:
    """What a file must be: its size in bytes and its SHA-256 in hexadecimal."""

    size: int
    sha256: str

    def matches(self, body: bytes) -> bool:
        """Whether `body` is that file."""
        return len(body) == self.size and hashlib.sha256(body).hexdigest() == self.sha256


@dataclass(frozen=True)
class File:
    """One file of a model, by its unpacked name; packed it is called `<name>.gz`."""

    name: str
    packed: Checksum
    unpacked: Checksum | None = None

    def forms(self) -> Iterator[tuple[str, Checksum]]:
        """The names this file may have, each with what it must be."""
        yield f"{self.name}.gz", self.packed
        if self.unpacked is not None:
            yield self.name, self.unpacked


@dataclass(frozen=True)
class Model:
    """One row of the table. `vocabularies` are source and target, or one that both sides share."""

    licence: str
    address: str
    model: File
    vocabularies: tuple[File, ...]
    shortlist: File
    pair: str = ""

    @property
    def files(self) -> tuple[File, ...]:
        """All files, the largest first."""
        return (self.model, self.shortlist, *self.vocabularies)

    @property
    def engine(self) -> str:
        """The engine's name, which changes when the weights do: digests show it, and the memory's key holds it."""
        return f"firefox-translations/{self.pair}-{self.model.packed.sha256[:8]}"


@dataclass(frozen=True)
class Weights:
    """A model's files, verified and unpacked, as `fxtranslate.Translator` takes them."""

    model: bytes
    source_vocabulary: bytes
    target_vocabulary: bytes
    shortlist: bytes


@cache
def table() -> Mapping[str, Model]:
    """All rows by language pair, such as "en-ko"."""
    rows = msgspec.json.decode(TABLE.read_bytes(), type=dict[str, Model])
    return {pair: replace(row, pair=pair) for pair, row in rows.items()}


def model_of(pair: str) -> Model:
    """The model of a language pair in Amazon's codes, such as "en-ko". Raises ModelError where the table has no row."""
    try:
        return table()[pair]
    except KeyError:
        raise ModelError(
            f"There is no local model for {pair}. The table {TABLE} holds {', '.join(table())}: "
            "add a row with file names, sizes and SHA-256 sums."
        ) from None


def provide(models: Iterable[Model], place: str, kept: Path, progress: Progress) -> Path:
    """The folder in which all `models` lie, complete and verified; what is missing is fetched first.

    `place` is what `CHOROK_MODELS` says: "" for each model's own address, an https base address (http on loopback),
    or a local folder, which is used as it is. Fetched models go to `kept`. Raises ModelError where a file is missing or
    is not what the table says, ModelUnreachable where it could not be fetched, UsageError for a `place` without sense.
    """
    if place and "://" not in place:
        folder = Path(place).expanduser()
        for model in models:
            check(folder, model)
        return folder
    if place:
        _require_safe(place)
    for model in models:
        address = f"{place.rstrip('/')}/{model.pair}" if place else model.address
        _fetch(model, address, kept / model.pair, progress)
    return kept


def check(folder: Path, model: Model) -> None:
    """Raise ModelError unless `folder` holds every file of `model` as the table says."""
    for file in model.files:
        _read(folder / model.pair, file)


def read(folder: Path, model: Model) -> Weights:
    """The verified weights of `model` below `folder`. Raises ModelError for a missing or damaged file."""
    bodies = [_read(folder / model.pair, file) for file in (model.model, model.shortlist, *model.vocabularies)]
    unpacked = [gzip.decompress(body) if name.endswith(".gz") else body for name, body in bodies]
    return Weights(unpacked[0], unpacked[2], unpacked[-1], unpacked[1])


def _read(folder: Path, file: File) -> tuple[str, bytes]:
    """The name and bytes of `file` in whichever form lies in `folder`."""
    for name, checksum in file.forms():
        path = folder / name
        try:
            body = path.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise ModelError(f"The model file {path} cannot be read ({error.strerror}): mend or delete it.") from error
        if not checksum.matches(body):
            raise ModelError(
                f"The model file {path} is not the published one ({len(body):,} of {checksum.size:,} bytes, or another "
                "SHA-256): delete it and run again."
            )
        return name, body
    raise ModelError(f"The model file {folder / file.name}.gz is missing: fetch the model, or mend CHOROK_MODELS.")


def _require_safe(address: str) -> None:
    url = urlsplit(address)
    if url.scheme == "https" and url.hostname:
        return
    if url.scheme != "http" or not is_loopback(url.hostname or ""):
        raise UsageError(f"CHOROK_MODELS is {address!r}: give an https address, http on loopback, or a local folder.")


def _fetch(model: Model, address: str, folder: Path, progress: Progress) -> None:
    """Make `folder` hold all files of `model`, fetching from `address` what is missing or damaged."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _only_one(folder), requests.Session() as session:
            # A proxy of the environment never stands between two programs of this machine.
            session.trust_env = not is_loopback(urlsplit(address).hostname or "")
            whole = sum(file.packed.size for file in model.files)
            before = 0
            for file in model.files:
                if not _is_kept(folder, file):

                    def here(count: int, before: int = before) -> None:
                        progress(model.pair, min(before + count, whole), whole)

                    _fetch_file(session, address, folder, file, here)
                before += file.packed.size
    except OSError as error:
        raise ModelError(f"The model cannot be kept in {folder} ({error.strerror or error}).") from error


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Wait until no other process fetches into `folder`; the lock dies with its process."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_kept(folder: Path, file: File) -> bool:
    """Whether `file` lies verified in `folder`; what is damaged there is removed."""
    for name, checksum in file.forms():
        path = folder / name
        if path.exists():
            if checksum.matches(path.read_bytes()):
                return True
            path.unlink()
    return False


def _fetch_file(
    session: requests.Session, address: str, folder: Path, file: File, progress: Callable[[int], None]
) -> None:
    """Fetch `file` in the first form that is published at `address`."""
    for name, checksum in file.forms():
        partial = folder / f"{name}.part"
        if _download(session, f"{address}/{name}", partial, checksum.size, progress):
            if not checksum.matches(partial.read_bytes()):
                size = partial.stat().st_size
                partial.unlink()
                raise ModelError(
                    f"{address}/{name} is not the published file ({size:,} bytes instead of {checksum.size:,}, or "
                    "another SHA-256): run again, or name another place in CHOROK_MODELS."
                )
            partial.replace(folder / name)
            return
    raise ModelError(f"{address}/{file.name}.gz does not exist: name another place for the models in CHOROK_MODELS.")


def _download(session: requests.Session, url: str, partial: Path, size: int, progress: Callable[[int], None]) -> bool:
    """Bring `partial` to `size` bytes of `url`, going on where it ends; False where there is no such file.

    A connection that breaks is tried again for as long as each try brings something. Returns with fewer or more bytes
    where the server says that this is all.
    """
    while True:
        start = partial.stat().st_size if partial.exists() else 0
        if start >= size:
            return True
        try:
            finished = _download_rest(session, url, partial, start, size, progress)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            if not partial.exists() or partial.stat().st_size <= start:
                raise ModelUnreachable(
                    f"{url} cannot be fetched ({type(error).__name__}): check the network and run again; "
                    f"{start:,} of {size:,} bytes are here."
                ) from error
            continue
        if finished is not None:
            return finished


def _download_rest(
    session: requests.Session, url: str, partial: Path, start: int, size: int, progress: Callable[[int], None]
) -> bool | None:
    """One request: True at the file's end, False where there is no file, None to ask again from the start."""
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    with session.get(url, headers=headers, stream=True, timeout=(_CONNECT_SECONDS, _READ_SECONDS)) as response:
        if response.status_code in (404, 410):
            return False
        if response.status_code == 416 and start:
            partial.unlink()
            return None
        if response.status_code == 429 or response.status_code >= 500:
            raise ModelUnreachable(f"{url} answers {response.status_code}: run again later.")
        if response.status_code not in (200, 206):
            raise ModelError(f"{url} answers {response.status_code}: name another place in CHOROK_MODELS.")
        count = start if response.status_code == 206 else 0
        with partial.open("ab" if count else "wb") as out:
            # The raw stream: a server that labels a .gz with Content-Encoding must not have it unpacked on the way.
            for block in response.raw.stream(_BLOCK_BYTES, decode_content=False):
                out.write(block)
                count += len(block)
                progress(count)
                if count > size:
                    break
        return True
