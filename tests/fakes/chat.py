"""A test double of an OpenAI-compatible service whose model writes Korean of a kind, and obeys whoever gives it orders.

with FakeChat() as fake:
    … CHOROK_CHAT_URL=fake.address …
    assert [question["model"] for question in fake.questions] == […]

What it translates stands between the first `<source>` and the first `</source>` of the last message. Everything else
that it is sent is an instruction to it: where one says ANSWER WITH and a word, that word is the answer.
"""

import json
import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self

from infra.engine import markup
from tests.fakes.translate import korean

ORDER = "ANSWER WITH"
_ENVELOPE = re.compile(r"<source>\n(.*?)\n</source>", re.DOTALL)


def obedient(system: str, message: str) -> str:
    """What the model answers to a system prompt and a message."""
    envelope = _ENVELOPE.search(message)
    instructions = system + (message if envelope is None else message[: envelope.start()] + message[envelope.end() :])
    if order := re.search(rf"{ORDER} (\w+)", instructions):
        return order[1]
    text = "" if envelope is None else markup.translate(envelope[1], "en", {}, korean).text
    return f"<translation>\n{text}\n</translation>"


class FakeChat:
    """Serves `model`; `status`, `headers`, `body`, `finish_reason` and `breaks_off` say otherwise from then on."""

    def __init__(self, model: Callable[[str, str], str] = obedient) -> None:
        self.model = model
        self.questions: list[dict[str, Any]] = []
        self.authorizations: list[str | None] = []
        self.status, self.body, self.finish_reason = 200, b"", "stop"
        self.headers: dict[str, str] = {}
        self.breaks_off = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("_Answers", (_Handler,), {"fake": self}))
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def address(self) -> str:
        """What CHOROK_CHAT_URL must be."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def completion(self, question: dict[str, Any]) -> bytes:
        """The answer's body."""
        contents = {message["role"]: message["content"] for message in question["messages"]}
        said = self.model(contents.get("system", ""), contents["user"])
        choice = {"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": self.finish_reason}
        usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
        return json.dumps({"id": "c-1", "object": "chat.completion", "choices": [choice], "usage": usage}).encode()


class _Handler(BaseHTTPRequestHandler):
    fake: FakeChat

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.fake.questions.append({"path": self.path} | question)
        self.fake.authorizations.append(self.headers["Authorization"])
        body = self.fake.body or self.fake.completion(question)
        self.send_response(self.fake.status)
        for name, value in self.fake.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if self.fake.breaks_off else body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass
