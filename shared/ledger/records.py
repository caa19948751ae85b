"""What the ledger's objects say, as frozen dataclasses with one JSON form each.

Times are ISO 8601 in UTC. Unknown fields are ignored on reading, so that an older version reads a newer ledger.
"""

from dataclasses import dataclass
from typing import Literal, TypeVar

import msgspec

from shared.editions import Edition
from shared.errors import LedgerError
from shared.failures import Failure
from shared.papers import Paper

_Record = TypeVar("_Record")

PERSON = "person"
"""The engine of a text that a person wrote."""


@dataclass(frozen=True)
class Manifest:
    """The papers of a run, in rank order. Immutable once written.

    `period` is "" for the sample. `source` is the base address the papers were read from; `page` is the canonical
    address a reader can open.
    """

    run: str
    period: str
    source: str
    page: str
    top: int
    scheduled_time: str
    papers: tuple[Paper, ...]

    def edition(self, language: str) -> Edition:
        """The run in `language`."""
        return Edition(self.run, language)


@dataclass(frozen=True)
class Requested:
    """This language is wanted of the run. `scheduled_time` is of the tick or request that first wanted it."""

    run: str
    language: str
    scheduled_time: str

    @property
    def edition(self) -> Edition:
        """The edition it is about."""
        return Edition(self.run, self.language)


@dataclass(frozen=True)
class Dispatched:
    """All messages of this run and language are with SQS since `scheduled_time`: how many, and their characters."""

    run: str
    language: str
    scheduled_time: str
    messages: int
    characters: int

    @property
    def edition(self) -> Edition:
        """The edition it is about."""
        return Edition(self.run, self.language)


@dataclass(frozen=True)
class Result:
    """How one paper stands in one language: translated, with the text; or failed, with the failure and no text.

    `engine` and `text` are "" unless translated; `engine` is that of the text. `attempts` counts receives, `message` is
    the SQS message id. `again` is the time of the request for a fresh translation, or of the correction by a person,
    that this result answers, or "". `terminologies` are those that the engine says it applied. Times are those of the
    delivery, never of the run.
    """

    run: str
    language: str
    paper: str
    status: Literal["translated", "failed"]
    time: str
    text: str = ""
    title: str = ""
    engine: str = ""
    failure: Failure | None = None
    attempts: int = 0
    first_time: str = ""
    message: str = ""
    again: str = ""
    characters: int = 0
    remembered: bool = False
    notes: tuple[str, ...] = ()
    terminologies: tuple[str, ...] = ()

    @property
    def edition(self) -> Edition:
        """The edition it is about."""
        return Edition(self.run, self.language)

    def __post_init__(self) -> None:
        if self.status == "translated" and not (self.text.strip() and self.engine and self.failure is None):
            raise ValueError("a translated result has a text, an engine and no failure")
        if self.status == "failed" and (self.text or self.title or self.failure is None):
            raise ValueError("a failed result has a failure and no text")


@dataclass(frozen=True)
class Memory:
    """A text that passed the judge. `source` is the cleaned source, kept so that a person can read the memory.

    `origin` is "engine" or "person"; a person's entry is found first, by source and language alone.
    """

    language: str
    source: str
    text: str
    engine: str
    origin: Literal["engine", "person"] = "engine"


@dataclass(frozen=True)
class Announced:
    """The digest's state was told to the subscribers."""

    run: str
    language: str
    state: Literal["complete", "partial"]

    @property
    def edition(self) -> Edition:
        """The edition it is about."""
        return Edition(self.run, self.language)


def encode(record: object) -> bytes:
    """A record as indented UTF-8 JSON, fields in order: equal records give equal bytes."""
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"


def decode(body: bytes, kind: type[_Record], key: str) -> _Record:
    """The record in `body`. Raises LedgerError, naming `key`, where it is no such record."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, ValueError) as error:
        raise LedgerError(f"s3 object {key} is no valid {kind.__name__}: {error}") from error
