"""What becomes of whole papers: engines that know every pair, some of them damaging one sentence in twenty.

A damaged sentence is damaged in the same way at every call, so that asking again never helps: what is then mended,
marked, kept in English and published unmarked is what this counts.
"""

import hashlib
import html
import random
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from shared.engines.protocol import Complaint, EngineAnswer
from shared.errors import TranslationError
from shared.text.clean import Cleaned, clean_abstract
from shared.text.mask import NONE, SPANS, SPANS_AND_NUMBERS, WORDS, Masking
from shared.translation.answers import as_answered
from shared.translation.ask import LEAST_MOST, MOST_OF_LENGTH, Answered, Asked
from shared.translation.draft import Stretch, draft_of
from shared.translation.pipeline import Engines, Translation, translate
from tests.evaluation.calibration import KOREAN, another, in_processes
from tests.evaluation.damage import KINDS, Kind, Pair

EVERY = 20
"""One sentence in so many is damaged."""
FATES = ("mended", "kept", "marked", "unmarked", "failed")
"""What becomes of a damaged sentence; the last is that of its whole paper."""
DROPPED = "one sentence dropped"
_WHOLE = frozenset({"last third", "last sentence", "another paper's translation", "two sentences swapped"})
"""Kinds of damage that are done to whole texts alone."""
_PROMPT = 2_000
"""Characters that a second engine sends beside a text: about what the real one does."""


@dataclass(frozen=True)
class Damaged:
    """A sentence of a paper's source, the kind of its damage, and what the engine says in place of what is right."""

    source: str
    kind: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """A paper as it came out: its fate, what it cost, and by kind what became of the damage."""

    complete: bool
    kept: int
    doubts: int
    calls: int
    characters: int
    length: int
    most: int
    fates: Counter[tuple[str, str]]


@dataclass(frozen=True)
class Outcomes:
    """What came of some papers. `fates` counts damaged sentences by their kind and what became of them."""

    papers: tuple[Paper, ...]

    @property
    def failed(self) -> int:
        """How many have no translation."""
        return sum(not paper.complete for paper in self.papers)

    @property
    def over(self) -> int:
        """How many papers sent more than they may."""
        return sum(paper.characters > paper.most for paper in self.papers)

    @property
    def fates(self) -> Counter[tuple[str, str]]:
        """Damaged sentences by their kind and what became of them."""
        return sum((paper.fates for paper in self.papers), Counter())

    def share(self, fate: str) -> float:
        """The share of all damage that ended like this."""
        fates = self.fates
        return sum(count for (_, found), count in fates.items() if found == fate) / max(1, fates.total())


def appealed(pairs: Sequence[Pair], seed: int, *, damaging: bool, second: bool) -> Outcomes:
    """The papers as they come out of the pipeline, by an engine that knows them all."""
    everyone = [(pair, another(pairs, place, seed)) for place, pair in enumerate(pairs)]
    return Outcomes(tuple(in_processes(partial(_paper, seed=seed, damaging=damaging, second=second), everyone)))


def _paper(pairs: tuple[Pair, Pair], seed: int, *, damaging: bool, second: bool) -> Paper:
    pair, other = pairs
    source, text = as_answered(pair.source, pair.text, KOREAN)
    stretches = draft_of(source, text, KOREAN).stretches
    damage = _damage(stretches, other, seed) if damaging else ()
    right, wrong = Double(source, stretches), Double(source, stretches, damage)
    answers: dict[str, Answered] = {}
    engines = Engines(
        Asked("first", lambda text, _: wrong(text)),
        Asked("second", lambda text, _: right(text, _PROMPT), _prompt) if second else None,
        last=True,
    )
    most = max(MOST_OF_LENGTH * len(source), LEAST_MOST)
    translation: Translation | None = None
    with suppress(TranslationError):
        translation = translate(Cleaned(""), clean_abstract(pair.source), KOREAN, engines, answers)
    fates = Counter((mark.kind, _fate(mark, translation)) for mark in damage)
    characters = sum(answered.characters for answered in answers.values())
    kept, doubts = (len(translation.kept), len(translation.doubts)) if translation else (0, 0)
    return Paper(translation is not None, kept, doubts, len(answers), characters, len(source), most, fates)


