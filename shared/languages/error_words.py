"""What a language must tell for errors in it to be known: wordings in families, and what in a source explains each.

Wordings are in lower case, and every pattern is linear: each repetition in it has a bound.
"""

import re
from dataclasses import dataclass

FAULT = r"err(?:or|s\b|ing)|fail|fault|exception|mistake|outage|crash|bug|break|disrupt"
"""English that explains why a translation speaks of an error."""


@dataclass(frozen=True)
class Wording:
    """A family of wordings, and what in a source explains that a translation has one of them.

    A `weak` one is also what a paper may say: it counts only in a sentence behind which nothing in the source stands.
    """

    pattern: re.Pattern[str]
    explained_by: re.Pattern[str] | None
    weak: bool = False


def wording(pattern: str, explained_by: str = "", *, weak: bool = False) -> Wording:
    """A family from two regular expressions, the first in verbose form."""
    return Wording(re.compile(pattern, re.VERBOSE), re.compile(explained_by) if explained_by else None, weak)


@dataclass(frozen=True)
class ErrorWords:
    """What programs and models say in one language.

    `anywhere` may stand in any text, after a right sentence too; `opening` is what only a message begins with, be it a
    line or a sentence. `topics` are what messages are about and abstracts hardly ever, and `complaint` is how a message
    about them ends. `bare` is a line that says nothing else. `fragment` is what makes an error of a text that is far
    too short for its source.
    """

    anywhere: tuple[Wording, ...]
    opening: tuple[Wording, ...] = ()
    topics: tuple[Wording, ...] = ()
    complaint: re.Pattern[str] | None = None
    bare: Wording | None = None
    fragment: re.Pattern[str] | None = None


def says(pattern: str, fragment: str) -> ErrorWords:
    """The errors of a language of which only a few wordings are known."""
    return ErrorWords(
        anywhere=(wording(pattern, r"translat|apolog|sorry|time[sd]?[- ]?out"),), fragment=re.compile(fragment)
    )
