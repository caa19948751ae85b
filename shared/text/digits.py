"""Numbers in digits in a language of whose words for large numbers chorok knows nothing."""

import re
from collections.abc import Iterator

from shared.text.quantity import LETTER, LETTERS, Quantity, decimal, with_ascii_digits, worth

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*", re.ASCII)


def quantities(text: str) -> list[Quantity]:
    """The numbers that `text` writes in digits, in order, with points and commas meaning either.

    Where a language writes 1,5 for 1.5, engines write both, so 1.300 is 1.3 and 1300, and 1,5 is 1.5 and 15.

    >>> [sorted(number.readings) for number in quantities("1,5 e 1.300")]
    [[1.5, 15.0], [1.3, 1300.0]]
    """
    text = with_ascii_digits(text)
    return [_quantity(text, match) for match in _DIGITS.finditer(text)]


def _quantity(text: str, match: re.Match[str]) -> Quantity:
    readings = set(_readings(match.group()))
    if letter := LETTER.match(text, match.end()):
        readings |= {reading * LETTERS[letter[1].lower()] for reading in readings}
    return Quantity(match.group(), *match.span(), frozenset(map(worth, readings)))


def _readings(raw: str) -> Iterator[float]:
    groups = re.split(r"[.,]", raw)
    yield decimal("".join(groups))
    if len(groups) > 2:
        # Perhaps this is not a number but a list, such as 1,2,3.
        yield from map(decimal, groups)
    for point, comma in ((".", ","), (",", ".")):
        if raw.count(point) == 1 and raw.rfind(comma) < raw.find(point):
            yield decimal(raw.replace(comma, "").replace(point, "."))
