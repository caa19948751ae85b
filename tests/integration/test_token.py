"""The token for Hugging Face: where it comes from, whom it is shown, and what a missing one costs."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from functions.fetch import handler
from shared.huggingface.client import Client
from shared.huggingface.entries import Listing
from shared.papers import HUGGING_FACE
from shared.periods import parse_period

PARAMETER = "/chorok/token"


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-2")
    with mock_aws():
        yield


def token_sent_to(source: str, monkeypatch: pytest.MonkeyPatch, parameter: str = PARAMETER) -> str:
    clients: list[Client] = []

    def top_papers(client: Client, *_: object, **__: object) -> Listing:
        clients.append(client)
        return Listing(())

    monkeypatch.setattr(handler, "top_papers", top_papers)
    handler.read_papers(source, parse_period("2025-W37"), 10, False, parameter)
    return clients[0].token


def put(token: str) -> None:
    boto3.client("ssm").put_parameter(Name=PARAMETER, Value=token, Type="SecureString")


def test_it_is_read_where_the_setting_says(monkeypatch: pytest.MonkeyPatch) -> None:
    put("hf_secret\n")

    assert token_sent_to(HUGGING_FACE, monkeypatch) == "hf_secret"


def test_nobody_but_hugging_face_is_sent_it(monkeypatch: pytest.MonkeyPatch) -> None:
    put("hf_secret")

    assert token_sent_to("http://127.0.0.1:8000", monkeypatch) == ""


@pytest.mark.parametrize("held", [None, "two words", "한글"])
def test_papers_are_read_without_one_that_cannot_be_had(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, held: str | None
) -> None:
    if held is not None:
        put(held)

    assert token_sent_to(HUGGING_FACE, monkeypatch) == ""
    [warned] = caplog.records
    assert warned.message == "token unreadable"
    assert held is None or held not in str(vars(warned))


def test_without_the_setting_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    put("hf_secret")

    assert token_sent_to(HUGGING_FACE, monkeypatch, parameter="") == ""
