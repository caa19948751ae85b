"""Amazon Translate behind the engine's interface: what is asked of it, and what each of its failures becomes."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber
from types_boto3_translate import TranslateClient

from shared.engines.amazon import amazon_engine, translate_client
from shared.engines.protocol import EngineAnswer
from shared.engines.terminology import Terminology, terminology_of
from shared.errors import TranslationError
from shared.failures import NETWORK_CODE, Failure, FailureClass
from shared.languages.glossary import load_glossary
from shared.languages.table import find_language
from tests.fakes.translate import FakeTranslate

ANSWER = {"TranslatedText": "안녕하세요.", "SourceLanguageCode": "en", "TargetLanguageCode": "ko"}
TERMINOLOGY = Terminology("chorok-en-ko-0123abcd", "en,ko\nmodel,모델\n".encode())
ASKED = {
    "Text": "Hello.",
    "SourceLanguageCode": "en",
    "TargetLanguageCode": "ko",
    "Settings": {"Formality": "FORMAL"},
    "TerminologyNames": [TERMINOLOGY.name],
}
IMPORTED = {
    "Name": TERMINOLOGY.name,
    "MergeStrategy": "OVERWRITE",
    "TerminologyData": {"File": TERMINOLOGY.file, "Format": "CSV", "Directionality": "UNI"},
}
MISSING = "ResourceNotFoundException"


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)


@pytest.fixture
def client(credentials: None) -> TranslateClient:
    return translate_client()


def failure_of(client: TranslateClient, text: str = "Hello.", terminology: Terminology | None = None) -> Failure:
    with pytest.raises(TranslationError) as caught:
        amazon_engine(client, find_language("ko"), terminology)(text)
    return caught.value.failure


def test_korean_is_asked_for_formally_with_the_terminology(client: TranslateClient) -> None:
    with Stubber(client) as stub:
        applied = [{"Name": TERMINOLOGY.name, "Terms": []}]
        stub.add_response("translate_text", ANSWER | {"AppliedTerminologies": applied}, ASKED)

        answer = amazon_engine(client, find_language("ko"), TERMINOLOGY)("Hello.")

    assert answer == EngineAnswer("안녕하세요.", (TERMINOLOGY.name,))


@pytest.mark.parametrize("outcome", ["imported", "imported by somebody else"])
def test_a_missing_terminology_is_imported_by_the_call_that_misses_it(client: TranslateClient, outcome: str) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("translate_text", MISSING, expected_params=ASKED)
        if outcome == "imported":
            stub.add_response("import_terminology", {}, IMPORTED)
        else:
            stub.add_client_error("import_terminology", "ConcurrentModificationException", expected_params=IMPORTED)
        stub.add_response("translate_text", ANSWER, ASKED)

        answer = amazon_engine(client, find_language("ko"), TERMINOLOGY)("Hello.")

        stub.assert_no_pending_responses()
    assert answer.text == "안녕하세요."


@pytest.mark.parametrize(
    ("code", "kind", "told"),
    [
        ("AccessDeniedException", FailureClass.OURS, "translate:ImportTerminology"),
        ("LimitExceededException", FailureClass.OURS, "delete"),
        ("TooManyRequestsException", FailureClass.TRANSIENT, "TooManyRequestsException"),
    ],
)
def test_a_terminology_that_cannot_be_imported_says_why(
    client: TranslateClient, code: str, kind: FailureClass, told: str
) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("translate_text", MISSING)
        stub.add_client_error("import_terminology", code)

        failure = failure_of(client, terminology=TERMINOLOGY)

    assert (failure.kind, failure.code) == (kind, code)
    assert told in failure.cause


def test_a_terminology_that_is_not_found_right_after_its_import_is_waited_for(client: TranslateClient) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("translate_text", MISSING)
        stub.add_response("import_terminology", {})
        stub.add_client_error("translate_text", MISSING)

        failure = failure_of(client, terminology=TERMINOLOGY)

    assert (failure.kind, failure.code) == (FailureClass.TRANSIENT, MISSING)


def test_a_language_without_formality_is_asked_for_without_it(client: TranslateClient) -> None:
    with Stubber(client) as stub:
        expected = {"Text": "Hello.", "SourceLanguageCode": "en", "TargetLanguageCode": "pt"}
        stub.add_response("translate_text", ANSWER | {"TranslatedText": "Olá.", "TargetLanguageCode": "pt"}, expected)

        answer = amazon_engine(client, find_language("pt"), None)("Hello.")

    assert answer == EngineAnswer("Olá.", ())


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ThrottlingException", FailureClass.TRANSIENT),
        ("TooManyRequestsException", FailureClass.TRANSIENT),
        ("InternalServerException", FailureClass.TRANSIENT),
        ("ServiceUnavailableException", FailureClass.TRANSIENT),
        ("AnythingNewException", FailureClass.TRANSIENT),
        ("UnsupportedLanguagePairException", FailureClass.PERMANENT),
        ("TextSizeLimitExceededException", FailureClass.PERMANENT),
        ("AccessDeniedException", FailureClass.OURS),
        ("UnrecognizedClientException", FailureClass.OURS),
        ("ResourceNotFoundException", FailureClass.OURS),
    ],
)
def test_the_code_of_an_error_decides_its_class(client: TranslateClient, code: str, kind: FailureClass) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("translate_text", service_error_code=code, service_message="why\nnot")

        failure = failure_of(client)

    assert (failure.kind, failure.code) == (kind, code)
    assert failure.cause.endswith(".")
    assert "\n" not in failure.cause


def test_an_empty_text_is_a_fault_of_ours_and_never_leaves(client: TranslateClient) -> None:
    failure = failure_of(client, text="")

    assert (failure.kind, failure.code) == (FailureClass.OURS, "ParamValidationError")


def test_missing_credentials_say_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "absent")
    monkeypatch.setenv("AWS_CONFIG_FILE", "absent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")

    failure = failure_of(translate_client())

    assert (failure.kind, failure.code) == (FailureClass.OURS, "NoCredentialsError")
    assert "AWS_ACCESS_KEY_ID" in failure.cause


@pytest.mark.parametrize(
    ("region", "kind", "code"),
    [("sa-east-1", FailureClass.OURS, "NotInRegion"), ("ap-northeast-2", FailureClass.TRANSIENT, NETWORK_CODE)],
)
def test_a_region_without_amazon_translate_is_a_fault_of_ours_and_no_fault_of_the_network(
    credentials: None, monkeypatch: pytest.MonkeyPatch, region: str, kind: FailureClass, code: str
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    client = translate_client()

    def lead_nowhere(**request: object) -> None:
        raise EndpointConnectionError(endpoint_url=client.meta.endpoint_url)

    client.meta.events.register("before-send.translate", lead_nowhere)

    failure = failure_of(client)

    assert (failure.kind, failure.code) == (kind, code)
    assert kind is FailureClass.TRANSIENT or region in failure.cause


def test_an_endpoint_that_cannot_be_reached_is_the_network(credentials: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_TRANSLATE", "http://127.0.0.1:9")

    failure = failure_of(translate_client())

    assert (failure.kind, failure.code) == (FailureClass.TRANSIENT, NETWORK_CODE)


class _Answers(BaseHTTPRequestHandler):
    """Counts requests and answers each as its server's `answer` says: hang up, or status and body."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests += 1  # type: ignore[attr-defined]
        answer: tuple[int, bytes] | None = self.server.answer  # type: ignore[attr-defined]
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer[0])
        self.send_header("Content-Length", str(len(answer[1])))
        self.end_headers()
        self.wfile.write(answer[1])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        pass


