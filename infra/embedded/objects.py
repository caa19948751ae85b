"""The files of S3's objects, made ready for a start of the emulator.

An object lies at `<account>/<bucket>/<key>`; beside it, as `<key>.meta.json`, what it was described as: what it was put
with, size, ETag and its versions, oldest first. The bytes of an older version lie at
`.versions/<account>/<bucket>/<version>/<key>`.
"""

import contextlib
import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

_KEPT_VERSIONS = 3
"""How many older versions of an object are kept: enough to mend it from, and an archive is written every week."""
_DESCRIPTION, _UNFINISHED = ".meta.json", ".tmp"
_PUT_WITH = ("content_type", "preserved_headers")
_VERSION = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def make_ready(objects: Path) -> None:
    """Leave nothing half-written, and of each object no more old versions than anybody needs."""
    for path in objects.glob(f"[0-9]*/**/*{_UNFINISHED}"):
        path.unlink(missing_ok=True)
    for path in objects.glob(f"[0-9]*/**/*{_DESCRIPTION}"):
        with contextlib.suppress(OSError, ValueError):
            described = json.loads(path.read_bytes())
            if isinstance(described, dict):
                _drop_torn(path, described)
                _prune(objects, path, described)


def describe_by_its_bytes(body: Path) -> None:
    """Leave of the description of the object at `body` only what it was put with: the emulator takes the rest from
    the bytes."""
    path = body.with_name(f"{body.name}{_DESCRIPTION}")
    kept: dict[str, Any] = {}
    with contextlib.suppress(OSError, ValueError):
        described = json.loads(path.read_bytes())
        kept = {name: described[name] for name in _PUT_WITH if name in described} if isinstance(described, dict) else {}
    path.unlink(missing_ok=True)
    if kept and body.exists():
        path.write_text(json.dumps(kept), encoding="utf-8")


def _drop_torn(path: Path, described: dict[str, Any]) -> None:
    """Drop from the description of an object that is not the one described what was said of that one.

    The emulator writes an object's bytes and then, as a second file, its size and ETag. Killed in between, it would
    serve the new bytes cut to the old size.
    """
    body = path.with_name(path.name.removesuffix(_DESCRIPTION))
    if not body.exists() or described.get("is_delete_marker"):
        return
    size, changed = described.get("size"), body.stat().st_mtime_ns > path.stat().st_mtime_ns
    is_other = size is not None and body.stat().st_size != size
    if is_other or (changed and described.get("etag") != f'"{_md5(body)}"'):
        describe_by_its_bytes(body)


def _prune(objects: Path, path: Path, described: dict[str, Any]) -> None:
    account, bucket, *_ = path.relative_to(objects).parts
    versions = described.get("versions")
    entries = [entry for entry in versions if isinstance(entry, dict)] if isinstance(versions, list) else []
    older = [entry for entry in entries if entry.get("version_id") != described.get("version_id")]
    for entry in older[:-_KEPT_VERSIONS]:
        version = entry.get("version_id")
        # It becomes a path, and whoever wrote the description chose it.
        if isinstance(version, str) and _VERSION.fullmatch(version):
            shutil.rmtree(objects / ".versions" / account / bucket / version, ignore_errors=True)


def _md5(body: Path) -> str:
    return hashlib.md5(body.read_bytes(), usedforsecurity=False).hexdigest()
