"""Numbers as Korean writes them: 3만 5천, 4분의 3, 다섯 가지, 삼차원; and the units after them."""

import re
from collections.abc import Iterator

from shared.languages.scales import Scales, sino_value
from shared.text.quantity import Quantity, forms

_POWERS = {"십": 1, "백": 2, "천": 3, "만": 4, "억": 8, "조": 12}
_UNITS = forms(
    {
        "percent": "% ％ %p 퍼센트포인트 퍼센트 포인트 pp",
        "point": "포인트 점",
        "times": "배 x ×",
        "occasion": "번 차례 회",
        "nanosecond": "ns 나노초",
        "microsecond": "µs μs us 마이크로초",
        "millisecond": "ms 밀리초",
        "second": "초 s",
        "minute": "분 min",
        "hour": "시간 h",
        "day": "일간 일",
        "week": "주간 주",
        "month": "개월 달 월",
        "year": "개년 년간 년",
        "kilobyte": "KB kB 킬로바이트",
        "megabyte": "MB 메가바이트",
        "gigabyte": "GB GiB 기가바이트",
        "terabyte": "TB 테라바이트",
        "hertz": "Hz 헤르츠",
        "kilohertz": "kHz 킬로헤르츠",
        "megahertz": "MHz 메가헤르츠",
        "gigahertz": "GHz 기가헤르츠",
        "decibel": "dB 데시벨",
        "nanometre": "nm 나노미터",
        "micrometre": "µm μm um 마이크로미터",
        "millimetre": "mm 밀리미터",
        "centimetre": "cm 센티미터",
        "metre": "m 미터",
        "kilometre": "km 킬로미터",
        "mile": "마일",
        "milligram": "mg 밀리그램",
        "gram": "g 그램",
        "kilogram": "kg 킬로그램",
        "watt": "W 와트",
        "kilowatt": "kW 킬로와트",
        "dollar": "달러 USD",
        "euro": "유로 EUR",
        "pound": "파운드 GBP",
        "won": "원",
        "degree": "° 도",
    }
)
_SCALES = Scales(
    powers=_POWERS,
    units=_UNITS,
    spaced="백천만억조",
    out_of="분의",
    # `ResNet-50 백본`, `3만큼`, `6 조합`: words that begin like a scale.
    other_words=(
        r"백(?:본|분위|분율|엔드|그라운드|업|색|신|악관|만장자|인|과|서|터|혈|플립|테스트|트래킹|프로파|도어|포트|라이트)"
        r"|조(?:합|건|각|사|정|절|작|치|회|기|명|립|항|직|언|밀|화|종|도|율|상|선|류|금|별|교|성|차|음|약)"
        r"|만(?:큼|족|약|료|화|성|일|나|들|점|년필)|천(?:체|문|천|장|연|사|국|재|주|막|이)|억(?:제|압|양)|십(?:자|대)"
    ),
    counters=(
        "개|명|장|건|배|원|달러|유로|토큰|시간|번|회|년|곳|대|쌍|여|분|가지|단계|초|달|마리|권|편|줄|단어|문장|샘플|픽셀|비트|파라미터"
        "|매개변수|이미지|인|톤|킬로|미터|평|위|점|종|쪽|차원|층|프레임|스텝|행|셀|엔|위안|파운드|가구|마일|그루|쿼리|개월|주|일|시"
        "|엔트리|리터|그램|헥타르|제곱|세제곱|데이터|문서|논문|노드|GPU|이상|이하|미만|초과|가량|정도"
    ),
    particles="이|에|을|은|으로|의|도|까지|부터|와|과|로|단|차|자|여",
    particle="만",
    its_ends="이|을|으로|의|에|은|도",
    not_units=(
        r"\ ?(?:배(?:럴|달|당|터|수|심|지|관|송|출|급|분|선|양|색|낭|치|경|열|포|울|제|우)|번(?:째|역|호|들|갈)"
        r"|회(?:귀|전|로|의|사|복|피|선|차)|점(?:수|군|진|차|점|유|검)|포인트\ 클라"
        r"|분(?:류|석|할|포|야|산|기|자|위|의|리|해|량)|초(?:기|과|당|점|안|월|반|고|해|평)|시간대"
        r"|일(?:관|반|부|치|련|정|상|\ 때)|주(?:요|제|석|파수|어|기|의|로|장)|달(?:성|하|한|리)|년도별|월(?:드|등)"
        r"|미터법|원(?:본|래|칙|격|인|하|문|시|자)|도(?:메인|구|입|달|움|전|시|로|출|표)"
        r"|프로(?:그램|젝트|세|토|파|필))"
        r"|\ 도(?![가-힣])|\ 원(?!\s|[은이을의]|으로|에|짜리)|\ 시간(?:적|에\ 걸)"
    ),
)


