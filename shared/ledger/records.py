"""What the ledger's objects say, as frozen dataclasses with one JSON form each.

Times are ISO 8601 with their offset in the JSON, and aware datetimes here. Unknown fields are ignored on reading, so
that an older version reads a newer ledger.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, TypeVar

import msgspec

from shared.doubts import Doubt, Kept
from shared.editions import Edition
from shared.errors import LedgerError
from shared.failures import Failure
from shared.ledger import keys
from shared.makers import Makers
from shared.papers import Paper

_Record = TypeVar("_Record")
_Time = Annotated[datetime, msgspec.Meta(tz=True)]

PERSON = "person"
"""The engine of a text that a person wrote."""


@dataclass(frozen=True)
class Manifest:
    """The papers of a run, in rank order. Immutable once written, but that a person may have it replaced by another.

    `period` is "" for the sample. `source` is the base address the papers were read from; `page` is the canonical
    address a reader can open, which the digest calls `source`. `revision` is how many manifests the run had before.
    """

    run: str
    period: str
    source: str
    page: str
    top: int
    scheduled_time: _Time
    papers: tuple[Paper, ...]
    revision: int = 0

    @property
    def expected(self) -> int:
        """How many papers a complete digest holds: of an old file's run as many as the file says that there were."""
        return max(self.top, len(self.papers)) if keys.is_healed(self.run) else len(self.papers)

    def edition(self, language: str) -> Edition:
        """The run in `language`."""
        return Edition(self.run, language)


@dataclass(frozen=True)
class Adopted:
    """This ledger takes over, since `scheduled_time`, what `bucket` holds: all of it is here where that is `done`."""

    bucket: str
    scheduled_time: _Time
    done: bool = False


@dataclass(frozen=True)
class Requested:
    """This language is wanted of the run. `scheduled_time` is of the tick or request that first wanted it."""

    run: str
    language: str
    scheduled_time: _Time

    @property
    def edition(self) -> Edition:
        """The edition it is about."""
        return Edition(self.run, self.language)


@dataclass(frozen=True)
class Dispatched:
    """All messages of this run and language are with SQS since `scheduled_time`: how many, and their characters.

    `revision` is that of the manifest whose papers they are.
    """

    run: str
    language: str
    scheduled_time: _Time
    messages: int
    characters: int
    revision: int = 0

    @property
    def edition(self) -> Edition:
        """The edition it is about."""
        return Edition(self.run, self.language)


@dataclass(frozen=True)
class Reasked:
    """Whatever of an edition was doubtful at `scheduled_time` was made by these makers, or is sent to them.

    `messages` and `characters` are those that were sent.
    """

    run: str
    language: str
    scheduled_time: _Time
    judge: str
    engines: str
    messages: int = 0
    characters: int = 0

    @property
    def edition(self) -> Edition:
        """The edition it is about."""
        return Edition(self.run, self.language)


@dataclass(frozen=True)
class TranslatedResult:
    """A paper is translated. `title` is "" where the title stays in English, `summary` where there is none, or none
    that the judge has no doubt of.

    `engine` is that of the text. `time`, and `first_time` where the message was received before, are those of the
    delivery, never of the run; `attempts` counts its receives, `message` is the SQS message id. `again` is the time of
    the request for a fresh translation, or of the correction by a person, that this result answers. `characters` are
    those the engines were paid for; `remembered` says that the text came from the memory. `terminologies` are those
    that the engine says it applied.

    `accepted` says that a person has made the text final as it is; it keeps its engine, and has no doubts any more.
    `doubts` and `kept` are about sentences of the text, which holds a kept one in English in its place. `engines` are
    all that had a part in the text, where that is more than one. `judge` is the version of the judge that let it pass,
    and `asked` are the engines that were set, joined by "+", where all could be asked; or those of the latest request
    that brought nothing better. Both are "" where none are known.
    """

    status: ClassVar[Literal["translated"]] = "translated"

    run: str
    language: str
    paper: str
    time: datetime
    text: str
    engine: str
    title: str = ""
    attempts: int = 0
    first_time: datetime | None = None
    message: str = ""
    again: datetime | None = None
    characters: int = 0
    remembered: bool = False
    notes: tuple[str, ...] = ()
    terminologies: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    kept: tuple[Kept, ...] = ()
    engines: tuple[str, ...] = ()
    judge: str = ""
    asked: str = ""
    summary: str = ""
    accepted: bool = False

    def __post_init__(self) -> None:
        if not self.text.strip() or not self.engine:
            raise ValueError("a translated result has a text and an engine")

    @property
    def edition(self) -> Edition:
        """The edition it is about."""
        return Edition(self.run, self.language)

    @property
    def makers(self) -> Makers:
        """Who made it, or was the last to be asked for something better."""
        return Makers(self.judge, self.asked)

    def answers(self, again: datetime | None) -> bool:
        """Whether nothing newer is asked for by a request made at `again`, None being a request for any translation."""
        return again is None or (self.again is not None and again <= self.again)


