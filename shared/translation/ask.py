"""Asking engines: what goes out in one call, what comes back, and what a paper may cost.

Every answer is kept by its request, so that none is paid for twice, and none is asked for that would cost more than the
paper may.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace

from shared.engines.protocol import MOST_BYTES, Complaint, Engine, EngineAnswer
from shared.errors import TranslationError
from shared.failures import TOO_LONG, known_failure
from shared.languages.table import Language
from shared.text.finding import Finding, refused
from shared.text.mask import Masking, segments
from shared.text.sentences import ENGLISH, split
from shared.translation.judge import MOST_TIMES, examine_safety
from shared.translation.styling import compose

BETWEEN_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")
MOST_OF_LENGTH = 3
"""A paper never sends more than so many times its own length, to all engines together."""
LEAST_MOST = 6_000
"""Characters that any paper may send: a prompt has a length of its own, however short the abstract is."""
REPAIR = 0.7 / MOST_OF_LENGTH
"""The share of that which repair may use; the first answer needs a third, and the rest is the second engine's."""
_SLACK = 1_000


@dataclass(frozen=True)
class Answered:
    """An engine's answer, and the characters it was paid for: the text that was sent, and the prompt."""

    answer: EngineAnswer
    characters: int


Answers = MutableMapping[str, Answered]
"""What was answered before in the life of one message, by the hash of the request."""


def _no_prompt(_text: str, _complaints: Sequence[Complaint]) -> int:
    return 0


@dataclass(frozen=True)
class Asked:
    """An engine with its name. `prompt` says how many characters it sends beside a text and its complaints."""

    name: str
    ask: Callable[[str, Sequence[Complaint]], EngineAnswer]
    prompt: Callable[[str, Sequence[Complaint]], int] = _no_prompt

    @classmethod
    def plain(cls, name: str, engine: Engine) -> "Asked":
        """An engine that cannot be told what was wrong, and sends the text alone."""
        return cls(name, lambda text, _complaints: engine(text))


@dataclass
class Account:
    """What one paper has sent and may still send, in characters. `answers` outlives it: see `Answers`."""

    most: int
    answers: Answers
    terminologies: dict[str, None] = field(default_factory=dict)
    _used: dict[str, int] = field(default_factory=dict)

    @property
    def spent(self) -> int:
        """Characters of all answers, those of earlier receives included."""
        return sum(answered.characters for answered in self.answers.values())

    @property
    def used(self) -> int:
        """Characters of the answers that were used, whoever paid for them and when."""
        return sum(self._used.values())

    def price(self, asked: Asked, texts: Iterable[str], complaints: Sequence[Complaint] = ()) -> int:
        """What it costs to ask for all `texts`: nothing for what is answered already."""
        return sum(
            len(text) + asked.prompt(text, complaints)
            for text in dict.fromkeys(texts)
            if _hash(asked, text, complaints) not in self.answers
        )

    def affords(self, asked: Asked, texts: Iterable[str], complaints: Sequence[Complaint] = ()) -> bool:
        """Whether asking for all `texts` stays within what the paper may send."""
        return self.spent + self.price(asked, texts, complaints) <= self.most

    def has_used(self, asked: Asked, text: str) -> bool:
        """Whether this was asked for already, so that asking again would tell nothing new."""
        return _hash(asked, text, ()) in self._used

    def answer(self, asked: Asked, text: str, complaints: Sequence[Complaint] = ()) -> str:
        """The answer to `text`, paid for once; of one that is far longer than any translation as much as shows that.

        Raises TranslationError.
        """
        key = _hash(asked, text, complaints)
        if key not in self.answers:
            answer = asked.ask(text, complaints)
            answer = replace(answer, text=answer.text[: MOST_TIMES * len(text) + _SLACK])
            self.answers[key] = Answered(answer, len(text) + answer.prompt_characters)
        answered = self.answers[key]
        self._used[key] = answered.characters
        self.terminologies |= dict.fromkeys(answered.answer.terminologies)
        return answered.answer.text


