"""Which neural models there are (`models.json`), where they lie, and how they are fetched.

A model is one row of the table: its files with sizes and SHA-256 sums, gzipped as published ("packed") and, where
known, unpacked. A file may come as `.gz`, and where the unpacked sum is known also as `.zst`, gzipped anew, or as it
is; it is used only if it matches one of the sums. Every place that holds models has the same layout, one folder a
language pair (`en-ko/model.enko.intgemm.alphas.bin.gz`): the user's cache, a local folder named by `CHOROK_MODELS`, and
what lies below an address named by it. `CHOROK_MODELS` may name several, with commas between them; without it the row's
own addresses are used. Places are tried in turn, and what one has brought stays.

The sums are those of the Git LFS pointers of https://github.com/mozilla/firefox-translations-models; a packed sum there
is the sum of the `.gz`, and `metadata.json` and the former `registry.json` of that repository give sums of unpacked
files. Newer models, for new rows, are in Mozilla's registry, which gives both sums of every file:
https://storage.googleapis.com/moz-fx-translations-data--303e-prod-translations-data/db/models.json
(https://mozilla.github.io/translations/model-registry/ shows it); Firefox gets the same files as `.zst` from the
collection `translations-models-v2` of https://firefox.settings.services.mozilla.com.
"""

import fcntl
import functools
import gzip
import hashlib
import io
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec
import requests
import urllib3

from shared.addresses import is_loopback
from shared.errors import ModelError, ModelUnreachable, UsageError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TABLE = Path(__file__).with_name("models.json")

Progress = Callable[[str, int, int], None]
"""Told while a model is fetched: the pair ("en-ko"), the bytes that are here, the bytes of the whole model."""

Outcome = TypeVar("Outcome")

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
    """One file of a model, by its unpacked name; packed it is called `<name>.gz` or `<name>.zst`."""

    name: str
    packed: Checksum
    unpacked: Checksum | None = None

    def forms(self) -> tuple[str, ...]:
        """The names this file may have."""
        return (f"{self.name}.gz", f"{self.name}.zst", self.name) if self.unpacked else (f"{self.name}.gz",)

    @property
    def most_bytes(self) -> int:
        """What no form of it exceeds."""
        return max(self.packed.size, self.unpacked.size if self.unpacked else 0)

    def contents(self, form: str, body: bytes) -> bytes | None:
        """The unpacked file where `body`, which came in this form, is the published one, else None."""
        if form.endswith(".gz") and self.packed.matches(body):
            return gzip.decompress(body)
        if self.unpacked is None:
            return None
        contents = _unpacked(form, body, self.unpacked.size + 1)
        return contents if self.unpacked.matches(contents) else None


@dataclass(frozen=True)
class Model:
    """One row of the table. `vocabularies` are source and target, or one that both sides share."""

    licence: str
    addresses: tuple[str, ...]
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


def _unpacked(form: str, body: bytes, most: int) -> bytes:
    """At most `most` bytes of what `body` holds; as much as can be had where it is damaged."""
    try:
        match form.rpartition(".")[2]:
            case "gz":
                return gzip.GzipFile(fileobj=io.BytesIO(body)).read(most)
            case "zst":
                return zstd.ZstdDecompressor().decompress(body, max_length=most)
            case _:
                return body
    except (OSError, EOFError, zlib.error, zstd.ZstdError):
        return b""


@functools.cache
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


def provide(models: Sequence[Model], places: str, kept: Path, progress: Progress) -> Path:
    """The folder in which all `models` lie, complete and verified; what is missing is fetched first.

    `places` is what `CHOROK_MODELS` says: "" for each model's own addresses, or https base addresses (http on loopback)
    and local folders, with commas between them. A local folder is used as it is; fetched models go to `kept`. Raises
    ModelError where a file is missing or is not what the table says everywhere, ModelUnreachable where it is so because
    a place could not be reached, UsageError for a place without sense.
    """
    wanted = _places(places)
    for place in wanted:
        if "://" in place:
            _require_safe(place)
    if not wanted:
        for model in models:
            fetch = functools.partial(_fetch, model, kept / model.pair, progress)
            _first_of([functools.partial(fetch, address) for address in model.addresses])
        return kept
    return _first_of([functools.partial(_provide_from, models, place, kept, progress) for place in wanted])


