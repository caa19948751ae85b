"""A glossary as a custom terminology of Amazon Translate, named by its content: another glossary has another name.

One that is overwritten under its name would go on being applied as it was for up to ten minutes
(https://docs.aws.amazon.com/translate/latest/APIReference/API_ImportTerminology.html).
"""

import hashlib
from dataclasses import dataclass

from shared.languages.glossary import Glossary

PREFIX = "chorok-"
"""What the names of all our terminologies begin with, so that a policy can name them."""


@dataclass(frozen=True)
class Terminology:
    """A custom terminology: its name, and the CSV file that is imported under it."""

    name: str
    file: bytes


def terminology_of(glossary: Glossary) -> Terminology | None:
    """The terminology of `glossary`, from English; None where every term stays English, for the service wants one."""
    if all(entry.stays_english for entry in glossary.entries):
        return None
    file = glossary.terminology_csv()
    return Terminology(f"{PREFIX}en-{glossary.language.code}-{hashlib.sha256(file).hexdigest()[:8]}", file)
