"""Numbers of English: in digits, in words, and what single words may stand for in a translation."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from shared.text.quantity import (
    CURRENCIES,
    LETTERS,
    MAGNITUDE,
    PLAIN,
    Quantity,
    as_listed,
    decimal,
    forms,
    scaled_range,
    shares,
    time_parts,
    with_ascii_digits,
    worth,
)

_SCALES = {
    "dozen": 12.0,
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "mn": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
}
_UNITS = forms(
    {
        "percent": "% percent percentage_points percentage_point pp",
        "point": "points point",
        "times": "x × fold times",
        "occasion": "times",
        "nanosecond": "ns nanoseconds nanosecond",
        "microsecond": "µs μs us microseconds microsecond",
        "millisecond": "ms milliseconds millisecond",
        "second": "s sec secs seconds second",
        "minute": "min mins minutes minute",
        "hour": "h hr hrs hours hour",
        "day": "days day",
        "week": "weeks week",
        "month": "months month",
        "year": "yr yrs years year",
        "kilobyte": "KB kB",
        "megabyte": "MB",
        "gigabyte": "GB GiB",
        "terabyte": "TB",
        "hertz": "Hz",
        "kilohertz": "kHz",
        "megahertz": "MHz",
        "gigahertz": "GHz",
        "decibel": "dB",
        "nanometre": "nm nanometers nanometres",
        "micrometre": "µm μm um",
        "millimetre": "mm millimeters millimetres",
        "centimetre": "cm centimeters centimetres",
        "metre": "meters metres meter metre",
        "kilometre": "km kilometers kilometres kilometer kilometre",
        "mile": "miles mile",
        "milligram": "mg",
        "gram": "grams",
        "kilogram": "kg kilograms",
        "watt": "W watts watt",
        "kilowatt": "kW",
        "dollar": "dollars dollar USD",
        "euro": "euros euro EUR",
        "pound": "pounds GBP",
        "degree": "° degrees degree",
    }
)


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace("_", "[ -]") for word in sorted(words, key=len, reverse=True))


_AREA = re.compile(r"(?<![A-Za-z])[kcmdµn]?m$")
_DIGITS = re.compile(
    rf"(?<!\d)\d{{1,3}}(?:(?: \d{{3}}){{0,3}} 000|(?:[\u00a0\u2009\u202f]\d{{3}})+)(?!\d)|{PLAIN}", re.ASCII
)
_AFTER = re.compile(
    rf"""
    (?P<scale>[\s-]?(?:{_any(_SCALES)})s?\b)?
    (?P<letter>(?:[kKMmBbTG]|\ [KMBT])(?![A-Za-z0-9]))?
    (?:
        \ ?\\?(?P<sign>%|°)
      | \ ?-?\ ?(?P<form>{_any(form for form in _UNITS if form[0].isalpha() and form != "x")})(?![A-Za-z0-9])
      | \ ?(?P<times>[x×])(?![A-Za-z0-9])
    )?
    """,
    re.VERBOSE,
)
_LOOK_BACK = 24
_TIMES_BEFORE = re.compile(r"(?<![A-Za-z0-9])[x×]$|\b(?:factors?|multiples?)\sof\s(?:\w{1,8}\s)?$")
_SCALE_BEFORE = re.compile(r"\bscale\b.{0,12}$")
_CROSS = re.compile(r"s?[ -]cross")
_SINCE = re.compile(r"(\d{4})\s?[-–/]\s?$", re.ASCII)
_DECADE = re.compile(r"['’]?s\b")
_CLOCK = re.compile(r":\d\d|\s?[ap]\.?m\b|\s?o.clock", re.IGNORECASE)


def english_quantities(text: str) -> list[Quantity]:
    """The numbers that `text` writes in digits and in words, in order.

    >>> [sorted(number.readings) for number in english_quantities("seven hundred thousand images, 2.3 million words")]
    [[700000.0], [2300000.0]]
    """
    text = with_ascii_digits(text)
    found: list[Quantity] = []
    for number in sorted([*_in_digits(text), *_in_words(text)], key=lambda number: number.start):
        # The million of 2.3 million is not a number of its own.
        if not found or number.start >= found[-1].end:
            found.append(number)
    return as_listed(text, found)


def _in_digits(text: str) -> list[Quantity]:
    found: list[Quantity] = []
    for match in _DIGITS.finditer(text):
        if match.group() in "23" and _AREA.search(text, max(0, match.start() - 3), match.start()):
            continue  # The 2 of km2.
        number = _quantity(text, match)
        found[-1:] = scaled_range(text, found[-1], number) if found else (number,)
    return found


def _quantity(text: str, match: re.Match[str]) -> Quantity:
    raw, (start, end) = match.group(), match.span()
    value = decimal(raw)
    readings = {value}
    units: frozenset[str] = frozenset()
    after = _AFTER.match(text, end)
    if after and after.group():
        if scale := after["scale"]:
            readings = {value * _SCALES[scale.strip(" -").lower().removesuffix("s")]}
        if letter := after["letter"]:
            # `8B` may be eight billion or the end of a model's name, `3m` three metres.
            factor = LETTERS[letter.strip().lower()]
            readings |= {value * factor, value * 1024 if factor == 1e3 else value * factor}
        form = (after["sign"] or after["form"] or after["times"] or "").replace(" ", "_").replace("-", "_")
        in_folds = form == "fold" and _CROSS.match(text, after.end())
        if form and not in_folds and not (form == "s" and (value >= 100 or _DECADE.match(text, end))):
            units = _UNITS[form]
        end = after.end()
    before = text[max(0, start - _LOOK_BACK) : start]
    if currency := CURRENCIES.get(before[-1:]):
        units |= {currency}
    if _TIMES_BEFORE.search(before):
        units |= {"times"}
    readings |= _of_two_digits(raw, value, before, text, match.end())
    if _CLOCK.match(text, match.end()):
        readings.add(value + 12 if value < 12 else abs(value - 12))
    if "times" in units:
        # A gain of 2.5x is one of 250 %.
        readings.add(value * 100)
    # The minutes of a full hour are not said: 11:00 is 11시.
    # Nor is the 1 of a scale from 1 to 7.
    needed = not (raw == "00" and before.endswith(":")) and not (raw == "1" and _SCALE_BEFORE.search(before))
    return Quantity(
        raw, start, end, frozenset(map(worth, readings)), units, time_parts(value, units), value, needed
    )  # fmt: skip


def _of_two_digits(raw: str, value: float, before: str, text: str, end: int) -> set[float]:
    """What two digits may be worth as a year, a decade or the minutes of a time."""
    if len(raw) != 2 or not raw.isdigit():
        return set()
    readings = set()
    if since := _SINCE.search(before):
        readings.add(float(since[1][:2] + raw))
    if _DECADE.match(text, end) or before.endswith(("'", "’")):
        readings |= {1900 + value, 2000 + value}
    if before.endswith(":"):
        readings.add(value + 12 if value < 12 else abs(value - 12))
    return readings


_ONES = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *(f"{stem}teen" for stem in ("thir", "four", "fif", "six", "seven", "eigh", "nine")),
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_CARDINALS = {word: float(number) for number, word in enumerate(_ONES)} | {
    word: float(number) for number, word in zip(range(20, 100, 10), _TENS, strict=True)
}
_ORDINALS = {
    word: float(number)
    for number, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"), 1
    )
}
_LARGE = {word: scale for word, scale in _SCALES.items() if len(word) > 2}
_FRACTIONS = {
    "half": 2.0, "halve": 2.0, "third": 3.0, "quarter": 4.0, "fourth": 4.0, "fifth": 5.0, "sixth": 6.0, "seventh": 7.0,
    "eighth": 8.0, "ninth": 9.0, "tenth": 10.0, "twentieth": 20.0, "hundredth": 100.0, "thousandth": 1000.0,
}  # fmt: skip
_ORDERS = frozenset({"times", MAGNITUDE})
_SPELLED = re.compile(
    rf"""
    (?<![\w.-])
    (?:
        (?:(?P<power>{_any(_CARDINALS)}|an?|several|few)\s+)?orders?(?P<magnitude>\s+of\s+magnitude)
      | (?P<count>an?|{_any(_ONES[1:13])})[\s-](?P<fraction>{_any(_FRACTIONS)})s?
        (?=\s+(?:of|as|the)\b|[\s,.;)]|$)
      | half\s+an?\s+(?P<half_of>{_any(_LARGE)})
      | (?P<number>(?:{_any((*_CARDINALS, *_LARGE))})
            (?:(?:[\s-]|(?:(?<=hundred)|(?<=thousand)|(?<=million))\s+and\s+)(?:{_any((*_CARDINALS, *_LARGE))}))*)
        (?:-(?P<ordinal>{_any(_ORDINALS)})(?!\w))?
        (?P<half>\s+and\s+a\s+half(?:\s+(?P<halved>{_any(_LARGE)}))?)?
        (?:
            [\ -](?P<unit>{_any(form for form in _UNITS if len(form) > 2 and form.islower() and form.isascii())})\b
          | (?P<fold>-?fold)\b
          | [\ -](?P<span>decades?|centur(?:y|ies))\b
        )?
    )
    (?![A-Za-z])
    """,
    re.VERBOSE | re.IGNORECASE,
)


def _in_words(text: str) -> Iterator[Quantity]:
    for match in _SPELLED.finditer(text):
        if match["magnitude"]:
            power = _CARDINALS.get((match["power"] or "").lower(), 1.0)
            readings = frozenset({power, worth(10**power)})
            yield Quantity(match.group(), *match.span(), readings, _ORDERS, needed=False, spelled=True)
        elif match["fraction"]:
            count, whole = _CARDINALS.get(match["count"].lower(), 1.0), _FRACTIONS[match["fraction"].lower()]
            readings = shares(count, whole)
            yield Quantity(match.group(), *match.span(), readings, parts=(count, whole), needed=False, spelled=True)
        elif match["half_of"]:
            value = _LARGE[match["half_of"].lower()] / 2
            yield Quantity(match.group(), *match.span(), frozenset({value}), spelled=True)
        else:
            yield _in_number_words(match, text)


def _in_number_words(match: re.Match[str], text: str) -> Quantity:
    value = _cardinal(re.findall(r"[a-z]+", match["number"].lower()))
    if match["ordinal"] and value >= 20 and value % 10 == 0:
        value += _ORDINALS[match["ordinal"].lower()]
    if match["half"]:
        value = (value + 0.5) * _LARGE.get((match["halved"] or "").lower(), 1.0)
    form = (match["unit"] or "").lower().replace(" ", "_").replace("-", "_")
    before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
    folds = match["fold"] or _TIMES_BEFORE.search(before)
    units = frozenset({"times"}) if folds else _UNITS.get(form, frozenset())
    readings = {value}
    if span := match["span"]:
        readings.add(value * (10 if span.lower().startswith("decade") else 100))
    # What is spelled with a capital within a sentence is a name: Six Flags.
    named = match.group()[0].isupper() and before[-2:].strip(' "“(') not in ("", ".", ":")
    needed = value >= 2 and match["number"].lower() not in _LARGE and not named
    return Quantity(
        match.group(), *match.span(), frozenset(map(worth, readings)), units, time_parts(value, units), needed=needed,
        spelled=True,
    )  # fmt: skip


def _cardinal(words: Iterable[str]) -> float:
    """What number words are worth: seven hundred thousand, one hundred and five."""
    total = section = 0.0
    for word in words:
        if word in _CARDINALS:
            section += _CARDINALS[word]
        elif word in ("hundred", "dozen"):
            section = (section or 1) * _LARGE[word]
        elif word in _LARGE:
            total += (section or 1) * _LARGE[word]
            section = 0.0
    return total + section


def _by_word(rows: dict[float, str]) -> dict[str, frozenset[float]]:
    table: dict[str, set[float]] = {}
    for value, words in rows.items():
        for word in words.split():
            table.setdefault(word, set()).add(float(value))
    return {word: frozenset(values) for word, values in table.items()}


_LOOSE = _by_word(
    {
        0: "zero no none noon midnight without zeroth",
        0.5: "half halve halves halved halving",
        1: "one first once a an single sole another each every top leading primary january jan mono monocular unique i"
        " best solo unary half hourly daily weekly monthly yearly annual",
        2: "two second secondly twice both double doubles doubled doubling couple pair pairs paired pairwise half twin"
        " dual duo secondary square squared quadratic binary bilateral bilingual bimodal bi bipartite bidirectional"
        " twofold february feb either ii alternating dyadic doubly respectively neither latter former other between"
        " and",
        3: "three third thirdly triple triples triplet triplets triad thrice trio tertiary cubic trimodal tri ternary"
        " trilogy tripartite march mar iii",
        4: "four fourth fourthly quarter quarters quadruple quad quaternion quadrant april apr iv",
        5: "five fifth fifthly quintuple may v",
        6: "six sixth june jun vi",
        7: "seven seventh july jul vii week weekly",
        8: "eight eighth august aug viii octave",
        9: "nine ninth september sep sept ix",
        10: "ten tenth tens tenfold decade decades decadal dozen magnitude decile october oct x",
        11: "eleven eleventh november nov xi",
        12: "twelve twelfth dozen dozens noon midnight december dec xii year yearly annual annually",
        13: "thirteen thirteenth",
        14: "fourteen fourteenth fortnight",
        15: "fifteen fifteenth quarter",
        16: "sixteen sixteenth",
        17: "seventeen seventeenth",
        18: "eighteen eighteenth",
        19: "nineteen nineteenth",
        20: "twenty twentieth twenties score",
        24: "daily day",
        25: "quarter",
        30: "thirty thirtieth thirties half",
        40: "forty fortieth forties",
        50: "fifty fiftieth fifties half halve halves halved halving median",
        60: "sixty sixtieth sixties",
        70: "seventy seventieth seventies",
        80: "eighty eightieth eighties",
        90: "ninety ninetieth nineties",
        100: "hundred hundreds hundredth century centuries percent centennial",
        200: "double doubles doubled doubling",
        1000: "thousand thousands thousandth millennium millennia kilo",
        1e6: "million millions millionth mega",
        1e9: "billion billions billionth giga",
        1e12: "trillion trillions trillionth tera",
    }
)
_PREFIXES = {
    "bi": 2.0,
    "tri": 3.0,
    "quad": 4.0,
    "uni": 1.0,
    "mono": 1.0,
    "dual": 2.0,
    "pent": 5.0,
    "hex": 6.0,
    "oct": 8.0,
}
_LONG_WORD = 7


def loose_numbers(text: str) -> set[float]:
    """What single words of `text` may explain in a translation: both, triplet, a decade, April, Type II.

    >>> sorted(loose_numbers("both triplets"))
    [2.0, 3.0]
    """
    found: set[float] = set()
    for word in re.findall(r"[a-z]+", text.lower()):
        if numbers := _LOOSE.get(word) or _LOOSE.get(word.removesuffix("fold")):
            found |= numbers
        elif len(word) >= _LONG_WORD:
            found |= {number for prefix, number in _PREFIXES.items() if word.startswith(prefix)}
    return found


_ONE = re.compile(rf"\b(?:per|an?|each|every)\s({_any(form for form in _UNITS if form.isalpha())})\b")


def single_units(text: str) -> frozenset[str]:
    """The units that `text` names without a number: frames per second, twice a day.

    >>> sorted(single_units("25 frames per second"))
    ['second']
    """
    return frozenset[str]().union(*(_UNITS[form] for form in _ONE.findall(text)))


def without_scale(number: Quantity) -> Quantity:
    """A number as a language may write it whose words for large numbers nobody reads: the 2.3 of 2.3 million too."""
    return number if number.bare is None else replace(number, readings=number.readings | {number.bare})
