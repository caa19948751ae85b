"""A test double of Amazon Translate that writes Korean of a kind: the real endpoint around a sentence engine of words.

with FakeTranslate() as fake:
    fake.fail(Rule(contains="diffusion", code="ThrottlingException", times=2))
    … AWS_ENDPOINT_URL_TRANSLATE=fake.address …
    assert [call.outcome for call in fake.calls] == […]
"""

import re
import threading
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from infra.engine.server import Endpoint
from infra.engine.service import SentenceEngine, Service
from infra.engine.wire import TRANSLATE_TEXT, Answer, Request, error
from infra.loopback.key import AccessKey
from infra.loopback.signature import Admission, Head
from shared.languages.ko.anchors import ANCHORS
from tests.fakes.faults import Faults, Plan, Rule

_TOKEN = re.compile(r"(?P<before>[(\[{\"'“‘«]*)(?P<core>.*?)(?P<after>[)\]}\"'”’»,;:.!?…]*)", re.DOTALL)
_PLAIN_WORD = re.compile(r"[A-Za-z]?[a-z]+(?:['’-][a-z]+)*")
_NUMBERS = {
    "one": "하나", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15",
    "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20", "thirty": "30",
    "forty": "40", "fifty": "50", "hundred": "백", "thousand": "천", "million": "백만", "billion": "십억",
    "trillion": "조", "first": "첫째", "second": "둘째", "third": "셋째",
}  # fmt: skip
_DROPPED = """
a an the of to in on at by for from with as is are was were be been being it its this that these those
which who whose and or but nor so than then there their they we our us you your can may will would could should
have has had do does did such both each into over under between through via while where when how what
also
"""
_WORDS = {
    "abstract": "초록", "agent": "에이전트", "agents": "에이전트", "attention": "어텐션", "benchmark": "벤치마크",
    "benchmarks": "벤치마크", "code": "코드", "data": "데이터", "dataset": "데이터셋", "datasets": "데이터셋",
    "diffusion": "확산", "embedding": "임베딩", "evaluation": "평가", "experiments": "실험", "framework": "프레임워크",
    "generation": "생성", "hallucination": "환각", "image": "이미지", "images": "이미지", "inference": "추론",
    "language": "언어", "large": "대규모", "learning": "학습", "method": "방법", "methods": "방법", "model": "모델",
    "models": "모델", "network": "신경망", "parameters": "파라미터", "performance": "성능", "policy": "정책",
    "reasoning": "추론", "reinforcement": "강화", "reward": "보상", "task": "과제", "tasks": "과제", "text": "텍스트",
    "token": "토큰", "tokens": "토큰", "training": "훈련", "transformer": "트랜스포머", "video": "비디오",
    "vision": "비전",
    "not": "않게", "no": "없는", "without": "없이", "fourfold": "4배", "times": "배", "cannot": "못하게",
}  # fmt: skip
_SPACING = (
    (r"(\d) (백|천|백만|십억|조)(?!\w)", r"\1\2"),
    (r"(?<!\w)백만(?!\w)", "100만"),
    (r"(?<!\w)십억(?!\w)", "10억"),
    (r"(?<!\w)(백|천|조)(?!\w)", r"1\1"),
    (r"([(\[{]) ", r"\1"),
    (r" ([(,;:.?!)\]}])", r"\1"),
)
_NOUNS = """
가능성 가설 가치 강도 개념 개선 거리 검증 결과 경계 경로 경향 계산 계층 계획 공간 과정 관계 관점 구간 구성 구조
규모 규칙 균형 근거 기능 기반 기술 기준 깊이 난이도 내용 논리 단계 대상 대안 도구 동작 목표 묶음 문맥 문제 반응
방향 범위 변화 보완 분석 분포 비교 비율 상태 상황 선택 설계 속도 수단 수준 순서 신호 안정성 역할 연결 영역 예측
오류 요소 원리 위치 유형 응용 의미 이론 입력 자원 작업 장면 전략 절차 접근 정보 제약 조건 조합 주제 지식 지점
질문 차이 체계 출력 측면 탐색 특성 품질 환경 효과 흐름
"""
_MEANINGLESS = tuple(noun for noun in _NOUNS.split() if not ANCHORS.renderings_in(noun))
"""Those by which no sentence is found: they stand for any word."""
_PARTICLES = ("에서", "에", "의", "부터", "에도", "도")
"""Only such as do not depend on how the word before them ends, and say nothing of a direction."""
_PREDICATES = "다룹니다 보여줍니다 말합니다 이릅니다"
"""Such as belong to no English word more than to another."""


