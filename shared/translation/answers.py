"""A translation that somebody else made, in the form that the judge is shown: for `chorok check` and `make eval`."""

from shared.languages.table import Language
from shared.text.clean import clean_abstract
from shared.translation.ask import BETWEEN_PARAGRAPHS
from shared.translation.styling import compose, finish


def as_answered(source: str, text: str, target: Language) -> tuple[str, str]:
    """The cleaned source, and `text` finished in style as if an engine had answered it to this source."""
    cleaned = clean_abstract(source)
    answer = compose(text.replace("\r\n", "\n")).strip()
    paragraphs = BETWEEN_PARAGRAPHS.split(answer) if "\n\n" in cleaned else [answer]
    return cleaned, finish([" ".join(paragraph.split()) for paragraph in paragraphs], cleaned, target)
