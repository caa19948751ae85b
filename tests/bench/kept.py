"""What was measured, as a file with the machine and the day, from which the documents' tables are written."""

import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tests.bench.rows import Row, markdown


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


def newest(folder: Path) -> Kept | None:
    """The newest measurements, or None where there are none."""
    found = sorted(folder.glob("*.json"))
    return _read(found[-1]) if found else None


def tables(kept: Kept) -> str:
    """Every row, a table for each subject."""
    subjects = dict.fromkeys(row.subject for row in kept.rows)
    parts = [f"Measured on {kept.date}, {kept.machine}.\n"]
    for subject in subjects:
        parts.append(f"### {subject}\n\n{markdown(row for row in kept.rows if row.subject == subject)}")
    return "\n".join(parts)


def _read(path: Path) -> Kept:
    return msgspec.json.decode(path.read_bytes(), type=Kept)


def _machine() -> str:
    """The processor, how many cores of it, and Python."""
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text().splitlines() if cpu.is_file() else []
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    return f"{os.cpu_count()} cores of {model}, Python {platform.python_version()}"
