"""The page above all archives, which leads readers to the one in their language."""

from dataclasses import dataclass
from typing import Literal

from shared.digest.formats.html import HTML
from shared.digest.templating import render
from shared.languages.strings import strings
from shared.ledger.file import File


@dataclass(frozen=True, kw_only=True)
class Languages:
    """The codes of the languages that have an archive, sorted; `languages.json` holds it."""

    schema: Literal["chorok-languages/1"] = "chorok-languages/1"
    languages: tuple[str, ...] = ()


def front_page(languages: tuple[str, ...]) -> File:
    """The page that leads to the archives in these languages, each in its own words; one alone is led to at once."""
    words = strings(languages[0])
    body = render(
        "front.html",
        words=words,
        title=words("tagline"),
        description=words("tagline"),
        feed="",
        archives=[(language, strings(language)) for language in languages],
    )
    return File(body, HTML)
