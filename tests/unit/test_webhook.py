"""The webhook's notice: what Slack and Discord are told, over a real connection, and that it can do no harm."""

import json
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared import webhook
from shared.digest.model import Digest
from shared.papers import Paper
from shared.webhook import payload, webhook_announce
from tests.fakes.aws import client_error
from tests.unit.digest.attacks import attacked_digest
from tests.unit.test_notices import SITE, digest_of

SECRET = "/services/T00000000/B00000000/secret-token"


@dataclass
class Receiver:
    """A service that takes webhooks over https on loopback: answers with `status`, waits while `open` is not set."""

    status: int = 200
    location: str = ""
    taken: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    open: Event = field(default_factory=Event)
    port: int = 0

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}{SECRET}"


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key, as one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "loopback.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    pem = certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    found = Receiver()
    found.open.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.taken.append((self.path, dict(self.headers), json.loads(body)))
            found.open.wait()
            self.send_response(found.status)
            if found.location:
                self.send_header("Location", found.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    found.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    found.open.set()
    server.shutdown()
    thread.join()
    server.server_close()


def warnings_of(address: Callable[[], str], digest: Digest | None = None) -> list[str]:
    """What is told when a digest is announced through the webhook at `address`."""
    warned: list[str] = []
    webhook_announce(address, SITE, warned.append)(digest or digest_of(2), False)
    return warned


def test_both_services_get_the_titles_in_one_post_to_the_secret_address(receiver: Receiver) -> None:
    warned = warnings_of(lambda: receiver.address + "\n")

    [(path, headers, body)] = receiver.taken
    assert warned == []
    assert path == SECRET
    assert headers["Content-Type"] == "application/json"
    assert "Authorization" not in headers
    assert body["text"] == body["content"]
    assert body["text"].startswith("2025년 37주 차 · Hugging Face 주간 인기 논문\n")
    assert "\nhttps://digests.example.org/digests/2025-W37/ko/digest.html\n" in body["text"]
    assert "\n1. 듣는 법을 배우기\n<https://huggingface.co/papers/2509.00001>\n" in body["text"]


@pytest.mark.parametrize("status", [302, 400, 404, 429, 500])
def test_a_refusal_is_told_by_its_status_and_no_redirect_is_followed(receiver: Receiver, status: int) -> None:
    receiver.status = status
    receiver.location = f"https://127.0.0.1:{receiver.port}/elsewhere" if status == 302 else ""

    warned = warnings_of(lambda: receiver.address)

    assert warned == [f"it answered {status}"]
    assert len(receiver.taken) == 1


def test_a_service_that_does_not_answer_is_not_waited_for(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "DEADLINE_SECONDS", 0.1)
    receiver.open.clear()

    assert warnings_of(lambda: receiver.address) == ["TimeoutError"]


@pytest.mark.parametrize("address", ["http://127.0.0.1:9" + SECRET, "", "hooks.slack.com" + SECRET, "https:///x"])
def test_nothing_is_posted_but_over_https(address: str) -> None:
    assert warnings_of(lambda: address) == ["the parameter holds no https address"]


@pytest.mark.parametrize("address", ["https://127.0.0.1:9" + SECRET, "https://[" + SECRET, "https://127.0.0.1:x/"])
def test_no_failure_tells_the_address(address: str) -> None:
    [warned] = warnings_of(lambda: address)

    assert warned.isidentifier()


def test_a_service_whose_certificate_nobody_signed_gets_nothing(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")

    assert warnings_of(lambda: receiver.address) == ["SSLError"]
    assert receiver.taken == []


def test_a_parameter_that_may_not_be_read_is_told_by_its_code() -> None:
    def address() -> str:
        raise client_error("ParameterNotFound", 400, "GetParameter")

    assert warnings_of(address) == ["its parameter cannot be read: ParameterNotFound"]


def test_a_hostile_title_mentions_nobody_and_is_no_markup() -> None:
    paper = Paper("2509.00001", "<!channel> @everyone <@U1> [x] https://evil.example a|b & c", "An abstract.")

    body = payload(digest_of(0, (paper,)), "")

    assert "\n1. &lt;!channel&gt; @everyone &lt;@U1&gt; [x] https://evil.example a|b &amp; c\n<" in body["text"]
    escaped = r"1. \<!channel\> \@everyone \<\@U1\> \[x\] https\://evil.example a\|b & c"
    assert f"\n{escaped}\n<" in body["content"]
    assert body["allowed_mentions"] == {"parse": []}


def test_what_is_too_long_for_discord_is_cut_at_a_paper() -> None:
    body = payload(attacked_digest(), SITE)

    for name in ("text", "content"):
        assert len(body[name].encode("utf-16-le")) // 2 <= 2000
        assert body[name].endswith(">\n\n…\n")
