"""The local Amazon Translate endpoint as boto3 sees it, held against botocore's own model of the service."""

import contextlib
import json
import os
import socket
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from botocore.validate import ParamValidator

from infra.engine.relay import amazon, forward
from infra.engine.server import Endpoint
from infra.engine.service import LONGEST_TEXT_BYTES
from infra.engine.wire import TARGET_PREFIX
from infra.loopback.key import AccessKey
from shared.errors import CloudError, UsageError
from tests.fakes.faults import Rule
from tests.fakes.translate import FakeTranslate
from tests.weights import portuguese_models

if TYPE_CHECKING:
    from types_boto3_translate import TranslateClient

__all__ = ["portuguese_models"]

SERVICE = botocore.session.Session().get_service_model("translate")
DOCUMENTED_ERRORS = [shape.name for shape in SERVICE.operation_model("TranslateText").error_shapes]
KEY = AccessKey("caller", "secret")
TERMINOLOGY = "en,ko\nmodel,모델\nreward model,보상 모델\n".encode()


def client(address: str, read_timeout: float = 20, key: AccessKey = KEY) -> "TranslateClient":
    return boto3.client(
        "translate",
        region_name="us-east-1",
        aws_access_key_id=key.id,
        aws_secret_access_key=key.secret,
        endpoint_url=address,
        config=Config(
            retries={"total_max_attempts": 1}, read_timeout=read_timeout, parameter_validation=False, proxies={}
        ),
    )


def translate(caller: "TranslateClient", text: str, target: str = "ko") -> str:
    return caller.translate_text(Text=text, SourceLanguageCode="en", TargetLanguageCode=target)["TranslatedText"]


def call_raw(
    address: str,
    operation: str,
    body: dict[str, object],
    headers: Mapping[str, str] | None = None,
    service: str = "translate",
) -> requests.Response:
    """The answer to a call signed with KEY, in which `headers` override what a client sends."""
    named = {"X-Amz-Target": f"{TARGET_PREFIX}{operation}", "Content-Type": "application/x-amz-json-1.1"}
    unsigned = AWSRequest("POST", address, data=json.dumps(body).encode(), headers=named | dict(headers or {}))
    SigV4Auth(Credentials(KEY.id, KEY.secret), service, "us-east-1").add_auth(unsigned)
    with requests.Session() as session:
        session.trust_env = False
        return session.post(address, unsigned.body, headers=dict(unsigned.headers.items()), timeout=20)


@pytest.fixture
def fake() -> Iterator[FakeTranslate]:
    with FakeTranslate() as endpoint:
        yield endpoint


@pytest.fixture
def caller(fake: FakeTranslate) -> "TranslateClient":
    return client(fake.address)


