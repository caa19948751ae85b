"""A row of the table, and the table in a terminal and in Markdown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEADINGS = ("what", "floor", "peer", "chorok", "ratio", "target")


@dataclass(frozen=True)
class Row:
    """One measurement. `floor` is what the work needs at least, `peer` what something comparable takes for it.

    `ratio` is `ours` over `over`, the floor or the peer, None where neither is there. `most` is the target: of the
    ratio where there is one, else of `ours`; `least` is one from below. `ceiling` is what a count is held to where the
    target is not reached yet. `note` says what a reader has to know.
    """

    subject: str
    what: str
    ours: float
    unit: str
    floor: float | None = None
    peer: float | None = None
    most: float | None = None
    least: float | None = None
    ceiling: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the floor, or else the peer, chorok takes."""
        over = self.floor if self.floor is not None else self.peer
        return self.ours / over if over else None

    @property
    def is_reached(self) -> bool:
        """Whether the target is met; a row without one always is."""
        return (self.most is None or self._judged <= self.most) and (self.least is None or self._judged >= self.least)

    @property
    def is_held(self) -> bool:
        """Whether a count is no worse than it was when it was last looked at."""
        return self.is_reached or (self.ceiling is not None and self._judged <= self.ceiling)

    @property
    def _judged(self) -> float:
        return self.ours if self.ratio is None else self.ratio

    def cells(self) -> tuple[str, ...]:
        """What the table shows of it."""
        target = [f"≤ {shown(self.most)}"] if self.most is not None else []
        target += [f"≥ {shown(self.least)}"] if self.least is not None else []
        missed = "" if self.is_reached else " ✗"
        return (
            self.what,
            "" if self.floor is None else f"{shown(self.floor)} {self.unit}",
            "" if self.peer is None else f"{shown(self.peer)} {self.unit}",
            f"{shown(self.ours)} {self.unit}",
            "" if self.ratio is None else f"{self.ratio:.2f}",
            ", ".join(target) + missed,
        )


def shown(number: float) -> str:
    """A number with as many digits as it is worth."""
    if (number == int(number) and abs(number) >= 1) or abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:.3g}"


def markdown(rows: Iterable[Row], *, notes: bool = True) -> str:
    """The rows as a table of Markdown, with their notes below where these are wanted."""
    listed = list(rows)
    lines = [f"| {' | '.join(HEADINGS)} |", "|---|---:|---:|---:|---:|---:|"]
    lines += [f"| {' | '.join(row.cells())} |" for row in listed]
    below = [f"- {row.what}: {row.note}" for row in listed if row.note and notes]
    return "\n".join([*lines, *([""] if below else []), *below]) + "\n"


def plain(rows: Sequence[Row]) -> str:
    """The rows as aligned text, by subject."""
    table = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(cells[column]) for cells in table) for column in range(len(HEADINGS))]
    subject, lines = "", []
    for row, cells in zip([None, *rows], table, strict=True):
        if row is not None and row.subject != subject:
            subject = row.subject
            lines.append(f"\n{subject}")
        first, *others = zip(cells, widths, strict=True)
        lines.append("  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]).rstrip())
    return "\n".join(lines) + "\n"
