"""The languages a digest can be in: those Amazon Translate knows, by its codes.

Source: https://docs.aws.amazon.com/translate/latest/dg/what-is-languages.html; formality:
https://docs.aws.amazon.com/translate/latest/dg/customizing-translations-formality.html.
"""

from dataclasses import dataclass

from shared.errors import UsageError


@dataclass(frozen=True)
class Language:
    """A target language: Amazon's code, its English name, and whether Amazon can set its formality."""

    code: str
    name: str
    formality: bool = False


_LANGUAGES = {
    language.code: language
    for language in (
        Language("de", "German", formality=True),
        Language("es", "Spanish", formality=True),
        Language("fr", "French", formality=True),
        Language("hi", "Hindi", formality=True),
        Language("id", "Indonesian"),
        Language("it", "Italian", formality=True),
        Language("ja", "Japanese", formality=True),
        Language("ko", "Korean", formality=True),
        Language("nl", "Dutch", formality=True),
        Language("pl", "Polish"),
        Language("pt", "Portuguese"),
        Language("ru", "Russian"),
        Language("th", "Thai"),
        Language("tr", "Turkish"),
        Language("uk", "Ukrainian"),
        Language("vi", "Vietnamese"),
        Language("zh", "Chinese"),
    )
}


def find_language(code: str) -> Language:
    """The language with Amazon's `code`. Raises UsageError, naming the known ones, for any other."""
    try:
        return _LANGUAGES[code]
    except KeyError:
        raise UsageError(f"{code!r} is no language chorok knows. Known: {', '.join(_LANGUAGES)}.") from None


def codes() -> tuple[str, ...]:
    """The codes of all languages chorok knows."""
    return tuple(_LANGUAGES)