@dataclass(frozen=True)
class FailedResult:
    """A paper has failed: for `failure` in the message's last receive, or because no message could help.

    `accepted` says that a person leaves it at that: nothing more is tried, unless the paper is asked for by its name.
    The other fields mean what they mean in a `TranslatedResult`; `attempts` is 0 where nothing was received.
    """

    status: ClassVar[Literal["failed"]] = "failed"

    run: str
    language: str
    paper: str
    time: datetime
    failure: Failure
    attempts: int = 0
    first_time: datetime | None = None
    message: str = ""
    accepted: bool = False

    @property
    def edition(self) -> Edition:
        """The edition it is about."""
        return Edition(self.run, self.language)

    def answers(self, again: datetime | None) -> bool:
        """Whether a request made at `again` asks for nothing: None asks for no more where the failure is accepted."""
        return self.accepted and again is None


Result = TranslatedResult | FailedResult
"""What became of one paper in one edition."""


@dataclass(frozen=True)
class Memory:
    """A text that passed the judge. `source` is the cleaned source, kept so that a person can read the memory.

    `origin` is "engine", "person", or "accepted" for an engine's text that a person has made final. What a person wrote
    or accepted is found first, by source and language alone. `engines` are all that had a part in the text, where that
    is more than one. `kept` are the lines that stay in English; only a text that a person decided on has any.
    """

    language: str
    source: str
    text: str
    engine: str
    origin: Literal["engine", "person", "accepted"] = "engine"
    engines: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True)
class PaperMemory:
    """All that is remembered of a `paper` in a language: its `texts` by their keys, those written last at the end.

    The keys are those of `shared.translation.memory_keys`, as 64 hexadecimal digits.
    """

    language: str
    paper: str
    texts: dict[str, Memory]


@dataclass(frozen=True)
class PaidAnswer:
    """What an engine answered, and the characters it was paid for."""

    text: str
    characters: int
    terminologies: tuple[str, ...] = ()


@dataclass(frozen=True)
class PaidAnswers:
    """What was answered about a paper in the life of one SQS `message`, by the hash of the request."""

    message: str
    answers: dict[str, PaidAnswer]


@dataclass(frozen=True)
class Announced:
    """Subscribers were sent a notice of the digest in this state. `revision` is that of its manifest."""

    run: str
    language: str
    state: Literal["complete", "partial"]
    revision: int = 0

    @property
    def edition(self) -> Edition:
        """The edition it is about."""
        return Edition(self.run, self.language)


@dataclass(frozen=True)
class AcceptedEdition:
    """A person left it at what this edition lacks at `time`: every paper is translated, or its failure is accepted.

    `revision` is that of its manifest.
    """

    run: str
    language: str
    time: _Time
    revision: int = 0

    @property
    def edition(self) -> Edition:
        """The edition it is about."""
        return Edition(self.run, self.language)


@dataclass(frozen=True)
class Settled:
    """Nothing is left to do for a digest that is made from these `inputs`, a hash: subscribers know of it, too.

    The other fields say what it came to; `accepted` says that a person leaves it at what it lacks.
    """

    inputs: str
    state: Literal["complete", "partial"]
    papers: int
    translated: int
    accepted: bool = False


@dataclass(frozen=True)
class Published:
    """The digest is published: all its files are there, and the archive holds it.

    `digest` is the sha256 of `digest.json`, as 64 hexadecimal digits; `files` holds each file's ETag by its name.
    `settled` is None as long as something may be left to do.
    """

    run: str
    language: str
    digest: str
    files: dict[str, str]
    settled: Settled | None = None


@dataclass(frozen=True)
class Forgotten:
    """A person had the run taken away at `time`. It says nothing of a run that has begun again since.

    `revision` is that of the manifest with which it begins again, so that no marker of before counts for it.
    """

    run: str
    time: _Time
    revision: int


