"""What was measured, as a file with the machine and the day, from which the documents' tables are written."""

import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tests.bench.rows import Row, markdown

_SUMMARY = frozenset({"A run", "From the command"})


@dataclass(frozen=True)
class Kept:
    """One day's measurements on one machine."""

    date: str
    machine: str
    rows: tuple[Row, ...]


def keep(folder: Path, rows: Iterable[Row]) -> None:
    """Write the rows into today's file, in place of those that it holds of the same name."""
    folder.mkdir(exist_ok=True)
    today = datetime.now(UTC).date().isoformat()
    path = folder / f"{today}.json"
    held = {(row.subject, row.what): row for row in (_read(path).rows if path.is_file() else ())}
    held |= {(row.subject, row.what): row for row in rows}
    body = msgspec.json.encode(asdict(Kept(today, _machine(), tuple(held.values()))))
    path.write_bytes(msgspec.json.format(body, indent=1) + b"\n")


def newest(folder: Path) -> Kept:
    """The newest measurements."""
    return _read(max(folder.glob("*.json")))


def tables(kept: Kept) -> str:
    """Every row, a table for each subject."""
    subjects = dict.fromkeys(row.subject for row in kept.rows)
    parts = [f"Measured on {kept.date}, {kept.machine}.\n"]
    for subject in subjects:
        parts.append(f"### {subject}\n\n{markdown(row for row in kept.rows if row.subject == subject)}")
    return "\n".join(parts)


def summary(kept: Kept) -> str:
    """What a reader of the first page wants to know, in one table."""
    judged = [row for row in kept.rows if row.subject in _SUMMARY and (row.most is not None or row.floor is not None)]
    return f"Measured on {kept.date}, {kept.machine}.\n\n{markdown(judged, notes=False)}"


def _read(path: Path) -> Kept:
    return msgspec.json.decode(path.read_bytes(), type=Kept)


def _machine() -> str:
    """The processor, how many cores of it, Python, and how busy it was: times of a busy one say little."""
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text().splitlines() if cpu.is_file() else []
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    return f"{os.cpu_count()} cores of {model}, Python {platform.python_version()}, load {os.getloadavg()[2]:.0f}"
