"""The embedded cloud's gateway, which counts: `python -m tests.bench.gateway`, in place of `infra.embedded.gateway`.

What was asked is told at `COUNTS`, by who asked, the service and the operation (see `tests.asked`).
"""

import json
from collections import Counter
from typing import Any

from infra.embedded import gateway
from infra.loopback.signature import Lock
from tests.asked import asked

COUNTS = "/bench-counts"


def counting(application: gateway.Application, lock: Lock) -> gateway.Application:
    """The locked application, with a count of the requests to it and of the bytes both ways."""
    guarded = gateway_locked(application, lock)
    counts: Counter[tuple[str, str, str]] = Counter()

    async def counted(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await guarded(scope, receive, send)
            return
        if scope["path"] == COUNTS:
            body = json.dumps([[*key, count] for key, count in counts.items()]).encode()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": body})
            return
        who, operation = _asked(scope)
        counts[who, "requests", operation] += 1

        async def received() -> Any:
            message = await receive()
            counts[who, "sent", operation] += len(message.get("body", b""))
            return message

        async def answered(message: Any) -> None:
            counts[who, "read", operation] += len(message.get("body", b""))
            await send(message)

        await guarded(scope, received, answered)

    return counted


def _asked(scope: Any) -> tuple[str, str]:
    """Who asks for which operation, as `s3 GetObject results`, the first part of a key with it."""
    found = asked(scope)
    area = f" {_area(found.key)}" if found.service == "s3" else ""
    return found.who or "command", f"{found.service} {found.operation}{area}"


def _area(key: str) -> str:
    """The first folder of a key; of a run's records, their names."""
    area, _, rest = key.partition("/")
    return rest.rpartition("/")[2] or area if area == "runs" else area


gateway_locked = gateway.locked

if __name__ == "__main__":
    gateway.locked = counting
    gateway.main()