class TestContract:
    """What botocore's model of the service promises."""

    def test_a_text_is_translated(self, caller: "TranslateClient") -> None:
        answer = caller.translate_text(
            Text="We train a model with 3.5% less data. See https://x.y/z.",
            SourceLanguageCode="en",
            TargetLanguageCode="ko",
            Settings={"Formality": "FORMAL"},
        )
        assert (answer["SourceLanguageCode"], answer["TargetLanguageCode"]) == ("en", "ko")
        assert "모델" in answer["TranslatedText"]
        assert "3.5%" in answer["TranslatedText"]
        assert "https://x.y/z" in answer["TranslatedText"]

    @pytest.mark.parametrize(
        ("request_body", "code"),
        [
            ({"Text": ""}, "ValidationException"),
            ({"Text": None}, "ValidationException"),
            ({"SourceLanguageCode": "e"}, "ValidationException"),
            ({"Settings": {"Formality": "CASUAL"}}, "ValidationException"),
            ({"TerminologyNames": ["no name"]}, "ValidationException"),
            ({"Text": "가" * (LONGEST_TEXT_BYTES // 3 + 1)}, "TextSizeLimitExceededException"),
            ({"TargetLanguageCode": "xx"}, "UnsupportedLanguagePairException"),
            ({"SourceLanguageCode": "ko", "TargetLanguageCode": "en"}, "UnsupportedLanguagePairException"),
            ({"TerminologyNames": ["unknown"]}, "ResourceNotFoundException"),
            ({"TerminologyNames": ["one", "two"]}, "InvalidRequestException"),
        ],
    )
    def test_what_the_service_refuses_is_refused_with_its_code(
        self, caller: "TranslateClient", request_body: dict[str, Any], code: str
    ) -> None:
        body = {"Text": "Hello.", "SourceLanguageCode": "en", "TargetLanguageCode": "ko"} | request_body
        with pytest.raises(ClientError) as caught:
            caller.translate_text(**body)
        assert caught.value.response["Error"]["Code"] == code
        assert caught.value.response["Error"]["Message"]
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400

    def test_the_limit_is_in_bytes_and_the_last_one_still_passes(self, caller: "TranslateClient") -> None:
        assert translate(caller, "a " * (LONGEST_TEXT_BYTES // 2))

    def test_an_unsupported_pair_names_itself(self, caller: "TranslateClient") -> None:
        with pytest.raises(caller.exceptions.UnsupportedLanguagePairException) as caught:
            translate(caller, "Hello.", "de")
        assert caught.value.response["TargetLanguageCode"] == "de"  # type: ignore[typeddict-item]

    @pytest.mark.parametrize("code", [*DOCUMENTED_ERRORS, "ThrottlingException", "AccessDeniedException"])
    def test_every_error_arrives_as_its_code(self, fake: FakeTranslate, caller: "TranslateClient", code: str) -> None:
        # given
        fake.fail(Rule(code=code))
        # when
        with pytest.raises(ClientError) as caught:
            translate(caller, "Hello.")
        # then
        assert caught.value.response["Error"]["Code"] == code
        if code in DOCUMENTED_ERRORS:
            assert type(caught.value).__name__ == code

    @pytest.mark.parametrize(
        ("operation", "body"),
        [
            (
                "TranslateText",
                {
                    "Text": "A reward model.",
                    "SourceLanguageCode": "en",
                    "TargetLanguageCode": "ko",
                    "TerminologyNames": ["terms"],
                },
            ),
            (
                "ImportTerminology",
                {
                    "Name": "terms",
                    "MergeStrategy": "OVERWRITE",
                    "TerminologyData": {"File": b64encode(TERMINOLOGY).decode(), "Format": "CSV"},
                },
            ),
        ],
    )
    def test_answers_have_the_shape_of_the_model(
        self, fake: FakeTranslate, caller: "TranslateClient", operation: str, body: dict[str, object]
    ) -> None:
        # given
        import_terms(caller)
        # when
        answer = call_raw(fake.address, operation, body)
        # then
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/x-amz-json-1.1"
        shape = SERVICE.operation_model(operation).output_shape
        assert shape is not None
        assert not ParamValidator().validate(answer.json(), shape).generate_report()

    def test_an_operation_that_is_not_there_is_named(self, fake: FakeTranslate) -> None:
        answer = call_raw(fake.address, "TranslateDocument", {})
        assert (answer.status_code, answer.json()["__type"]) == (400, "UnknownOperationException")

    def test_a_body_that_is_no_json_is_a_serialization_error(self, fake: FakeTranslate) -> None:
        headers = {"X-Amz-Target": f"{TARGET_PREFIX}TranslateText"}
        answer = requests.post(fake.address, b"{", headers=headers, timeout=20, proxies={"http": ""})
        assert (answer.status_code, answer.headers["x-amzn-ErrorType"]) == (400, "SerializationException")


def import_terms(caller: "TranslateClient", file: bytes = TERMINOLOGY, form: str = "CSV") -> dict[str, Any]:
    answer = caller.import_terminology(
        Name="terms",
        MergeStrategy="OVERWRITE",
        Description="ours",
        TerminologyData={"File": file, "Format": form},  # type: ignore[typeddict-item]
    )
    return dict(answer["TerminologyProperties"])


class TestTerminology:
    """Custom terminologies: imported, applied, told."""

    def test_terms_are_applied_and_told(self, caller: "TranslateClient") -> None:
        # given
        import_terms(caller)
        # when
        answer = caller.translate_text(
            Text="Our reward model beats a &lt;model&gt;.",
            SourceLanguageCode="en",
            TargetLanguageCode="ko",
            TerminologyNames=["terms"],
        )
        # then
        assert "보상 모델" in answer["TranslatedText"]
        assert answer["AppliedTerminologies"] == [
            {
                "Name": "terms",
                "Terms": [
                    {"SourceText": "reward model", "TargetText": "보상 모델"},
                    {"SourceText": "model", "TargetText": "모델"},
                ],
            }
        ]

    def test_without_the_name_nothing_is_applied(self, caller: "TranslateClient") -> None:
        import_terms(caller)
        answer = caller.translate_text(Text="Our reward model.", SourceLanguageCode="en", TargetLanguageCode="ko")
        assert "AppliedTerminologies" not in answer

    def test_an_import_replaces_what_had_the_name(self, caller: "TranslateClient") -> None:
        # given
        first = import_terms(caller)
        # when
        second = import_terms(caller, "en\tko\tja\nagent\t에이전트\tエージェント\n".encode(), "TSV")
        # then
        assert (first["TermCount"], first["TargetLanguageCodes"]) == (2, ["ko"])
        assert (second["TermCount"], second["TargetLanguageCodes"]) == (1, ["ko", "ja"])
        assert second["CreatedAt"] == first["CreatedAt"]

    @pytest.mark.parametrize(
        "file",
        [
            b"",
            b"en,ko\n",
            b"en\nmodel\n",
            b"en,en\nmodel,x\n",
            b"en,ko\nmodel\n",
            b"en,ko\n,x\n",
            b"en,ko\n" + b"m" * 201 + b",x\n",
            b"\xff\xfe",
            (",".join(f"l{number}" for number in range(12)) + "\n").encode(),
        ],
        ids=["empty", "no terms", "no target", "twice", "short row", "no source", "long term", "not UTF-8", "too many"],
    )
    def test_a_file_that_the_service_would_refuse_is_refused(self, caller: "TranslateClient", file: bytes) -> None:
        with pytest.raises(caller.exceptions.InvalidParameterValueException):
            import_terms(caller, file)


class TestFaults:
    """Failing on request, and what is counted."""

    def test_failing_for_some_texts_and_so_many_times(self, fake: FakeTranslate, caller: "TranslateClient") -> None:
        # given
        fake.fail(Rule(contains="diffusion", code="ThrottlingException", times=2))
        # when
        for _ in range(2):
            with pytest.raises(ClientError):
                translate(caller, "A diffusion model.")
        translate(caller, "A language model.")
        translate(caller, "A diffusion model.")
        # then
        outcomes = [call.outcome for call in fake.calls]
        assert outcomes == ["ThrottlingException", "ThrottlingException", "translated", "translated"]
        assert fake.texts == ["A diffusion model."] * 2 + ["A language model.", "A diffusion model."]

    def test_a_status_without_a_code_is_what_a_broken_proxy_gives(
        self, fake: FakeTranslate, caller: "TranslateClient"
    ) -> None:
        fake.fail(Rule(code="", status=502))
        with pytest.raises(ClientError) as caught:
            translate(caller, "Hello.")
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 502
        assert fake.outcomes() == {"502": 1}

    def test_a_cut_connection_is_a_network_failure_without_any_work(
        self, fake: FakeTranslate, caller: "TranslateClient"
    ) -> None:
        fake.fail(Rule(fault="cut"))
        with pytest.raises(ConnectionClosedError):
            translate(caller, "Hello.")
        assert fake.outcomes() == {"cut": 1}

    def test_a_lost_answer_is_paid_for_all_the_same(self, fake: FakeTranslate, caller: "TranslateClient") -> None:
        fake.fail(Rule(fault="lose", times=1))
        with pytest.raises(ConnectionClosedError):
            translate(caller, "Hello.")
        translate(caller, "Hello.")
        assert fake.outcomes() == {"lost": 1, "translated": 1}

    def test_a_hung_call_ends_with_the_callers_patience(self, fake: FakeTranslate) -> None:
        fake.fail(Rule(fault="hang"))
        with pytest.raises(ReadTimeoutError):
            translate(client(fake.address, read_timeout=0.2), "Hello.")
        fake.heal()
        assert translate(client(fake.address), "Hello.")

    def test_calls_to_other_operations_are_not_counted(self, fake: FakeTranslate, caller: "TranslateClient") -> None:
        import_terms(caller)
        assert fake.calls == []


class TestLock:
    """Nobody but who has the key of this start may spend the user's money, and only on what the functions call."""

    @pytest.fixture
    def endpoint(self, upstream: "Upstream") -> Iterator[Endpoint]:
        with Endpoint(forward(upstream.address), KEY) as endpoint:
            yield endpoint

    @pytest.mark.parametrize("key", [AccessKey("caller", "guessed"), AccessKey("test", "test")], ids=str)
    def test_another_key_is_refused(self, upstream: "Upstream", endpoint: Endpoint, key: AccessKey) -> None:
        with pytest.raises(ClientError) as caught:
            translate(client(endpoint.address, key=key), "Hello.")
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
        assert upstream.received == []

    @pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
    @pytest.mark.parametrize("path", ["/", "/_chorok/statistics", "/_chorok/faults"])
    def test_an_unsigned_request_gets_nowhere(
        self, upstream: "Upstream", endpoint: Endpoint, method: str, path: str
    ) -> None:
        headers = {"X-Amz-Target": f"{TARGET_PREFIX}TranslateText"}
        answer = requests.request(
            method, endpoint.address + path, data=b"{}", headers=headers, timeout=20, proxies={"http": ""}
        )
        assert answer.status_code == (403 if method == "POST" else 501)
        assert upstream.received == []

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://example.org"},
            {"Host": "example.org"},
            {"Host": "127.0.0.1.example.org"},
            {"Host": "127.0.0.1:9"},
            {"Host": ""},
        ],
        ids=str,
    )
    def test_a_browser_is_refused_even_with_the_key(
        self, upstream: "Upstream", endpoint: Endpoint, headers: dict[str, str]
    ) -> None:
        answer = call_raw(endpoint.address, "TranslateText", {"Text": "Hello."}, headers)
        assert (answer.status_code, answer.json()["__type"]) == (403, "AccessDenied")
        assert upstream.received == []

    def test_a_signature_for_another_service_is_refused(self, upstream: "Upstream", endpoint: Endpoint) -> None:
        answer = call_raw(endpoint.address, "TranslateText", {"Text": "Hello."}, service="s3")
        assert (answer.status_code, answer.json()["__type"]) == (403, "SignatureDoesNotMatch")
        assert upstream.received == []

    @pytest.mark.parametrize(
        "target",
        [
            f"{TARGET_PREFIX}DeleteTerminology",
            f"{TARGET_PREFIX}StartTextTranslationJob",
            f"{TARGET_PREFIX}translatetext",
            "DynamoDB_20120810.DeleteTable",
            "TranslateText",
            f"{TARGET_PREFIX}{TARGET_PREFIX}TranslateText",
            "",
        ],
    )
    def test_nothing_is_passed_on_that_the_functions_do_not_call(
        self, upstream: "Upstream", endpoint: Endpoint, target: str
    ) -> None:
        answer = call_raw(endpoint.address, "", {"Name": "terms"}, {"X-Amz-Target": target})
        assert (answer.status_code, answer.json()["__type"]) == (400, "UnknownOperationException")
        assert upstream.received == []

    def test_a_process_without_a_key_answers_nobody(self) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CHOROK_")}
        ended = subprocess.run(command("forward", "http://127.0.0.1:9"), env=kept, capture_output=True, text=True)
        assert ended.returncode == 1
        assert ended.stderr == "There is no CHOROK_ACCESS_KEY_ID in the environment: it says whom to answer.\n"

    def test_two_bodies_in_one_request_are_refused(self, upstream: "Upstream", endpoint: Endpoint) -> None:
        with socket.create_connection(("127.0.0.1", endpoint.port), timeout=20) as raw:
            raw.sendall(
                b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}"
            )
            assert raw.recv(64).startswith(b"HTTP/1.1 411 ")
        assert upstream.received == []

    def test_it_is_bound_to_loopback(self, fake: FakeTranslate) -> None:
        with socket.socket() as elsewhere, pytest.raises(OSError):  # noqa: PT011 - systems refuse in other words
            elsewhere.connect(("127.0.0.2", fake.port))


class TestModel:
    """The real Portuguese weights behind the endpoint, as a child process."""

    @pytest.fixture
    def served(self, portuguese_models: Path) -> Iterator[str]:
        with running("model", str(portuguese_models), "en-pt") as child:
            told = json.loads(child.stdout.readline())
            assert told["engine"] == "firefox-translations/en-pt-5075d4d3"
            yield f"http://127.0.0.1:{told['port']}"

    def test_text_markup_and_paragraphs_come_back_in_portuguese(self, served: str) -> None:
        text = translate(
            client(served),
            'The code is at <span translate="no">https://x.y/z_1</span>.\n\nIt is fast &amp; small: 3 models, 94%.',
            "pt",
        )
        assert text.startswith('O código está no <span translate="no">https://x.y/z_1</span>.\n\n')
        assert "rápido" in text
        assert "94%" in text

    def test_a_long_text_is_never_cut(self, served: str) -> None:
        # given: a text near the limit, its sentences numbered, one of them far too long for the model
        clause = "we train the model number {} on a large set of images"
        sentences = [f"In the year {1000 + number} the city had many large houses." for number in range(100)]
        sentences.append(", ".join(clause.format(2000 + number) for number in range(40)).capitalize() + ".")
        # when
        text = translate(client(served), " ".join(sentences), "pt")
        # then
        numbers = {str(1000 + number) for number in range(100)} | {str(2000 + number) for number in range(40)}
        assert {number for number in numbers if number not in text} == set()

    def test_concurrent_calls_are_all_answered(self, served: str) -> None:
        caller = client(served)
        with ThreadPoolExecutor(8) as threads:
            texts = list(threads.map(lambda number: translate(caller, f"There are {number} cats.", "pt"), range(24)))
        assert [text for number, text in enumerate(texts) if str(number) not in text] == []

    def test_another_pair_is_unsupported(self, served: str) -> None:
        with pytest.raises(ClientError, match="UnsupportedLanguagePairException"):
            translate(client(served), "Hello.", "ko")

    def test_a_missing_model_is_told_before_anything_runs(self, tmp_path: Path) -> None:
        with running("model", str(tmp_path), "en-ko") as child:
            _, problem = child.communicate()
        assert child.returncode == 1
        assert problem.count("\n") == 1
        assert "en-ko/model.enko.intgemm.alphas.bin.gz is missing" in problem

    def test_it_dies_with_an_owner_that_is_killed(self, portuguese_models: Path) -> None:
        # given: an owner that started the endpoint and waits; the endpoint holds this test's pipe open
        owner = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import subprocess, sys; subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE).wait()",
                *command("model", str(portuguese_models), "en-pt"),
            ],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **KEY.environment()},
        )
        assert owner.stdout is not None
        port = json.loads(owner.stdout.readline())["port"]
        # when
        owner.kill()
        # then: the pipe ends, for the endpoint is gone
        assert owner.stdout.read() == ""
        owner.wait()
        owner.stdout.close()
        with socket.socket() as later, pytest.raises(OSError, match="refused"):
            later.connect(("127.0.0.1", port))


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-I", "-m", "infra.engine", *arguments]


