"""The webhook's setting: who may read its address, where that stands, and what a failure does to the mail."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from functions.aggregate import handler
from infra.app import build
from shared.digest.view import view
from shared.settings import Resources, Settings
from tests.fakes.webhook import SECRET, FakeWebhook, fake_webhook
from tests.unit.notices.test_mail import digest_of

PARAMETER = "/chorok/webhook"
SETTINGS = Settings(webhook_parameter=PARAMETER)


@pytest.fixture(scope="module")
def resources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The resources of a stack with a webhook."""
    folder = tmp_path_factory.mktemp("assembly")
    context = {"chorok:target": "host", "chorok:webhook_parameter": PARAMETER}
    build(folder, context).synth()
    return dict(json.loads((folder / "Chorok.template.json").read_text())["Resources"])


@pytest.fixture
def receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeWebhook]:
    with fake_webhook(tmp_path) as fake:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(fake.certificate))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield fake


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-2")
    with mock_aws():
        yield


def put(address: str) -> None:
    boto3.client("ssm").put_parameter(Name=PARAMETER, Value=address, Type="SecureString")


def announce() -> list[str]:
    """Announce a digest as the function does; the mails that went out."""
    topic = boto3.client("sns").create_topic(Name="published")["TopicArn"]
    inbox = boto3.client("sqs").create_queue(QueueName="inbox")["QueueUrl"]
    arn = boto3.client("sqs").get_queue_attributes(QueueUrl=inbox, AttributeNames=["QueueArn"])["Attributes"]
    boto3.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])
    handler._announce(SETTINGS, Resources("ledger", topic=topic))(view(digest_of(2)), False)
    received = boto3.client("sqs").receive_message(QueueUrl=inbox, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(message["Body"])["Subject"] for message in received]


def test_one_function_may_read_that_one_parameter_and_no_other(resources: dict[str, Any]) -> None:
    granted = [
        (name, statement)
        for name, resource in resources.items()
        if resource["Type"] == "AWS::IAM::Policy"
        for statement in resource["Properties"]["PolicyDocument"]["Statement"]
        if "ssm" in json.dumps(statement["Action"])
    ]

    [(name, statement)] = granted
    assert name.startswith("AggregateRole")
    assert statement["Action"] == "ssm:GetParameter"
    assert statement["Resource"]["Fn::Join"][1][-1] == ":parameter/chorok/webhook"
    assert "*" not in json.dumps(statement)


def test_the_mail_goes_out_and_then_the_post(aws: None, receiver: FakeWebhook) -> None:
    put(receiver.address)

    mails = announce()

    assert len(mails) == 1
    assert [path for path, _, _ in receiver.taken] == [SECRET]


def test_a_webhook_that_fails_costs_one_line_without_its_address(
    aws: None, receiver: FakeWebhook, caplog: pytest.LogCaptureFixture
) -> None:
    put(receiver.address)
    receiver.status = 500

    mails = announce()

    [warned] = caplog.records
    assert len(mails) == 1
    assert vars(warned)["reason"] == "it answered 500"
    assert "secret-token" not in str(vars(warned))


def test_a_parameter_that_is_not_there_costs_the_mail_nothing(aws: None) -> None:
    assert len(announce()) == 1