def _hash(asked: Asked, text: str, complaints: Sequence[Complaint]) -> str:
    request = [asked.name, text, *([complaint.source, complaint.text, complaint.why] for complaint in complaints)]
    return hashlib.sha256(json.dumps(request, ensure_ascii=False).encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Chunk:
    """A stretch of one paragraph of the title or the abstract, marked up."""

    piece: str
    paragraph: int
    text: str
    masks: tuple[str, ...]
    masking: Masking

    @classmethod
    def of(cls, piece: str, paragraph: int, text: str, masking: Masking) -> "Chunk":
        """The chunk that hides the masks of `text` as `masking` does."""
        marked = masking.mark(text)
        return cls(piece, paragraph, marked.text, marked.masks, masking)


@dataclass(frozen=True)
class Request:
    """What goes to an engine in one call; what a person asks for is in `shared.services.events`."""

    chunks: tuple[Chunk, ...]

    @property
    def text(self) -> str:
        """The marked-up text, its paragraphs separated by empty lines."""
        return "\n\n".join(chunk.text for chunk in self.chunks)


@dataclass(frozen=True)
class Part:
    """A chunk's translation in one line, and what is wrong with it before the judge has seen it."""

    chunk: Chunk
    text: str
    damage: tuple[Finding, ...] = ()


def requests(sources: Mapping[str, str], masking: Masking, *, together: bool = True) -> tuple[Request, ...]:
    """The calls that ask for all `sources`: one for everything `together`, or one a paragraph; more where the limit
    forbids."""
    paragraphs = [
        (piece, number, paragraph)
        for piece, source in sources.items()
        for number, paragraph in enumerate(source.split("\n\n"))
    ]
    if together:
        whole = Request(tuple(Chunk.of(*paragraph, masking) for paragraph in paragraphs))
        if len(whole.text.encode()) <= MOST_BYTES:
            return (whole,)
    return tuple(
        Request((Chunk.of(piece, number, stretch, masking),))
        for piece, number, paragraph in paragraphs
        for stretch in _stretches(paragraph, masking)
    )


def ask(
    account: Account, asked: Asked, request: Request, complaints: Sequence[Complaint], target: Language
) -> list[Part]:
    """What the engine made of each chunk of `request`. Raises TranslationError."""
    return list(_taken_apart(request, account.answer(asked, request.text, complaints), target))


def _stretches(paragraph: str, masking: Masking) -> Iterator[str]:
    """A paragraph cut at its sentences, as many to a stretch as the limit allows; a long sentence at its words."""
    for sentences in _packed(split(paragraph, ENGLISH), masking):
        if _size(sentences, masking) <= MOST_BYTES:
            yield sentences
            continue
        for words in _packed(_words(sentences), masking):
            if _size(words, masking) > MOST_BYTES:
                raise TranslationError(known_failure(TOO_LONG))
            yield words


def _packed(parts: Iterable[str], masking: Masking) -> Iterator[str]:
    """The parts joined by spaces, as many at a time as one call may hold, but at least one."""
    held: list[str] = []
    size = 0
    for part in parts:
        more = _size(part, masking) + 1
        if held and size + more > MOST_BYTES:
            yield from _joined(held, masking)
            held, size = [], 0
        held.append(part)
        size += more
    if held:
        yield from _joined(held, masking)


def _joined(parts: Sequence[str], masking: Masking) -> Iterator[str]:
    """The parts in one, or in as few as one call may hold: together masks may have longer numbers than alone."""
    joined = " ".join(parts)
    if len(parts) == 1 or _size(joined, masking) <= MOST_BYTES:
        yield joined
        return
    middle = len(parts) // 2
    yield from _joined(parts[:middle], masking)
    yield from _joined(parts[middle:], masking)


def _size(text: str, masking: Masking) -> int:
    """Bytes of `text` as it is sent."""
    return len(masking.mark(text).text.encode())


def _words(sentence: str) -> list[str]:
    """The words of a sentence; a mask with a space in it stays whole."""
    words = [""]
    for part, masked in segments(sentence):
        first, *others = [part] if masked else part.split(" ")
        words[-1] += first
        words += others
    return [word for word in words if word]


def _taken_apart(request: Request, answer: str, target: Language) -> Iterator[Part]:
    """The answer to a request, chunk by chunk. Where its paragraphs are not those sent, every part says so."""
    answer = answer.replace("\r\n", "\n").strip()
    texts = [answer] if len(request.chunks) == 1 else BETWEEN_PARAGRAPHS.split(answer)
    if len(texts) != len(request.chunks):
        evidence = f"{len(request.chunks)} went out, {len(texts)} came back"
        damage = (*examine_safety(request.text, answer, target), refused("paragraphs", evidence))
        yield from (Part(chunk, "", damage) for chunk in request.chunks)
        return
    for chunk, text in zip(request.chunks, texts, strict=True):
        restored = chunk.masking.restore(compose(text), chunk.masks)
        yield Part(chunk, " ".join(restored.text.split()))