@dataclass(frozen=True)
class _StoredResult:
    """A result as its JSON says it: both kinds have the same fields, and what a kind lacks is empty."""

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
    doubts: tuple[Doubt, ...] = ()
    kept: tuple[Kept, ...] = ()
    engines: tuple[str, ...] = ()
    judge: str = ""
    asked: str = ""
    summary: str = ""
    accepted: bool = False


_SINCE_VERSION_0_1 = frozenset(
    {
        "doubts",
        "kept",
        "engines",
        "judge",
        "asked",
        "summary",
        "accepted",
        "stars",
        "thumbnail",
        "revision",
        "original_text",
        "read_at",
        "settled",
    }
)
"""Fields that are written only where they say something: what an older version wrote is written again to the byte."""
_NOTHING: tuple[object, ...] = (None, "", (), [])
"""What a field says that says nothing, as False does; 0 is something."""


def encode(record: object) -> bytes:
    """A record as indented UTF-8 JSON, fields in order: equal records give equal bytes."""
    if isinstance(record, TranslatedResult | FailedResult):
        record = _stored(record)
    content = _as_written(msgspec.to_builtins(record, builtin_types=(datetime,)))
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"


def decode(body: bytes, kind: type[_Record], key: str) -> _Record:
    """The record in `body`. Raises LedgerError, naming `key`, where it is no such record."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, ValueError) as error:
        raise LedgerError(f"The object {key} is not a valid {kind.__name__}: {error}") from error


def decode_result(body: bytes, key: str) -> Result:
    """The result in `body`. Raises LedgerError, naming `key`, where it is none."""
    try:
        return _result(msgspec.json.decode(body, type=_StoredResult))
    except (msgspec.DecodeError, ValueError) as error:
        raise LedgerError(f"The object {key} is not a valid result: {error}") from error


def _result(stored: _StoredResult) -> Result:
    time, first_time = _time(stored.time), _time_or_none(stored.first_time)
    if stored.status == "failed":
        if stored.text or stored.title or stored.summary or stored.failure is None:
            raise ValueError("a failed result has a failure and no text")
        return FailedResult(
            run=stored.run,
            language=stored.language,
            paper=stored.paper,
            time=time,
            failure=stored.failure,
            attempts=stored.attempts,
            first_time=first_time,
            message=stored.message,
            accepted=stored.accepted,
        )
    if stored.failure is not None:
        raise ValueError("a translated result has no failure")
    return TranslatedResult(
        run=stored.run,
        language=stored.language,
        paper=stored.paper,
        time=time,
        text=stored.text,
        engine=stored.engine,
        title=stored.title,
        attempts=stored.attempts,
        first_time=first_time,
        message=stored.message,
        again=_time_or_none(stored.again),
        characters=stored.characters,
        remembered=stored.remembered,
        notes=stored.notes,
        terminologies=stored.terminologies,
        doubts=stored.doubts,
        kept=stored.kept,
        engines=stored.engines,
        judge=stored.judge,
        asked=stored.asked,
        summary=stored.summary,
        accepted=stored.accepted,
    )


def _stored(result: Result) -> _StoredResult:
    common = _StoredResult(
        run=result.run,
        language=result.language,
        paper=result.paper,
        status=result.status,
        time=result.time.isoformat(),
        attempts=result.attempts,
        first_time=_text(result.first_time),
        message=result.message,
        accepted=result.accepted,
    )
    if isinstance(result, FailedResult):
        return replace(common, failure=result.failure)
    return replace(
        common,
        text=result.text,
        title=result.title,
        engine=result.engine,
        again=_text(result.again),
        characters=result.characters,
        remembered=result.remembered,
        notes=result.notes,
        terminologies=result.terminologies,
        doubts=result.doubts,
        kept=result.kept,
        engines=result.engines,
        judge=result.judge,
        asked=result.asked,
        summary=result.summary,
    )


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"the time {text!r} has no offset")
    return time


def _time_or_none(text: str) -> datetime | None:
    return _time(text) if text else None


def _text(time: datetime | None) -> str:
    return "" if time is None else time.isoformat()


def _as_written(content: Any) -> Any:
    """The content without new fields that are empty, and with its times as texts.

    Left to itself, msgspec writes UTC as Z where the ledger has +00:00.
    """
    match content:
        case datetime():
            return content.isoformat()
        case dict():
            return {
                name: _as_written(value)
                for name, value in content.items()
                if name not in _SINCE_VERSION_0_1 or not (value is False or value in _NOTHING)
            }
        case list() | tuple():
            return [_as_written(value) for value in content]
    return content
