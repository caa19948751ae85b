"""Numbers and units: each of the source's is in the text, and none that the source does not explain."""

import re
from collections.abc import Iterator, Sequence

from shared.text.finding import Finding, Verdict, doubted
from shared.text.numbers import loose_numbers
from shared.text.quantity import PLAIN, Quantity, decimal
from shared.translation.rules.case import Case

_SMALL = 1
"""Up to here a number that the source does not explain says little: 1위 for `on top`."""
_SMALL_UNREAD = 2
"""The same in a language whose words for numbers nobody reads."""
_EXACT = frozenset({"percent", "times", "dollar"})
"""Units that never come or go in a translation."""


def numbers(case: Case) -> Iterator[Finding]:
    """Numbers that are missing from a stretch, and those of the text that nothing in the source explains."""
    read = case.target.pack.quantities is not None
    missing: list[tuple[int, Quantity]] = []
    unexplained: list[tuple[int, Quantity]] = []
    for place, (bead, source, text) in enumerate(case.stretches()):
        wanted = [number for found in case.source_numbers[bead.source : bead.source_end] for number in found]
        there = [number for found in case.numbers[bead.text : bead.text_end] for number in found]
        missing += ((place, number) for number in _missing(case, wanted, there, text))
        unexplained += ((place, number) for number in _unexplained(wanted, there, source))
    for place, number in missing:
        moved = next((new for new in unexplained if abs(new[0] - place) <= 1 and new[1].agrees(number)), None)
        if moved:
            # It stands in the next sentence: a translator cut a sentence elsewhere than the source did.
            unexplained.remove(moved)
            continue
        bead = case.beads[place]
        where = bead.source if bead.is_gap else bead.text
        yield Finding("number", Verdict.DOUBTFUL, f"{number.text} is missing", where, missing=bead.is_gap)
    for place, number in unexplained:
        if min(number.readings) > (_SMALL if read else _SMALL_UNREAD):
            bead = case.beads[place]
            sentence = next(index for index in range(bead.text, bead.text_end) if number in case.numbers[index])
            yield doubted("number", f"{number.text} is not in the source", sentence)


def _missing(case: Case, wanted: Sequence[Quantity], there: Sequence[Quantity], text: str) -> Iterator[Quantity]:
    """The numbers of the source that a stretch has less often."""
    words = case.target.pack.words
    said: set[float] | None = None
    for number in wanted:
        if not number.needed:
            continue
        expected = sum(number.agrees(other) for other in wanted if other.needed)
        if sum(number.agrees(other) for other in there) >= expected:
            continue
        if number.parts and all(any(part in other.readings for other in there) for part in number.parts):
            continue
        if words:
            said = words.worded(text) if said is None else said
            if not said.isdisjoint(number.readings):
                continue
        yield number


def _unexplained(wanted: Sequence[Quantity], there: Sequence[Quantity], source: str) -> Iterator[Quantity]:
    explained = {reading for number in wanted for reading in (*number.readings, *number.parts)}
    loose: set[float] | None = None
    for number in there:
        if not number.readings.isdisjoint(explained):
            continue
        loose = explained | loose_numbers(source) if loose is None else loose
        if number.readings.isdisjoint(loose) and not (number.parts and loose.issuperset(number.parts)):
            yield number


def units(case: Case) -> Iterator[Finding]:
    """Numbers that are the source's, but count something else: % for 배, GB for ms, or nothing at all."""
    if case.target.pack.quantities is None:
        return
    for bead in case.beads:
        wanted = [number for found in case.source_numbers[bead.source : bead.source_end] for number in found]
        for sentence in range(bead.text, bead.text_end):
            for number in case.numbers[sentence]:
                same = [other for other in wanted if other.agrees(number)]
                if same and (why := _misfit(number, same)):
                    yield doubted("unit", f"{number.text}: {why}", sentence)


def _misfit(number: Quantity, same: Sequence[Quantity]) -> str:
    """What is wrong with a number's unit, given those of the source's numbers that are worth the same; or ""."""
    units = frozenset[str]().union(*(other.units for other in same))
    all_have_one = all(other.units for other in same)
    if "point" in units | number.units or any(other.parts for other in same):
        # Points are percent to some, and scores to others; 3/4 is 75 %, and 90 minutes are 1.5 hours.
        return ""
    if number.units and units and all_have_one and number.units.isdisjoint(units):
        return f"{_named(number.units)}, not {_named(units)}"
    if number.units & _EXACT and not units:
        return f"{_named(number.units)}, where the source has no unit"
    if not number.units and all_have_one and units & _EXACT and "occasion" not in units:
        return f"no unit, not {_named(units)}"
    return ""


def _named(units: frozenset[str]) -> str:
    return " or ".join(sorted(units))


def order(case: Case) -> Iterator[Finding]:
    """`from 12 to 3` the other way round."""
    words = case.target.pack.words
    if words is None:
        return
    for bead, source, text in case.stretches():
        said = _pairs(words.from_to, text)
        meant = _pairs(_FROM_TO, source) if said else set()
        for start, end in said - meant:
            if (end, start) in meant:
                yield doubted("direction", f"from {end:g} to {start:g}, the other way round", bead.text)


_FROM_TO = re.compile(rf"\bfrom\s\D{{0,12}}?({PLAIN})\D{{0,20}}?\sto\s\D{{0,12}}?({PLAIN})", re.ASCII | re.IGNORECASE)


def _pairs(pattern: re.Pattern[str], text: str) -> set[tuple[float, float]]:
    return {(decimal(start), decimal(end)) for start, end in pattern.findall(text)}
