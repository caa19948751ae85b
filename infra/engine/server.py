"""The HTTP server on loopback in front of a back end.

`POST /` is a call of Amazon Translate's protocol; nothing else is served. Whoever did not sign it with the key of this
start is refused (`infra.loopback.signature`): it may cost the user money.

Of the statistics, `calls` counts TranslateText calls, `characters` those of the texts that were translated: what
Amazon bills. An outcome is "translated", "lost" (translated, but the answer was cut off), "cut", "hung", "unreachable"
(a relay got no answer), or an error code.
"""

import contextlib
import re
import socket
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Self

import msgspec

from infra.engine.faults import Faults, Plan, Rule
from infra.engine.protocol import OPERATIONS, TARGET_PREFIX, TRANSLATE_TEXT, Answer, Backend, Request, error
from infra.loopback import HOST
from infra.loopback.key import AccessKey
from infra.loopback.signature import Admission, Head, Lock, Refusal

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
    """Serves `backend` on a free port of loopback while the `with` block runs, to whoever has `key`.

    `observe` is told every call.
    """

    def __init__(self, backend: Backend, key: AccessKey, observe: Callable[[Call], None] | None = None) -> None:
        self._backend = backend
        self._observe = observe
        self._faults = Faults(Plan())
        self._lock = threading.Lock()
        self._characters = 0
        self._outcomes: Counter[str] = Counter()
        self._server = _Server(self)
        self._door = Lock(key, self.port)
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

    def admit(self, head: Head) -> Admission:
        """Whether a request comes in, as far as its head tells. Raises Refusal."""
        admission = self._door.admit(head)
        if admission.service != "translate":
            raise Refusal("SignatureDoesNotMatch", "The request was signed for another service.")
        return admission

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

    def do_POST(self) -> None:
        """A call."""
        size = self._size()
        if isinstance(size, Answer):
            self.close_connection = True
            self._send(size)
            return
        head = self._head()
        body = self.rfile.read(size)
        try:
            self.server.endpoint.admit(head).check_body(body)
        except Refusal as refusal:
            refused = error(refusal.code, str(refusal))
            self._send(Answer(403, refused.body, refused.headers))
            return
        operation = _operation(head)
        if operation not in OPERATIONS:
            self._send(error("UnknownOperationException", f"There is no operation {operation!r} here."))
            return
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

    def _size(self) -> int | Answer:
        """How many bytes the body has, or the answer to a request that does not say it, or says too much."""
        sizes = self.headers.get_all("Content-Length", [])
        if len(sizes) != 1 or "Transfer-Encoding" in self.headers:
            return Answer(411, b"", {})
        [size] = sizes
        if not re.fullmatch(r"[0-9]{1,9}", size) or int(size) > _LARGEST_BODY_BYTES:
            return Answer(413, b"", {})
        return int(size)

    def _head(self) -> Head:
        path, _, query = self.path.encode("latin-1").partition(b"?")
        headers = ((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers.items())
        return Head(self.command.encode(), path, query, tuple(headers))

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


def _operation(head: Head) -> str:
    """What a request asks for, or "" where it is no call of this service."""
    targets = [value.decode("latin-1") for value in head.values(b"x-amz-target")]
    is_call = head.path == b"/" and len(targets) == 1 and targets[0].startswith(TARGET_PREFIX)
    return targets[0].removeprefix(TARGET_PREFIX) if is_call else ""
