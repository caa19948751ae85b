"""S3, SQS, SNS and Amazon Translate in memory: the calls that chorok makes, with the answers that AWS gives.

Nothing here waits: time is a clock that a test moves. `tests/integration/test_store.py` holds S3 and SQS against a
second implementation.
"""
# ruff: noqa: N803 - the names of arguments are boto3's

import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import Any, cast
from urllib.parse import quote_plus

from botocore.exceptions import ClientError

from shared.ledger import keys
from shared.ledger.store import Store
from shared.queues import Queue

BUCKET = "ledger"
PAPERS, PAPERS_DEAD = "https://sqs/papers", "https://sqs/papers-dead"
DIGESTS, DIGESTS_DEAD = "https://sqs/digests", "https://sqs/digests-dead"
SCHEDULE_FAILURES = "https://sqs/schedule-failures"
TOPIC = "arn:aws:sns:ap-northeast-2:000000000000:published"

_LONGEST_VISIBILITY_SECONDS = 43_200
_MOST_ENTRIES = 10
_MOST_BYTES = 262_144
_LONGEST_SUBJECT = 100


def client_error(code: str, status: int, operation: str) -> ClientError:
    """What boto3 raises when AWS answers with an error."""
    response = {"Error": {"Code": code, "Message": "from a fake"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(cast("Any", response), operation)


@dataclass
class Clock:
    """The one time that everything here knows."""

    now: datetime = datetime(2025, 9, 15, 1, tzinfo=UTC)

    def advance(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@dataclass(frozen=True)
class Object:
    """What S3 keeps at a key."""

    body: bytes
    content_type: str
    cache: str
    modified: datetime

    @property
    def etag(self) -> str:
        return etag_of(self.body)


class FakeS3:
    """One bucket. `created` hears the key of every object that is put; `asked` counts the requests by operation."""

    def __init__(self, clock: Clock, page_size: int = 1000, created: Callable[[str], None] = lambda key: None) -> None:
        self.objects: dict[str, Object] = {}
        self.asked: Counter[str] = Counter()
        self._clock = clock
        self._page_size = page_size
        self._created = created

    def put_object(
        self,
        *,
        Bucket: str,
        Key: str,
        Body: bytes,
        ContentType: str,
        CacheControl: str,
        IfMatch: str = "",
        IfNoneMatch: str = "",
    ) -> dict[str, Any]:
        self._require(Bucket, "PutObject")
        held = self.objects.get(Key)
        if IfMatch and held is None:
            raise client_error("NoSuchKey", 404, "PutObject")
        if (IfNoneMatch and held is not None) or (IfMatch and held is not None and held.etag != IfMatch):
            raise client_error("PreconditionFailed", 412, "PutObject")
        self.objects[Key] = Object(Body, ContentType, CacheControl, self._clock.now)
        self._created(Key)
        return {"ETag": self.objects[Key].etag}

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:
        self._require(Bucket, "GetObject")
        held = self.objects.get(Key)
        if held is None:
            raise client_error("NoSuchKey", 404, "GetObject")
        return {"Body": io.BytesIO(held.body), **_description(held)}

    def head_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:
        self._require(Bucket, "HeadObject")
        held = self.objects.get(Key)
        if held is None:
            raise client_error("404", 404, "HeadObject")
        return _description(held)

    def delete_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:
        self._require(Bucket, "DeleteObject")
        self.objects.pop(Key, None)
        return {}

    def list_objects_v2(self, *, Bucket: str, Prefix: str = "", ContinuationToken: str = "") -> dict[str, Any]:
        self._require(Bucket, "ListObjectsV2")
        found = sorted([key for key in self.objects if key.startswith(Prefix) and key > ContinuationToken])
        page = found[: self._page_size]
        listed = [
            {"Key": key, "ETag": held.etag, "LastModified": held.modified}
            for key, held in ((key, self.objects[key]) for key in page)
        ]
        answer: dict[str, Any] = {"Contents": listed} if listed else {}
        return answer | ({"NextContinuationToken": page[-1]} if len(found) > len(page) else {})

    def get_paginator(self, operation: str) -> "Paginator":
        assert operation == "list_objects_v2"
        return Paginator(self.list_objects_v2)

    def _require(self, bucket: str, operation: str) -> None:
        self.asked[operation] += 1
        if bucket != BUCKET:
            raise client_error("NoSuchBucket", 404, operation)


@dataclass(frozen=True)
class Paginator:
    """boto3's paginator: page after page, each its own call."""

    list_objects_v2: Callable[..., dict[str, Any]]

    def paginate(self, **request: str) -> Iterator[dict[str, Any]]:
        page = self.list_objects_v2(**request)
        yield page
        while token := page.get("NextContinuationToken"):
            page = self.list_objects_v2(**request, ContinuationToken=token)
            yield page


@dataclass
class Message:
    """A message in a queue: `receipt` is "" until it is received, `visible_at` is when it can be received again."""

    id: str
    body: str
    visible_at: datetime
    receives: int = 0
    receipt: str = ""
    first_received: datetime | None = None


@dataclass
class _Queue:
    messages: list[Message] = field(default_factory=list)
    dead: str = ""
    receives: int = 0


class FakeSQS:
    """Some queues. `refusals` is how many of the next entries `send_message_batch` refuses."""

    def __init__(self, clock: Clock, receives: int = 10) -> None:
        self.refusals = 0
        self._clock = clock
        self._numbers = count(1)
        self._queues = {
            PAPERS: _Queue(dead=PAPERS_DEAD, receives=receives),
            DIGESTS: _Queue(dead=DIGESTS_DEAD, receives=receives),
            PAPERS_DEAD: _Queue(),
            DIGESTS_DEAD: _Queue(),
            SCHEDULE_FAILURES: _Queue(),
        }

    def messages(self, url: str) -> list[Message]:
        """Everything in the queue, whether it can be received or not."""
        return self._queue(url, "").messages

    def bodies(self, url: str) -> list[str]:
        """The bodies of everything in the queue."""
        return [message.body for message in self.messages(url)]

    def put(self, url: str, body: str) -> str:
        """What a service other than chorok sends; the new message's id."""
        message = Message(f"message-{next(self._numbers)}", body, self._clock.now)
        self.messages(url).append(message)
        return message.id

    def redrive(self, url: str) -> None:
        """Move what is in the dead-letter queue back; a moved message is a new one, with a new id."""
        source = next(source for source, queue in self._queues.items() if queue.dead == url)
        moved, self.messages(url)[:] = list(self.messages(url)), []
        for message in moved:
            self.put(source, message.body)

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[Mapping[str, str]]) -> dict[str, Any]:
        self._queue(QueueUrl, "SendMessageBatch")
        if not Entries:
            raise client_error("AWS.SimpleQueueService.EmptyBatchRequest", 400, "SendMessageBatch")
        if len(Entries) > _MOST_ENTRIES:
            raise client_error("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", 400, "SendMessageBatch")
        if len({entry["Id"] for entry in Entries}) < len(Entries):
            raise client_error("AWS.SimpleQueueService.BatchEntryIdsNotDistinct", 400, "SendMessageBatch")
        if sum(len(entry["MessageBody"].encode()) for entry in Entries) > _MOST_BYTES:
            raise client_error("AWS.SimpleQueueService.BatchRequestTooLong", 400, "SendMessageBatch")
        refused, accepted = Entries[: self.refusals], Entries[self.refusals :]
        self.refusals -= len(refused)
        sent = [{"Id": entry["Id"], "MessageId": self.put(QueueUrl, entry["MessageBody"])} for entry in accepted]
        failed = [{"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"} for entry in refused]
        return {"Successful": sent} | ({"Failed": failed} if failed else {})

    def receive_message(
        self, *, QueueUrl: str, MaxNumberOfMessages: int = 1, VisibilityTimeout: int = 30, **asked: object
    ) -> dict[str, Any]:
        queue = self._queue(QueueUrl, "ReceiveMessage")
        received: list[Message] = []
        for message in [message for message in queue.messages if message.visible_at <= self._clock.now]:
            if queue.dead and message.receives >= queue.receives:
                queue.messages.remove(message)
                message.visible_at, message.receipt = self._clock.now, ""
                self.messages(queue.dead).append(message)
            elif len(received) < MaxNumberOfMessages:
                message.receives += 1
                message.first_received = message.first_received or self._clock.now
                message.receipt = f"{message.id}-receipt-{next(self._numbers)}"
                message.visible_at = self._clock.now + timedelta(seconds=VisibilityTimeout)
                received.append(message)
        return {"Messages": [_received(message) for message in received]} if received else {}

    def get_queue_attributes(self, *, QueueUrl: str, AttributeNames: Sequence[str]) -> dict[str, Any]:
        visible = [message.visible_at <= self._clock.now for message in self.messages(QueueUrl)]
        return {
            "Attributes": {
                "QueueArn": f"arn:{QueueUrl}",
                "ApproximateNumberOfMessages": str(visible.count(True)),
                "ApproximateNumberOfMessagesNotVisible": str(visible.count(False)),
                "ApproximateNumberOfMessagesDelayed": "0",
            }
        }

    def change_message_visibility(self, *, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> None:
        if type(VisibilityTimeout) is not int or not 0 <= VisibilityTimeout <= _LONGEST_VISIBILITY_SECONDS:
            raise client_error("InvalidParameterValue", 400, "ChangeMessageVisibility")
        message = self._held(QueueUrl, ReceiptHandle)
        if message is None:
            raise client_error("ReceiptHandleIsInvalid", 400, "ChangeMessageVisibility")
        if message.visible_at <= self._clock.now:
            raise client_error("AWS.SimpleQueueService.MessageNotInflight", 400, "ChangeMessageVisibility")
        message.visible_at = self._clock.now + timedelta(seconds=VisibilityTimeout)

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> None:
        """Delete it; an older receipt of a message that was received again deletes nothing."""
        message = self._held(QueueUrl, ReceiptHandle)
        if message is not None:
            self.messages(QueueUrl).remove(message)

    def _held(self, url: str, receipt: str) -> Message | None:
        return next((message for message in self.messages(url) if message.receipt == receipt != ""), None)

    def _queue(self, url: str, operation: str) -> _Queue:
        if url not in self._queues:
            raise client_error("AWS.SimpleQueueService.NonExistentQueue", 400, operation)
        return self._queues[url]


class FakeSNS:
    """One topic, and what was published to it as pairs of subject and message."""

    def __init__(self) -> None:
        self.published: list[tuple[str, str]] = []

    def publish(self, *, TopicArn: str, Subject: str, Message: str) -> dict[str, Any]:
        printable = Subject.isascii() and Subject.isprintable() and Subject[:1].strip()
        if TopicArn != TOPIC or not printable or len(Subject) > _LONGEST_SUBJECT or not Message:
            raise client_error("InvalidParameter", 400, "Publish")
        self.published.append((Subject, Message))
        return {"MessageId": f"notice-{len(self.published)}"}


class FakeTranslate:
    """Amazon Translate, which knows the translations of some texts by target language and text.

    A text is one paragraph; what was asked for is in `calls`. The codes in `errors` are what it answers first.
    """

    def __init__(self, translations: Mapping[tuple[str, str], str]) -> None:
        self.calls: list[tuple[str, str]] = []
        self.errors: list[tuple[str, int]] = []
        self._translations = translations

    def translate_text(
        self, *, Text: str, SourceLanguageCode: str, TargetLanguageCode: str, **settings: object
    ) -> dict[str, Any]:
        self.calls.append((TargetLanguageCode, Text))
        if self.errors:
            code, status = self.errors.pop(0)
            raise client_error(code, status, "TranslateText")
        paragraphs = (self._translations[TargetLanguageCode, paragraph] for paragraph in Text.split("\n\n"))
        return {"TranslatedText": "\n\n".join(paragraphs), "TargetLanguageCode": TargetLanguageCode}


class Cloud:
    """One deployment: the bucket, whose results wake the digests queue, the queues, the topic, all on one clock."""

    def __init__(self, receives: int = 10, page_size: int = 1000) -> None:
        self.clock = Clock()
        self.sqs = FakeSQS(self.clock, receives)
        self.sns = FakeSNS()
        self.s3 = FakeS3(self.clock, page_size, self._created)

    @property
    def store(self) -> Store:
        return Store(cast("Any", self.s3), BUCKET)

    @property
    def papers(self) -> Queue:
        return Queue(cast("Any", self.sqs), PAPERS)

    @property
    def digests(self) -> Queue:
        return Queue(cast("Any", self.sqs), DIGESTS)

    def _created(self, key: str) -> None:
        if key.startswith(keys.RESULTS):
            self.sqs.put(DIGESTS, created_notification(key))


class Context:
    """The part of Lambda's context that the functions and their log lines look at."""

    function_name = "Function"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:ap-northeast-2:000000000000:function:Function"
    aws_request_id = "request-1"

    def __init__(self, milliseconds: int = 60_000) -> None:
        self.milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


def created_notification(*created: str) -> str:
    """S3's notification that objects were created, with keys encoded as S3 does it."""
    records = [
        {"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": BUCKET}, "object": {"key": quote_plus(key, "/")}}}
        for key in created
    ]
    return json.dumps({"Records": records})


def sqs_event(messages: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The event that Lambda makes of received messages."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"],
                "messageAttributes": {},
                "eventSource": "aws:sqs",
            }
            for message in messages
        ]
    }


@lru_cache(maxsize=10_000)
def etag_of(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


def _description(held: Object) -> dict[str, Any]:
    return {
        "ETag": held.etag,
        "ContentType": held.content_type,
        "CacheControl": held.cache,
        "LastModified": held.modified,
    }


def _received(message: Message) -> dict[str, Any]:
    assert message.first_received is not None
    attributes = {
        "ApproximateReceiveCount": str(message.receives),
        "ApproximateFirstReceiveTimestamp": str(int(message.first_received.timestamp() * 1000)),
    }
    return {
        "MessageId": message.id,
        "ReceiptHandle": message.receipt,
        "Body": message.body,
        "Attributes": attributes,
    }