def korean(sentence: str, pair: str = "en-ko") -> str:
    """`sentence` word by word: names, numbers, addresses and placeholders stay, the rest becomes Korean words.

    The same sentence always gives the same Korean. A sentence with a full stop ends in 합니다, a heading in a noun.
    """
    tokens = sentence.split()
    capitals_mean_names = sum(token[0].islower() for token in tokens) > len(tokens) / 2
    parts = [
        _translate(token, keeps_capitalised=capitals_mean_names and index > 0) for index, token in enumerate(tokens)
    ]
    body = " ".join(part for part in parts if part)
    for pattern, kept in _SPACING:
        body = re.sub(pattern, kept, body)
    stop = re.search(r"[.!?…][)\]\"'”’]*$", body)
    if stop is None:
        return body
    predicate = _pick(sentence, _PREDICATES.split())
    closing = body[stop.start() + 1 :]
    ending = predicate.removesuffix("니다") + "니까?" if body[stop.start()] == "?" else f"{predicate}."
    return f"{body[: stop.start()]}{closing} {ending}".strip()


@dataclass(frozen=True)
class Call:
    """One TranslateText call that is over. `target` is the language asked for; both are "" where the body has none.

    The outcome is "translated", "lost" (translated, but the answer was cut off), "cut", "hung", or an error code.
    """

    text: str
    target: str
    outcome: str


class FakeTranslate(Endpoint):
    """The endpoint around `engine`; `calls` is the log, in the order in which the calls ended."""

    def __init__(self, engine: SentenceEngine = korean, pairs: Iterable[str] = ("en-ko",)) -> None:
        self.calls: list[Call] = []
        self._service = Service(engine, frozenset(pairs))
        self._faults = Faults(Plan())
        self._ending = threading.Event()
        super().__init__(self.answer, AccessKey("any", "any"))

    def __exit__(self, *failure: object) -> None:
        self._ending.set()
        super().__exit__(*failure)

    def admit(self, head: Head) -> Admission:
        """Everybody: it stands for a service that checks signatures by itself."""
        return Admission("translate", frozenset(), lambda _body: None)

    def answer(self, request: Request) -> Answer | None:
        """The answer to one call, or None where the connection is to be cut."""
        if request.operation != TRANSLATE_TEXT:
            return self._service(request)
        asked = _asked(request.body)
        rule = self._faults.next(asked.text)
        answer = self._service(request) if rule is None or rule.fault == "lose" else _refusal(rule)
        self.calls.append(Call(asked.text, asked.target, _outcome(rule, answer)))
        if rule is not None and rule.fault == "hang":
            self.hang()
        return None if rule is not None and rule.fault == "lose" else answer

    def hang(self) -> None:
        """Leave a call without an answer for as long as this fake runs."""
        self._ending.wait()

    def outcomes(self) -> Counter[str]:
        """How many calls have ended in which way."""
        return Counter(call.outcome for call in self.calls)

    @property
    def texts(self) -> list[str]:
        """The texts that were asked for, repetitions included."""
        return [call.text for call in self.calls]

    def fail(self, *rules: Rule, seed: int = 0) -> None:
        """Fail from now on as `rules` say, and no longer as rules given before."""
        self._faults.follow(Plan(rules, seed))

    def heal(self) -> None:
        """Answer every call from now on."""
        self._faults.follow(Plan())


class _Asked(msgspec.Struct):
    text: str = msgspec.field(default="", name="Text")
    target: str = msgspec.field(default="", name="TargetLanguageCode")


def _asked(body: bytes) -> _Asked:
    """What a call asks for, as far as it can be read: judging the request is the service's work."""
    try:
        return msgspec.json.decode(body, type=_Asked)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _Asked()


def _refusal(rule: Rule) -> Answer | None:
    if rule.fault != "error":
        return None
    if not rule.code:
        return Answer(rule.answered_status, b"", {})
    answer = error(rule.code, rule.message)
    return Answer(rule.answered_status, answer.body, answer.headers)


def _outcome(rule: Rule | None, answer: Answer | None) -> str:
    if answer is None:
        return "hung" if rule is not None and rule.fault == "hang" else "cut"
    if answer.status >= 300:
        return answer.headers.get("x-amzn-ErrorType", str(answer.status))
    return "translated" if rule is None else "lost"


def _translate(token: str, *, keeps_capitalised: bool) -> str:
    match = _TOKEN.fullmatch(token)
    assert match is not None
    before, core, after = match.group("before", "core", "after")
    is_name = keeps_capitalised and core[:1].isupper()
    if is_name or not _PLAIN_WORD.fullmatch(core):
        return token
    if "-" in core:
        parts = (_translate(part, keeps_capitalised=keeps_capitalised) for part in core.split("-"))
        return before + " ".join(part for part in parts if part) + after
    word = core.lower()
    if word in _DROPPED.split():
        return before + after
    return before + (_NUMBERS.get(word) or _WORDS.get(word) or _known(word) or _invented(word)) + after


def _known(word: str) -> str:
    """How nearly every translator renders the word, "" where they do not agree."""
    return next((ANCHORS.renderings[row][0] for row in sorted(ANCHORS.rows_of(word))), "")


def _invented(word: str) -> str:
    return _pick(word, _MEANINGLESS) + _pick(word[::-1], _PARTICLES)


def _pick(text: str, words: Sequence[str]) -> str:
    return words[zlib.crc32(text.encode()) % len(words)]
