"""What the translation pipeline asks of an engine: one text in, one text out.

A text for an engine is marked up the way Amazon Translate reads it: what must not be translated stands in
`<span translate="no">…</span>`, and `&`, `<` and `>` are written as entities everywhere, inside such a span too.
Paragraphs are separated by an empty line. The answer is marked up likewise.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class EngineAnswer:
    """What an engine made of a text, and the terminologies it says it applied."""

    text: str
    terminologies: tuple[str, ...] = ()


Engine = Callable[[str], EngineAnswer]
"""Translates one marked-up text of at most `MOST_BYTES` bytes; raises TranslationError where it cannot."""

MOST_BYTES = 10_000
"""The longest text of one TranslateText call, in bytes of UTF-8, not in characters
(https://docs.aws.amazon.com/translate/latest/dg/what-is-limits.html)."""
