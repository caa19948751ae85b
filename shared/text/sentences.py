"""Sentences: where one ends and the next begins, in any of chorok's languages.

The boundaries are sentencex's (https://pypi.org/project/sentencex/), except where they fall inside something that is
one thing: a URL, code, math, or a quotation that its sentence goes on after.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import sentencex

from shared.text.mask import protected


@dataclass(frozen=True)
class SentenceEnds:
    """How one language ends its sentences. `code` is the language's code.

    `spaced` says whether a space stands between two sentences, and `marked` whether they end with a mark, as they do
    not in Thai. `sure` matches, just before a full stop, what is never an abbreviation.
    """

    code: str
    spaced: bool = True
    marked: bool = True
    sure: str = ""

    @cached_property
    def missed(self) -> re.Pattern[str]:
        """The ends that sentencex runs over where a text counts "(1) … (2) …"."""
        words = "".join(rf"|(?<={sure}[.!?])" for sure in (r"[)\]%\d]", self.sure) if sure)
        return re.compile(rf"(?:(?<=\w{{4}}[.!?]){words})\s+(?=[^\W\d_]|[(\[\"“‘])")


ENGLISH = SentenceEnds("en")
"""The language of the source."""

_SPACE = re.compile(r"\s")
"""sentencex 1.0.32 panics at a capital letter before a space that is not ASCII and a full stop."""
_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character, which a page may hold and which cannot be handed to sentencex."""
_LONGEST_END = 40
"""Characters of closing quotes, brackets and spaces among which the mark of an end is looked for."""
_END = re.compile(r"[.!?…。！？।][\"'”’)\]»」』]*\s*$")
"""What a sentence ends with: sentencex also cuts before each item of "such as (1) … (2) …"."""


def split(text: str, ends: SentenceEnds) -> tuple[str, ...]:
    """The sentences of one line of `text`, without the spaces between them.

    >>> split("It scales, cf. Fig. 3. Why? See https://a.io/b.", ENGLISH)
    ('It scales, cf. Fig. 3.', 'Why?', 'See https://a.io/b.')
    """
    masks = deque(protected(text))
    sentences: list[str] = []
    start = 0
    for position in boundaries(text, ends):
        while masks and masks[0][1] <= position:
            masks.popleft()
        inside = bool(masks) and masks[0][0] < position
        glued = ends.spaced and not text[position - 1 : position].isspace()
        if (
            not inside
            and not glued
            and (not ends.marked or _END.search(text, max(start, position - _LONGEST_END), position))
        ):
            sentences.append(text[start:position].strip())
            start = position
    sentences.append(text[start:].strip())
    return tuple(sentence for sentence in sentences if sentence)


def boundaries(text: str, ends: SentenceEnds) -> Iterator[int]:
    """Where in one line of `text` a sentence may begin, as characters from its start and in order; its end comes last.

    An empty text has none.
    """
    position = 0
    for end in _segments(_SURROGATE.sub("\ufffd", _SPACE.sub(" ", text)), ends):
        for missed in ends.missed.finditer(text, position, end):
            if not text[missed.end()].islower():
                yield missed.end()
        yield end
        position = end


_WINDOW = 1_000
"""Characters handed to sentencex 1.0.32 at once: its time grows with the square of unpaired quotes."""


def _segments(text: str, ends: SentenceEnds) -> Iterator[int]:
    """Where sentencex sees a sentence end: window by window, each beginning where the last whole sentence ended."""
    position = last = 0
    while position < len(text):
        window = text[position : position + _WINDOW]
        parts = list(sentencex.segment(ends.code, window))
        if position + len(window) < len(text):
            # What the window cuts off is seen again from its beginning, unless it fills the window.
            parts = parts[:-1]
            if not parts:
                position += len(window)
                continue
        for part in parts:
            position += len(part)
            yield (last := position)
    if last < len(text):
        yield len(text)
