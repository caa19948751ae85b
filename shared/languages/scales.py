"""Numbers in digits with scales of ten thousand after them, as East Asian languages write them: 3만 5천, 4分之3."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from shared.text.quantity import (
    CURRENCIES,
    LETTER,
    LETTERS,
    NUMBER,
    PLAIN,
    Quantity,
    as_listed,
    decimal,
    scaled_range,
    shares,
    time_parts,
    with_ascii_digits,
    worth,
)


@dataclass(frozen=True)
class Scales:
    """How one language writes large numbers: `powers` of ten by sign, and the regular expressions that tell them apart.

    `other_words` match, from the sign on, words that only begin like one; `counters` what may follow a number at all,
    and `particles` what may follow it without a space. `particle` is the sign that may also be one, and `its_ends` what
    that one may end with: 10만 is 100,000 and "only ten". `spaced` are the signs that may stand after a space. `units`
    are keys by form, `not_units` matches words that only begin like one, and `out_of` what makes a share of a number.
    """

    powers: dict[str, int]
    other_words: str
    counters: str
    particles: str
    units: dict[str, frozenset[str]]
    not_units: str
    out_of: str
    particle: str = "(?!)"
    its_ends: str = "(?!)"
    spaced: str = ""

    @cached_property
    def _signs(self) -> re.Pattern[str]:
        return re.compile(rf"\ ?([{''.join(self.powers)}]+)")

    @cached_property
    def _others(self) -> re.Pattern[str]:
        return re.compile(self.other_words)

    @cached_property
    def _following(self) -> re.Pattern[str]:
        return re.compile(rf"(?![가-힣\u4e00-\u9fff])|(?:{self.counters}|{self.particles})")

    @cached_property
    def _particle(self) -> re.Pattern[str]:
        alone = rf"(?![가-힣])(?!\ ?\d)(?!\ (?:{self.counters}))"
        return re.compile(rf"{self.particle}(?:(?:{self.its_ends})(?![가-힣])|{alone})")

    @cached_property
    def _units(self) -> re.Pattern[str]:
        latin = [form for form in self.units if form.isascii() and form.isalpha()]
        other = [form for form in self.units if form not in latin]
        latin, other = ([re.escape(form) for form in sorted(each, key=len, reverse=True)] for each in (latin, other))
        return re.compile(
            # 512×512 is a size.
            rf"(?!{self.not_units}|\ ?×\ ?\d)\ ?(?P<unit>(?:{'|'.join(latin)})(?![A-Za-z0-9])|(?:{'|'.join(other)}))"
        )

    @cached_property
    def _share(self) -> re.Pattern[str]:
        return re.compile(rf"\ ?(?:{self.out_of})\ ?({PLAIN})", re.ASCII)

    def quantities(self, text: str) -> list[Quantity]:
        """The numbers that `text` writes in digits, in order."""
        found: list[Quantity] = []
        text = with_ascii_digits(text)
        for number in self._read(text):
            found[-1:] = scaled_range(text, found[-1], number) if found else (number,)
        return as_listed(text, found)

    def _read(self, text: str) -> Iterator[Quantity]:
        position = 0
        while match := NUMBER.search(text, position):
            start = match.start()
            bare = decimal(match.group())
            value, position, sure = self._scaled(text, match)
            # 제247조 is an article of a law, not 247 trillion.
            sure = sure and text[max(0, start - 2) : start].strip() not in ("제", "第")
            readings = {value} if sure else {value, bare}
            parts: tuple[float, ...] = ()
            if value == bare and (letter := LETTER.match(text, position)):
                readings.add(value * LETTERS[letter[1].lower()])
            if value and (share := self._share.match(text, position)):
                readings, parts = set(shares(decimal(share[1]), value)), (value, decimal(share[1]))
                position = share.end()
            units = self._unit(text, start, position)
            if "times" in units:
                readings.add(value * 100)
            yield Quantity(
                text[start:position], start, position, frozenset(map(worth, readings)), units,
                parts or time_parts(value, units), bare,
            )  # fmt: skip

    def _unit(self, text: str, start: int, end: int) -> frozenset[str]:
        unit = self._units.match(text, end)
        currency = CURRENCIES.get(text[start - 1 : start])
        return (self.units[unit["unit"]] if unit else frozenset()) | ({currency} if currency else set())

    def _scaled(self, text: str, match: re.Match[str]) -> tuple[float, int, bool]:
        """What digits and the scales after them are worth, where that ends, and whether it can be nothing else.

        1억 2천 300만 is 1 · 10⁸ + (2 · 10³ + 300) · 10⁴.
        """
        total = section = 0.0
        digits: float | None = decimal(match.group())
        end, sure = match.end(), True
        while scale := self._sign(text, end):
            sure = len(scale[1]) > 1 or total > 0 or not self._particle.match(text, scale.start(1))
            for power in map(self.powers.__getitem__, scale[1]):
                if power < 4:
                    section += (1 if digits is None else digits) * 10.0**power
                else:
                    section += digits or 0
                    total += (section or 1) * 10.0**power
                    section = 0.0
                digits = None
            end = scale.end()
            more = NUMBER.match(text, end + text.startswith(" ", end))
            if more is None or decimal(more.group()) >= 1e4:
                break
            if (
                text.startswith(" ", end)
                and not self._sign(text, more.end())
                and not self._goes_on(more.group(), total)
            ):
                break
            digits, end = decimal(more.group()), more.end()
        return worth(total + section + (digits or 0)), end, sure

    def _goes_on(self, digits: str, total: float) -> bool:
        """Whether digits after a scale and a space belong to it, as in 1만 2,800: not as in 9억 2-3%."""
        return total > 0 and "." not in digits and decimal(digits) >= 10

    def _sign(self, text: str, position: int) -> re.Match[str] | None:
        """The scales that stand at `position`, unless another word begins there."""
        scale = self._signs.match(text, position)
        if scale is None or self._others.match(text, scale.start(1)):
            return None
        spaced = scale.start(1) > position
        if spaced and not (scale[1][0] in self.spaced and self._following.match(text, scale.end())):
            return None
        return scale


def sino_value(syllables: str, digits: dict[str, float], powers: dict[str, int]) -> float:
    """What a number in Chinese syllables is worth: 이십 is 20, 수천만 without its 수 is 10,000,000."""
    total = section = 0.0
    digit: float | None = None
    for syllable in syllables:
        power = powers.get(syllable)
        if power is None:
            digit = digits[syllable]
        elif power < 4:
            section += (1 if digit is None else digit) * 10**power
            digit = None
        else:
            total += ((section + (digit or 0)) or 1) * 10**power
            section, digit = 0.0, None
    return total + section + (digit or 0)
