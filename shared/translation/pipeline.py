"""From an English title and abstract to a translation that passed the judge, or to a failure that says why not.

Clean, mask, translate, restore, judge. Title and abstract travel in one call, the title as the first paragraph. Only
where the answer cannot be taken apart again, or the judge refuses it, other forms are tried, each at its own price.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from shared.engines.protocol import MOST_BYTES, Engine, EngineAnswer
from shared.errors import TranslationError
from shared.failures import EMPTY_TEXT, REFUSED_BY_GATE, TOO_LONG, known_failure
from shared.languages.glossary import load_glossary
from shared.languages.table import Language
from shared.text.clean import clean_abstract, clean_title
from shared.text.finding import Finding, refused
from shared.text.mask import NONE, SPANS, SPANS_AND_NUMBERS, WORDS, Masking, segments
from shared.text.sentences import ENGLISH, split
from shared.translation.door import Accepted, Refused, accept
from shared.translation.judge import examine_safety
from shared.translation.style import compose, finish

BETWEEN_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(frozen=True)
class Translation:
    """A translation that passed the judge.

    `title` is one line; `text` has one sentence a line and an empty line between paragraphs. Each is "" where it was
    not asked for, and `title` also where every form of it was refused: a note says so, and the original stands alone.
    `characters` counts all that was sent, markup and prompts included. `notes` are the judge's doubts.
    """

    title: str
    text: str
    characters: int
    notes: tuple[str, ...]
    terminologies: tuple[str, ...]


def translate(title: str, abstract: str, target: Language, engine: Engine) -> Translation:
    """The translation of `title` and `abstract`, as the source gives them, into `target`; either may be "".

    One engine call in the normal case. Raises TranslationError: the engine's own, or a permanent one with the code
    `RefusedByGate` (no form of the abstract passed), `TextSizeLimitExceededException` or `EmptyText`.
    """
    sources = {"title": clean_title(title), "abstract": clean_abstract(abstract)}
    waiting = {name: source for name, source in sources.items() if source}
    if not waiting:
        raise TranslationError(known_failure(EMPTY_TEXT))
    accepted: dict[str, Accepted] = {}
    refusals: dict[str, Refused] = {}
    answers: dict[str, EngineAnswer] = {}
    for form in _FORMS:
        requests = _requests(waiting, form)
        # Nothing is left to ask for, or nothing but what was asked already: an engine is paid for every answer.
        if all(request.text in answers for request in requests):
            continue
        parts: list[_Part] = []
        for request in requests:
            if request.text not in answers:
                answers[request.text] = engine(request.text)
            parts += _taken_apart(request, answers[request.text].text, form.masking, target)
        for name, source in tuple(waiting.items()):
            text, damage = _assembled([part for part in parts if part.piece == name], source, target)
            if name == "abstract":
                text = load_glossary(target).gloss_first_mentions(source, text)
            answer = Refused(damage) if damage else accept(source, text, target)
            if isinstance(answer, Refused):
                # The first form's findings say most about the engine: later ones are there to be better or simpler.
                refusals.setdefault(name, answer)
            else:
                accepted[name] = answer
                del waiting[name]
    if "abstract" in waiting:
        raise TranslationError(known_failure(REFUSED_BY_GATE, rules=refusals["abstract"]))
    notes = [f"{name}: {finding}" for name, piece in accepted.items() for finding in piece.findings]
    if "title" in waiting:
        notes.append(f"title: left in English, the judge refused every form tried: {refusals['title']}")
    return Translation(
        title=" ".join(accepted["title"].text.split()) if "title" in accepted else "",
        text=accepted["abstract"].text if "abstract" in accepted else "",
        characters=sum(len(text) + answer.prompt_characters for text, answer in answers.items()),
        notes=tuple(notes),
        terminologies=tuple(dict.fromkeys(name for answer in answers.values() for name in answer.terminologies)),
    )


@dataclass(frozen=True)
class _Form:
    """One way of asking: how masks are hidden, and whether every sentence is asked for on its own."""

    masking: Masking
    by_sentence: bool = False


_FORMS = (_Form(SPANS), _Form(SPANS_AND_NUMBERS), _Form(WORDS), _Form(SPANS, by_sentence=True), _Form(NONE))


@dataclass(frozen=True)
class _Chunk:
    """A stretch of one paragraph of the title or the abstract, marked up."""

    piece: str
    paragraph: int
    text: str
    masks: tuple[str, ...]


@dataclass(frozen=True)
class _Request:
    """What goes to the engine in one call."""

    chunks: tuple[_Chunk, ...]

    @property
    def text(self) -> str:
        return "\n\n".join(chunk.text for chunk in self.chunks)


@dataclass(frozen=True)
class _Part:
    """A chunk's translation, and what is wrong with it before the judge has seen it."""

    piece: str
    paragraph: int
    text: str
    damage: tuple[Finding, ...]


