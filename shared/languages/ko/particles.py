"""Korean particles that agree with how the word before them is read: SAPO를, LLM은, RL로, 90%가, GPT-4o와.

A particle has one form after a vowel and another after a final consonant, and 로/으로 counts ㄹ as a vowel. An engine
chooses by its own idea of an English word, and not at all where it saw a mask, so the choice is repaired afterwards.

How a word is read is decided from its end: acronyms letter by letter, numbers in Sino-Korean, units and signs by name,
words by English spelling. Where two readings are common (GPT-3 is 삼 or 쓰리) a particle that agrees with either stays.
Acronyms in capitals are read as words where they sound like one (UMAP 유맵, CLIP 클립), and else letter by letter (NER
엔이알); of three letters either may be, but for those that the field says one way. A raised number is a power (10⁶ is
십의 육제곱), a lowered one a name's number.
What stands in brackets is not read when a word stands directly before them: 대규모 언어 모델(LLM)은, 강화학습(RL)으로.
"""

import re
from collections.abc import Collection
from enum import Enum


class _Final(Enum):
    """What a spoken word ends with, as far as particles care."""

    VOWEL = "vowel"
    RIEUL = "ㄹ"
    CONSONANT = "consonant"


PARTICLE = (
    "(?:들)?(?:은|는|이|가|을|를|과|와|의|도|만|에|에서|에는|에서는|에게|로|으로|로는|으로는|로서|으로서|로써|으로써"
    "|로부터|으로부터|보다|처럼|까지|마다|나|이나|며|이며|이고|이다|인|입니다|라는|이라는|라고|이라고|과의|와의|로의|으로의)?"
)
"""A particle, or none, as a regular expression: it makes one word with the noun before it."""


def repair_particles(text: str, words: Collection[str] = ()) -> str:
    """`text` with every wrong particle after a Latin word, a number, a sign or a closing bracket or quote mended.

    Undecided double forms such as 은(는) are resolved after any word. `words` names Korean words that were just put in
    place of others: particles directly after these are mended too.
    """
    return _pattern(words).sub(lambda match: _agreeing(match[0], text[: match.start()][-_REACH:]), text)


_REACH = 200
"""How many characters before a particle are looked at: enough for a gloss in brackets, bounded for hostile text."""

_PAIRS = {
    "은": "는",
    "은커녕": "는커녕",
    "이": "가",
    "을": "를",
    "과": "와",
    **{f"과{more}": f"와{more}" for more in ("의", "는", "도", "만", "같은", "같이")},
    **{
        f"으로{more}": f"로{more}"
        for more in ("", "서", "써", "서의", "부터", "부터의", "의", "는", "도", "만", "까지")
    },
    **{
        f"이{more}": more
        for more in (
            *("나", "든", "든지", "란", "랑", "야말로", "라", "라는", "라도", "라며", "라면", "라서"),
            *("라고", "라고도", "라고는", "라고만", "라기보다", "라기보다는"),
        )
    },
    **{f"이었{more}": f"였{more}" for more in ("다", "고", "던", "으며", "으나", "지만", "는데", "습니다")},
}
"""Particles with what may follow them: the form after a consonant, and the one after a vowel."""

_COPULA = {f"이{more}": more for more in ("다", "며", "고", "지만", "므로")}
"""After a vowel both are right (GPT이다, GPT다); after a consonant only the first is."""

_VOWEL_FORMS = _PAIRS | _COPULA
_CONSONANT_FORMS = {vowel: consonant for consonant, vowel in _VOWEL_FORMS.items()}
_DOUBLE_FORMS = {
    **{f"{one}({_PAIRS[one]})": one for one in "은이을과"},
    **{f"{_PAIRS[one]}({one})": one for one in "은이을과"},
    **{f"({one[0]}){one[1:]}": one for one in _VOWEL_FORMS if one[0] in "으이" and len(one) > 1},
}
"""What an engine writes that does not decide: 은(는), 를(을), (으)로."""

_QUOTES = "\"'`’”»›」』"
_CLOSING = {")": "(", "]": "[", "}": "{", "）": "（", "】": "【"}


def _table(pairs: str) -> dict[str, str]:
    words = pairs.split()
    return dict(zip(words[::2], words[1::2], strict=True))


_LETTERS = _table("""
    a 에이 b 비 c 씨 d 디 e 이 f 에프 g 지 h 에이치 i 아이 j 제이 k 케이 l 엘 m 엠 n 엔 o 오 p 피 q 큐 r 알 s 에스 t 티
    u 유 v 브이 w 더블유 x 엑스 y 와이 z 제트
""")
_DIGITS = tuple("영일이삼사오육칠팔구")
_ENGLISH_DIGITS = ("제로", "원", "투", "쓰리", "포", "파이브", "식스", "세븐", "에이트", "나인")
_SIGNS = _table("% 퍼센트 ％ 퍼센트 ‰ 퍼밀 ° 도 ℃ 도 ℉ 도 + 플러스 # 샤프 ε 엡실론 ο 오미크론 υ 입실론")
_SIGNS |= dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹ⁿⁱ", "제곱")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SIGNS |= dict.fromkeys("αβγδζηθικλμνξπρσςτφχψωΓΔΘΛΞΠΣΦΨΩ", "알파")
"""Every other Greek letter's name ends in a vowel, as 알파 does."""

