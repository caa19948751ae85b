"""The bucket and the queues as chorok uses them, once on the fakes and once on moto: neither may be believed alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import boto3
import pytest
from moto import mock_aws

from shared.errors import LedgerUnavailable, QueueUnavailable
from shared.ledger.file import LASTING, File
from shared.ledger.records import Announced, encode
from shared.ledger.store import Store
from shared.queues import Queue
from tests.fakes.aws import BUCKET, PAPERS, PAPERS_DEAD, Cloud, client_error

RECEIVES = 2
RECORD = Announced("2025-W37", "ko", "partial")
OTHER = Announced("2025-W37", "ko", "complete")


def text(body: bytes) -> File:
    return File(body, "text/plain; charset=utf-8")


@dataclass(frozen=True)
class Services:
    """Amazon's two services as one implementation has them, and chorok's classes on them."""

    s3: Any
    sqs: Any
    url: str
    dead_url: str

    @property
    def store(self) -> Store:
        return Store(self.s3, BUCKET)

    @property
    def queue(self) -> Queue:
        return Queue(self.sqs, self.url)

    def receive(self, url: str = "") -> list[dict[str, Any]]:
        answer = self.sqs.receive_message(
            QueueUrl=url or self.url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"], VisibilityTimeout=60
        )
        return list(answer.get("Messages", []))


@dataclass
class Conflicting:
    """S3 in which the first writes meet a concurrent request for the same key."""

    cloud: Cloud
    times: int

    def put_object(self, **request: Any) -> dict[str, Any]:
        self.times -= 1
        if self.times >= 0:
            raise client_error("ConditionalRequestConflict", 409, "PutObject")
        return self.cloud.s3.put_object(**request)


@pytest.fixture(params=["fake", "moto"])
def services(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    if request.param == "fake":
        cloud = Cloud(receives=RECEIVES, page_size=2)
        yield Services(cloud.s3, cloud.sqs, PAPERS, PAPERS_DEAD)
        return
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.setenv(f"AWS_{name}", "testing")
    with mock_aws():
        session = boto3.session.Session(region_name="us-east-1")
        s3, sqs = session.client("s3"), session.client("sqs")
        s3.create_bucket(Bucket=BUCKET)
        dead_url = sqs.create_queue(QueueName="papers-dead")["QueueUrl"]
        dead = sqs.get_queue_attributes(QueueUrl=dead_url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        policy = f'{{"deadLetterTargetArn": "{dead}", "maxReceiveCount": {RECEIVES}}}'
        url = sqs.create_queue(QueueName="papers", Attributes={"RedrivePolicy": policy})["QueueUrl"]
        yield Services(s3, sqs, url, dead_url)


def test_what_is_written_is_read_back_as_it_was(services: Services) -> None:
    services.store.write_record("runs/record.json", RECORD)

    stored = services.store.read("runs/record.json")

    assert services.store.record("runs/record.json", Announced) == RECORD
    assert stored is not None
    assert stored.body == encode(RECORD)
    assert stored.etag == services.store.etag("runs/record.json")


def test_what_is_not_there_is_none_and_no_error(services: Services) -> None:
    assert services.store.read("runs/absent.json") is None
    assert services.store.record("runs/absent.json", Announced) is None
    assert services.store.etag("runs/absent.json") is None
    assert list(services.store.list("runs/")) == []


def test_a_missing_bucket_is_an_error_and_not_an_absent_object(services: Services) -> None:
    elsewhere = Store(services.s3, "another-bucket")

    for ask in (elsewhere.read, lambda key: list(elsewhere.list(key))):
        with pytest.raises(LedgerUnavailable):
            ask("runs/record.json")


def test_creating_never_replaces(services: Services) -> None:
    assert services.store.create("runs/record.json", RECORD)
    assert not services.store.create("runs/record.json", OTHER)

    assert services.store.record("runs/record.json", Announced) == RECORD


def test_replacing_needs_the_etag_of_what_is_there(services: Services) -> None:
    first = services.store.replace("digests/digest.json", text(b"first"), etag=None)
    second = services.store.replace("digests/digest.json", text(b"second"), etag=first)

    assert services.store.replace("digests/digest.json", text(b"late"), etag=first) is None
    assert services.store.replace("digests/digest.json", text(b"late"), etag=None) is None
    assert services.store.replace("digests/absent.json", text(b"late"), etag=first) is None
    assert second == services.store.etag("digests/digest.json") != first
    assert services.store.read("digests/absent.json") is None


def test_files_are_replaced_together_up_to_the_first_that_has_changed_since_it_was_seen(services: Services) -> None:
    services.store.write("digests/a.txt", text(b"seen"))
    services.store.write("digests/b.txt", text(b"seen"))
    etags = services.store.etags("digests/")
    services.store.write("digests/b.txt", text(b"newer"))

    files = {f"digests/{name}.txt": text(b"late") for name in "abc"}
    replaced = services.store.replace_all(files, etags)

    stored = [services.store.read(key) for key in files]
    assert not replaced
    assert [held and held.body for held in stored] == [b"late", b"newer", None]
    assert services.store.replace_all(files, services.store.etags("digests/"))


@pytest.mark.parametrize("held", [True, False])
def test_a_conflict_with_a_concurrent_request_says_nothing_about_what_is_there(held: bool) -> None:
    cloud = Cloud()
    if held:
        cloud.store.write_record("runs/record.json", OTHER)

    created = Store(cast("Any", Conflicting(cloud, times=3)), BUCKET).create("runs/record.json", RECORD)

    assert created is not held
    assert cloud.store.record("runs/record.json", Announced) == (OTHER if held else RECORD)


def test_a_conflict_that_does_not_end_is_an_error() -> None:
    with pytest.raises(LedgerUnavailable, match="ConditionalRequestConflict"):
        Store(cast("Any", Conflicting(Cloud(), times=1000)), BUCKET).create("runs/record.json", RECORD)


def test_equal_bytes_have_equal_etags_so_that_writing_the_same_again_disturbs_nobody(services: Services) -> None:
    first = services.store.replace("digests/digest.json", text(b"the same"), etag=None)

    assert services.store.replace("digests/digest.json", text(b"the same"), etag=first) == first


def test_a_listing_holds_every_object_below_the_prefix_in_key_order_over_all_pages(services: Services) -> None:
    names = [f"results/run/{number}.json" for number in range(5)]
    for name in (*reversed(names), "runs/other.json"):
        services.store.write_record(name, RECORD)

    listed = list(services.store.list("results/"))

    assert [entry.key for entry in listed] == names
    assert {entry.etag for entry in listed} == {services.store.etag(names[0])}
    assert all(entry.modified.tzinfo is not None for entry in listed)


def test_a_file_is_what_its_writer_says_and_a_record_is_json(services: Services) -> None:
    hashed = File(b"script", "text/javascript", LASTING)
    services.store.write("digests/file", text(b"text"))
    services.store.write("digests/hashed", hashed)
    services.store.write_record("runs/record", RECORD)

    stored = [services.store.read(key) for key in ("digests/file", "digests/hashed", "runs/record")]

    record = File(encode(RECORD), "application/json", "no-cache")
    assert [held and held.file for held in stored] == [File(b"text", text(b"").media_type, "no-cache"), hashed, record]


def test_every_message_arrives_once_whatever_the_size_of_the_batches(services: Services) -> None:
    sent = [f"message {number}" for number in range(23)]

    services.queue.send(sent)

    received = [message["Body"] for _ in range(3) for message in services.receive()]
    assert sorted(received) == sorted(sent)


def test_messages_that_are_large_together_are_sent_all_the_same(services: Services) -> None:
    sent = [letter * 150_000 for letter in "abc"]

    services.queue.send(sent)

    assert sorted(message["Body"] for message in services.receive()) == sent


def test_a_received_message_is_away_until_its_time_and_counts_its_receives(services: Services) -> None:
    services.queue.send(["message"])
    [first] = services.receive()
    hidden = services.receive()

    services.queue.postpone(first["ReceiptHandle"], 0)
    [second] = services.receive()

    assert hidden == []
    assert first["MessageId"] == second["MessageId"]
    assert [entry["Attributes"]["ApproximateReceiveCount"] for entry in (first, second)] == ["1", "2"]


def test_a_message_received_too_often_goes_to_the_dead_letter_queue_under_its_own_id(services: Services) -> None:
    services.queue.send(["message"])
    for _ in range(RECEIVES):
        [last] = services.receive()
        services.queue.postpone(last["ReceiptHandle"], 0)

    left = services.receive()

    [dead] = services.receive(services.dead_url)
    assert left == []
    assert (dead["MessageId"], dead["Body"]) == (last["MessageId"], "message")


def test_a_deleted_message_never_comes_back(services: Services) -> None:
    services.queue.send(["message"])
    [message] = services.receive()
    services.queue.postpone(message["ReceiptHandle"], 0)

    services.sqs.delete_message(QueueUrl=services.url, ReceiptHandle=message["ReceiptHandle"])

    assert services.receive() == []


def test_sqs_refuses_to_hide_a_message_for_longer_than_twelve_hours(services: Services) -> None:
    services.queue.send(["message"])
    [message] = services.receive()

    with pytest.raises(QueueUnavailable):
        services.queue.postpone(message["ReceiptHandle"], 43_201)