def _requests(sources: Mapping[str, str], form: _Form) -> tuple[_Request, ...]:
    """The calls that `form` makes: one for everything, unless it goes by sentence or the limit forbids."""
    paragraphs = [
        (piece, number, paragraph)
        for piece, source in sources.items()
        for number, paragraph in enumerate(source.split("\n\n"))
    ]
    if paragraphs and not form.by_sentence:
        whole = _Request(tuple(_chunk(*paragraph, form.masking) for paragraph in paragraphs))
        if len(whole.text.encode()) <= MOST_BYTES:
            return (whole,)
    return tuple(
        _Request((_chunk(piece, number, stretch, form.masking),))
        for piece, number, paragraph in paragraphs
        for stretch in _stretches(paragraph, form)
    )


def _chunk(piece: str, paragraph: int, text: str, masking: Masking) -> _Chunk:
    marked = masking.mark(text)
    return _Chunk(piece, paragraph, marked.text, marked.masks)


def _stretches(paragraph: str, form: _Form) -> Iterator[str]:
    """A paragraph cut at its sentences, as many to a stretch as form and limit allow; a long sentence at its words."""
    for sentences in _packed(split(paragraph, ENGLISH), most=1 if form.by_sentence else MOST_BYTES):
        if _size(sentences) <= MOST_BYTES:
            yield sentences
            continue
        for words in _packed(_words(sentences), most=MOST_BYTES):
            if _size(words) > MOST_BYTES:
                raise TranslationError(known_failure(TOO_LONG))
            yield words


def _packed(parts: Iterable[str], most: int) -> Iterator[str]:
    """The parts joined by spaces, as many at a time as stay within `most` bytes, but at least one."""
    held: list[str] = []
    size = 0
    for part in parts:
        more = _size(part) + 1
        if held and size + more > most:
            yield " ".join(held)
            held, size = [], 0
        held.append(part)
        size += more
    if held:
        yield " ".join(held)


def _size(text: str) -> int:
    """Bytes of `text` in the longest masking there is."""
    return len(SPANS.mark(text).text.encode())


def _words(sentence: str) -> list[str]:
    """The words of a sentence; a mask with a space in it stays whole."""
    words = [""]
    for part, masked in segments(sentence):
        first, *others = [part] if masked else part.split(" ")
        words[-1] += first
        words += others
    return [word for word in words if word]


def _taken_apart(request: _Request, answer: str, masking: Masking, target: Language) -> Iterator[_Part]:
    """The answer to a request, chunk by chunk. Where its paragraphs are not those sent, every part says so."""
    answer = answer.replace("\r\n", "\n").strip()
    texts = [answer] if len(request.chunks) == 1 else BETWEEN_PARAGRAPHS.split(answer)
    if len(texts) != len(request.chunks):
        evidence = f"{len(request.chunks)} went out, {len(texts)} came back"
        damage = (*examine_safety(request.text, answer, target), refused("paragraphs", evidence))
        yield from (_Part(chunk.piece, chunk.paragraph, "", damage) for chunk in request.chunks)
        return
    for chunk, text in zip(request.chunks, texts, strict=True):
        restored = masking.restore(compose(text), chunk.masks)
        damage = tuple(refused("mask", evidence) for evidence in restored.damage)
        yield _Part(chunk.piece, chunk.paragraph, " ".join(restored.text.split()), damage)


def _assembled(parts: Sequence[_Part], source: str, target: Language) -> tuple[str, tuple[Finding, ...]]:
    """A piece's text out of its parts, in good style, and what was wrong with the parts."""
    paragraphs = [" ".join(part.text for part in group) for _, group in groupby(parts, key=lambda part: part.paragraph)]
    damage = dict.fromkeys(finding for part in parts for finding in part.damage)
    return finish(paragraphs, source, target), tuple(damage)
