"""Ways in which an engine damages a translation, to see which of them the judge catches.

Each takes a pair (an English abstract and its good translation, folded to one line), another pair, and a random
generator, and gives the damaged translation, or None where the pair holds nothing to damage in this way.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shared.languages.table import find_language
from shared.text.sentences import ENGLISH, split

_KOREAN = find_language("ko").sentence_ends


@dataclass(frozen=True)
class Pair:
    """An abstract and its translation; `id` is the corpus's own."""

    id: str
    source: str
    text: str


Damage = Callable[[Pair, Pair, random.Random], str | None]
"""The pair, another pair of the same corpus, a generator."""


@dataclass(frozen=True)
class Kind:
    """One kind of damage: its name, the share of it that must be caught (None: only printed), and how it is done."""

    name: str
    target: float | None
    damage: Damage


def _sentences(text: str) -> list[str]:
    return list(split(text, _KOREAN))


def cut_short(pair: Pair, other: Pair, chance: random.Random) -> str:
    """The answer ends 25 characters before its end."""
    return pair.text[:-25].rstrip()


def half_of_the_last(pair: Pair, other: Pair, chance: random.Random) -> str:
    """The answer ends in the middle of its last sentence."""
    last = _sentences(pair.text)[-1]
    return pair.text[: len(pair.text) - len(last) // 2].rstrip()


def last_third(pair: Pair, other: Pair, chance: random.Random) -> str | None:
    """The last third is gone: cut by characters, or between two sentences."""
    sentences = _sentences(pair.text)
    if chance.random() < 0.5 or len(sentences) < 3:
        return pair.text[: len(pair.text) * 2 // 3].rstrip()
    return " ".join(sentences[: len(sentences) - max(1, len(sentences) // 3)])


def last_sentence(pair: Pair, other: Pair, chance: random.Random) -> str | None:
    """The last sentence is gone."""
    sentences = _sentences(pair.text)
    return " ".join(sentences[:-1]) if len(sentences) > 1 else None


def one_dropped(pair: Pair, other: Pair, chance: random.Random) -> str | None:
    """One sentence before the last is gone."""
    sentences = _sentences(pair.text)
    if len(sentences) < 3:
        return None
    del sentences[chance.randrange(len(sentences) - 1)]
    return " ".join(sentences)


def one_twice(pair: Pair, other: Pair, chance: random.Random) -> str:
    """One sentence stands there twice, mostly in a row."""
    sentences = _sentences(pair.text)
    index = chance.randrange(len(sentences))
    place = index if chance.random() < 0.7 else chance.randrange(len(sentences) + 1)
    sentences.insert(place, sentences[index])
    return " ".join(sentences)


def one_in_english(pair: Pair, other: Pair, chance: random.Random) -> str | None:
    """One sentence was left as it is in the source."""
    sentences, english = _sentences(pair.text), split(pair.source, ENGLISH)
    index = chance.randrange(len(sentences))
    sentences[index] = english[index * len(english) // len(sentences)]
    return " ".join(sentences)


def foreign_in_between(pair: Pair, other: Pair, chance: random.Random) -> str:
    """A sentence of another paper's translation stands between two of this one's."""
    sentences = _sentences(pair.text)
    sentences.insert(chance.randrange(1, len(sentences) + 1), chance.choice(_sentences(other.text)))
    return " ".join(sentences)


def other_text(pair: Pair, other: Pair, chance: random.Random) -> str:
    """The translation is another paper's."""
    return other.text


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*", re.ASCII)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+\.(?:com|org|io|ai|net)/\S*")


def _numbers(text: str, pattern: re.Pattern[str] = _NUMBER) -> list[re.Match[str]]:
    """The numbers in a text, those of addresses aside."""
    taken = [match.span() for match in _ADDRESS.finditer(text)]
    return [match for match in pattern.finditer(text) if not any(start <= match.start() < end for start, end in taken)]


def number_changed(pair: Pair, other: Pair, chance: random.Random) -> str | None:
    """One number gets other digits, as many as it had."""
    numbers = _numbers(pair.text)
    if not numbers:
        return None
    match = chance.choice(numbers)
    changed = match.group()
    while changed == match.group():
        changed = re.sub(r"\d", lambda _: chance.choice("123456789"), match.group())
    return pair.text[: match.start()] + changed + pair.text[match.end() :]


def number_dropped(pair: Pair, other: Pair, chance: random.Random) -> str | None:
    """One number goes, with the unit that sticks to it: `(2)` becomes `()`."""
    numbers = _numbers(pair.text, re.compile(rf"{_NUMBER.pattern}[만억조천백%]*", re.ASCII))
    if not numbers:
        return None
    match = chance.choice(numbers)
    return pair.text[: match.start()] + pair.text[match.end() :]


_SIGN = re.compile(
    r"""
    (?<=\d)\s?(?:천만|백만|십만|천|만|억|조)
    (?:(?![가-힣])|(?=\s?(?:개|명|장|건|배|원|달러|토큰|시간|쌍|대|단계|편|회)))
    """,
    re.VERBOSE,
)
_LARGE = re.compile(
    r"(?<![\w.,-])(?:(?P<digits>\d{1,3}(?:,\d{3})+|\d{5,})(?![\d,.]*\d)|(?P<short>\d{1,3})(?P<letter>[KB])(?![A-Za-z0-9]))"
)


def _with_signs(text: str) -> str:
    """`text` with its large numbers as Korean writes them: 12,000 is 1만 2,000, 5,000 5천, 64K 6만 4천, and 7B 70억."""

    def written(match: re.Match[str]) -> str:
        if match["letter"] == "B":
            return f"{match['short']}0억"
        value = int(match["short"]) * 1000 if match["letter"] else int(match["digits"].replace(",", ""))
        tens, rest = divmod(value, 10_000)
        if tens >= 10_000 or (not tens and rest % 1000):
            return match.group()
        spelled = f"{rest // 1000}천" if rest and not rest % 1000 else f"{rest:,}" if rest else ""
        return " ".join(filter(None, (f"{tens}만" if tens else "", spelled)))

    return _LARGE.sub(written, text)


def sign_changed(pair: Pair, other: Pair, chance: random.Random) -> str | None:
    """A large number is a hundred or ten thousand times too large or too small."""
    text = _with_signs(pair.text)
    signs = list(_SIGN.finditer(text))
    if not signs:
        return None
    match = chance.choice(signs)
    changed = chance.choice([sign for sign in ("", "만", "백만", "억", "조") if sign != match.group().strip()])
    return text[: match.start()] + changed + text[match.end() :]


_UNITS = (
    "%",
    "배",
    "ms",
    "초",
    "분",
    "시간",
    "일",
    "개월",
    "년",
    "GB",
    "MB",
    "TB",
    "Hz",
    "kHz",
    "km",
    "m",
    "cm",
    "달러",
    "dB",
)
_UNIT = re.compile(
    r"(?<=\d)\s?(?P<unit>퍼센트|%|배|ms|밀리초|초|분|시간|개월|GB|MB|TB|kHz|MHz|Hz|km|cm|mm|dB|달러)"
    r"(?![A-Za-z])(?!에서 \d|포인트)"
)
_NOT_A_UNIT = re.compile(r"배치|배경|배열|분류|분석|분할|분포|분야|초기|초과|시간대|분의")


def unit_changed(pair: Pair, other: Pair, chance: random.Random) -> str | None:
    """A number gets another unit."""
    units = [match for match in _UNIT.finditer(pair.text) if not _NOT_A_UNIT.match(pair.text, match.start("unit"))]
    if not units:
        return None
    match = chance.choice(units)
    same = {"퍼센트": "%", "밀리초": "ms"}.get(match["unit"], match["unit"])
    changed = chance.choice([unit for unit in _UNITS if unit != same])
    return pair.text[: match.start("unit")] + changed + pair.text[match.end() :]


_SPELLED = re.compile(
    r"(?<![가-힣])(?P<word>두|세|네|다섯|여섯|일곱|여덟|아홉)(?= |가지|개|명|번|단계|종|배|쌍)(?=\s?[가-힣])"
)


def spelled_changed(pair: Pair, other: Pair, chance: random.Random) -> str | None:
    """A number in words becomes another one."""
    words = list(_SPELLED.finditer(pair.text))
    if not words:
        return None
    match = chance.choice(words)
    changed = chance.choice([word for word in ("세", "네", "다섯", "여섯", "일곱", "여덟") if word != match["word"]])
    return pair.text[: match.start()] + changed + pair.text[match.end() :]


_NAME = re.compile(r"(?<![A-Za-z0-9-])(?:[A-Za-z]+[A-Z0-9]+[A-Za-z0-9]*)(?:[-+][A-Za-z0-9]+)*(?![A-Za-z0-9/.])")


def _names(text: str) -> list[re.Match[str]]:
    return [match for match in _numbers(text, _NAME) if len(match.group()) > 2]


def name_of_another(pair: Pair, other: Pair, chance: random.Random) -> str | None:
    """A name becomes one that another paper's translation holds, and this one's source does not."""
    names = _names(pair.text)
    others = sorted({match.group() for match in _names(other.text)} - set(re.findall(r"[\w+-]+", pair.source)))
    others = [name for name in others if name.lower() not in pair.source.lower()]
    if not names or not others:
        return None
    match = chance.choice(names)
    return pair.text[: match.start()] + chance.choice(others) + pair.text[match.end() :]


def name_to_model(pair: Pair, other: Pair, chance: random.Random) -> str | None:
    """A name becomes 모델."""
    names = _names(pair.text)
    if not names:
        return None
    match = chance.choice(names)
    return pair.text[: match.start()] + "모델" + pair.text[match.end() :]


_DIRECTIONS = {"이상": "이하", "이하": "이상", "증가": "감소", "감소": "증가", "향상": "저하", "저하": "향상"}
_DIRECTION = re.compile(r"(?<=\d)[%개배명]?\s?이상|이하|증가|감소|향상|저하")


def direction_flipped(pair: Pair, other: Pair, chance: random.Random) -> str | None:
    """이상 becomes 이하, 증가 감소, 향상 저하, or the other way round."""
    words = list(_DIRECTION.finditer(pair.text))
    if not words:
        return None
    match = chance.choice(words)
    found = match.group()[-2:]
    return pair.text[: match.end() - 2] + _DIRECTIONS[found] + pair.text[match.end() :]


_AFFIRMED = re.compile(r"(?P<verb>[가-힣])(?P<end>합니다|했습니다|됩니다|되었습니다|하였습니다)\.")
_DENIED = {
    "합니다": "하지 않습니다",
    "했습니다": "하지 않았습니다",
    "하였습니다": "하지 않았습니다",
    "됩니다": "되지 않습니다",
    "되었습니다": "되지 않았습니다",
}


def negation_put_in(pair: Pair, other: Pair, chance: random.Random) -> str | None:
    """A sentence says that something is not so."""
    verbs = list(_AFFIRMED.finditer(pair.text))
    if not verbs:
        return None
    match = chance.choice(verbs)
    return pair.text[: match.start("end")] + _DENIED[match["end"]] + "." + pair.text[match.end() :]


_NEGATED = re.compile(
    r"(?P<verb>[하되])지 (?:않|못)(?P<end>습니다|는|은|으며|고|아|았습니다)"
    r"|(?P<can>수) 없(?P<rest>습니다|는|으며|고|어|다)"
)
_AFFIRMATIVE = {
    "하": {
        "습니다": "합니다",
        "는": "하는",
        "은": "한",
        "으며": "하며",
        "고": "하고",
        "아": "해",
        "았습니다": "했습니다",
    }
}
_AFFIRMATIVE["되"] = {
    "습니다": "됩니다",
    "는": "되는",
    "은": "된",
    "으며": "되며",
    "고": "되고",
    "아": "돼",
    "았습니다": "되었습니다",
}


def negation_taken_out(pair: Pair, other: Pair, chance: random.Random) -> str | None:
    """A sentence no longer says that something is not so."""
    verbs = list(_NEGATED.finditer(pair.text))
    if not verbs:
        return None
    match = chance.choice(verbs)
    said = "수 있" + match["rest"] if match["can"] else _AFFIRMATIVE[match["verb"]][match["end"]]
    return pair.text[: match.start()] + said + pair.text[match.end() :]


_OBJECT = re.compile(r"(?<=\s)[가-힣]{2,8}[을를]\s")


def object_lost(pair: Pair, other: Pair, chance: random.Random) -> str | None:
    """What a verb is about is gone."""
    words = list(_OBJECT.finditer(pair.text))
    if not words:
        return None
    match = chance.choice(words)
    return pair.text[: match.start()] + pair.text[match.end() :]


def numbers_swapped(pair: Pair, other: Pair, chance: random.Random) -> str | None:
    """Two numbers of a sentence change places."""
    numbers = _numbers(pair.text)
    swaps = [
        (first, second)
        for first, second in pairwise(numbers)
        if first.group() != second.group() and ". " not in pair.text[first.end() : second.start()]
    ]
    if not swaps:
        return None
    first, second = chance.choice(swaps)
    between = pair.text[first.end() : second.start()]
    return pair.text[: first.start()] + second.group() + between + first.group() + pair.text[second.end() :]


def reordered(pair: Pair, other: Pair, chance: random.Random) -> str | None:
    """Two neighbouring sentences change places."""
    sentences = _sentences(pair.text)
    if len(sentences) < 3:
        return None
    index = chance.randrange(len(sentences) - 1)
    sentences[index : index + 2] = reversed(sentences[index : index + 2])
    return " ".join(sentences)


KNOWN_WRAPPERS: Sequence[str] = (
    "<think>사용자가 초록의 번역을 원하므로 자연스럽게 옮긴다.</think>\n{}",
    "<think>\n{}",
    "</think>{}",
    "<thinking>용어를 먼저 정한다.</thinking>\n{}",
    "## 번역\n{}",
    "# 초록\n\n{}",
    "### 한국어 번역\n{}",
    "## 초록 (Korean)\n{}",
    "**번역문**\n{}",
    "**번역:** {}",
    "번역: {}",
    "번역문: {}",
    "한국어 번역: {}",
    "[번역]\n{}",
    "Translation: {}",
    "Korean translation: {}",
    "Here is the translation:\n\n{}",
    "Sure! Here is the Korean translation:\n{}",
    "다음은 요청하신 번역입니다.\n{}",
    "다음은 초록의 한국어 번역입니다: {}",
    "네, 번역해 드리겠습니다. {}",
    "물론입니다. {}",
    "```\n{}\n```",
    "```text\n{}\n```",
    '{{"translation": "{}"}}',
    '{{"text": "{}", "language": "ko"}}',
    "{}\n(참고: 고유 명사는 영어로 두었습니다.)",
    "{}\n\n※ 전문 용어는 원문을 따랐습니다.",
    "{} 이상이 번역입니다.",
    "{}\n\n도움이 되셨기를 바랍니다.",
    "{}\n\n추가로 궁금한 점이 있으면 말씀해 주세요.",
    "{}\n\n번역이 마음에 드시길 바랍니다.",
    "{}\n\nNote: technical terms were kept in English.",
    "{}\n---\n역자 주: 일부 용어는 영어로 남겼습니다.",
    "죄송합니다. 이 요청은 처리할 수 없습니다.",
    "번역할 텍스트를 입력해 주세요.",
    "번역 중 오류 발생: Connection error.",
    "{} 번역 중 오류가 발생했습니다.",
    "Error code: 429 - {{'error': {{'message': 'Rate limit exceeded'}}}}",
    "Internal Server Error",
    "서비스를 일시적으로 사용할 수 없습니다. 잠시 후 다시 시도해 주세요.",
    "None",
    "null",
)
"""What engines are known to put around an answer or in its place; `{}` is the answer."""

NEW_WRAPPERS: Sequence[str] = (
    "원하시는 대로 우리말로 옮겨 보았습니다.\n{}",
    "아래와 같이 옮길 수 있습니다.\n{}",
    "결과물은 아래에 있습니다. {}",
    "【한글본】 {}",
    "<answer>{}</answer>",
    "<output>\n{}\n</output>",
    "### Output\n{}",
    "Final answer: {}",
    "OUTPUT>> {}",
    "1) {}",
    "{} (끝)",
    "{} -- end of text --",
    "{}\n\n용어 선택이 어색하면 알려 주십시오.",
    "{}\n\n위 문장은 학술적인 어조를 살려 다듬었습니다.",
    "{}\n\n원문의 의미를 최대한 보존하려 노력했습니다.",
    "{}\n\n[검수 필요]",
    "사용자 요청을 분석한다. 먼저 핵심 용어를 정리하고 문체를 정한다. {}",
    "현재 접속자가 많아 요청을 완료하지 못했습니다.",
    "계정의 크레딧이 모두 소진되었습니다.",
    "입력이 너무 깁니다. 나누어서 보내 주세요.",
    "The model is overloaded. Please try later.",
    "undefined",
    "해당 내용은 정책상 제공할 수 없습니다.",
    '{{"ko": ["{}"]}}',
)
"""The same, in wordings that no rule was written for."""


def _wrapped(wrappers: Sequence[str]) -> Damage:
    def damage(pair: Pair, other: Pair, chance: random.Random) -> str:
        return chance.choice(wrappers).format(pair.text)

    return damage


KINDS: tuple[Kind, ...] = (
    Kind("cut 25 characters short", 0.98, cut_short),
    Kind("half of the last sentence", 0.98, half_of_the_last),
    Kind("last third", 0.98, last_third),
    Kind("last sentence", 0.95, last_sentence),
    Kind("one sentence dropped", 0.82, one_dropped),
    Kind("one sentence twice", 0.98, one_twice),
    Kind("one sentence in English", 0.97, one_in_english),
    Kind("another paper's sentence in between", 0.80, foreign_in_between),
    Kind("another paper's translation", 0.99, other_text),
    Kind("number changed", 0.95, number_changed),
    Kind("number dropped", 0.90, number_dropped),
    Kind("sign of a large number", 0.95, sign_changed),
    Kind("unit", 0.90, unit_changed),
    Kind("spelled number", 0.90, spelled_changed),
    Kind("another paper's name", 0.95, name_of_another),
    Kind("direction", 0.60, direction_flipped),
    Kind("negation put in", 0.45, negation_put_in),
    Kind("wrapper or error, known wording", 0.98, _wrapped(KNOWN_WRAPPERS)),
    Kind("wrapper or error, wording never seen", None, _wrapped(NEW_WRAPPERS)),
    Kind("a name replaced by 모델", None, name_to_model),
    Kind("negation taken out", None, negation_taken_out),
    Kind("an object lost", None, object_lost),
    Kind("two numbers swapped", None, numbers_swapped),
    Kind("two sentences swapped", None, reordered),
)
"""Those with a target count for the mean; the others show what no form can see, or what was not to be seen."""
