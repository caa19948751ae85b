"""What the translation pipeline asks of an engine: one text in, one text out.

A text for an engine is marked up the way Amazon Translate reads it: what must not be translated stands in
`<span translate="no">…</span>`, and `&`, `<` and `>` are written as entities everywhere, inside such a span too.
Paragraphs are separated by an empty line. The answer is marked up likewise.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class EngineAnswer:
    """What an engine made of a text, and the terminologies it says it applied.

    `prompt_characters` counts what was sent beside the text, and is paid for like it.
    """

    text: str
    terminologies: tuple[str, ...] = ()
    prompt_characters: int = 0


Engine = Callable[[str], EngineAnswer]
"""Translates one marked-up text of at most `MOST_BYTES` bytes; raises TranslationError where it cannot."""


@dataclass(frozen=True)
class Complaint:
    """A sentence of an earlier translation that cannot stand: the English, what stood there ("" for nothing), why.

    Plain text, without markup.
    """

    source: str
    text: str
    why: str


class Advised(Protocol):
    """An engine that can be told what was wrong with an earlier translation of the same text."""

    def __call__(self, text: str, complaints: Sequence[Complaint] = ()) -> EngineAnswer:
        """The answer to the whole marked-up text. Raises TranslationError."""


MOST_BYTES = 10_000
"""The longest text of one TranslateText call, in bytes of UTF-8, not in characters
(https://docs.aws.amazon.com/translate/latest/dg/what-is-limits.html)."""