@pytest.fixture
def server(credentials: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    server.requests = 0  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_TRANSLATE", f"http://127.0.0.1:{server.server_port}")
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (None, NETWORK_CODE),
        ((502, b"<html>bad gateway</html>"), "502"),
        ((200, b"<html>sign in first</html>"), "UnreadableAnswer"),
        ((200, b"[]"), "UnreadableAnswer"),
        ((200, b"\xff"), "UnreadableAnswer"),
        ((400, b'{"__type":"ThrottlingException","message":"slow down"}'), "ThrottlingException"),
    ],
)
def test_a_failing_answer_is_transient_and_asked_for_once(
    server: ThreadingHTTPServer, answer: tuple[int, bytes] | None, code: str
) -> None:
    server.answer = answer  # type: ignore[attr-defined]

    failure = failure_of(translate_client())

    assert (failure.kind, failure.code) == (FailureClass.TRANSIENT, code)
    assert server.requests == 1  # type: ignore[attr-defined]


def test_a_malformed_credential_is_ours_at_once_and_never_shown(
    server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIASECRET\nX")

    failure = failure_of(translate_client())

    assert (failure.kind, failure.code) == (FailureClass.OURS, "MalformedCredentials")
    assert "AKIASECRET" not in failure.cause


def test_the_client_waits_no_longer_than_told(credentials: None) -> None:
    config: Config = translate_client(connect_timeout_seconds=2, read_timeout_seconds=7).meta.config

    assert (config.connect_timeout, config.read_timeout) == (2, 7)  # type: ignore[attr-defined]


def test_the_local_endpoint_learns_the_glossary_from_the_first_call(
    credentials: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminology = terminology_of(load_glossary(find_language("ko")))
    assert terminology is not None
    with FakeTranslate() as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL_TRANSLATE", endpoint.address)
        engine = amazon_engine(translate_client(), find_language("ko"), terminology)

        answers = [engine("A large language model."), engine("Reinforcement learning.")]

        outcomes = [call.outcome for call in endpoint.calls]
    assert outcomes == [MISSING, "translated", "translated"]
    assert [answer.terminologies for answer in answers] == [(terminology.name,)] * 2
    assert "대규모 언어 모델" in answers[0].text
