"""Amazon Bedrock behind the engine's interface: what Converse is asked, and what each of its answers becomes."""

from typing import Any

import pytest
from botocore.config import Config
from botocore.stub import Stubber
from types_boto3_bedrock_runtime import BedrockRuntimeClient

from shared.engines.bedrock import bedrock_client, bedrock_engine, envelope, instructions, most_tokens
from shared.engines.protocol import Complaint, EngineAnswer
from shared.errors import TranslationError
from shared.failures import BEDROCK_FAILURES, NETWORK_CODE, Failure, FailureClass
from shared.languages.table import find_language
from tests.integration.test_amazon import credentials, server

__all__ = ["credentials", "server"]

KOREAN = find_language("ko")
MODEL = "us.amazon.nova-lite-v1:0"
TEXT = 'See <span translate="no">https://x.y/z</span>: a &lt; b.'
ASKED = {
    "modelId": MODEL,
    "system": [{"text": instructions(TEXT, KOREAN)}],
    "messages": [{"role": "user", "content": [{"text": envelope(TEXT)}]}],
    "inferenceConfig": {"temperature": 0.0, "maxTokens": most_tokens(TEXT)},
}


def answer(text: str, stop: str = "end_turn", *before: dict[str, Any]) -> dict[str, Any]:
    return {
        "output": {"message": {"role": "assistant", "content": [*before, {"text": text}]}},
        "stopReason": stop,
        "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
        "metrics": {"latencyMs": 1},
    }


@pytest.fixture
def client(credentials: None) -> BedrockRuntimeClient:
    return bedrock_client()


def ask(client: BedrockRuntimeClient, *complaints: Complaint) -> EngineAnswer:
    return bedrock_engine(client, MODEL, KOREAN, "Amazon Bedrock", BEDROCK_FAILURES)(TEXT, complaints)


def failure_of(client: BedrockRuntimeClient) -> Failure:
    with pytest.raises(TranslationError) as caught:
        ask(client)
    return caught.value.failure


def test_a_text_is_asked_for_once_and_its_prompt_is_counted(client: BedrockRuntimeClient) -> None:
    with Stubber(client) as stub:
        stub.add_response("converse", answer("<translation>\n안녕\n</translation>"), ASKED)

        answered = ask(client)

    sent = len(instructions(TEXT, KOREAN)) + len(envelope(TEXT))
    assert answered == EngineAnswer("안녕", (), sent - len(TEXT))


def test_complaints_go_out_with_the_text(client: BedrockRuntimeClient) -> None:
    complaint = Complaint("a < b", "a > b", "direction")
    with Stubber(client) as stub:
        message = [{"role": "user", "content": [{"text": envelope(TEXT, [complaint])}]}]
        system = [{"text": instructions(TEXT, KOREAN, [complaint])}]
        stub.add_response("converse", answer("안녕"), ASKED | {"messages": message, "system": system})

        assert ask(client, complaint).text == "안녕"


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("안녕", "안녕"),
        ("Here it is:\n<translation>안녕\n\n세상</translation>\nDone.", "안녕\n\n세상"),
        ("<think>First <translation>no</translation>, then</think><translation>안녕</translation>", "안녕"),
        ('<translation>&lt; <span translate="no">x</span></translation>', '&lt; <span translate="no">x</span>'),
    ],
)
def test_only_the_translation_is_taken_out_of_what_a_model_says(
    client: BedrockRuntimeClient, said: str, text: str
) -> None:
    with Stubber(client) as stub:
        thought = {"reasoningContent": {"reasoningText": {"text": "Let me think."}}}
        stub.add_response("converse", answer(said, "end_turn", thought))

        assert ask(client).text == text


