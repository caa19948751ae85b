"""The words around the papers, `strings.json` in a language's folder; English where a language has no file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import msgspec

from shared.languages.table import find_language

FALLBACK = "en"
_FOLDER = resources.files("shared.languages")


@dataclass(frozen=True)
class Strings:
    """The words in one language. `language` is the one they really are in: English where there was no file."""

    language: str
    texts: Mapping[str, str]
    months: tuple[str, ...]

    def __call__(self, key: str, **values: object) -> str:
        """The text called `key`, with `values` filled in. Raises KeyError where no language has it."""
        return self.texts[key].format(**values)


@cache
def strings(language: str) -> Strings:
    """The words in `language`, or in English where it has no file."""
    file = _FOLDER / language / "strings.json"
    if not file.is_file():
        language, file = FALLBACK, _FOLDER / FALLBACK / "strings.json"
    content = msgspec.json.decode(file.read_bytes(), type=_File)
    return Strings(language, content.texts, content.months)


def language_name(language: str) -> str:
    """What its readers call a language; its name in English where it has no file."""
    words = strings(language)
    return words("language_name") if words.language == language else find_language(language).name


@dataclass(frozen=True)
class _File:
    months: tuple[str, ...]
    texts: dict[str, str]
