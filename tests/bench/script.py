"""The script that chorok replaces: one paper after the other, each tried three times, on the same local servers."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.bench.papers import papers
from tests.bench.pipeline import SECONDS
from tests.bench.rows import Row
from tests.bench.runs import cloud_for, run
from tests.bench.translator import slow_translate

_TRIES = 3
_COUNT = 10


def against_the_script(large: bool) -> Iterator[Row]:
    """A week of ten papers: the script's time and chorok's, with an engine that is well and one that fails."""
    for what, share in (("every call answered", 0.0), ("30 % of the texts fail once", 0.3)):
        with tempfile.TemporaryDirectory() as folder, slow_translate(SECONDS, Path(folder) / "log", share) as address:
            peer = _script(address)
        with cloud_for({"2025-W36": 50, "2025-W37": _COUNT}, SECONDS, share=share) as measured:
            run(measured, "2025-W36", 50)
            found = run(measured, "2025-W37", _COUNT)
        yield Row("The script it replaces", f"ten papers, {what}", found.wall, "s", peer=peer)


def _script(address: str) -> float:
    """The seconds that it takes: title and abstract in one call, the next paper after it."""
    client = boto3.client(
        "translate",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",
        config=Config(retries={"total_max_attempts": 1}),
    )
    began = time.monotonic()
    for paper in papers(_COUNT, 50):
        for _ in range(_TRIES):
            try:
                client.translate_text(
                    Text=f"{paper.title}\n\n{paper.abstract}", SourceLanguageCode="en", TargetLanguageCode="ko"
                )
                break
            except ClientError:
                continue
    return time.monotonic() - began
