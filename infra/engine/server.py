"""The HTTP server on loopback in front of a back end.

`POST /` is a call of Amazon Translate's protocol. Beside it there are, for the owner of this process:

    GET  /_chorok/statistics   {"calls": 12, "characters": 15023, "outcomes": {"translated": 10, "cut": 2}}
    POST /_chorok/faults       a plan as in faults.py, which replaces the one before; {} makes every call healthy

`calls` counts TranslateText calls, `characters` those of the texts that were translated: what Amazon bills. An outcome
is "translated", "lost" (translated, but the answer was cut off), "cut", "hung", "unreachable" (a relay got no answer),
or an error code.

Requests whose Host is not this machine are refused: no web page may spend the user's money through a browser.
"""

import contextlib
import socket
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Self
from urllib.parse import urlsplit

import msgspec

from infra.engine.faults import Faults, Plan, Rule
from infra.engine.protocol import TARGET_PREFIX, TRANSLATE_TEXT, Answer, Backend, Request, error
from shared.huggingface.address import is_loopback

HOST = "127.0.0.1"
STATISTICS_PATH = "/_chorok/statistics"
FAULTS_PATH = "/_chorok/faults"

_LARGEST_BODY_BYTES = 16 * 1024 * 1024
"""Room for the largest terminology, 10 MB in base 64."""
_IDLE_SECONDS = 300
_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Call:
    """One TranslateText call that is over. `target` is the language asked for; both are "" where the body told none."""

    text: str
    target: str
    outcome: str


@dataclass(frozen=True)
class Statistics:
    """What was asked of this endpoint since it started; see the module for each number."""

    calls: int
    characters: int
    outcomes: dict[str, int]


class Endpoint:
    """Serves `backend` on a free port of loopback while the `with` block runs. `observe` is told every call."""

    def __init__(self, backend: Backend, observe: Callable[[Call], None] | None = None) -> None:
        self._backend = backend
        self._observe = observe
        self._faults = Faults(Plan())
        self._lock = threading.Lock()
        self._characters = 0
        self._outcomes: Counter[str] = Counter()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), name="endpoint")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.cut_all()
        self._server.server_close()

    @property
    def port(self) -> int:
        """The port it is bound to."""
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        """What `AWS_ENDPOINT_URL_TRANSLATE` must be."""
        return f"http://{HOST}:{self.port}"

    def follow(self, plan: Plan) -> None:
        """Fail from now on as `plan` says."""
        self._faults.follow(plan)

    def statistics(self) -> Statistics:
        """The numbers so far."""
        with self._lock:
            return Statistics(self._outcomes.total(), self._characters, dict(self._outcomes))

    def answer(self, request: Request, hang: Callable[[], None]) -> Answer | None:
        """The answer to one call, or None where the connection is to be cut; `hang` waits until the caller gives up."""
        if request.operation != TRANSLATE_TEXT:
            return self._backend(request)
        asked = _asked(request.body)
        rule = self._faults.next(asked.text)
        answer = self._backend(request) if rule is None or rule.fault == "lose" else _refusal(rule)
        outcome = _outcome(rule, answer)
        with self._lock:
            self._outcomes[outcome] += 1
            if outcome in ("translated", "lost"):
                self._characters += len(asked.text)
        if self._observe is not None:
            self._observe(Call(asked.text, asked.target, outcome))
        if rule is not None and rule.fault == "hang":
            hang()
        return None if rule is not None and rule.fault == "lose" else answer


class _Asked(msgspec.Struct):
    text: str = msgspec.field(default="", name="Text")
    target: str = msgspec.field(default="", name="TargetLanguageCode")


def _asked(body: bytes) -> _Asked:
    """What a call asks for, as far as it can be read: judging the request is the back end's work."""
    try:
        return msgspec.json.decode(body, type=_Asked)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _Asked()


def _refusal(rule: Rule) -> Answer | None:
    if rule.fault != "error":
        return None
    if not rule.code:
        return Answer(rule.answered_status, b"", {})
    answer = error(rule.code, rule.message)
    return Answer(rule.answered_status, answer.body, answer.headers)


def _outcome(rule: Rule | None, answer: Answer | None) -> str:
    if rule is not None and rule.fault in ("cut", "hang"):
        return {"cut": "cut", "hang": "hung"}[rule.fault]
    if answer is None:
        return "unreachable"
    if answer.code:
        return answer.code
    return "translated" if rule is None else "lost"


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.connections: set[socket.socket] = set()
        super().__init__((HOST, 0), _Handler)

    def cut_all(self) -> None:
        """End every open connection: callers keep idle ones, and hung ones would never end."""
        for connection in tuple(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = _IDLE_SECONDS
    server: _Server

    def handle(self) -> None:
        """Requests until the caller goes away, which is no error of this process."""
        self.server.connections.add(self.connection)
        try:
            with contextlib.suppress(ConnectionError):
                super().handle()
        finally:
            self.server.connections.discard(self.connection)

    def do_GET(self) -> None:
        """Statistics."""
        if self._is_refused():
            return
        if self.path == STATISTICS_PATH:
            self._send(Answer(200, msgspec.json.encode(self.server.endpoint.statistics()), _JSON))
        else:
            self._send(Answer(404, b"{}", _JSON))

    def do_POST(self) -> None:
        """A call, or a plan of faults."""
        if self._is_refused():
            return
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == FAULTS_PATH:
            self._follow(body)
            return
        operation = self.headers.get("X-Amz-Target", "").removeprefix(TARGET_PREFIX)
        answer = self.server.endpoint.answer(Request(operation, dict(self.headers.items()), body), self._hang)
        if answer is None:
            self.close_connection = True
        else:
            self._send(answer)

    def version_string(self) -> str:
        """What the Server header says."""
        return "chorok"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Nothing: the statistics tell."""

    def _is_refused(self) -> bool:
        """Whether this request was answered already because of where it comes from or how large it is."""
        size = self.headers.get("Content-Length", "0")
        if not is_loopback(urlsplit(f"//{self.headers.get('Host', '')}").hostname or ""):
            status = 403
        elif self.command == "POST" and "Content-Length" not in self.headers:
            status = 411
        elif not size.isascii() or not size.isdigit() or int(size) > _LARGEST_BODY_BYTES:
            status = 413
        else:
            return False
        self.close_connection = True
        self._send(Answer(status, b"", {}))
        return True

    def _follow(self, body: bytes) -> None:
        # A browser sends this content type to another site only after asking, and is never answered.
        if self.headers.get_content_type() != "application/json":
            self._send(Answer(415, b"", {}))
            return
        try:
            self.server.endpoint.follow(msgspec.json.decode(body, type=Plan))
        except (msgspec.DecodeError, UnicodeDecodeError) as problem:
            self._send(Answer(400, msgspec.json.encode({"error": str(problem)}), _JSON))
            return
        self._send(Answer(200, b"{}", _JSON))

    def _hang(self) -> None:
        self.connection.settimeout(None)
        self.connection.recv(1)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)


_JSON = {"Content-Type": "application/json"}