_UNITS = _table("""
    m 미터 km 킬로미터 cm 센티미터 mm 밀리미터 nm 나노미터 g 그램 kg 킬로그램 mg 밀리그램 L 리터 ml 밀리리터 mL 밀리리터
    s 초 ms 밀리초 ns 나노초 us 마이크로초 min 분 h 시간 dB 데시벨 px 픽셀 rpm 알피엠 bpm 비피엠 ppm 피피엠 dpi 디피아이
    mol 몰 kcal 킬로칼로리 Wh 와트시 kWh 킬로와트시 p 포인트 pp 포인트
""")
"""Units after a number, where their name ends otherwise than their last letter's name."""

_WORDS = _table("""
    lidar 라이다 radar 레이더 cifar 사이파 isaac 아이작 aime 에이엠이 clip 클립 blip 블립 bit 비트 qubit 큐비트
    check 체크 loop 루프 soup 수프 leap 리프 good 굿 big 빅 technique 테크닉 anime 애니메 acme 액미 skype 스카이프
    watt 와트 foot 풋 tweet 트윗 geek 긱 edit 에디트 credit 크레디트
""")
"""Words that the endings below get wrong, and acronyms that are read as words, or not, against the rule."""

_ENDINGS = tuple(
    (re.compile(f"(?:{pattern})$"), reading)
    for pattern, reading in (
        ("l|le", "을"),
        ("m|n|mb|ng|[aeiouy]me|[aeiouyng]ne", "음"),
        ("[aeiou]ck|[aeiou]c|ook|(?<![aeiou])[aiou]k", "윽"),
        ("[aeiou]p|[aeio]b|type", "읍"),
        ("(?<![aeiou])[aeiou]tt?|out", "읏"),
    )
)
"""English endings that Korean writes with a final consonant, after its loanword orthography (외래어 표기법): it keeps
p, t and k final only after a short vowel. Every other ending gets a vowel: Seek 시크, Bench 벤치, Agent 에이전트."""

_CHUNK = re.compile(r"[A-Z]+(?![a-zß-ÿ])|[A-Z]?[a-zß-ÿ]+|[^A-Za-zß-ÿ]+")
"""The parts of a name such as OpenVLA or ResNet: the last one decides."""

_SPOKEN = frozenset(("GAN", "JAX", "LAN", "MAP", "NAS", "RAG", "RAM", "ROM", "SAM", "SIM"))
"""Acronyms of three letters that the field reads as words."""
_CLOSED_SYLLABLE = re.compile(r"[^AEIOU][AEIOU][^AEIOU]")
_SPELLED = re.compile(r"BEV|COT|DOF|FID|FOV|GAT|HAR|LOD|MIL|MIT|MOT|POS|ROC|VIT|[A-Z]ER")
"""Those that it spells; word, token, character and other error rates among them."""
_SYLLABIC = re.compile(
    r"[AEIOU]?(?:[^AEIOU]{1,2}[AEIOU]{1,2})+[^AEIOU]{0,2}|(?:[BCFGPS]L|[BCDFGPT]R|[CST]H|S[CKMNPTW]|[^AEIOU])[AEIOU]{1,2}[^AEIOU]{1,2}"
)
"""Acronyms of four letters and more that sound like words: UMAP, CIFAR and CLIP, but not RLHF."""


def _pattern(words: Collection[str]) -> re.Pattern[str]:
    particles = sorted({*_VOWEL_FORMS, *_CONSONANT_FORMS}, key=len, reverse=True)
    doubles = sorted(_DOUBLE_FORMS, key=len, reverse=True)
    hosts = [rf"(?<=[A-Za-zÀ-ɏ0-9₀-₉{re.escape(''.join([*_SIGNS, *_CLOSING, _QUOTES]))}])"]
    hosts += [f"(?<={re.escape(word)})" for word in words]
    return re.compile(
        rf"(?:(?<=\S)(?:{'|'.join(map(re.escape, doubles))})"
        rf"|(?:{'|'.join(hosts)})(?:{'|'.join(particles)}))(?![가-힣A-Za-z0-9])"
    )


def _agreeing(particle: str, before: str) -> str:
    finals = tuple(map(_final, _readings(before)))
    if not finals:
        return particle
    if particle in _DOUBLE_FORMS:
        return _form(_DOUBLE_FORMS[particle], finals[0])
    forms = {_form(_CONSONANT_FORMS.get(particle, particle), final) for final in finals}
    if particle in forms or (particle in _COPULA and _COPULA[particle] in forms):
        return particle
    return _form(_CONSONANT_FORMS.get(particle, particle), finals[0])


