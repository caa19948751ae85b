"""The messages on the two queues, as frozen dataclasses with one JSON form each.

A message carries the text it is about, so that a delivery needs no manifest; its identity is run, language and paper,
never SQS's message id, which a redrive changes.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from shared.editions import Edition
from shared.errors import LedgerError, MessageError
from shared.ledger import keys


@dataclass(frozen=True)
class PaperMessage:
    """Translate this paper. `again` is the time of a request for a fresh translation, which ignores the memory.

    With `once_more`, what is doubtful, kept in English or refused is to be asked for by the judge and the engines of
    today, unless they are those that made it. `loose_texts` says that the memory may hold texts that are of no paper:
    whoever sends many messages looks once, so that no delivery has to. In the messages of older versions it may.
    """

    run: str
    language: str
    paper: str
    title: str
    abstract: str
    again: datetime | None = None
    once_more: bool = False
    summary: str = ""
    loose_texts: bool = True

    @property
    def edition(self) -> Edition:
        """The edition it is about."""
        return Edition(self.run, self.language)


@dataclass(frozen=True)
class DigestMessage:
    """Look whether this digest can be published; `publish` asks for publication of whatever is there.

    A `signal` is S3's, about a new result: where that is published already, nothing has to be done.
    """

    run: str
    language: str
    publish: bool = False
    signal: bool = False

    @property
    def edition(self) -> Edition:
        """The edition it is about."""
        return Edition(self.run, self.language)


@dataclass(frozen=True)
class _PaperBody:
    """A PaperMessage as its JSON says it; what version 0.1.0 did not know is written only where it says something."""

    run: str
    language: str
    paper: str
    title: str
    abstract: str
    again: str = ""
    schema: str = "chorok-paper-message/1"
    once_more: bool | msgspec.UnsetType = msgspec.UNSET
    summary: str | msgspec.UnsetType = msgspec.UNSET
    loose_texts: bool | msgspec.UnsetType = msgspec.UNSET


@dataclass(frozen=True)
class _DigestBody:
    """A DigestMessage as its JSON says it. S3's signals have a form of their own."""

    run: str
    language: str
    publish: bool = False
    schema: str = "chorok-digest-message/1"


def encode(message: PaperMessage | DigestMessage) -> str:
    """A message as the text of an SQS body."""
    if isinstance(message, PaperMessage):
        again = message.again.isoformat() if message.again else ""
        body = _PaperBody(
            run=message.run,
            language=message.language,
            paper=message.paper,
            title=message.title,
            abstract=message.abstract,
            again=again,
            once_more=message.once_more or msgspec.UNSET,
            summary=message.summary or msgspec.UNSET,
            loose_texts=msgspec.UNSET if message.loose_texts else False,
        )
        return msgspec.json.encode(body).decode()
    return msgspec.json.encode(_DigestBody(message.run, message.language, message.publish)).decode()


def decode_paper(body: str) -> PaperMessage:
    """The message in an SQS body. Raises MessageError for anything but one of ours."""
    try:
        found = msgspec.json.decode(body, type=_PaperBody)
        again = datetime.fromisoformat(found.again) if found.again else None
        message = PaperMessage(
            run=found.run,
            language=found.language,
            paper=found.paper,
            title=found.title,
            abstract=found.abstract,
            again=again,
            once_more=bool(found.once_more),
            summary=found.summary or "",
            loose_texts=found.loose_texts is not False,
        )
        keys.result(message.edition, message.paper)
    except (msgspec.DecodeError, ValueError, LedgerError) as error:
        raise MessageError(f"The body is not a paper message: {error}") from error
    if found.schema != _PaperBody.schema:
        raise MessageError(f"The body is not a paper message: its schema is {found.schema!r}.")
    if again is not None and again.tzinfo is None:
        raise MessageError(f"The body is not a paper message: the time {found.again} has no offset.")
    return message


def decode_digest(body: str) -> tuple[DigestMessage, ...]:
    """The digests that an SQS body on the digests queue is about.

    It is a DigestMessage or S3's notification of created results, which lists several objects with URL-encoded keys
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html). The `s3:TestEvent`
    that S3 sends when the notification is set up is about none. Raises MessageError for anything else.
    """
    try:
        content: Any = msgspec.json.decode(body)
        if content.get("Event") == "s3:TestEvent":
            return ()
        if "Records" in content:
            created = (keys.parse_result(unquote_plus(record["s3"]["object"]["key"])) for record in content["Records"])
            editions = dict.fromkeys(edition for edition, _ in created)
            return tuple(DigestMessage(edition.run, edition.language, signal=True) for edition in editions)
        found = msgspec.convert(content, _DigestBody)
        message = DigestMessage(found.run, found.language, found.publish)
        keys.results(message.edition)
    except (msgspec.DecodeError, LedgerError, AttributeError, KeyError, TypeError) as error:
        raise MessageError(f"The body is not a digest message: {error!r}") from error
    if found.schema != _DigestBody.schema:
        raise MessageError(f"The body is not a digest message: its schema is {found.schema!r}.")
    return (message,)
