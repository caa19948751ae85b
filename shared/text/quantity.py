"""Quantities: what a number in a text may be worth, and in which unit.

The judge asks whether every number of a source is in its translation, and whether the translation has one that nothing
in the source explains. A number therefore has *readings*, everything it may be worth, and two numbers agree where they
share one: `2.3 million` is 230만, `8B` is 8 and 80억, the 96 of `1995-96` is 96 and 1996, `9 pm` is 9 and 21. It may
also have *parts*: a translation may say `3/4` as 4분의 3 and `90 minutes` as 1시간 30분.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Quantity:
    """A number: as it stands in the text from `start` to `end`, what it may be worth, and its unit.

    `units` are the keys of the units that it may have, empty for none. `parts` are numbers that together say the same.
    `bare` is what its digits are worth without the scale after them. `needed` says whether a translation must hold it,
    `spelled` whether it is written in words.
    """

    text: str
    start: int
    end: int
    readings: frozenset[float]
    units: frozenset[str] = frozenset()
    parts: tuple[float, ...] = ()
    bare: float | None = None
    needed: bool = True
    spelled: bool = False

    def agrees(self, other: "Quantity") -> bool:
        """Whether both may be worth the same."""
        return not self.readings.isdisjoint(other.readings)


PLAIN = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)*"
"""Digits with what may stand among them: 1,024.5 is one number, 1,2 are two, and 1.2.3 is the version it spells."""
SHORT_NUMBER = r"(?<![\d.,])\d{1,9}(?:[.,]\d{1,9}){0,3}(?!\d)"
"""The same with a bound, for where a pattern goes on after it."""
NUMBER = re.compile(PLAIN, re.ASCII)
_MOST_DIGITS = 40
"""Digits beyond these make no difference to whether two numbers are the same."""

LETTERS = {"k": 1e3, "m": 1e6, "b": 1e9, "g": 1e9, "t": 1e12}
"""What a letter after digits may multiply them by."""
LETTER = re.compile(r"([kKMmBbTG])(?![A-Za-z0-9])")
LISTED, MAGNITUDE = "listed", "magnitude"
"""Units of numbers that may have none: one in a list has that of the last, and two orders of magnitude are 100 times.
"""
CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound", "₩": "won", "¥": "yen"}
RANGE = re.compile(r"\s?(?:--?|[–—~/∼〜～]|to|and|or)\s?")
"""What may stand between the two numbers of a range, or of a ratio."""
_NAMED = re.compile(r"[A-Za-z]-?$")
_SCALES = frozenset({12.0, *(10.0**power for power in (1, 2, 3, 4, 5, 6, 7, 8, 9, 12))})


def worth(value: float) -> float:
    """`value` as it is compared: to twelve digits, so that three tenths are 0.3.

    >>> worth(3 * 0.1)
    0.3
    """
    return float(f"{value:.12g}")


def decimal(raw: str) -> float:
    """What plain digits are worth.

    >>> decimal("1,024.5"), decimal("40 000"), decimal("1.2.3")
    (1024.5, 40000.0, 123.0)
    """
    digits = re.sub(r"[,\s]", "", raw[:_MOST_DIGITS])
    return worth(float(digits.replace(".", "") if digits.count(".") > 1 else digits))


def shares(value: float, whole: float) -> frozenset[float]:
    """How a share may be written: 3 of 4 is 0.75 and 75 (%).

    >>> sorted(shares(2, 3))
    [0.666666666667, 0.667, 0.67, 66.6666666667, 66.7, 67.0]
    """
    share = value / whole
    rounded = (round(share, 2), round(share, 3), share * 100, round(share * 100, 1), round(share * 100))
    return frozenset(map(worth, (share, *rounded)))


def scaled_range(text: str, first: Quantity, second: Quantity) -> tuple[Quantity, ...]:
    """Two neighbouring numbers, mended where they are a range or a ratio of one another.

    The first number of a range has the scale and the unit of the second too: 4.2-3.9 million, 2-3%.
    """
    between = RANGE.fullmatch(text, first.end, second.start)
    if between is None or _NAMED.search(text, max(0, first.start - 2), first.start):
        # The 3 of `GPT-3 to 21%` is not the beginning of a range.
        return first, second
    value, whole = min(first.readings), min(second.readings)
    sign = between.group().strip()
    if sign == "/":
        if (value, whole) == (24.0, 7.0):
            return replace(first, needed=False), replace(second, needed=False)
        if whole and value < whole and "." not in second.text + first.text:
            ratio = replace(first, text=text[first.start : second.end], end=second.end)
            return (replace(ratio, readings=shares(value, whole), parts=(value, whole)),)
        return first, second
    scale = worth(max(second.readings) / second.bare) if second.bare else 1.0
    if sign in ("and", "or") and not second.units and scale == 1:
        return first, second
    if scale in _SCALES and scale > 1 and len(first.readings) == 1:
        first = replace(first, readings=first.readings | {worth(value * scale)})
    return replace(first, units=first.units or second.units), second


_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_LISTED = re.compile(r",\s?(?:and\s|or\s|및\s|그리고\s)?|\s(?:and|or|및|와|과)\s")


def as_listed(text: str, numbers: Sequence[Quantity]) -> list[Quantity]:
    """The numbers, where those of a list may have the unit that only its last says: 1.4, 1.9, and 2.7 times."""
    found: list[Quantity] = []
    for number in reversed(numbers):
        after = found[-1] if found else None
        if (
            after
            and after.units
            and not number.units
            and not _YEAR.fullmatch(number.text)
            and _LISTED.fullmatch(text, number.end, after.start)
        ):
            found.append(replace(number, units=after.units | {LISTED}))
        else:
            found.append(number)
    return found[::-1]


def with_ascii_digits(text: str) -> str:
    """`text` with every script's digits as ASCII ones.

    >>> with_ascii_digits("３만")
    '3만'
    """
    if text.isascii():
        return text
    return "".join(
        character if character.isascii() or not character.isdecimal() else str(unicodedata.decimal(character))
        for character in text
    )


def time_parts(value: float, units: frozenset[str]) -> tuple[float, ...]:
    """What a time is in other units: 90 minutes are 1 hour and 30 minutes, 1.5 hours as well; 24 months are 2 years.

    >>> time_parts(90, frozenset({"minute"})), time_parts(0.5, frozenset({"hour"}))
    ((1.0, 30.0), (30.0,))
    """
    for small, large in (("second", "minute"), ("minute", "hour")):
        if small in units and value > 60:
            return _whole_and_rest(value, 60)
        if large in units and value % 1:
            return tuple(map(worth, (value // 1, value % 1 * 60) if value > 1 else (value * 60,)))
    for small, many in (("day", 7), ("hour", 24)):
        if small in units and value and value % many == 0:
            return (value / many,)
    if "week" in units:
        return (value * 7,)
    return _whole_and_rest(value, 12) if "month" in units and value >= 12 else ()


def _whole_and_rest(value: float, many: int) -> tuple[float, ...]:
    return tuple(map(worth, (value // many, value % many) if value % many else (value // many,)))


def forms(units: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Keys of units by how a language writes them; a form may stand for several units."""
    found: dict[str, frozenset[str]] = {}
    for key, written in units.items():
        for form in written.split():
            found[form] = found.get(form, frozenset()) | {key}
    return found
