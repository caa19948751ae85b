"""Numbers and units: each of the source's is in the text, and none that the source does not explain."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from shared.text.finding import Finding, Verdict, doubted
from shared.text.numbers import loose_numbers, single_units
from shared.text.quantity import LISTED, MAGNITUDE, SHORT_NUMBER, Quantity, decimal
from shared.translation.rules.case import Case

_SMALL = 1
"""Up to here a number that the source does not explain says little: 1위 for `on top`."""
_SMALL_UNREAD = 2
"""The same in a language whose words for numbers nobody reads."""
_EXACT = frozenset({"percent", "times", "dollar"})
"""Units that never come or go in a translation."""
_IN_WORDS = frozenset({"times", "occasion"})
"""Units that a word may hold together with its number: twice, both, phase II."""
_LENIENT = frozenset({"occasion", LISTED, MAGNITUDE})
"""Units that a number may also lack."""


def numbers(case: Case) -> Iterator[Finding]:
    """Numbers that are missing from a stretch, and those of the text that nothing in the source explains."""
    read = case.target.pack.quantities is not None
    missing: list[tuple[int, Quantity]] = []
    unexplained = _Unexplained()
    for place, (bead, source, text) in enumerate(case.stretches()):
        wanted = [number for found in case.source_numbers[bead.source : bead.source_end] for number in found]
        there = [
            (sentence, number) for sentence in range(bead.text, bead.text_end) for number in case.numbers[sentence]
        ]
        missing += ((place, number) for number in _missing(case, wanted, [number for _, number in there], text))
        for sentence, number in _unexplained(wanted, there, source):
            unexplained.add(place, sentence, number)
    for place, number in missing:
        # It may stand in the next sentence: a translator cut a sentence elsewhere than the source did.
        if not unexplained.take(place, number):
            bead = case.beads[place]
            where = bead.source if bead.is_gap else bead.text
            yield Finding("number", Verdict.DOUBTFUL, f"{number.text} is missing", where, missing=bead.is_gap)
    for sentence, number in unexplained.left():
        least = min(number.readings)
        if least > (_SMALL if read else _SMALL_UNREAD) or number.parts:
            yield doubted("number", f"{number.text} is not in the source", sentence)


class _Unexplained:
    """The numbers of the text that nothing in their stretch explains, until they are taken for one that moved."""

    def __init__(self) -> None:
        self._found: list[tuple[int, Quantity]] = []
        self._taken: set[int] = set()
        self._by_reading: dict[tuple[int, float], list[int]] = {}

    def add(self, place: int, sentence: int, number: Quantity) -> None:
        """Note a number, by the stretch and the sentence where it stands."""
        for reading in number.readings:
            self._by_reading.setdefault((place, reading), []).append(len(self._found))
        self._found.append((sentence, number))

    def take(self, place: int, number: Quantity) -> bool:
        """Whether a number that is missing from the stretch at `place` stands in that one or beside it."""
        for near in (place, place - 1, place + 1):
            for reading in number.readings:
                waiting = self._by_reading.get((near, reading), [])
                while waiting:
                    index = waiting.pop()
                    if index not in self._taken:
                        self._taken.add(index)
                        return True
        return False

    def left(self) -> Iterator[tuple[int, Quantity]]:
        """What was not taken: sentence and number."""
        return (found for index, found in enumerate(self._found) if index not in self._taken)


def _missing(case: Case, wanted: Sequence[Quantity], there: Sequence[Quantity], text: str) -> Iterator[Quantity]:
    """The numbers of the source that a stretch has less often."""
    said: set[float] | None = None
    needed = _Counts(number for number in wanted if number.needed)
    found = _Counts(there)
    in_parts = {number.parts for number in there}
    for number in wanted:
        if not number.needed or found.of(number) >= needed.of(number):
            continue
        if number.parts and (number.parts in in_parts or all(part in found for part in number.parts)):
            continue
        if "times" in number.units and any((reading, 1.0) in in_parts for reading in number.readings):
            # A threefold reduction is one to 3분의 1.
            continue
        said = case.target.pack.worded(text) if said is None else said
        if not said.isdisjoint(number.readings) or (number.parts and said.issuperset(number.parts)):
            continue
        yield number


class _Counts:
    """How many of some numbers agree with another: counted once for each way of being read."""

    def __init__(self, numbers: Iterable[Quantity]) -> None:
        self._alike = Counter(number.readings for number in numbers)
        self._by_reading: dict[float, list[frozenset[float]]] = {}
        for readings in self._alike:
            for reading in readings:
                self._by_reading.setdefault(reading, []).append(readings)

    def __contains__(self, reading: float) -> bool:
        return reading in self._by_reading

    def of(self, number: Quantity) -> int:
        """How many agree with this one."""
        alike = {readings for reading in number.readings for readings in self._by_reading.get(reading, ())}
        return sum(map(self._alike.__getitem__, alike))


def _unexplained(
    wanted: Sequence[Quantity], there: Iterable[tuple[int, Quantity]], source: str
) -> Iterator[tuple[int, Quantity]]:
    explained = {reading for number in wanted for reading in (*number.readings, *number.parts)}
    loose: set[float] | None = None
    for sentence, number in there:
        if not number.readings.isdisjoint(explained):
            continue
        loose = explained | loose_numbers(source) if loose is None else loose
        if number.readings.isdisjoint(loose) and not (number.parts and loose.issuperset({*number.parts} - {1.0})):
            yield sentence, number


def units(case: Case) -> Iterator[Finding]:
    """Numbers that are the source's, but count something else: % for 배, GB for ms, or nothing at all."""
    if case.target.pack.quantities is None:
        return
    for bead, source, _ in case.stretches():
        single, said = single_units(source), loose_numbers(source)
        meant: dict[float, set[tuple[frozenset[str], bool]]] = {}
        for numbers in case.source_numbers[bead.source : bead.source_end]:
            for number in numbers:
                for reading in number.readings:
                    meant.setdefault(reading, set()).add((number.units, bool(number.parts)))
        for sentence in range(bead.text, bead.text_end):
            for number in case.numbers[sentence]:
                same = [unit for reading in number.readings for unit in meant.get(reading, ())]
                if single and 1.0 in number.readings:
                    same.append((single, False))
                if same and number.units <= _IN_WORDS and not number.readings.isdisjoint(said):
                    same.append((number.units, False))
                if same and (why := _misfit(number, same)):
                    yield doubted("unit", f"{number.text}: {why}", sentence)


def _misfit(number: Quantity, same: Sequence[tuple[frozenset[str], bool]]) -> str:
    """What is wrong with a number's unit, or "". `same` are the units of the source's numbers that are worth the same,
    and whether these have parts.
    """
    units = frozenset[str]().union(*(unit for unit, _ in same))
    all_have_one = all(unit for unit, _ in same)
    if "point" in units | number.units or any(in_parts and not unit for unit, in_parts in same):
        # Points are percent to some, and scores to others; 3/4 is 75 %.
        return ""
    if number.units and units and all_have_one and number.units.isdisjoint(units):
        return f"{_named(number.units)}, not {_named(units)}"
    if number.units & _EXACT and not units:
        return f"{_named(number.units)}, where the source has no unit"
    if not number.units and all_have_one and units & _EXACT and not units & _LENIENT:
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


_FROM_TO = re.compile(
    rf"\bfrom\s\D{{0,12}}?({SHORT_NUMBER})\D{{0,20}}?\sto\s\D{{0,12}}?({SHORT_NUMBER})", re.ASCII | re.IGNORECASE
)


def _pairs(pattern: re.Pattern[str], text: str) -> set[tuple[float, float]]:
    return {(decimal(start), decimal(end)) for start, end in pattern.findall(text)}
