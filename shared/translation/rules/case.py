"""The case before the judge: a source, a text, and what several rules ask about them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from shared.languages.glossary import load_glossary
from shared.languages.profile import Profile
from shared.languages.table import Language
from shared.text import digits
from shared.text.align import Bead, Traces, align
from shared.text.finding import Finding
from shared.text.mask import segments
from shared.text.names import Vocabulary
from shared.text.numbers import english_quantities, without_scale
from shared.text.quantity import Quantity
from shared.text.sentences import ENGLISH, SentenceEnds, split
from shared.text.traces import traces


@dataclass(frozen=True)
class Case:
    """A cleaned source and a text that may be its translation. A sentence is known by its place, from 0."""

    source: str
    text: str
    target: Language

    @property
    def profile(self) -> Profile:
        """What is known of the language's form."""
        return self.target.profile

    @cached_property
    def source_sentences(self) -> list[str]:
        """The source's, in order."""
        return _sentences(self.source, ENGLISH)

    @cached_property
    def sentences(self) -> list[str]:
        """The text's, in order."""
        return _sentences(self.text, self.target.sentence_ends)

    @cached_property
    def plain_source(self) -> list[str]:
        """The source's sentences without their masks: addresses, code, tags and math."""
        return [without_masks(sentence) for sentence in self.source_sentences]

    @cached_property
    def plain(self) -> list[str]:
        """The text's sentences without their masks."""
        return [without_masks(sentence) for sentence in self.sentences]

    @cached_property
    def source_words(self) -> frozenset[str]:
        """The words of the source in lower case."""
        return frozenset(re.findall(r"[a-z]+", self.source.lower()))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What the source's words explain of the text's Latin ones."""
        return Vocabulary(" ".join(self.plain_source))

    @cached_property
    def source_numbers(self) -> list[list[Quantity]]:
        """The numbers of each sentence of the source, as the language could write them."""
        found = [english_quantities(sentence) for sentence in self.plain_source]
        if self.target.pack.quantities:
            return found
        return [[without_scale(number) for number in numbers if not number.spelled] for numbers in found]

    @cached_property
    def numbers(self) -> list[list[Quantity]]:
        """The numbers of each sentence of the text."""
        return [(self.target.pack.quantities or digits.quantities)(sentence) for sentence in self.plain]

    @cached_property
    def traces(self) -> tuple[list[Traces], list[Traces]]:
        """What the sentences of both sides share."""
        glossary, words = load_glossary(self.target), self.target.pack.words
        terms = [glossary.renderings(sentence) for sentence in self.plain_source]
        numbers = (self.source_numbers, self.numbers)
        return traces(
            self.plain_source,
            self.plain,
            numbers,
            terms,
            words.anchors if words else None,
            own_letters=not self.profile.latin,
        )

    @cached_property
    def beads(self) -> tuple[Bead, ...]:
        """Which sentences of the text belong to which of the source."""
        return align(*self.traces, (self.profile.shortest + self.profile.longest) / 2 * 0.82)

    def stretches(self) -> Iterator[tuple[Bead, str, str]]:
        """What belongs together: the sentences of the source, and those of the text, each as one string."""
        for bead in self.beads:
            yield (
                bead,
                " ".join(self.plain_source[bead.source : bead.source_end]),
                " ".join(self.plain[bead.text : bead.text_end]),
            )


Rule = Callable[[Case], Iterator[Finding]]


def without_masks(text: str) -> str:
    """`text` with a space for each mask."""
    return "".join(" " if masked else part for part, masked in segments(text))


def _sentences(text: str, ends: SentenceEnds) -> list[str]:
    return [sentence for line in text.split("\n") for sentence in split(line, ends)]