def _places(places: str) -> tuple[str, ...]:
    # A folder's name may hold a comma.
    if places and "://" not in places and Path(places).expanduser().is_dir():
        return (places,)
    return tuple(place for part in places.split(",") if (place := part.strip()))


def _provide_from(models: Sequence[Model], place: str, kept: Path, progress: Progress) -> Path:
    if "://" not in place:
        folder = Path(place).expanduser()
        for model in models:
            check(folder, model)
        return folder
    for model in models:
        _fetch(model, kept / model.pair, progress, f"{place.rstrip('/')}/{model.pair}")
    return kept


def _first_of(ways: Iterable[Callable[[], Outcome]]) -> Outcome:
    """What the first of the `ways` that works returns. Raises what every one of them said."""
    errors: list[ModelError] = []
    for way in ways:
        try:
            return way()
        except ModelError as error:
            errors.append(error)
    if len(errors) == 1:
        raise errors[0]
    kind = ModelUnreachable if any(isinstance(error, ModelUnreachable) for error in errors) else ModelError
    raise kind(" ".join(map(str, errors)))


def check(folder: Path, model: Model) -> None:
    """Raise ModelError unless `folder` holds every file of `model` as the table says."""
    for file in model.files:
        _read(folder / model.pair, file)


def read(folder: Path, model: Model) -> Weights:
    """The verified weights of `model` below `folder`. Raises ModelError for a missing or damaged file."""
    contents = [_read(folder / model.pair, file) for file in (model.model, model.shortlist, *model.vocabularies)]
    return Weights(contents[0], contents[2], contents[-1], contents[1])


def _read(folder: Path, file: File) -> bytes:
    """The unpacked contents of `file`, in whichever form it lies in `folder`."""
    for form in file.forms():
        path = folder / form
        try:
            body = path.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise ModelError(f"The model file {path} cannot be read ({error.strerror}): mend or delete it.") from error
        contents = file.contents(form, body)
        if contents is None:
            raise ModelError(
                f"The model file {path} is not the published one ({len(body):,} bytes, another SHA-256): delete it and "
                "run again."
            )
        return contents
    raise ModelError(f"The model file {folder / file.name}.gz is missing: fetch the model, or mend CHOROK_MODELS.")


def _require_safe(address: str) -> None:
    url = urlsplit(address)
    if url.scheme == "https" and url.hostname:
        return
    if url.scheme != "http" or not is_loopback(url.hostname or ""):
        raise UsageError(f"CHOROK_MODELS is {address!r}: give an https address, http on loopback, or a local folder.")


def _fetch(model: Model, folder: Path, progress: Progress, address: str) -> None:
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
    for form in file.forms():
        path = folder / form
        if path.exists():
            if file.contents(form, path.read_bytes()) is not None:
                return True
            path.unlink()
    return False


def _fetch_file(
    session: requests.Session, address: str, folder: Path, file: File, progress: Callable[[int], None]
) -> None:
    """Fetch `file` in the first form that is published at `address`."""
    for form in file.forms():
        partial = folder / f"{form}.part"
        # What another place began may be another file: it is gone on with once, and then begun anew.
        for resumed in (True, False):
            begun = partial.exists()
            if not _download(session, f"{address}/{form}", partial, file.most_bytes, progress):
                break
            body = partial.read_bytes()
            if file.contents(form, body) is not None:
                partial.replace(folder / form)
                return
            partial.unlink()
            if not (resumed and begun):
                raise ModelError(
                    f"{address}/{form} is not the published file ({len(body):,} bytes, another SHA-256): run again, or "
                    "name another place in CHOROK_MODELS."
                )
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
                    f"{start:,} bytes are here."
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
