"""The HTTP server on loopback in front of a back end.

`POST /` is a call of Amazon Translate's protocol, `POST /model/<model>/converse` one of Amazon Bedrock's; nothing else
is served. Whoever did not sign it with the key of this start is refused (`infra.loopback.signature`): it may cost the
user money.
"""

import contextlib
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Self
from urllib.parse import unquote

from infra.engine.wire import CONVERSE, OPERATIONS, TARGET_PREFIX, Answer, Backend, Request, error
from infra.loopback import HOST
from infra.loopback.key import AccessKey
from infra.loopback.signature import Admission, Head, Lock, Refusal

_LARGEST_BODY_BYTES = 16 * 1024 * 1024
"""Room for the largest terminology, 10 MB in base 64."""
_IDLE_SECONDS = 300
_POLL_SECONDS = 0.05


class Endpoint:
    """Serves `backend` on a free port of loopback while the `with` block runs, to whoever has `key`."""

    def __init__(self, backend: Backend, key: AccessKey) -> None:
        self.backend = backend
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
        """What `AWS_ENDPOINT_URL_TRANSLATE` and `AWS_ENDPOINT_URL_BEDROCK_RUNTIME` must be."""
        return f"http://{HOST}:{self.port}"

    def admit(self, head: Head) -> Admission:
        """Whether a request comes in, as far as its head tells. Raises Refusal."""
        admission = self._door.admit(head)
        operation, _ = _called(head)
        if admission.service != OPERATIONS.get(operation, "translate"):
            raise Refusal("SignatureDoesNotMatch", "The request was signed for another service.")
        return admission


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
        operation, model = _called(head)
        if operation not in OPERATIONS:
            self._send(error("UnknownOperationException", f"There is no operation {operation!r} here."))
            return
        answer = self.server.endpoint.backend(Request(operation, dict(self.headers.items()), body, model))
        if answer is None:
            self.close_connection = True
        else:
            self._send(answer)

    def version_string(self) -> str:
        """What the Server header says."""
        return "chorok"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Nothing: the log would hold what every caller sends."""

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

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)


_CONVERSE = re.compile(rb"/model/([^/]+)/converse")


def _called(head: Head) -> tuple[str, str]:
    """The operation that a request asks for, "" where it is no call of these services, and the model that it names."""
    if match := _CONVERSE.fullmatch(head.path):
        return CONVERSE, unquote(match[1].decode("latin-1"))
    targets = [value.decode("latin-1") for value in head.values(b"x-amz-target")]
    is_call = head.path == b"/" and len(targets) == 1 and targets[0].startswith(TARGET_PREFIX)
    operation = targets[0].removeprefix(TARGET_PREFIX) if is_call else ""
    return ("" if operation == CONVERSE else operation), ""
