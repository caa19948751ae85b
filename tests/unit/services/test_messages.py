"""What the two queues carry: ours is read as it was sent, everything else is refused by name."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.editions import Edition
from shared.errors import MessageError
from shared.ledger import keys
from shared.services.messages import DigestMessage, PaperMessage, decode_digest, decode_paper, encode
from tests.fakes.aws import created_notification

PAPER = PaperMessage("2025-W37", "ko", "2509.08721", "A title", "An abstract.")


@given(
    title=st.text(),
    abstract=st.text(),
    again=st.none() | st.just(datetime(2025, 9, 20, 1, tzinfo=UTC)),
    summary=st.text(),
    loose_texts=st.booleans(),
)
def test_a_paper_message_arrives_as_it_was_sent(
    title: str, abstract: str, again: datetime | None, summary: str, *, loose_texts: bool
) -> None:
    message = PaperMessage(
        "2025-W37", "ko", "2509.08721", title, abstract, again, summary=summary, loose_texts=loose_texts
    )

    assert decode_paper(encode(message)) == message


@pytest.mark.parametrize("publish", [True, False])
def test_a_digest_message_arrives_as_it_was_sent(*, publish: bool) -> None:
    message = DigestMessage("sample", "pt", publish=publish)

    assert decode_digest(encode(message)) == (message,)


def test_a_notification_is_about_each_digest_whose_results_it_names_once() -> None:
    body = created_notification(
        keys.result(Edition("2025-W37", "ko"), "2509.00001"),
        keys.result(Edition("2025-W37", "ko"), "2509.00002"),
        keys.result(Edition("2025-W37", "pt"), "2509.00001"),
    )

    assert decode_digest(body) == (
        DigestMessage("2025-W37", "ko", signal=True),
        DigestMessage("2025-W37", "pt", signal=True),
    )


def test_a_notification_with_an_encoded_key_is_understood() -> None:
    body = created_notification(keys.result(Edition("2025-W37", "ko"), "2509.00001")).replace("/", "%2F")

    assert decode_digest(body) == (DigestMessage("2025-W37", "ko", signal=True),)


def test_the_test_event_that_s3_sends_first_is_about_no_digest() -> None:
    assert decode_digest('{"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "ledger"}') == ()


def changed(**fields: object) -> str:
    return json.dumps(json.loads(encode(PAPER)) | fields)


POISON = ["", "hello", "[]", "null", "5", "{}", '{"Records": 1}', '{"Records": [{}]}', '{"run": "2025-W37"}']


@pytest.mark.parametrize(
    "body",
    [
        *POISON,
        encode(DigestMessage("2025-W37", "ko")),
        changed(paper="../../memory/ko/x"),
        changed(run="2025-W37/../.."),
        changed(language="ko/.."),
        changed(title=None),
        changed(again="tomorrow"),
        changed(again="2025-09-20T01:00:00"),
        changed(schema="chorok-paper/2"),
    ],
)
def test_what_is_no_paper_message_is_refused(body: str) -> None:
    with pytest.raises(MessageError, match="is not a paper message"):
        decode_paper(body)


@pytest.mark.parametrize(
    "body",
    [
        *POISON,
        '{"run": "2025-W37", "language": "../ko"}',
        '{"run": "2025-W37", "language": "ko", "schema": "chorok-digest/2"}',
        created_notification("memory/ko/something.json"),
        created_notification("results/2025-W37/ko/../x.json"),
        '{"Records": [{"s3": {"object": {"key": 5}}}]}',
    ],
)
def test_what_is_no_digest_message_is_refused(body: str) -> None:
    with pytest.raises(MessageError, match="is not a digest message"):
        decode_digest(body)
