"""The engine of the recorded cloud, which writes down every call: `python -m tests.permissions.engine LOG`.

It translates into Korean of a kind, but for the first call about one paper, which it cannot do, and the first about
another, which it cannot do yet. It lets nobody use a model of Amazon Bedrock.
"""

import sys
from pathlib import Path

import msgspec

from infra.engine.wire import CONVERSE, JSON_TYPE, OPERATIONS, Answer, Request, error
from tests.asked import application, json_of
from tests.fakes.faults import Rule
from tests.fakes.texts import PAPERS
from tests.fakes.translate import FakeTranslate
from tests.permissions.recording import Call, write

_FAILED_AT_FIRST, _LATE = PAPERS[0], PAPERS[1]


def command(log: Path) -> tuple[str, ...]:
    """The command that serves it."""
    return (sys.executable, "-P", "-m", "tests.permissions.engine", str(log))


class _Recording(FakeTranslate):
    def __init__(self, log: Path) -> None:
        super().__init__()
        self._log = log
        self.fail(
            Rule(contains=_FAILED_AT_FIRST.title, code="UnsupportedLanguagePairException", times=1),
            Rule(contains=_LATE.title, code="ServiceUnavailableException", times=1),
        )

    def answer(self, request: Request) -> Answer | None:
        who = application(next(value for name, value in request.headers.items() if name.lower() == "user-agent"))
        on = request.model or str(json_of(request.body).get("Name", ""))
        write(Call(who, OPERATIONS[request.operation], request.operation, on), self._log)
        if request.operation == CONVERSE:
            return error("AccessDeniedException", "Nobody may.", JSON_TYPE)
        return super().answer(request)


if __name__ == "__main__":
    with _Recording(Path(sys.argv[1])) as served:
        sys.stdout.buffer.write(msgspec.json.encode({"port": served.port, "engine": "recording"}) + b"\n")
        sys.stdout.flush()
        sys.stdin.read()
