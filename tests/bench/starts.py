"""How long each function takes to start in a fresh process, and how large its asset is."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from infra.bundling import FUNCTIONS, SERVICES, bundle_for_cloud, bundle_for_host, bytecode_python
from shared.errors import CloudError
from tests.bench.rows import Row

_RUNS = 7
_OPTIONAL = {"translate": {"bedrock-runtime"}, "aggregate": {"ssm"}, "fetch": set[str]()}
"""Clients that a deployment without such settings never makes."""
_ENVIRONMENT = {
    "CHOROK_BUCKET": "ledger",
    "CHOROK_PAPERS_QUEUE": "https://sqs.us-east-1.amazonaws.com/1/papers",
    "CHOROK_DIGESTS_QUEUE": "https://sqs.us-east-1.amazonaws.com/1/digests",
    "CHOROK_TOPIC": "arn:aws:sns:us-east-1:1:topic",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "any",
    "AWS_SECRET_ACCESS_KEY": "any",
    "POWERTOOLS_METRICS_NAMESPACE": "chorok",
}
_TIMED = (
    "import resource\n{body}\nused = resource.getrusage(resource.RUSAGE_SELF)\nprint(used.ru_utime + used.ru_stime)"
)
_FIRST_USE = """
from shared.languages.table import find_language
runtime.translating.engine_for(find_language("ko"))
"""
"""The translate function makes its engine's client with the first message."""


def starts(large: bool) -> Iterator[Row]:
    """The processor time of each start, over that of boto3 and the same clients; the assets as they are deployed."""
    with tempfile.TemporaryDirectory() as folder:
        host = Path(folder) / "host"
        bundle_for_host(host)
        for name in FUNCTIONS:
            made = "_fetching" if name == "fetch" else "_runtime"
            body = f"from functions.{name}.handler import {made}\nruntime = {made}()"
            body += _FIRST_USE if name == "translate" else ""
            clients = sorted(SERVICES[name] - _OPTIONAL[name])
            bare = f"import boto3\nfor name in {clients}: boto3.client(name)"
            floor, ours = _least(bare, host), _least(body, host)
            yield Row(
                "Cold start", f"{name}, over boto3 and its clients", ours, "s of processor", floor=floor, most=1.15
            )
        for name in FUNCTIONS:
            asset = Path(folder) / name
            try:
                bundle_for_cloud(name, asset, bytecode_python())
            except CloudError as error:
                yield Row("Cold start", f"asset of {name}", 0, "MB", note=f"not built here: {error}"[:120])
                continue
            size = sum(path.stat().st_size for path in asset.rglob("*") if path.is_file()) / 1e6
            yield Row("Cold start", f"asset of {name}, unzipped", size, "MB", most=25)


def _least(body: str, folder: Path) -> float:
    """The least processor time, in seconds, of some fresh processes that run `body` in `folder`."""

    def once() -> float:
        done = subprocess.run(
            [sys.executable, "-c", _TIMED.format(body=body)],
            cwd=folder,
            env={**_ENVIRONMENT, "PATH": "/usr/bin"},
            capture_output=True,
            text=True,
            check=True,
        )
        return float(done.stdout)

    return min(once() for _ in range(_RUNS))
