"""What the digests of a language call the field's terms, on one page, each term a search for the papers that hold it.

It follows from the language's glossary alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from shared.digest.formats.html import HTML
from shared.digest.templating import render
from shared.languages.glossary import Term, load_glossary
from shared.languages.strings import strings
from shared.languages.table import Language
from shared.ledger.file import File

GLOSSARY = "glossary.html"
"""The name of the file, below a language's folder."""
_NUMBERS = "0–9"


@dataclass(frozen=True)
class Letter:
    """The terms that begin with one letter, which is their heading; `id` names it in an address."""

    name: str
    id: str
    terms: tuple[Term, ...]


@cache
def glossary_files(language: Language) -> Mapping[str, File]:
    """The page by its name; nothing where the language has no glossary."""
    letters = _letters(language)
    if not letters:
        return {}
    words = strings(language.code)
    body = render(
        "glossary.html",
        words=words,
        title=words("glossary"),
        description=words("glossary_hint"),
        feed="./",
        glossary=GLOSSARY,
        language=language.code,
        letters=letters,
    )
    return {GLOSSARY: File(body, HTML)}


def _letters(language: Language) -> tuple[Letter, ...]:
    """The terms that the language has a word of its own for."""
    terms = [term for term in load_glossary(language).entries if not term.stays_english]
    terms.sort(key=lambda term: (term.headword.casefold(), term.preferred))
    return tuple(
        Letter(name, f"terms-{number}", tuple(group))
        for number, (name, group) in enumerate(groupby(terms, key=_letter), start=1)
    )


def _letter(term: Term) -> str:
    first = term.headword[0].upper()
    return first if first.isalpha() else _NUMBERS