@pytest.mark.parametrize(
    ("said", "stop", "kind", "code"),
    [
        ("<translation>안", "max_tokens", FailureClass.PERMANENT, "AnswerCutShort"),
        ("", "model_context_window_exceeded", FailureClass.PERMANENT, "AnswerCutShort"),
        ("Blocked.", "guardrail_intervened", FailureClass.PERMANENT, "AnswerWithheld"),
        ("", "content_filtered", FailureClass.PERMANENT, "AnswerWithheld"),
        ("", "end_turn", FailureClass.TRANSIENT, "UnreadableAnswer"),
        ("<translation> </translation>", "end_turn", FailureClass.TRANSIENT, "UnreadableAnswer"),
        ("<translation>안녕", "end_turn", FailureClass.TRANSIENT, "UnreadableAnswer"),
        ("안녕", "tool_use", FailureClass.TRANSIENT, "UnreadableAnswer"),
        ("안녕", "malformed_model_output", FailureClass.TRANSIENT, "UnreadableAnswer"),
    ],
)
def test_an_answer_that_is_no_translation_is_a_failure(
    client: BedrockRuntimeClient, said: str, stop: str, kind: FailureClass, code: str
) -> None:
    with Stubber(client) as stub:
        stub.add_response("converse", answer(said, stop))

        failure = failure_of(client)

    assert (failure.kind, failure.code) == (kind, code)
    assert failure.cause.endswith(".")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ThrottlingException", FailureClass.TRANSIENT),
        ("ServiceQuotaExceededException", FailureClass.TRANSIENT),
        ("ModelNotReadyException", FailureClass.TRANSIENT),
        ("ModelTimeoutException", FailureClass.TRANSIENT),
        ("ModelErrorException", FailureClass.TRANSIENT),
        ("InternalServerException", FailureClass.TRANSIENT),
        ("ServiceUnavailableException", FailureClass.TRANSIENT),
        ("AccessDeniedException", FailureClass.OURS),
        ("ResourceNotFoundException", FailureClass.OURS),
        ("ValidationException", FailureClass.OURS),
        ("UnrecognizedClientException", FailureClass.OURS),
    ],
)
def test_the_code_of_an_error_decides_its_class(client: BedrockRuntimeClient, code: str, kind: FailureClass) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("converse", service_error_code=code, service_message="why\nnot")

        failure = failure_of(client)

    assert (failure.kind, failure.code) == (kind, code)
    assert failure.cause.endswith(".")
    assert "\n" not in failure.cause


def test_a_missing_permission_says_which(client: BedrockRuntimeClient) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("converse", "AccessDeniedException")

        assert "bedrock:InvokeModel" in failure_of(client).cause


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (None, NETWORK_CODE),
        ((502, b"<html>bad gateway</html>"), "502"),
        ((200, b"<html>sign in first</html>"), "UnreadableAnswer"),
        ((200, b"[]"), "UnreadableAnswer"),
        ((200, b"{}"), "UnreadableAnswer"),
        ((200, b'{"output":{"message":{"role":"assistant","content":7}},"stopReason":"end_turn"}'), "UnreadableAnswer"),
        ((200, b"\xff\xfe"), "UnreadableAnswer"),
        ((429, b'{"message":"slow down"}'), "429"),
    ],
)
def test_an_answer_of_somebody_else_is_transient_and_asked_for_once(
    server: Any, monkeypatch: pytest.MonkeyPatch, body: tuple[int, bytes] | None, code: str
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", f"http://127.0.0.1:{server.server_port}")
    server.answer = body

    failure = failure_of(bedrock_client())

    assert (failure.kind, failure.code) == (FailureClass.TRANSIENT, code)
    assert server.requests == 1


def test_the_client_waits_no_longer_than_told_and_gives_up_before_its_function(credentials: None) -> None:
    config: Config = bedrock_client(connect_timeout_seconds=2, read_timeout_seconds=7).meta.config
    patience: Config = bedrock_client().meta.config

    assert (config.connect_timeout, config.read_timeout) == (2, 7)  # type: ignore[attr-defined]
    assert patience.connect_timeout + patience.read_timeout < 90  # type: ignore[attr-defined]
