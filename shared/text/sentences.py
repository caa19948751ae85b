"""Sentences: where one ends and the next begins, in any of chorok's languages.

The boundaries are sentencex's (https://pypi.org/project/sentencex/), except where they fall inside something that is
one thing: a URL, code, math, or a quotation that its sentence goes on after.
"""

import re
from collections.abc import Iterator

import sentencex

from shared.text.mask import protected

_WITHOUT_SPACES = frozenset({"ja", "th", "zh"})
"""Languages in which no space stands between two sentences."""
_SPACE = re.compile(r"\s")
"""sentencex 1.0.32 panics at a capital letter before a space that is not ASCII and a full stop."""
_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character, which a page may hold and which cannot be handed to sentencex."""
_END = re.compile(r"[.!?…。！？।][\"'”’)\]»」』]*\s*$")
"""What a sentence ends with, but in Thai: sentencex also cuts before each item of "such as (1) … (2) …"."""
_MISSED_END = re.compile(r"(?:(?<=\w{4}[.!?])|(?<=[가-힣]다[.!?])|(?<=[)\]%\d][.!?]))\s+(?=[^\W\d_]|[(\[\"“‘])")
"""Where a text counts "(1) … (2) …" sentencex runs on to its end. The word before the stop must be no abbreviation."""


def split(text: str, language: str) -> tuple[str, ...]:
    """The sentences of one line of `text` in the language with this code, without the spaces between them."""
    masks = protected(text)
    sentences: list[str] = []
    start = 0
    for position in boundaries(text, language):
        inside = any(begin < position < end for begin, end in masks)
        glued = language not in _WITHOUT_SPACES and not text[position - 1 : position].isspace()
        if not inside and not glued and (language == "th" or _END.search(text[start:position])):
            sentences.append(text[start:position].strip())
            start = position
    sentences.append(text[start:].strip())
    return tuple(sentence for sentence in sentences if sentence)


def boundaries(text: str, language: str) -> Iterator[int]:
    """Where in one line of `text` a sentence may begin, as characters from its start and in order; its end comes last.

    An empty text has none.
    """
    position = 0
    for part in sentencex.segment(language, _SURROGATE.sub("\ufffd", _SPACE.sub(" ", text))):
        end = position + len(part)
        for missed in _MISSED_END.finditer(text, position, end):
            if not text[missed.end()].islower():
                yield missed.end()
        yield end
        position = end
