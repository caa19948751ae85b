"""Numbers: what they are worth, in English, in a translation, and in words.

The gate asks whether every number of the source is in its translation, and whether the translation has one that the
source has not. A number in a text therefore has *readings*, everything it may be worth, and two numbers agree where
they share one: `2.3 million` is 230만, `8B` is 8 and 80억, the 96 of `1995-96` is 96 and 1996, `9 pm` is 9 and 21.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise


@dataclass(frozen=True)
class Number:
    """A number written in digits: as it stands in the text, and what it may be worth.

    `scaled` numbers were written with a word or sign such as million or 만.
    """

    text: str
    readings: frozenset[Decimal]
    scaled: bool = False

    def agrees(self, other: "Number") -> bool:
        """Whether both may be worth the same."""
        return not self.readings.isdisjoint(other.readings)

    @property
    def small(self) -> bool:
        """Whether a translation may well write it as a word."""
        return min(self.readings) <= _SMALL


_SMALL = 12
_PLAIN_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)*"
"""1,024.5 is one number, 1,2 are two, and 1.2.3 is the version that its digits spell."""
_DIGITS = re.compile(_PLAIN_NUMBER, re.ASCII)


def english_numbers(text: str) -> tuple[Number, ...]:
    """The numbers that `text` writes in digits. The minutes of a full hour are left out: 11:00 is 11시."""
    return tuple(_english_numbers(_with_ascii_digits(text)))


def _english_numbers(text: str) -> Iterator[Number]:
    for match in _DIGITS.finditer(text):
        raw, before, after = match.group(), text[: match.start()], text[match.end() :]
        value = _decimal(raw)
        if raw == "00" and before.endswith(":"):
            continue
        scale = _SCALE_WORD.match(after)
        if scale:
            yield Number(raw + scale.group(), frozenset({value * _SCALES[scale[1].lower()]}), scaled=True)
            continue
        readings = {value}
        if letter := _SCALE_LETTER.match(after):
            # `8B` may be eight billion or the end of a model's name, `3m` three metres.
            readings.add(value * _LETTERS[letter[1].upper()])
        if len(raw) == 2 and (since := _YEAR_BEFORE.search(before)):
            readings.add(Decimal(since[1][:2] + raw))
        if len(raw) == 2 and _DECADE.match(after):
            readings |= {1900 + value, 2000 + value}
        if _HOUR.match(after) or (before.endswith(":") and len(raw) == 2):
            readings.add(value + 12 if value < 12 else abs(value - 12))
        if _HOURS.match(after) and value % 1:
            # An hour and a half may be one hour and thirty minutes.
            readings |= {value // 1, value % 1 * 60}
        yield Number(raw, frozenset(readings))


def _decimal(raw: str) -> Decimal:
    digits = raw.replace(",", "")
    return Decimal(digits.replace(".", "") if digits.count(".") > 1 else digits)


_SCALES = {
    "hundred": Decimal(10**2),
    "thousand": Decimal(10**3),
    "million": Decimal(10**6),
    "billion": Decimal(10**9),
    "bn": Decimal(10**9),
    "trillion": Decimal(10**12),
}
_SCALE_WORD = re.compile(rf"[\s-]?({'|'.join(_SCALES)})s?\b", re.IGNORECASE)
_LETTERS = {"K": Decimal(10**3), "M": Decimal(10**6), "B": Decimal(10**9), "T": Decimal(10**12)}
_SCALE_LETTER = re.compile(r"([kKMmBbT])(?![A-Za-z])")
_YEAR_BEFORE = re.compile(r"\b(\d{4})\s?[-–/]\s?$")
_DECADE = re.compile(r"['’]?s\b")
_HOUR = re.compile(r":\d\d|\s?[ap]\.?m\b|\s?o.clock", re.IGNORECASE)
_HOURS = re.compile(r"[\s-]?hours?\b", re.IGNORECASE)


def english_words(text: str) -> frozenset[Decimal]:
    """What the words of `text` may be worth as numbers: two, third, dozen, April, World War II, twenty-one."""
    words = [word for word in re.findall(r"[A-Za-z]+|\d[\d.,]*", text) if word != "of"]
    worth: set[Decimal] = set()
    for word in words:
        worth |= _worth(word)
    if "half" in words:
        worth.add(Decimal("0.5"))
    for first, second in pairwise(words):
        for tens in _worth(first):
            for units in _worth(second):
                if units >= 10:
                    worth.add(tens * units)
                elif tens >= 20:
                    worth.add(tens + units)
    return frozenset(worth)


def english_spelled_numbers(text: str) -> tuple[Number, ...]:
    """The numbers that `text` writes as words, and its months: a translation must hold them as well.

    Words that are often no number (one, second, quarter) or part of a name are left out.
    """
    return tuple(Number(match.group(), _spelled_worth(match.group())) for match in _SPELLED.finditer(text))


def _spelled_worth(words: str) -> frozenset[Decimal]:
    worth = english_words(words)
    # Three centuries are 300년 and 3세기; three thousand is nothing but 3000.
    return worth if re.search(r"decade|centur", words) else frozenset({max(worth)})


def _worth(word: str) -> frozenset[Decimal]:
    if word[0].isdigit():
        return frozenset({_decimal(word.rstrip(".,"))})
    if word in _ROMAN:
        return frozenset({Decimal(_ROMAN[word])})
    lower = word.lower()
    known = _WORDS.get(lower) or _WORDS.get(lower.removesuffix("s")) or _WORDS.get(lower.removesuffix("fold"))
    return known or frozenset()


_CARDINALS = (
    # A bare "two" is often left out, "the two sides", but not before a measure.
    r"two(?=[\s-](?:second|minute|hour|day|week|month|year|mile|met(?:er|re)|kilomet|percent|times|points?)\w*)"
    "|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    "|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
)
_ORDINALS = (
    "third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth"
    "|(?:twen|thir|for|fif|six|seven|eigh|nine)tieth"
)
_SENTENCE_BEGINS = r"(?:(?<=^)|(?<=[.!?:] )|(?<=[\"“]))"
_SPELLED = re.compile(
    rf"(?<![\w-])(?:(?:{_CARDINALS}|{_SENTENCE_BEGINS}(?i:{_CARDINALS}))"
    rf"(?!\w|-?(?:one|two|three|four|five|six|seven|eight|nine)\b|[\s-](?:{'|'.join(_SCALES)}|decades|dozen|centuries))"
    rf"|(?:a|one|{_CARDINALS})[\s-](?:{'|'.join(_SCALES)}|decades|centuries)(?!\w)"
    rf"|(?:{_ORDINALS})(?![\w-]| part)"
    r"|World War II?(?!\w)"
    r"|(?:January|February|April|June|July|August|September|October|November|December)(?!\w)"
    r"|(?:March|May)(?= (?:of )?\d)|(?<=\d )(?:March|May)(?!\w))"
)


def _words(table: dict[int, str]) -> dict[str, frozenset[Decimal]]:
    worth: dict[str, frozenset[Decimal]] = {}
    for number, words in table.items():
        for word in words.split():
            worth[word] = worth.get(word, frozenset()) | {Decimal(number)}
    return worth


_WORDS = _words(
    {
        0: "zero no none noon midnight",
        1: "one first once a an single sole another each every top leading primary january jan",
        2: "two second twice both double couple pair half twin dual secondary square binary february feb",
        3: "three third triple thrice trio triad tertiary cubic march mar",
        4: "four fourth quarter quadruple april apr",
        5: "five fifth may",
        6: "six sixth june jun",
        7: "seven seventh july jul",
        8: "eight eighth august aug",
        9: "nine ninth september sep sept",
        10: "ten tenth decade dozen magnitude october oct",
        11: "eleven eleventh november nov",
        12: "twelve twelfth dozen noon midnight december dec",
        13: "thirteen thirteenth",
        14: "fourteen fourteenth fortnight",
        15: "fifteen fifteenth quarter",
        16: "sixteen sixteenth",
        17: "seventeen seventeenth",
        18: "eighteen eighteenth",
        19: "nineteen nineteenth",
        20: "twenty twentieth twenties score",
        25: "quarter",
        30: "thirty thirtieth thirties half",
        40: "forty fortieth forties",
        50: "fifty fiftieth fifties half",
        60: "sixty sixtieth sixties",
        70: "seventy seventieth seventies",
        80: "eighty eightieth eighties",
        90: "ninety ninetieth nineties",
        100: "hundred hundredth century centuries percent",
        1000: "thousand thousandth millennium",
        10**6: "million millionth",
        10**9: "billion billionth",
        10**12: "trillion trillionth",
    }
)
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}


def translated_numbers(text: str, language: str) -> tuple[Number, ...]:
    """The numbers that a translation into the language with this code writes in digits.

    Korean, Japanese and Chinese scales are read. Where a language writes 1,5 for 1.5, engines write either, so there
    1.300 is 1.3 and 1300, and 1,5 is 1.5 and 15.
    """
    return tuple(_translated_numbers(_with_ascii_digits(text), language not in _WITHOUT_DECIMAL_COMMA))


def _translated_numbers(text: str, decimal_comma: bool) -> Iterator[Number]:  # noqa: FBT001 - a fact of the language
    for match in (_EITHER_DIGITS if decimal_comma else _SCALED_DIGITS).finditer(text):
        raw = match.group().strip()
        parts = _PARTS.findall(raw)
        if decimal_comma:
            readings = set(_either_readings(raw))
        elif len(parts) == 1:
            readings = {_decimal(raw)}
        else:
            readings = {_east_asian(parts)}
            if parts[-1] == "조":
                # 제247조 is an article of a law, not 247 trillion.
                readings.add(_east_asian(parts[:-1]))
        if letter := _SCALE_LETTER.match(text[match.end() :]):
            readings |= {reading * _LETTERS[letter[1].upper()] for reading in readings}
        yield Number(raw, frozenset(readings), scaled=len(parts) > 1)


_EAST_ASIAN = {
    **dict.fromkeys("십十", 1),
    **dict.fromkeys("백百", 2),
    **dict.fromkeys("천千", 3),
    **dict.fromkeys("만万萬", 4),
    **dict.fromkeys("억億亿", 8),
    **dict.fromkeys("조兆", 12),
}
_WITHOUT_DECIMAL_COMMA = frozenset({"hi", "ja", "ko", "th", "zh"})
_SCALE_SIGNS = f"[{''.join(_EAST_ASIAN)}]"
_SCALED_DIGITS = re.compile(rf"(?:{_PLAIN_NUMBER})(?:\s?{_SCALE_SIGNS}+(?:\s?(?=\d))?(?:{_PLAIN_NUMBER})?)*", re.ASCII)
_PARTS = re.compile(rf"{_PLAIN_NUMBER}|{_SCALE_SIGNS}", re.ASCII)
_EITHER_DIGITS = re.compile(r"\d+(?:[.,]\d+)*", re.ASCII)


def _either_readings(raw: str) -> Iterator[Decimal]:
    """What digits with points and commas may be worth, in a language that may write either for either."""
    groups = re.split(r"[.,]", raw)
    yield Decimal("".join(groups))
    if len(groups) > 2:
        # Perhaps no number but a list, such as 1,2,3.
        yield from map(Decimal, groups)
    for point, comma in ((".", ","), (",", ".")):
        if raw.count(point) == 1 and raw.rfind(comma) < raw.find(point):
            yield Decimal(raw.replace(comma, "").replace(point, "."))


def _east_asian(parts: list[str]) -> Decimal:
    """1억 2천 300만 is 1 · 10⁸ + (2 · 10³ + 300) · 10⁴."""
    total = section = Decimal(0)
    digits: Decimal | None = None
    for part in parts:
        power = _EAST_ASIAN.get(part)
        if power is None:
            section += digits or 0
            digits = _decimal(part)
        elif power < 4:
            section += (1 if digits is None else digits) * 10**power
            digits = None
        else:
            section += digits or 0
            total += (section or 1) * 10**power
            section, digits = Decimal(0), None
    return total + section + (digits or 0)


def korean_native_numbers(text: str) -> tuple[Number, ...]:
    """The numbers that `text` writes as native Korean words: 두 개, 첫 번째, 열두."""
    return tuple(
        Number(match.group().strip(), frozenset({Decimal(number)}))
        for pattern, number in _NATIVE
        for match in pattern.finditer(text)
    )


_NATIVE = tuple(
    (re.compile(rf"(?<![가-힣])(?:{words})"), number)
    for number, words in {
        1: "첫|하나|한 |한쪽",
        2: "둘|두 |두번|양",
        3: "셋|세 |세번|석 ",
        4: "넷|네 |네번",
        5: "다섯",
        6: "여섯",
        7: "일곱",
        8: "여덟",
        9: "아홉",
        10: "열 ",
        11: "열한 ",
        12: "열두 ",
        20: "스무|스물",
        30: "서른",
        40: "마흔",
        50: "쉰",
    }.items()
)


def sino_korean_numbers(text: str) -> tuple[Number, ...]:
    """What may be Sino-Korean numbers in words: 삼차원, 이십, 수천만. Other words begin with these syllables too."""
    return tuple(
        Number(match[1], frozenset({_east_asian([str(_SINO.get(part, part)) for part in match[1]])}))
        for match in _SINO_WORDS.finditer(text)
    )


_SINO = {syllable: number for number, syllable in enumerate("일이삼사오육칠팔구", 1)}
_SINO_WORDS = re.compile(
    rf"(?<![가-힣])[제수몇]?\s?([{''.join(_SINO)}]?[십백천만억조]+"
    # A single digit is one only before what is counted so: 이중, 삼각, 사차원.
    rf"|[{''.join(_SINO)}](?=[차중각륜층단등국원면종군위급세 ]))"
)


def _with_ascii_digits(text: str) -> str:
    """`text` with every script's digits as ASCII ones."""
    if text.isascii():
        return text
    return "".join(
        character if character.isascii() else str(unicodedata.decimal(character, character)) for character in text
    )
