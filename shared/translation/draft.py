"""A translation in the making: stretches of a source, each with its translation, or kept in English.

The judge's findings point at sentences; here they come to the stretch that each is about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from shared.doubts import Kept
from shared.languages.table import Language
from shared.text.finding import Finding, refused
from shared.text.mask import segments
from shared.text.sentences import ENGLISH, SentenceEnds, split
from shared.translation.judge import judge_once
from shared.translation.rules.case import Case


@dataclass(frozen=True)
class Stretch:
    """A bead of the alignment as text: sentences of the `source`, and the `lines` that belong to them; one may lack.

    `kept` is why it stays in English, with the source's sentences as its lines. `second` says that the second engine
    wrote it.
    """

    paragraph: int
    source: tuple[str, ...]
    lines: tuple[str, ...]
    kept: Finding | None = None
    second: bool = False


@dataclass(frozen=True)
class Draft:
    """The stretches of a text, in order."""

    stretches: tuple[Stretch, ...]

    @property
    def text(self) -> str:
        """One sentence a line, an empty line between paragraphs."""
        return _joined([(stretch.paragraph, stretch.lines) for stretch in self.stretches], "\n")

    @property
    def kept(self) -> tuple[Kept, ...]:
        """The lines of the text that stay in English, and why."""
        kept: list[Kept] = []
        number = 0
        for stretch in self.stretches:
            if why := stretch.kept:
                kept += (Kept(number + place, why.rule, why.evidence) for place in range(len(stretch.lines)))
            number += len(stretch.lines)
        return tuple(kept)

    def with_lines(self, place: int, lines: Sequence[str], *, second: bool) -> "Draft":
        """The draft with other lines at `place`."""
        return self._with(place, replace(self.stretches[place], lines=tuple(lines), second=second))

    def split(self, place: int, lines: Sequence[Sequence[str]]) -> "Draft":
        """The draft with a stretch for each sentence of the source at `place`, and for each its `lines`."""
        stretch = self.stretches[place]
        parts = (
            replace(stretch, source=(sentence,), lines=tuple(own))
            for sentence, own in zip(stretch.source, lines, strict=True)
        )
        return Draft((*self.stretches[:place], *parts, *self.stretches[place + 1 :]))

    def keeping(self, place: int, why: Finding) -> "Draft":
        """The draft with English at `place`, or with nothing there where the source has nothing."""
        stretch = self.stretches[place]
        return self._with(place, replace(stretch, lines=stretch.source, kept=why if stretch.source else None))

    def _with(self, place: int, stretch: Stretch) -> "Draft":
        return Draft((*self.stretches[:place], stretch, *self.stretches[place + 1 :]))


def draft_of(source: str, text: str, target: Language, *, second: bool = False) -> Draft:
    """The stretches of `text` as a translation of the cleaned `source`."""
    case = Case(source, text, target)
    of_source, of_text = _paragraphs(source, ENGLISH), _paragraphs(text, target.sentence_ends)
    stretches: list[Stretch] = []
    paragraph = 0
    for bead in case.beads:
        own = of_text[bead.text] if not bead.is_gap else of_source[bead.source]
        paragraph = max(paragraph, own)
        sentences = tuple(case.source_sentences[bead.source : bead.source_end])
        lines = tuple(case.sentences[bead.text : bead.text_end])
        if len(sentences) == len(lines):
            # Taken together where one of them does not fit: what is mended or kept is that one alone.
            pairs = zip(sentences, lines, strict=True)
            stretches += (Stretch(paragraph, (sentence,), (line,), second=second) for sentence, line in pairs)
        else:
            stretches.append(Stretch(paragraph, sentences, lines, second=second))
    return Draft(tuple(stretches))


@dataclass(frozen=True)
class Examined:
    """What is found in a draft: by the place of the stretch, and what speaks of the whole."""

    by_place: Mapping[int, tuple[Finding, ...]]
    whole: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them, those about the whole first."""
        return (*self.whole, *(finding for place in sorted(self.by_place) for finding in self.by_place[place]))

    @property
    def refused_whole(self) -> bool:
        """Whether something that no sentence can be blamed for refuses the text."""
        return any(finding.refuses for finding in self.whole)

    def weight(self, place: int | None = None) -> tuple[int, int]:
        """How many findings refuse, and how many there are: of all, or of the stretch at `place`."""
        findings = self.findings if place is None else self.by_place.get(place, ())
        return sum(finding.refuses for finding in findings), len(findings)


def examine(draft: Draft, target: Language) -> Examined:
    """What the judge finds in a draft whose kept stretches it never sees, and the masks that are lost."""
    judged = [(place, stretch) for place, stretch in enumerate(draft.stretches) if stretch.kept is None]
    source = _joined([(stretch.paragraph, stretch.source) for _, stretch in judged], " ")
    text = _joined([(stretch.paragraph, stretch.lines) for _, stretch in judged], "\n")
    of_text = [place for place, stretch in judged for line in stretch.lines for _ in split(line, target.sentence_ends)]
    of_source = [place for place, stretch in judged for _ in stretch.source]
    by_place: dict[int, list[Finding]] = {}
    whole: list[Finding] = []
    for finding in judge_once(source, text, target).findings:
        places = of_source if finding.missing else of_text
        if finding.sentence is None or not places:
            whole.append(finding)
        else:
            by_place.setdefault(places[min(finding.sentence, len(places) - 1)], []).append(finding)
    for place, stretch in judged:
        by_place.setdefault(place, []).extend(_lost_masks(stretch, source, text))
    return Examined({place: tuple(found) for place, found in by_place.items() if found}, tuple(whole))


def _lost_masks(stretch: Stretch, source: str, text: str) -> list[Finding]:
    """The masks of a stretch that are not in its lines, and are too few in the text."""
    own, lines = " ".join(stretch.source), " ".join(stretch.lines)
    masks = dict.fromkeys(part for part, masked in segments(own) if masked)
    return [
        refused("mask", f"lost {mask!r}")
        for mask in masks
        if lines.count(mask) < own.count(mask) and text.count(mask) < source.count(mask)
    ]


def _joined(stretches: Sequence[tuple[int, tuple[str, ...]]], between: str) -> str:
    paragraphs: dict[int, list[str]] = {}
    for paragraph, sentences in stretches:
        paragraphs.setdefault(paragraph, []).extend(sentences)
    return "\n\n".join(between.join(sentences) for sentences in paragraphs.values() if sentences)


def _paragraphs(text: str, ends: SentenceEnds) -> list[int]:
    """Of which paragraph each sentence is."""
    return [
        number
        for number, paragraph in enumerate(text.split("\n\n"))
        for line in paragraph.split("\n")
        for _ in split(line, ends)
    ]
