"""Papers that nobody wrote, and their translations: every sentence is made from a table of three languages.

Their translations pass the judge at the first attempt, so that a paper is one call where nothing goes wrong.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import msgspec

from infra.engine.service import Service
from infra.engine.wire import TRANSLATE_TEXT, Request
from shared.engines.protocol import EngineAnswer
from shared.errors import ModelError
from shared.languages.table import find_language
from shared.papers import Paper
from shared.text.clean import clean_abstract, clean_title
from shared.translation.ask import Asked
from shared.translation.pipeline import Engines, Translation, translate

LANGUAGES = ("ko", "pt")
PAIRS = frozenset(f"en-{code}" for code in LANGUAGES)

_TITLES = (
    ("{name}: Learning from Short Lessons", "{name}: 짧은 수업에서 배우기", "{name}: aprender com lições curtas"),
    ("Why {name} Forgets Nothing", "{name}은 왜 아무것도 잊지 않는가", "Por que o {name} não esquece nada"),
    ("{name}, a Patient Reader of Maps", "{name}, 지도를 끈기 있게 읽는 모델", "{name}, um leitor paciente de mapas"),
    ("Teaching {name} to Listen", "{name}에게 듣는 법 가르치기", "Ensinar o {name} a ouvir"),
)
_FIRST = (
    (
        "We present {name}, a model that learns from {number} short lessons.",
        "우리는 {number}개의 짧은 수업에서 배우는 모델 {name}을 소개합니다.",
        "Apresentamos o {name}, um modelo que aprende com {number} lições curtas.",
    ),
    (
        "With {name} we follow {number} readers through a library of maps.",
        "우리는 {name}으로 지도 도서관을 찾은 독자 {number}명을 따라갑니다.",
        "Com o {name} acompanhamos {number} leitores por uma biblioteca de mapas.",
    ),
)
_SENTENCES = (
    (
        "It needs no labels and finds its own questions.",
        "이 모델은 레이블 없이 스스로 질문을 찾습니다.",
        "Ele não precisa de rótulos e encontra as suas próprias perguntas.",
    ),
    (
        "Earlier methods forget what they saw a moment ago.",
        "이전 방법은 조금 전에 본 것을 잊어버립니다.",
        "Os métodos anteriores esquecem o que viram há um momento.",
    ),
    (
        "A small change in the order of the lessons is enough.",
        "수업의 순서를 조금만 바꾸어도 충분합니다.",
        "Uma pequena mudança na ordem das lições é suficiente.",
    ),
    (
        "Training takes {number} hours on an ordinary machine.",
        "훈련은 평범한 기계에서 {number}시간이 걸립니다.",
        "O treinamento leva {number} horas em uma máquina comum.",
    ),
    (
        "We also show where the idea fails and why.",
        "우리는 이 생각이 어디에서 왜 실패하는지도 보여 줍니다.",
        "Mostramos também onde a ideia falha e por quê.",
    ),
    (
        "The code and the lessons are free for everyone.",
        "코드와 수업 자료는 누구나 자유롭게 쓸 수 있습니다.",
        "O código e as lições são livres para todos.",
    ),
)
_NAMES = ("Willow", "Heron", "Lantern", "Harbor", "Thistle", "Meadow", "Compass", "Ember")
_SUFFIXES = ("Net", "LM", "Bench", "Former")


@dataclass(frozen=True)
class Phrasebook:
    """Papers by rank for each run, and what each of their sentences is in the other languages."""

    runs: dict[str, tuple[Paper, ...]]
    sentences: dict[tuple[str, str], str]

    def translate(self, sentence: str, pair: str) -> str:
        """The sentence in the second language of `pair`, as an engine of single sentences gives it."""
        try:
            return self.sentences[pair, sentence]
        except KeyError:
            raise ModelError(f"{sentence!r} is not in the phrasebook.") from None

    def expected(self, paper: Paper, code: str) -> Translation:
        """What the pipeline makes of the paper where nothing fails, with one call."""
        calls: list[str] = []
        service = Service(self.translate, PAIRS)

        def engine(text: str) -> EngineAnswer:
            calls.append(text)
            body = {"Text": text, "SourceLanguageCode": "en", "TargetLanguageCode": code}
            answer = service(Request(TRANSLATE_TEXT, {}, msgspec.json.encode(body)))
            return EngineAnswer(msgspec.json.decode(answer.body)["TranslatedText"])

        title, abstract = clean_title(paper.title), clean_abstract(paper.abstract)
        translation = translate(title, abstract, find_language(code), Engines(Asked.plain("engine", engine)), {})
        assert len(calls) == 1, f"{paper.id} in {code} took {len(calls)} calls: {translation.notes}"
        return translation


def write(runs: Sequence[str], papers: int, chance: random.Random) -> Phrasebook:
    """A phrasebook with so many `papers` for each run, each with a name and so with texts of its own."""
    sentences: dict[tuple[str, str], str] = {}

    def filled(row: tuple[str, str, str], name: str) -> str:
        number = str(chance.randint(12, 90))
        original, *translated = (text.replace("{name}", name).replace("{number}", number) for text in row)
        sentences.update({(f"en-{code}", original): text for code, text in zip(LANGUAGES, translated, strict=True)})
        return original

    def paper(serial: int) -> Paper:
        name = f"{chance.choice(_NAMES)}{chance.choice(_SUFFIXES)}-{serial}"
        rows = (chance.choice(_FIRST), *chance.sample(_SENTENCES, 4))
        return Paper(
            id=f"2509.{serial:05}",
            title=filled(chance.choice(_TITLES), name),
            abstract=" ".join(filled(row, name) for row in rows),
            upvotes=10_000 - serial,
        )

    serials = count(101)
    return Phrasebook({run: tuple(paper(next(serials)) for _ in range(papers)) for run in runs}, sentences)
