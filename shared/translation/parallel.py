"""A source and its translation side by side: which lines of a text belong to which sentences of its source."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from shared.doubts import MISSING, Doubt, Kept
from shared.languages.table import Language
from shared.text.sentences import ENGLISH, split
from shared.translation.draft import draft_of


@dataclass(frozen=True)
class Passage:
    """Sentences of the `source` and the `lines` of the text that belong to them; either may lack.

    `paragraph` counts from 0. `places` are where these lines stand among those of the text that are not empty, as
    doubts count them. `kept` says that the line stays in English.
    """

    paragraph: int
    source: tuple[str, ...]
    lines: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    kept: bool = False


def remarks(passages: Sequence[Passage], doubts: Iterable[Doubt], kept: Iterable[Kept]) -> Mapping[int, Sequence[str]]:
    """What was found at the passages, by their place from 0: each finding is one line of text."""
    origins = {line: place for place, passage in enumerate(passages) for line in passage.places}
    gaps = {" ".join(passage.source): place for place, passage in enumerate(passages) if not passage.lines}
    found: dict[int, list[str]] = {}
    marks: list[Doubt | Kept] = [*kept, *doubts]
    for mark in marks:
        place = origins.get(mark.sentence)
        if isinstance(mark, Doubt) and mark.rule == MISSING:
            place = gaps.get(mark.original, place)
        if place is not None:
            found.setdefault(place, []).append(_remark(mark))
    return found


def _remark(mark: Doubt | Kept) -> str:
    why = f"{mark.rule} ({mark.evidence})" if mark.evidence else mark.rule
    return f"in English: {why}" if isinstance(mark, Kept) else f"doubtful: {why}"


@dataclass(frozen=True)
class _Line:
    """A line of a text, or a sentence of a source, and its paragraph."""

    paragraph: int
    text: str


def parallel(source: str, text: str, target: Language, kept: Iterable[Kept] = ()) -> tuple[Passage, ...]:
    """The passages of `text`, a translation of the cleaned `source`, in order; for "" one for each English sentence.

    Whatever is `kept` belongs to its own sentence; all that stands between two of them is aligned by itself.
    """
    sentences = [_Line(line.paragraph, part) for line in _lines(source) for part in split(line.text, ENGLISH)]
    lines = _lines(text)
    if not lines:
        return tuple(Passage(sentence.paragraph, (sentence.text,)) for sentence in sentences)
    passages: list[Passage] = []
    done = line = 0
    for place in sorted({mark.sentence for mark in kept}):
        waiting = (number for number, sentence in enumerate(sentences[done:], done) if _is(sentence, lines, place))
        end = next(waiting, None)
        if end is None:
            continue
        passages += _aligned(sentences[done:end], lines, range(line, place), target)
        passages.append(
            Passage(lines[place].paragraph, (sentences[end].text,), (lines[place].text,), (place,), kept=True)
        )
        done, line = end + 1, place + 1
    passages += _aligned(sentences[done:], lines, range(line, len(lines)), target)
    return tuple(passages)


def _aligned(sentences: Sequence[_Line], lines: Sequence[_Line], places: range, target: Language) -> Iterator[Passage]:
    if not places:
        yield from (Passage(sentence.paragraph, (sentence.text,)) for sentence in sentences)
        return
    own = [lines[place] for place in places]
    # A line may hold several sentences, which may belong to several passages.
    origins = iter(
        [place for place, line in zip(places, own, strict=True) for _ in split(line.text, target.sentence_ends)]
    )
    paragraph = own[0].paragraph
    for stretch in draft_of(_joined(sentences), _joined(own), target).stretches:
        found = tuple(islice(origins, len(stretch.lines)))
        paragraph = lines[found[0]].paragraph if found else paragraph
        yield Passage(paragraph, stretch.source, stretch.lines, found)


def _is(sentence: _Line, lines: Sequence[_Line], place: int) -> bool:
    return place < len(lines) and sentence.text == lines[place].text


def _lines(text: str) -> list[_Line]:
    return [
        _Line(number, line)
        for number, paragraph in enumerate(text.split("\n\n"))
        for line in paragraph.split("\n")
        if line.strip()
    ]


def _joined(lines: Sequence[_Line]) -> str:
    return "\n".join(line.text for line in lines)