def _form(consonant_form: str, final: _Final) -> str:
    after_vowel = final is _Final.VOWEL or (final is _Final.RIEUL and consonant_form.startswith("으로"))
    return _VOWEL_FORMS[consonant_form] if after_vowel else consonant_form


def _final(reading: str) -> _Final:
    jongseong = (ord(reading[-1]) - ord("가")) % 28
    return {0: _Final.VOWEL, 8: _Final.RIEUL}.get(jongseong, _Final.CONSONANT)


def _readings(before: str) -> tuple[str, ...]:
    """How the end of `before` may be read, in Hangul, the likeliest first; empty where nobody can say."""
    before = before.rstrip(_QUOTES)
    if not before:
        return ()
    last = before[-1]
    if last.isspace():
        return ()
    if last in _CLOSING:
        return _bracket_readings(before)
    if "가" <= last <= "힣":
        return (last,)
    if last in _SIGNS:
        return (_SIGNS[last],)
    if "://" in before.split()[-1]:
        return ()
    if last.isdecimal():
        return _number_readings(before)
    if "₀" <= last <= "₉":
        return _name_readings(before)
    letters = re.search(r"[A-Za-zÀ-ɏ]+$", before)
    return _letter_readings(letters[0], before[: letters.start()]) if letters else ()


_FUNCTION = re.compile(r"(?<![A-Za-z0-9-])[A-Za-zα-ω]$")
_HANGUL = re.compile("[가-힣]")


def _bracket_readings(before: str) -> tuple[str, ...]:
    closing, opening = before[-1], _CLOSING[before[-1]]
    depth = 0
    for position in range(len(before) - 1, -1, -1):
        depth += (before[position] == closing) - (before[position] == opening)
        if depth == 0:
            outside = before[:position]
            if outside.endswith("^"):
                return ("제곱",)
            inside = before[position + 1 : -1]
            # A script, or a function such as O(n²), is read with what it holds.
            if outside.endswith("_") or (_FUNCTION.search(outside) and not _HANGUL.search(inside)):
                return _readings(inside)
            return _readings(outside if outside and not outside[-1].isspace() else inside)
    return ()


_NUMBER = re.compile(
    r"(?P<name>[A-Za-z][-\s]?)?(?P<currency>[$€£₩])?(?P<power>\^)?(?P<number>\d[\d,.]*)(?P<fraction>/\d[\d,.]*)?$"
)
_CURRENCIES = {"$": "달러", "€": "유로", "£": "파운드", "₩": "원"}


def _number_readings(before: str) -> tuple[str, ...]:
    match = _NUMBER.search(before)
    if match is None:
        return ()
    if match["currency"]:
        return (_CURRENCIES[match["currency"]],)
    if match["power"]:
        return ("제곱",)
    digits = match["number"]
    digit = int(digits[-1])
    if digit == 0 and "." not in digits and len(digits) > 1:
        return ("십",)
    alone = not digits[:-1] or digits[-2] == "."
    if match["name"] and alone and digit and not match["fraction"]:
        return (_ENGLISH_DIGITS[digit], _DIGITS[digit])
    return (_DIGITS[digit],)


def _name_readings(before: str) -> tuple[str, ...]:
    """A lowered number is read digit by digit, in Korean or in English: π₀ is 파이 제로 or 파이 영."""
    digit = int(before[-1].translate(_SUBSCRIPTS))
    return (_DIGITS[digit], _ENGLISH_DIGITS[digit])


def _letter_readings(letters: str, before: str) -> tuple[str, ...]:
    if re.search(r"\d\s?$", before) and letters in _UNITS:
        return (_UNITS[letters],)
    if letters.lower() in _WORDS:
        return (_WORDS[letters.lower()],)
    chunk = _CHUNK.findall(letters)[-1]
    spelled = _LETTERS.get(chunk[-1].lower(), "에")
    if len(chunk) == 1 or not re.search(r"[aeiouyà-ɏ]", chunk.lower()):
        return (spelled,)
    spoken = _word_reading(chunk.lower())
    if not chunk.isupper():
        return (spoken,)
    if len(chunk) == 3:
        if chunk in _SPOKEN:
            return (spoken,)
        either = _CLOSED_SYLLABLE.fullmatch(chunk) and not _SPELLED.fullmatch(chunk)
        return (spelled, spoken) if either else (spelled,)
    if len(chunk) == 2:
        return (spelled,)
    return (spoken,) if _SYLLABIC.fullmatch(chunk) else (spelled, spoken)


def _word_reading(word: str) -> str:
    if word in _WORDS:
        return _WORDS[word]
    return next((reading for ending, reading in _ENDINGS if ending.search(word)), "가")