def quantities(text: str) -> list[Quantity]:
    """The numbers that `text` writes in digits and in native words, in order.

    >>> [sorted(number.readings) for number in quantities("1억 2천만 개, 다섯 가지, ResNet-50 백본")]
    [[120000000.0], [5.0], [50.0]]
    """
    found = [*_SCALES.quantities(text), *_native(text), *_days(text)]
    return sorted(found, key=lambda number: number.start)


_ONES = ["한|하나", "두|둘", "세|셋|석", "네|넷|넉", "다섯", "여섯", "일곱", "여덟", "아홉"]
_TENS = ["열", "스무|스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"]
_VALUES = {
    word: float(step * number)
    for step, table in ((1, _ONES), (10, _TENS))
    for number, words in enumerate(table, 1)
    for word in words.split("|")
}
_NATIVE = re.compile(
    rf"""
    (?<![가-힣0-9])
    (?P<number> (?:{"|".join(_TENS)})(?:{"|".join(_ONES)})? | {"|".join(_ONES[1:])} )
    (?:
        (?P<counter>
            \ ?(?:가지|개|명|번|배)
          | \ (?:단계|종|차례|쌍|곳|장|권|달|시간|시|살|마리|편|건|대|갈래|축|자리|줄|층|군데)
        )
        (?:째)?(?!선|역)
      | (?=\ [가-힣A-Za-z0-9]) | 째
    )
    """,
    re.VERBOSE,
)


def _native(text: str) -> Iterator[Quantity]:
    """The numbers from two on in native words; 열 alone is also a column, and heat."""
    for match in _NATIVE.finditer(text):
        word, counter = match["number"], (match["counter"] or "").strip()
        if word == "열" and not counter:
            continue
        ten = next((ten for length in (2, 1) if (ten := word[:length]) in _VALUES and _VALUES[ten] >= 10), "")
        value = _VALUES[ten] + _VALUES.get(word[len(ten) :], 0.0) if ten else _VALUES[word]
        units = _UNITS.get(counter, frozenset()) & {"times", "hour"}
        yield Quantity(word, match.start(), match.start() + len(word), frozenset({value}), units, spelled=True)


_DAYS = {"이틀": 2.0, "사흘": 3.0, "나흘": 4.0, "닷새": 5.0, "엿새": 6.0, "열흘": 10.0}
_DAY = re.compile(rf"(?<![가-힣])(?:{'|'.join(_DAYS)})")


def _days(text: str) -> Iterator[Quantity]:
    """Days that have a word of their own."""
    for match in _DAY.finditer(text):
        yield Quantity(
            match.group(), *match.span(), frozenset({_DAYS[match.group()]}), frozenset({"day"}), spelled=True
        )


_SINO = {syllable: float(number) for number, syllable in enumerate("일이삼사오육칠팔구", 1)}
_SINO_WORD = re.compile(
    r"(?<![가-힣])[제수몇]?\s?"
    r"([일이삼사오육칠팔구]?[십백천만억조]+|[일이삼사오육칠팔구](?=[차중각륜층단등국원면종군위급세방]))"
)
_WORDS = (
    (re.compile(r"제로|없"), 0.0),
    (re.compile(r"원샷|첫|한 |하나|단일|유일"), 1.0),
    (re.compile(r"둘|양[가-힣]|이중|이원|이분|쌍|투|하나|각각|듀얼|전자|후자"), 2.0),
    (re.compile(r"쓰리|셋|삼각"), 3.0),
    (re.compile(r"절반|반"), 0.5),
)


def worded(text: str) -> set[float]:
    """What words may say in place of a number: 삼차원, 이십, 수천만, 제로, 양쪽. Other words begin like these too.

    >>> sorted(worded("삼차원 이십"))
    [3.0, 20.0]
    """
    found = {sino_value(match[1], _SINO, _POWERS) for match in _SINO_WORD.finditer(text)}
    return found | {value for words, value in _WORDS if words.search(text)}
