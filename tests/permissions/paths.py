"""The usual and the rare paths, once each, on one embedded cloud that writes down what its functions call.

Another stack's bucket is taken over; Hugging Face does not answer; of a run's papers one fails for good, one is late,
and in another language the model is not allowed; one result is lost; a tick comes; what failed is redriven, what cannot
be is accepted; notices go out; messages mean nothing; the run is forgotten.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from cli.connecting.deployment import Pipeline
from cli.connecting.opening import pipeline
from cli.connecting.watching import until
from infra.assembly import STACK, synthesize
from infra.embedded import emulator
from infra.embedded.cloud import Cloud, Plan, running_cloud
from infra.embedded.deploy import read_assembly
from shared.digest.formats import DIGEST
from shared.editions import Edition
from shared.errors import SourceError
from shared.ledger import keys
from shared.ledger.records import Manifest
from shared.services.accept import accept_results
from shared.services.events import SCHEDULED_TIME, RunRequest
from shared.services.forget import forget
from shared.services.messages import DigestMessage, encode
from tests.asked import APPLICATION, name_functions
from tests.chaos.source import served
from tests.fakes.texts import PAPERS
from tests.permissions import engine
from tests.permissions.recording import LOG, Call, read

WEEK = "2025-W37"
KOREAN, JAPANESE = Edition(WEEK, "ko"), Edition(WEEK, "ja")
LISTED = PAPERS[:3]
MODEL = "us.amazon.nova-lite-v1:0"
OURSELVES = "Test"
"""The application id of what a person asks for here: nobody but a function is without one of these."""
_OLD, _TOKEN, _WEBHOOK = "old-ledger", "/chorok/token", "/chorok/webhook"
_SETTINGS = {
    "embedded": "true",
    "receives": "3",
    "retry_base_seconds": "1",
    "retry_cap_seconds": "2",
    "token_parameter": _TOKEN,
    "webhook_parameter": _WEBHOOK,
    "engines": f"ja=bedrock:{MODEL}",
    "adopt_bucket": _OLD,
}
"""Every setting that makes for a permission."""
_NOBODY = "http://127.0.0.1:9"
_PATIENCE_SECONDS = 120.0


@dataclass(frozen=True)
class Recorded:
    """The calls, the template, and what AWS named its resources, by their logical ids."""

    calls: tuple[Call, ...]
    template: Mapping[str, Any]
    names: Mapping[str, str]


def record(folder: Path) -> Recorded:
    """Run all of it, with its state in `folder`."""
    log = folder / "calls.jsonl"
    plan = Plan(
        state=folder / "state",
        assembly=synthesize(_SETTINGS),
        stack=STACK,
        engine=engine.command(log),
        # No proxy answers, and so neither does Hugging Face: on a machine that reaches it as well.
        environment={LOG: str(log), "HTTPS_PROXY": _NOBODY, "https_proxy": _NOBODY},
    )
    command = (*emulator.COMMAND[:-1], "tests.permissions.recording")
    with (
        patch.object(emulator, "COMMAND", command),
        patch.dict(os.environ, {APPLICATION: OURSELVES}),
        served({WEEK: LISTED}) as source,
        running_cloud(plan) as cloud,
    ):
        _prepare(cloud)
        # Until now nothing but the deployment has called anything.
        log.write_bytes(b"")
        _everything(pipeline(cloud), source)
        described = cloud.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
    template = json.loads(read_assembly(plan.assembly, STACK).template.body())
    names = {found["LogicalResourceId"]: found["PhysicalResourceId"] for found in described}
    return Recorded(tuple(call for call in read(log) if call.who != OURSELVES), template, names)


def _prepare(cloud: Cloud) -> None:
    s3, ssm = cloud.client("s3"), cloud.client("ssm")
    s3.create_bucket(Bucket=_OLD)
    for key in (f"{keys.DIGESTS}2025-W01/ko/digest.txt", keys.memory("ko", PAPERS[4].id)):
        s3.put_object(Bucket=_OLD, Key=key, Body=b"{}")
    ssm.put_parameter(Name=_TOKEN, Value="hf_secret", Type="SecureString")
    ssm.put_parameter(Name=_WEBHOOK, Value="https://127.0.0.1:9/hook", Type="SecureString")
    name_functions(cloud)


def _everything(deployed: Pipeline, source: str) -> None:
    store, now = deployed.store, datetime.now(UTC)
    with suppress(SourceError):
        deployed.fire(now, RunRequest(WEEK))
    deployed.fire(now, RunRequest(WEEK, ("ko", "ja"), len(LISTED), source))
    _wait(lambda: store.etag(keys.announced(KOREAN, "partial")), "one paper is lacking")
    _wait(lambda: store.etag(keys.digest(JAPANESE, DIGEST)), "all papers are lacking")
    deployed.papers.send("poison")
    _wait(lambda: not deployed.papers.depth().alive, "what cannot be done is dead")
    store.delete(keys.result(JAPANESE, LISTED[0].id))
    _tick(deployed, now + timedelta(hours=5))
    _wait(lambda: store.etag(keys.result(JAPANESE, LISTED[0].id)), "what was lost is written off")
    deployed.fire(now, RunRequest(WEEK, ("ko",)))
    _wait(lambda: store.etag(keys.announced(KOREAN, "complete")), "what failed is redriven")
    manifest = store.record(keys.manifest(WEEK), Manifest)
    assert manifest is not None
    accept_results(store, manifest, JAPANESE.language, now)
    _wait(lambda: store.etag(keys.accepted(JAPANESE)), "what cannot be is accepted")
    deployed.digests.send("poison")
    _wait(lambda: deployed.digests.depth().dead, "what means nothing is dead")
    forget(store, WEEK, now)
    for edition in (KOREAN, JAPANESE):
        deployed.digests.send(encode(DigestMessage(edition.run, edition.language)))
    _wait(lambda: not any(store.list(keys.of_run(keys.DIGESTS, WEEK))), "the run is forgotten")


def _tick(deployed: Pipeline, time: datetime) -> None:
    target = deployed.scheduler.get_schedule(Name=deployed.schedule)["Target"]
    event = target["Input"].replace(SCHEDULED_TIME, time.isoformat())
    deployed.functions.invoke(FunctionName=target["Arn"], Payload=event.encode())


def _wait(condition: Any, what: str) -> None:
    assert until(_PATIENCE_SECONDS, lambda: bool(condition())), f"{what}: not in time"