def _prompt(_text: str, complaints: Sequence[Complaint]) -> int:
    return _PROMPT + sum(len(complaint.source + complaint.text + complaint.why) for complaint in complaints)


class Double:
    """An engine that knows one paper: as a whole, and sentence by sentence, however masks are hidden from it."""

    def __init__(self, source: str, stretches: Sequence[Stretch], damage: Sequence[Damaged] = ()) -> None:
        wrong = {mark.source: mark.wrong for mark in damage}
        said: dict[str, tuple[str, ...]] = {}
        whole: list[str] = []
        for stretch in stretches:
            lines = wrong.get(" ".join(stretch.source), stretch.lines)
            whole += lines
            # Sentences that were translated together come together, wherever they are asked for.
            said |= {sentence: lines if place == 0 else () for place, sentence in enumerate(stretch.source)}
        self._answers = {
            masking.mark(asked).text: _marked(" ".join(lines), masking.mark(asked).masks, masking)
            for asked, lines in (*said.items(), (source, tuple(whole)))
            for masking in (SPANS, SPANS_AND_NUMBERS, WORDS, NONE)
        }

    def __call__(self, text: str, prompt: int = 0) -> EngineAnswer:
        paragraphs = [self._answers[paragraph] for paragraph in text.split("\n\n")]
        return EngineAnswer("\n\n".join(paragraphs), prompt_characters=prompt)


def _marked(text: str, masks: Sequence[str], masking: Masking) -> str:
    """A translation as an engine gives it back, its masks hidden as they came."""
    marked = html.escape(text, quote=False)
    for number, mask in sorted(enumerate(masks, start=1), key=lambda item: -len(item[1])):
        hidden = html.escape(mask, quote=False)
        if masking is WORDS:
            marked = marked.replace(hidden, f"PH{number}", 1)
        elif masking is SPANS:
            marked = marked.replace(hidden, f'<span translate="no">{hidden}</span>', 1)
    return marked


def _damage(stretches: Sequence[Stretch], other: Pair, seed: int) -> tuple[Damaged, ...]:
    return tuple(
        damaged
        for stretch in stretches
        if stretch.source and stretch.lines and (damaged := _damaged(stretch, other, seed)) is not None
    )


def _damaged(stretch: Stretch, other: Pair, seed: int) -> Damaged | None:
    source, right = " ".join(stretch.source), " ".join(stretch.lines)
    chance = random.Random(int(hashlib.sha256(f"{seed} {source}".encode()).hexdigest(), 16))
    if chance.randrange(EVERY):
        return None
    kinds = [kind for kind in KINDS if kind.name not in _WHOLE]
    chance.shuffle(kinds)
    for kind in kinds:
        wrong = _done(kind, Pair("", source, right), other, chance)
        if wrong is not None and wrong != right:
            return Damaged(source, kind.name, stretch.lines, (wrong,) if wrong else ())
    return None


def _done(kind: Kind, pair: Pair, other: Pair, chance: random.Random) -> str | None:
    return "" if kind.name == DROPPED else kind.damage(pair, other, chance)


def _fate(mark: Damaged, translation: Translation | None) -> str:
    """What became of a damaged sentence."""
    if translation is None:
        return "failed"
    text = _bare(translation.text)
    sentences = _bare(mark.source)
    if any(_bare(line) in sentences for number, line in _kept(translation)):
        return "kept"
    wrong = _bare(" ".join(mark.wrong))
    if _bare(" ".join(mark.right)) in text and (not wrong or wrong not in text):
        return "mended"
    about = [_bare(doubt.original) for doubt in translation.doubts]
    lines = [_bare(line) for line in translation.text.split("\n") if line.strip()]
    marked = any(found and (found in sentences or sentences in found) for found in about)
    marked = marked or any(lines[doubt.sentence] in wrong for doubt in translation.doubts)
    return "marked" if marked else "unmarked"


def _kept(translation: Translation) -> list[tuple[int, str]]:
    lines = [line for line in translation.text.split("\n") if line.strip()]
    return [(mark.sentence, lines[mark.sentence]) for mark in translation.kept]


def _bare(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
