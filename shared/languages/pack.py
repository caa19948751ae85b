"""What a language may do in its own way. A folder of `shared.languages` that has more than texts defines one `PACK`."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from shared.text.lexicon import Lexicon
from shared.text.quantity import Quantity


def _unchanged(text: str) -> str:
    return text


def _agreeing(text: str, words: Collection[str]) -> str:  # noqa: ARG001 - the shape is the hook's
    return text


def _no_numbers(text: str) -> set[float]:  # noqa: ARG001 - the shape is the hook's
    return set()


@dataclass(frozen=True)
class Sense:
    """A direction or a negation: `said` finds it in a translation, `explained` what explains it in the English source.

    `name` is how a finding calls it.
    """

    name: str
    said: re.Pattern[str]
    explained: re.Pattern[str]


@dataclass(frozen=True)
class Words:
    """What a judge must know of a language's words; a language of which nobody wrote them down is judged without.

    `anchors` are words of abstracts with their renderings. `senses` are what a sentence says only where its source
    does, `denied` what denies in English and `denial` whatever may say so in the language. `predicate` ends a sentence
    that lacks its full stop. `remarks` finds what only an engine says to its user, and `from_to` the two numbers of
    "from 12 to 3". `acronyms` are English ones, in lower case, with what the language may say instead.
    """

    anchors: Lexicon
    senses: tuple[Sense, ...]
    denied: re.Pattern[str]
    denial: re.Pattern[str]
    predicate: re.Pattern[str]
    remarks: re.Pattern[str]
    from_to: re.Pattern[str]
    acronyms: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Pack:
    """The hooks of one language; each leaves a text as it is unless the language has something of its own.

    `polish` mends the spaces and the punctuation of a paragraph, `phrase` the wording of a sentence. `agree` mends what
    must agree with the word before it; the words in its second argument were just put in place of others. `attached` is
    a regular expression of what may be attached to a noun and makes one word with it, or "". `quantities` reads the
    numbers of a text with the language's own words for large ones; None where nobody taught chorok these words.
    `worded` are numbers that its words may say, and need not: 삼차원, 五つ.
    `register` asks a model that takes instructions, in English, for the style that readers expect.
    """

    polish: Callable[[str], str] = _unchanged
    phrase: Callable[[str], str] = _unchanged
    agree: Callable[[str, Collection[str]], str] = _agreeing
    attached: str = ""
    quantities: Callable[[str], list[Quantity]] | None = None
    worded: Callable[[str], set[float]] = _no_numbers
    words: Words | None = None
    register: str = ""


PLAIN = Pack()
"""The pack of a language with nothing of its own."""
