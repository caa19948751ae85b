"""The files that `chorok heal` is given: which are old digests, and which cannot be healed, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from shared.errors import UsageError
from shared.periods import parse_period, require_over
from shared.services.heal import OldDigest, read_old_digest

_MOST_BYTES = 16_000_000
"""A thousand times what a digest of ten papers has."""


@dataclass(frozen=True)
class OldFile:
    """One of the files: its digest, or the trouble with it."""

    path: Path
    digest: OldDigest | None = None
    trouble: str = ""


def read_files(paths: Sequence[Path], out: Path) -> tuple[OldFile, ...]:
    """The files in their order. What is not a digest is in trouble.

    Raises UsageError where healed files would be written over one another or over what they were made of.
    """
    files: dict[str, OldFile] = {}
    for path in paths:
        if path.name in files:
            raise UsageError(f"{path} and {files[path.name].path} would both be written to {out / path.name}.")
        if (out / path.name).resolve() == path.resolve():
            raise UsageError(f"{path} would be written over itself: give another --out.")
        files[path.name] = _read(path)
    return tuple(files.values())


def require_over_in(zone: ZoneInfo, files: Sequence[OldFile], time: datetime) -> tuple[OldFile, ...]:
    """The files; one whose period is not over in `zone` at `time` is in trouble too."""
    return tuple(_over(zone, file, time) for file in files)


def _read(path: Path) -> OldFile:
    try:
        with path.open("rb") as file:
            body = file.read(_MOST_BYTES + 1)
        if len(body) > _MOST_BYTES:
            raise UsageError("This is not a digest: it is too large for one.")
        return OldFile(path, read_old_digest(body))
    except OSError as error:
        return OldFile(path, trouble=f"It cannot be read: {error.strerror}.")
    except UsageError as error:
        return OldFile(path, trouble=str(error))


def _over(zone: ZoneInfo, file: OldFile, time: datetime) -> OldFile:
    if file.digest is None:
        return file
    try:
        require_over(parse_period(file.digest.text.period), time, zone)
    except UsageError as error:
        return replace(file, digest=None, trouble=str(error))
    return file