@contextlib.contextmanager
def running(*arguments: str) -> Iterator[Any]:
    with subprocess.Popen(
        command(*arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **KEY.environment()},
    ) as child:
        yield child
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(20) in (0, 1)


class Upstream:
    """A server that notes what reaches it and always gives the same answer."""

    def __init__(self) -> None:
        self.status, self.body, self.headers = 200, b"{}", {"x-amzn-RequestId": "r-1"}
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.address = ""


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    noted = Upstream()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            noted.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(noted.status)
            for name, value in noted.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(noted.body)))
            self.end_headers()
            self.wfile.write(noted.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class says so
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        noted.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield noted
        server.shutdown()
        thread.join()


class TestForward:
    """Another address answers, and nothing of the answer is ours."""

    def test_request_and_answer_pass_through_verbatim(self, upstream: Upstream) -> None:
        # given
        upstream.status, upstream.body = 418, b'{"__type":"x#StrangeException:http://y","odd": 1 }'
        with Endpoint(forward(upstream.address), KEY) as endpoint:
            # when
            answer = call_raw(endpoint.address, "TranslateText", {"Text": "안녕", "TargetLanguageCode": "en"})
            # then
            assert (answer.status_code, answer.content) == (418, upstream.body)
            assert answer.headers["x-amzn-RequestId"] == "r-1"
        headers, body = upstream.received[0]
        assert body == json.dumps({"Text": "안녕", "TargetLanguageCode": "en"}).encode()
        assert headers["x-amz-target"] == f"{TARGET_PREFIX}TranslateText"

    def test_its_errors_keep_their_codes(self) -> None:
        with FakeTranslate() as fake, Endpoint(forward(fake.address), KEY) as endpoint:
            fake.fail(Rule(code="ThrottlingException"))
            with pytest.raises(ClientError, match="ThrottlingException"):
                translate(client(endpoint.address), "Hello.")

    def test_where_it_cannot_be_reached_the_caller_sees_a_network_failure(self) -> None:
        with Endpoint(forward("http://127.0.0.1:9"), KEY) as endpoint, pytest.raises(ConnectionClosedError):
            translate(client(endpoint.address), "Hello.")

    def test_an_answer_cut_off_there_is_cut_off_here(self) -> None:
        with FakeTranslate() as fake, Endpoint(forward(fake.address), KEY) as endpoint:
            fake.fail(Rule(fault="cut"))
            with pytest.raises(ConnectionClosedError):
                translate(client(endpoint.address), "Hello.")

    def test_as_a_child_process(self) -> None:
        with FakeTranslate() as fake, running("forward", fake.address) as child:
            told = json.loads(child.stdout.readline())
            assert translate(client(f"http://127.0.0.1:{told['port']}"), "A model.")
            assert fake.texts == ["A model."]

    def test_an_address_without_sense_is_refused(self) -> None:
        with pytest.raises(UsageError, match="no address"):
            forward("127.0.0.1:4566")


class TestAmazon:
    """The real service, signed with the credentials of this process and of nobody else."""

    @pytest.fixture
    def session(self, upstream: Upstream, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> botocore.session.Session:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)
        for name, value in {
            "AWS_CONFIG_FILE": str(tmp_path / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL_TRANSLATE": upstream.address,
            "AWS_REGION": "ap-northeast-2",
            "AWS_DEFAULT_REGION": "ap-northeast-2",
            "AWS_ACCESS_KEY_ID": "THEUSER",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_SESSION_TOKEN": "token",
        }.items():
            monkeypatch.setenv(name, value)
        return botocore.session.Session()

    def test_a_call_is_signed_anew(self, upstream: Upstream, session: botocore.session.Session) -> None:
        # given
        answered = {"TranslatedText": "안녕", "SourceLanguageCode": "en", "TargetLanguageCode": "ko"}
        upstream.body = json.dumps(answered).encode()
        with Endpoint(amazon(session), KEY) as endpoint:
            # when
            assert translate(client(endpoint.address), "Hello.") == "안녕"
        # then
        headers, body = upstream.received[0]
        assert json.loads(body)["Text"] == "Hello."
        assert headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=THEUSER/")
        assert "/ap-northeast-2/translate/aws4_request" in headers["authorization"]
        assert headers["x-amz-security-token"] == "token"
        assert headers["x-amz-target"] == f"{TARGET_PREFIX}TranslateText"

    def test_an_error_of_the_service_keeps_its_code(
        self, upstream: Upstream, session: botocore.session.Session
    ) -> None:
        upstream.status, upstream.body = 400, b'{"__type":"UnrecognizedClientException","message":"invalid token"}'
        with (
            Endpoint(amazon(session), KEY) as endpoint,
            pytest.raises(ClientError, match="UnrecognizedClientException"),
        ):
            translate(client(endpoint.address), "Hello.")

    def test_missing_credentials_are_told_before_anything_runs(
        self, session: botocore.session.Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        with pytest.raises(CloudError, match="no AWS credentials"):
            amazon(session)

    def test_a_missing_region_is_told_before_anything_runs(
        self, session: botocore.session.Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("AWS_DEFAULT_REGION")
        with pytest.raises(CloudError, match="region"):
            amazon(session)

    def test_a_region_without_amazon_translate_is_told_before_anything_runs(
        self, session: botocore.session.Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("AWS_ENDPOINT_URL_TRANSLATE", raising=False)
        monkeypatch.setenv("AWS_DEFAULT_REGION", "sa-east-1")
        with pytest.raises(CloudError, match="not offered in the region sa-east-1"):
            amazon(session)
