"""Only what the key's owner signed comes in: held against requests that botocore signed, which knows nothing of us."""

import io
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from infra.loopback.key import AccessKey, new_key
from infra.loopback.signature import Refusal
from tests.unit.loopback.signing import KEY, Signed, admit, link, sent

ODD_KEYS = ("plain", "with space", "a+b=c&d", "한글/é", "//double//", "../up/./here", "%2F%25", "tilde~(1)!*'", "q?x#y")
CODE = io.BytesIO(b"PK\x03\x04 zip").getvalue()


def requests() -> dict[str, Signed]:
    """One of each kind of request that goes to the embedded cloud."""

    def s3(key: str) -> dict[str, Signed]:
        where: dict[str, Any] = {"Bucket": "ledger", "Key": key}
        return {
            f"put {key}": sent("s3", lambda made: made.put_object(**where, Body=b"{}", IfNoneMatch="*")),
            f"get {key}": sent("s3", lambda made: made.get_object(**where, Range="bytes=3-")),
            f"list {key}": sent("s3", lambda made: made.list_objects_v2(Bucket="ledger", Prefix=key, Delimiter="/")),
            f"link {key}": link(Key=key),
        }

    found = {name: request for key in ODD_KEYS for name, request in s3(key).items()}
    metadata = {"spaced": "two  spaces", "empty": ""}
    arn = "arn:aws:lambda:us-east-1:000000000000:function:a"
    return found | {
        "head": sent("s3", lambda made: made.head_object(Bucket="ledger", Key="a")),
        "stream": sent(
            "s3", lambda made: made.put_object(Bucket="ledger", Key="a", Body=io.BytesIO(b"\x00\xff" * 999))
        ),
        "empty": sent("s3", lambda made: made.put_object(Bucket="ledger", Key="a", Metadata=metadata)),
        "delete": sent("s3", lambda made: made.delete_objects(Bucket="ledger", Delete={"Objects": [{"Key": "a"}]})),
        "sqs": sent("sqs", lambda made: made.send_message(QueueUrl="http://localhost:1/0/q", MessageBody="안녕")),
        "invoke": sent("lambda", lambda made: made.invoke(FunctionName=arn, Payload=b"{}", InvocationType="Event")),
        "code": sent("lambda", lambda made: made.update_function_code(FunctionName="a", ZipFile=CODE)),
        "functions": sent("lambda", lambda made: made.list_functions(MaxItems=5)),
        "stack": sent("cloudformation", lambda made: made.describe_stacks(StackName="Chorok + more")),
        "topic": sent("sns", lambda made: made.publish(TopicArn="arn:aws:sns:us-east-1:0:t", Message="a&b=c")),
        "schedule": sent("scheduler", lambda made: made.get_schedule(Name="Chorok-Schedule", GroupName="a b")),
        "alarms": sent("cloudwatch", lambda made: made.describe_alarms()),
        "texts": sent("translate", lambda made: made.translate_text(Text="가", TargetLanguageCode="ko")),
    }


REQUESTS = requests()
KINDS = pytest.mark.parametrize("kind", REQUESTS)


@KINDS
def test_what_an_sdk_signs_comes_in(kind: str) -> None:
    admit(REQUESTS[kind])


@pytest.mark.parametrize(
    "key", [AccessKey(KEY.id, "guessed"), AccessKey(KEY.id, ""), AccessKey("test", "test"), AccessKey("", "")], ids=str
)
def test_another_key_does_not(key: AccessKey) -> None:
    # An SDK takes no empty key, so the request is one that somebody has signed by hand.
    request = sent("sqs", lambda made: made.list_queues(), replace(key, id=key.id or "x", secret=key.secret or "x"))

    with pytest.raises(Refusal) as caught:
        admit(request)

    assert caught.value.code == ("SignatureDoesNotMatch" if key.id == KEY.id else "InvalidAccessKeyId")


def test_no_two_starts_have_the_same_secret() -> None:
    keys = {new_key("000000000000") for _ in range(100)}

    assert len({key.secret for key in keys}) == 100
    assert min(len(key.secret) for key in keys) >= 40


def test_a_secret_is_not_in_what_is_printed_of_its_key() -> None:
    assert KEY.secret not in repr(KEY) + str(KEY)


@settings(max_examples=1000)
@given(data=st.data())
def test_whatever_byte_is_changed_it_comes_in_no_more(data: st.DataObject) -> None:
    request = data.draw(st.sampled_from([*REQUESTS.values()]))
    signed = _signed_headers(request)
    # What is signed, and what signs it; of a link, that is all in the query.
    places = ["method", "path", "query", "body", *sorted(signed), "authorization"]
    place = data.draw(st.sampled_from([each for each in places if _at(request, each)]))
    before = _at(request, place)
    position = data.draw(st.integers(0, len(before) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda other: other != before[position]))
    after = before[:position] + bytes([byte]) + before[position + 1 :]
    # Space in headers is folded before it is signed.
    assume(place in ("method", "path", "query", "body") or after.split() != before.split())

    with pytest.raises(Refusal):
        admit(_put(request, place, after))


