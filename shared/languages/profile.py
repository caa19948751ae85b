"""What is known of each language's form: its scripts, its most frequent words, and how long its translations are."""

import re
from dataclasses import dataclass
from functools import cached_property

LATIN = r"A-Za-zÀ-ɏḀ-ỿ"
HAN = r"\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
KANA = r"\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"
HANGUL = r"\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"
CYRILLIC = r"\u0400-\u052f"
DEVANAGARI = r"\u0900-\u097f"
THAI = r"\u0e00-\u0e7f"
_ALWAYS_ALLOWED = rf"{LATIN}\u0370-\u03ff\u2100-\u214f\U0001d400-\U0001d7ff"
"""Latin names, Greek and mathematical letters stand in a paper's abstract in any language."""


@dataclass(frozen=True)
class Profile:
    """One language. `letters` are its own, written as within the brackets of a regular expression.

    `shortest` and `longest` bound a translation's length as a share of its English source, both in characters.
    `common` are frequent words that English has not; only languages written in Latin letters need them.
    """

    letters: str
    shortest: float
    longest: float
    common: frozenset[str] = frozenset()

    @cached_property
    def script(self) -> re.Pattern[str]:
        """A letter of its own."""
        return re.compile(f"[{self.letters}]")

    @cached_property
    def foreign(self) -> re.Pattern[str]:
        """A letter of a script that it never uses."""
        return re.compile(rf"(?![{self.letters}{_ALWAYS_ALLOWED}])[^\W\d_]")

    @property
    def latin(self) -> bool:
        """Whether the language is written in the letters of its English source."""
        return bool(self.common)


def profile(letters: str, shortest: float, longest: float, common: str = "") -> Profile:
    """A language's profile; `common` are words separated by spaces."""
    return Profile(letters, shortest, longest, _words(common))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FREQUENT_ENGLISH = _words("the of and to is that in for with are this by we on as which from these our it be an its")
"""Frequent words of the source language: many of them in a translation are English left standing."""
