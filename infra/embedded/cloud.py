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
import msgspec
from botocore.config import Config

from infra.embedded.deploy import deploy, read_assembly
from infra.embedded.emulator import HOST, REGION, Emulator, reachable
from infra.embedded.process import LeashedProcess
from infra.embedded.state import Deployed, StateFolder, hold

_ENGINE_SECONDS = 60.0
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "chorok", "AWS_SECRET_ACCESS_KEY": "chorok"}
"""The emulator takes any; they must only not be a real account's."""


@dataclass(frozen=True)
class Plan:
    """What a cloud is made of, in a form that another process can be handed as JSON.

    `assembly` is the folder that `cdk synth` wrote and `stack` the stack's name in it. `engine` is the command that
    serves TranslateText on loopback; it says so in one line of JSON on standard output, `{"port": 1, "engine": "x"}`,
    and ends with its standard input. `environment` is what the functions see beside what the template gives them; the
    template has the last word.
    """

    state: Path
    assembly: Path
    stack: str
    engine: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cloud:
    """A cloud that runs: where it answers, its stack's outputs, and the engine that translates there."""

    endpoint: str
    region: str
    outputs: dict[str, str]
    engine: str

    def client(self, service: str) -> Any:
        """A boto3 client of this cloud, whatever the user's AWS configuration says."""
        return client(service, self.endpoint)

    def exports(self) -> dict[str, str]:
        """The environment variables that point the AWS CLI here."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            **_CREDENTIALS,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
        }


class _EngineReport(msgspec.Struct):
    port: int
    engine: str = ""


@contextmanager
def running_cloud(plan: Plan) -> Iterator[Cloud]:
    """The cloud of `plan`, from when it answers until the block ends; then nothing of it runs any more.

    A template other than the deployed one is deployed first, and the emulator stopped and started once: what no clean
    stop has saved does not survive `kill -9`. Raises CloudError.
    """
    with ExitStack() as cleanup:
        folder = cleanup.enter_context(hold(plan.state))
        engine = _start_engine(plan, folder, cleanup)
        environment = {**plan.environment, "AWS_ENDPOINT_URL_TRANSLATE": f"http://{HOST}:{engine.port}"}
        emulator = Emulator(folder, environment)
        deployed = _deploy(plan, folder, emulator)
        endpoint = emulator.start()
        cleanup.callback(emulator.stop, deployed)
        yield Cloud(endpoint, REGION, reachable(deployed.outputs, endpoint), engine.engine)


def client(service: str, endpoint: str) -> Any:
    """A boto3 client of `service` at `endpoint` that reads nothing of the user's: no profile, no file, no proxy."""
    session = botocore.session.Session(
        session_vars={
            "profile": (None, None, None, None),
            "config_file": (None, None, os.devnull, None),
            "credentials_file": (None, None, os.devnull, None),
        }
    )
    return session.create_client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=_CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=_CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        config=Config(
            connect_timeout=5,
            read_timeout=150,
            retries={"total_max_attempts": 3, "mode": "standard"},
            proxies={},
            use_fips_endpoint=False,
            use_dualstack_endpoint=False,
            s3={"addressing_style": "path"},
        ),
    )


def _start_engine(plan: Plan, folder: StateFolder, cleanup: ExitStack) -> _EngineReport:
    process = LeashedProcess(
        "The translation endpoint",
        plan.engine,
        # The user's own environment: it may hold the credentials of the account that translates.
        environment=os.environ,
        folder=Path.cwd(),
        log=folder.log("engine"),
        lock=folder.lock,
        reports=True,
    )
    try:
        line = process.first_line(_ENGINE_SECONDS)
        report = msgspec.json.decode(line, type=_EngineReport)
    except msgspec.DecodeError as error:
        process.kill()
        raise process.failure(f"said {line!r}") from error
    except BaseException:
        process.kill()
        raise
    cleanup.callback(process.stop)
    return report


def _deploy(plan: Plan, folder: StateFolder, emulator: Emulator) -> Deployed:
    """What is deployed of the plan's stack, after deploying what is not."""
    assembly = read_assembly(plan.assembly, plan.stack)
    template = assembly.fingerprint
    deployed = folder.deployed()
    if deployed is not None and deployed.template == template:
        return deployed
    endpoint = emulator.start()
    try:
        outputs = deploy(
            assembly,
            cloudformation=client("cloudformation", endpoint),
            s3=client("s3", endpoint),
            scheduler=client("scheduler", endpoint),
        )
    except BaseException:
        emulator.kill()
        raise
    deployed = Deployed(template, outputs)
    emulator.stop(deployed)
    return deployed