@settings(max_examples=300)
@given(data=st.data())
def test_a_signed_header_that_is_taken_away_doubled_or_brought_along_is_noticed(data: st.DataObject) -> None:
    request = data.draw(st.sampled_from([*REQUESTS.values()]))
    name = data.draw(st.sampled_from(sorted(_signed_headers(request))))
    value = request.header(name)
    added = data.draw(st.sampled_from([b"x-amz-target", b"x-amz-copy-source", b"x-amz-acl", b"x-amz-meta-a"]))
    assume(not request.head.values(added))

    for changed in (
        request.with_header(name),
        request.with_header(name, value, value),
        request.with_header(added, b"DynamoDB_20120810.ListTables"),
    ):
        with pytest.raises(Refusal):
            admit(changed)


@pytest.mark.parametrize(
    ("seconds", "comes_in"), [(-901, False), (-890, True), (890, True), (901, False), (960, False)]
)
def test_a_request_lives_for_fifteen_minutes(seconds: int, comes_in: bool) -> None:
    request = sent("sqs", lambda made: made.list_queues())

    if comes_in:
        admit(request, at=seconds)
    else:
        with pytest.raises(Refusal, match="15 minutes"):
            admit(request, at=seconds)


@pytest.mark.parametrize(("seconds", "comes_in"), [(-960, False), (0, True), (50, True), (62, False), (10**6, False)])
def test_a_link_lives_as_long_as_it_was_made_for(seconds: int, comes_in: bool) -> None:
    request = link(seconds=60)

    if comes_in:
        admit(request, at=seconds)
    else:
        with pytest.raises(Refusal, match="expired"):
            admit(request, at=seconds)


@pytest.mark.parametrize("seconds", [0, 604801])
def test_no_link_lives_for_ever(seconds: int) -> None:
    with pytest.raises(Refusal, match="604800"):
        admit(link(seconds=seconds))


def test_a_request_is_signed_once() -> None:
    request, other = link(), sent("s3", lambda made: made.list_buckets())
    authorization = other.header(b"authorization")

    for doubled in (
        other.with_header(b"authorization", authorization, authorization),
        request.with_header(b"authorization", authorization),
        replace(request, head=replace(request.head, query=request.head.query + b"&X-Amz-Expires=604800")),
    ):
        with pytest.raises(Refusal):
            admit(doubled)


@pytest.mark.parametrize(
    "authorization",
    [
        b"",
        b"AWS test:signature",
        b"Bearer token",
        b"AWS4-ECDSA-P256-SHA256 Credential=a/20250915/s3/aws4_request, SignedHeaders=host, Signature=" + b"0" * 64,
        b"AWS4-HMAC-SHA256 Credential=, SignedHeaders=, Signature=",
        b"AWS4-HMAC-SHA256 Credential=000000000000/20250915/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=",
    ],
)
def test_another_signature_is_none(authorization: bytes) -> None:
    request = sent("s3", lambda made: made.list_buckets()).with_header(b"authorization", authorization)

    with pytest.raises(Refusal):
        admit(request)


def test_a_body_that_is_not_signed_comes_in_with_no_header() -> None:
    unsigned = sent("s3", lambda made: made.put_object(Bucket="ledger", Key="a", Body=b"{}"), signs_bodies=False)
    assert unsigned.header(b"x-amz-content-sha256") == b"UNSIGNED-PAYLOAD"

    with pytest.raises(Refusal, match="must be signed"):
        admit(unsigned)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"origin", b"https://example.org"),
        (b"origin", b"null"),
        (b"sec-fetch-site", b"same-origin"),
        (b"host", b"example.org"),
        (b"host", b"127.0.0.1.example.org:4999"),
        (b"host", b"127.0.0.1:4998"),
        (b"host", b"127.0.0.1"),
        (b"host", b""),
    ],
)
@pytest.mark.parametrize("kind", ["sqs", "link plain"])
def test_no_browser_comes_in_whatever_it_holds(kind: str, name: bytes, value: bytes) -> None:
    with pytest.raises(Refusal, match="no browser"):
        admit(REQUESTS[kind].with_header(name, value))


def test_two_hosts_are_none() -> None:
    with pytest.raises(Refusal, match="Host must be there once"):
        admit(REQUESTS["sqs"].with_header(b"host", b"127.0.0.1:4999", b"127.0.0.1:4999"))


def test_nobody_adds_a_body_s_meaning_on_the_way() -> None:
    request = REQUESTS["functions"].with_header(b"content-type", b"application/x-www-form-urlencoded")

    with pytest.raises(Refusal, match="not signed"):
        admit(request)


def _signed_headers(request: Signed) -> set[bytes]:
    if not request.head.values(b"authorization"):
        return {b"host"}
    return set(request.header(b"authorization").split(b"SignedHeaders=")[1].split(b",")[0].split(b";"))


def _at(request: Signed, place: Any) -> bytes:
    head = request.head
    parts = {"method": head.method, "path": head.path, "query": head.query, "body": request.body}
    if place in parts:
        return parts[place]
    name = place.encode() if isinstance(place, str) else place
    return b"".join(head.values(name))


def _put(request: Signed, place: Any, value: bytes) -> Signed:
    if place == "body":
        return replace(request, body=value)
    if place in ("method", "path", "query"):
        changed: dict[str, Any] = {place: value}
        return replace(request, head=replace(request.head, **changed))
    return request.with_header(place.encode() if isinstance(place, str) else place, value)
