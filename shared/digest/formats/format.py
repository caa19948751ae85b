"""What a format is: how one file of a digest is called, what it is, and how it is made."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.digest.view import View
from shared.languages.strings import Strings
from shared.ledger.file import File


@dataclass(frozen=True)
class Format:
    """One format, which a module of this package defines and the package's table lists.

    `name` is what a person asks for (`chorok download --format txt`), and the ending of the file's name. `label` is
    what the page calls it: a key of the languages' strings, or a name that is the same in all of them.
    """

    name: str
    media_type: str
    label: str
    render: Callable[[View], bytes]

    @property
    def file_name(self) -> str:
        """What its file is called beside the digest's others."""
        return f"digest.{self.name}"

    def label_in(self, words: Strings) -> str:
        """What readers of a language call it."""
        return words.texts.get(self.label, self.label)

    def file(self, view: View) -> File:
        """The digest in this format."""
        return File(self.render(view), self.media_type)
