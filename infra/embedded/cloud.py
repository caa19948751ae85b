"""The embedded cloud as a whole: the engine's endpoint, the emulator, the deployed stack.

with running_cloud(plan) as cloud:
    cloud.client("s3").list_objects_v2(Bucket=cloud.outputs["Bucket"])
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import botocore.session
from botocore.config import Config

from infra.embedded.deploy import REGION, Assembly, deploy, read_assembly
from infra.embedded.emulator import Emulator, fresh_key, reachable
from infra.embedded.process import LeashedProcess, Report
from infra.embedded.state import Deployed, StateFolder, hold
from infra.loopback import HOST
from infra.loopback.key import AccessKey
from shared.aws import read_times_quickly

ENDPOINTS = ("AWS_ENDPOINT_URL_TRANSLATE", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME")
"""The variables that lead the functions to the engine's endpoint: it answers as both services."""
_ENGINE_SECONDS = 60.0


@dataclass(frozen=True)
class Plan:
    """What a cloud is made of, in a form that another process can be handed as JSON.

    `assembly` is the folder that `cdk synth` wrote and `stack` the stack's name in it. `engine` is the command that
    serves TranslateText, Converse or both on loopback, to whoever has the key in its environment (see
    `infra.loopback.key`); it says so in one line of JSON on standard output, `{"port": 1, "engine": "x"}`, and ends
    with its standard input. `environment` is what the functions see beside what the template gives them; the template
    has the last word.
    """

    state: Path
    assembly: Path
    stack: str
    engine: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cloud:
    """A cloud that runs: where it answers, and to which key; its stack's outputs; the engine that translates there."""

    endpoint: str
    key: AccessKey
    region: str
    outputs: dict[str, str]
    engine: str

    def client(self, service: str) -> Any:
        """A boto3 client of this cloud, whatever the user's AWS configuration says."""
        return client(service, self.endpoint, self.key)

    def exports(self) -> dict[str, str]:
        """The environment variables that point the AWS CLI here."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.key.id,
            "AWS_SECRET_ACCESS_KEY": self.key.secret,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
        }


@contextmanager
def running_cloud(plan: Plan) -> Iterator[Cloud]:
    """The cloud of `plan`, from when it answers until the block ends; then nothing of it runs any more.

    A template other than the deployed one is deployed first, and the emulator stopped and started once: what no clean
    stop has saved does not survive `kill -9`. Raises CloudError.
    """
    with ExitStack() as cleanup:
        assembly = read_assembly(plan.assembly, plan.stack)
        folder = cleanup.enter_context(hold(plan.state))
        key = fresh_key()
        engine = _start_engine(plan, folder, key, cleanup)
        address = f"http://{HOST}:{engine.port}"
        environment = plan.environment | dict.fromkeys(ENDPOINTS, address)
        emulator = Emulator(folder, environment, key, assembly)
        deployed = _deploy(assembly, folder, emulator, key)
        endpoint = emulator.start()
        cleanup.callback(emulator.stop, deployed)
        yield Cloud(endpoint, key, REGION, reachable(deployed.outputs, endpoint), engine.engine)


def client(service: str, endpoint: str, key: AccessKey) -> Any:
    """A boto3 client of `service` at `endpoint` that has `key` and nothing of the user's: no profile, file or proxy."""
    session = botocore.session.Session(
        session_vars={
            "profile": (None, None, None, None),
            "config_file": (None, None, os.devnull, None),
            "credentials_file": (None, None, os.devnull, None),
        }
    )
    return read_times_quickly(session).create_client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=key.id,
        aws_secret_access_key=key.secret,
        config=Config(
            connect_timeout=5,
            read_timeout=150,
            retries={"total_max_attempts": 3, "mode": "standard"},
            proxies={},
            use_fips_endpoint=False,
            use_dualstack_endpoint=False,
            s3={"addressing_style": "path"},
            # Without it, links would have a signature of version 2.
            signature_version="s3v4" if service == "s3" else None,
        ),
    )


def _start_engine(plan: Plan, folder: StateFolder, key: AccessKey, cleanup: ExitStack) -> Report:
    process = LeashedProcess(
        "The translation endpoint",
        plan.engine,
        # The user's own environment: it may hold the credentials of the account that translates.
        environment={**os.environ, **key.environment()},
        folder=Path.cwd(),
        log=folder.log("engine"),
        lock=folder.lock,
        reports=True,
    )
    try:
        report = process.report(_ENGINE_SECONDS)
    except BaseException:
        process.kill()
        raise
    cleanup.callback(process.stop)
    return report


def _deploy(assembly: Assembly, folder: StateFolder, emulator: Emulator, key: AccessKey) -> Deployed:
    """What is deployed of the assembly's stack, after deploying what is not."""
    deployed = folder.deployed()
    if deployed is not None and deployed.template == assembly.fingerprint:
        return deployed
    deployed = deploy_into(emulator, emulator.start(), assembly, key)
    emulator.stop(deployed)
    return deployed


def deploy_into(emulator: Emulator, endpoint: str, assembly: Assembly, key: AccessKey) -> Deployed:
    """Deploy the stack into the emulator, which answers at `endpoint`. Raises CloudError, and nothing runs any more."""
    try:
        outputs = deploy(
            assembly,
            cloudformation=client("cloudformation", endpoint, key),
            s3=client("s3", endpoint, key),
            scheduler=client("scheduler", endpoint, key),
        )
    except BaseException:
        emulator.kill()
        raise
    return Deployed(assembly.fingerprint, outputs)
