"""Mends a state folder: its ledger is what has to survive, and everything else can be made again.

An object that is not what its key says it is gets the newest of its older versions that is; where there is none, it is
put aside, into `damaged/`. A cloud whose files are damaged is deployed anew, and gets the bucket of the old one.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from infra.embedded.cloud import deploy_into
from infra.embedded.deploy import Assembly
from infra.embedded.emulator import Emulator, fresh_key
from infra.embedded.objects import describe_by_its_bytes
from infra.embedded.state import StateFolder, hold, ledger_folder, require_whole, write_whole
from shared.digest.formats import DIGEST
from shared.digest.model import Digest
from shared.errors import CloudError, LedgerError
from shared.ledger import keys
from shared.ledger.records import (
    AcceptedEdition,
    Announced,
    Dispatched,
    Forgotten,
    Manifest,
    Memory,
    PaperMemory,
    Published,
    Requested,
    decode,
    decode_result,
)

_VERSIONS = ".versions"
_KINDS: dict[tuple[str, str], type] = {
    ("runs", "manifest.json"): Manifest,
    ("runs", "proposed.json"): Manifest,
    ("runs", "forgotten.json"): Forgotten,
    ("runs", "requested.json"): Requested,
    ("runs", "dispatched.json"): Dispatched,
    ("runs", "announced-complete.json"): Announced,
    ("runs", "announced-partial.json"): Announced,
    ("runs", "accepted.json"): AcceptedEdition,
    ("digests", DIGEST): Digest,
    ("digests", "published.json"): Published,
}


@dataclass(frozen=True)
class Repair:
    """What was done: the keys that have an older version again, those put aside, and why the cloud was made anew."""

    restored: tuple[str, ...]
    aside: tuple[str, ...]
    rebuilt: str


def look(root: Path) -> tuple[str, ...]:
    """What is damaged on the state folder `root`, each in one sentence."""
    ledger = ledger_folder(root)
    found = () if ledger is None else tuple(f"The object {key} is damaged." for key in _damaged_keys(ledger))
    try:
        require_whole(root)
    except CloudError as error:
        return (str(error), *found)
    return found


def repair(root: Path, assembly: Assembly) -> Repair:
    """Mend the state folder `root`; the cloud that is made anew is `assembly`'s. Raises CloudError."""
    with hold(root) as folder:
        ledger = ledger_folder(root)
        restored = [] if ledger is None else [(key, _restore(folder, ledger, key)) for key in _damaged_keys(ledger)]
        rebuilt = ""
        try:
            require_whole(root)
        except CloudError as error:
            rebuilt = str(error)
            _rebuild(folder, assembly, ledger)
    return Repair(
        tuple(key for key, has_version in restored if has_version),
        tuple(key for key, has_version in restored if not has_version),
        rebuilt,
    )


def _rebuild(folder: StateFolder, assembly: Assembly, ledger: Path | None) -> None:
    """Deploy anew beside the old cloud, which counts until the new one has its bucket."""
    key = fresh_key()
    emulator = Emulator(folder, {}, key, assembly)
    deployed = deploy_into(emulator, emulator.start(anew=True), assembly, key)
    if not emulator.save():
        raise CloudError("The embedded cloud did not stop cleanly. Nothing has changed: repeat the command.")
    if ledger is not None:
        versions = folder.objects / _VERSIONS / ledger.parent.name
        _move(ledger, ledger.with_name(deployed.outputs["Bucket"]))
        _move(versions / ledger.name, versions / deployed.outputs["Bucket"])
    folder.keep(deployed)


def _move(source: Path, target: Path) -> None:
    if source.is_dir() and source != target:
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)


def _damaged_keys(ledger: Path) -> tuple[str, ...]:
    return tuple(key for key, path in _objects(ledger) if not _is_whole(key, path.read_bytes()))


def _objects(ledger: Path) -> Iterator[tuple[str, Path]]:
    for folder, _, names in os.walk(ledger):
        for name in sorted(names):
            path = Path(folder) / name
            if not name.endswith((".meta.json", ".tmp")):
                yield path.relative_to(ledger).as_posix(), path


def _is_whole(key: str, body: bytes) -> bool:
    """Whether `body` is what `key` says it is, as far as that can be seen: of pages, only that they are not empty."""
    first, *_, last = key.split("/")
    try:
        if first == "results":
            decode_result(body, key)
        elif first == "memory":
            decode(body, PaperMemory if keys.is_memory(key) else Memory, key)
        elif (first, last) in _KINDS:
            decode(body, _KINDS[first, last], key)
        elif last.endswith(".json"):
            msgspec.json.decode(body)
    except (LedgerError, msgspec.DecodeError, ValueError):
        return False
    return bool(body)


def _restore(folder: StateFolder, ledger: Path, key: str) -> bool:
    """Give the object its newest whole version back, or put it aside and say False."""
    path = ledger / key
    versions = (folder.objects / _VERSIONS / ledger.parent.name / ledger.name).glob("*")
    older = [version / key for version in versions if (version / key).is_file()]
    for version in sorted(older, key=lambda found: found.stat().st_mtime, reverse=True):
        body = version.read_bytes()
        if _is_whole(key, body):
            write_whole(path, body)
            break
    else:
        target = folder.root / "damaged" / key
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
    describe_by_its_bytes(path)
    return path.exists()
