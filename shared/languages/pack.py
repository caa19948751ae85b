"""What a language may do in its own way. A folder of `shared.languages` that has more than texts defines one `PACK`."""

from collections.abc import Callable, Collection
from dataclasses import dataclass


def _unchanged(text: str) -> str:
    return text


def _agreeing(text: str, words: Collection[str]) -> str:  # noqa: ARG001 - the shape is the hook's
    return text


@dataclass(frozen=True)
class Pack:
    """The hooks of one language; each leaves a text as it is unless the language has something of its own.

    `polish` mends the spaces and the punctuation of a paragraph, `phrase` the wording of a sentence. `agree` mends what
    must agree with the word before it; the words in its second argument were just put in place of others. `attached` is
    a regular expression of what may be attached to a noun and makes one word with it, or "".
    """

    polish: Callable[[str], str] = _unchanged
    phrase: Callable[[str], str] = _unchanged
    agree: Callable[[str, Collection[str]], str] = _agreeing
    attached: str = ""


PLAIN = Pack()
"""The pack of a language with nothing of its own."""
