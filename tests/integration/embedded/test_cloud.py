"""The embedded cloud does what the pipeline relies on, and keeps what it must keep."""

import io
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from infra.embedded.cloud import Cloud, Plan, client, running_cloud
from infra.loopback.key import AccessKey
from shared.errors import CloudError
from tests.integration.embedded.assemblies import STACK, write_assembly
from tests.integration.embedded.conftest import ENGINE, Alive, eventually, owner
from tests.processes import listening

OWNER = """
import json, signal, sys
from pathlib import Path
from infra.embedded.cloud import Plan, running_cloud
from tests.integration.embedded.conftest import ENGINE
state, assembly, stack, environment = sys.argv[1:]
with running_cloud(Plan(Path(state), Path(assembly), stack, ENGINE, json.loads(environment))) as cloud:
    cloud.client("s3").put_object(Bucket=cloud.outputs["Bucket"], Key="kept", Body=b"kept")
    cloud.client("lambda").invoke(FunctionName=cloud.outputs["Function"], Payload=b"{}")
    print("ready", flush=True)
    signal.pause()
"""


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """One cloud for the tests that only use it."""
    folder = tmp_path_factory.mktemp("cloud")
    with pytest.MonkeyPatch.context() as user:
        user.setenv("AWS_PROFILE", "absent")
        user.setenv("AWS_SESSION_TOKEN", "secret")
        user.setenv("PYTHONPATH", "/nonexistent")
        user.setenv("HF_TOKEN", "secret")
        user.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        user.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
        user.setenv("SSL_CERT_FILE", "/certificates.pem")
        plan = Plan(
            folder / "state",
            write_assembly(folder / "assembly"),
            STACK,
            ENGINE,
            {"CHOROK_TEMPLATE": "process", "CHOROK_PROCESS": "process"},
        )
        with running_cloud(plan) as running:
            yield running


def invoke(cloud: Cloud) -> dict[str, Any]:
    answer = cloud.client("lambda").invoke(FunctionName=cloud.outputs["Function"], Payload=b"{}")
    result: dict[str, Any] = json.loads(answer["Payload"].read())
    return result


def order(cloud: Cloud, name: str, **order: int) -> None:
    body = json.dumps({"name": name, **order})
    cloud.client("sqs").send_message(QueueUrl=cloud.outputs["Orders"], MessageBody=body)


def received(cloud: Cloud, name: str) -> list[str]:
    """The receive counts at which the function saw the order `name`."""
    listed = cloud.client("s3").list_objects_v2(Bucket=cloud.outputs["Bucket"], Prefix=f"seen/{name}/")
    return [entry["Key"].rpartition("/")[2] for entry in listed.get("Contents", ())]


def messages(cloud: Cloud, queue: str) -> list[str]:
    answer = cloud.client("sqs").receive_message(
        QueueUrl=cloud.outputs[queue], MaxNumberOfMessages=10, WaitTimeSeconds=1
    )
    return [message["Body"] for message in answer.get("Messages", ())]


def test_functions_see_the_template_s_variables_then_the_plan_s_and_none_of_the_user_s(cloud: Cloud) -> None:
    environment = invoke(cloud)["environment"]
    assert environment["CHOROK_TEMPLATE"] == "template"
    assert environment["CHOROK_PROCESS"] == "process"
    assert environment["AWS_ENDPOINT_URL_TRANSLATE"] == "http://127.0.0.1:9"
    assert environment["AWS_ENDPOINT_URL"] == cloud.endpoint
    assert environment["AWS_SECRET_ACCESS_KEY"] == cloud.key.secret
    assert environment["AWS_EC2_METADATA_DISABLED"] == "true"
    assert environment["AWS_CONFIG_FILE"] == environment["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"
    assert environment["HTTPS_PROXY"] == "http://127.0.0.1:9"
    assert environment["SSL_CERT_FILE"] == "/certificates.pem"
    assert list(Path(environment["HOME"]).iterdir()) == []
    assert Path(environment["HOME"]).parts[-3:] == ("state", "tmp", "home")
    assert "AWS_PROFILE" not in environment
    assert environment["AWS_SESSION_TOKEN"] != "secret"
    assert "PYTHONPATH" not in environment
    assert "HF_TOKEN" not in environment
    assert "127.0.0.1" in environment["NO_PROXY"]


def test_a_refused_message_comes_back_when_the_function_says(cloud: Cloud) -> None:
    order(cloud, "refused-once", failures=1, delay=0)
    assert eventually(lambda: received(cloud, "refused-once")[1:], "the second receive") == ["2"]


def test_a_message_is_dead_after_its_last_receive(cloud: Cloud) -> None:
    order(cloud, "poison", failures=99, delay=0)
    [body] = eventually(lambda: messages(cloud, "Dead"), "the dead letter")
    assert json.loads(body)["name"] == "poison"
    assert received(cloud, "poison") == ["1", "2", "3"]


def test_created_results_are_told_to_the_queue_and_nothing_else_is(cloud: Cloud) -> None:
    s3, bucket = cloud.client("s3"), cloud.outputs["Bucket"]
    s3.put_object(Bucket=bucket, Key="memory/a.json", Body=b"{}")
    s3.put_object(Bucket=bucket, Key="results/b.json", Body=b"{}")
    told: list[str] = []

    def keys() -> bool:
        told.extend(
            record["s3"]["object"]["key"]
            for body in messages(cloud, "Heard")
            for record in json.loads(body).get("Records", ())  # S3's test event has none
        )
        return bool(told)

    eventually(keys, "the notification")
    assert told == ["results/b.json"]


def test_of_concurrent_writers_one_creates_and_the_others_are_told_so(cloud: Cloud) -> None:
    s3, bucket = cloud.client("s3"), cloud.outputs["Bucket"]

    def status(number: int) -> int:
        try:
            answer = s3.put_object(Bucket=bucket, Key="once", Body=str(number).encode(), IfNoneMatch="*")
        except ClientError as error:
            return int(error.response["ResponseMetadata"]["HTTPStatusCode"])
        return int(answer["ResponseMetadata"]["HTTPStatusCode"])

    with ThreadPoolExecutor(8) as writers:
        assert Counter(writers.map(status, range(16))) == {200: 1, 412: 15}


def test_a_replacement_needs_the_etag_that_is_there(cloud: Cloud) -> None:
    s3, bucket = cloud.client("s3"), cloud.outputs["Bucket"]
    first = s3.put_object(Bucket=bucket, Key="replaced", Body=b"1")["ETag"]
    s3.put_object(Bucket=bucket, Key="replaced", Body=b"2", IfMatch=first)
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket=bucket, Key="replaced", Body=b"3", IfMatch=first)
    assert s3.get_object(Bucket=bucket, Key="replaced")["Body"].read() == b"2"


def test_the_schedule_is_there_but_does_not_fire_by_itself(cloud: Cloud) -> None:
    schedule = cloud.client("scheduler").get_schedule(Name=cloud.outputs["Schedule"])
    assert schedule["State"] == "DISABLED"
    assert json.loads(schedule["Target"]["Input"]) == {"time": "<aws.scheduler.scheduled-time>"}


def test_the_aws_cli_finds_the_bucket_with_the_exports_alone(cloud: Cloud, tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "PATH": os.defpath, **cloud.exports()}
    command = [str(Path(sys.executable).with_name("aws")), "s3", "ls"]
    listed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert cloud.outputs["Bucket"] in listed.stdout


def test_nothing_listens_beyond_loopback(plan: Plan, alive: Alive) -> None:
    with running_cloud(plan) as cloud:
        invoke(cloud)
        assert listening(set(alive())) == {"0100007F"}  # 127.0.0.1, as the kernel writes it


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
@pytest.mark.parametrize(
    "path", ["/", "/_ministack/ready", "/_ministack/reset", "/_ministack/health", "/health", "/_localstack/health"]
)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "AWS4-HMAC-SHA256 Credential=test/20250915/us-east-1/s3/aws4_request"},
        {"Transfer-Encoding": "chunked"},
        {"Origin": "https://example.org"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "example.org:80"},
        {"Upgrade": "h2c", "Connection": "Upgrade, HTTP2-Settings", "HTTP2-Settings": "AAMAAABkAAQAAP__"},
    ],
    ids=str,
)
def test_nobody_else_gets_anything(cloud: Cloud, method: str, path: str, headers: dict[str, str]) -> None:
    body = iter([b"Action=ListQueues"]) if "Transfer-Encoding" in headers else b"Action=ListQueues"
    connection = HTTPConnection(urlsplit(cloud.endpoint).netloc, timeout=20)
    with closing(connection):
        connection.request(method, path, body, headers, encode_chunked="Transfer-Encoding" in headers)
        assert connection.getresponse().status == 403


@pytest.mark.parametrize("key", [("test", "test"), ("chorok", "chorok"), ("000000000000", "test"), ("x", "y")], ids=str)
@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("s3", "list_buckets"),
        ("sqs", "list_queues"),
        ("lambda", "list_functions"),
        ("cloudformation", "list_stacks"),
        ("sns", "list_topics"),
        ("sts", "get_caller_identity"),
    ],
)
def test_another_key_opens_nothing(cloud: Cloud, key: tuple[str, str], service: str, operation: str) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(client(service, cloud.endpoint, AccessKey(*key)), operation)()
    assert caught.value.response["Error"]["Code"] in ("SignatureDoesNotMatch", "InvalidAccessKeyId")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_another_start_s_key_opens_nothing(cloud: Cloud, plan: Plan) -> None:
    with running_cloud(plan) as other, pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        client("s3", other.endpoint, cloud.key).list_buckets()


@pytest.mark.parametrize(
    "key", ["a b", "a+b=c&d", "한글/é", "//double//", "%2F%25", "tilde~(1)!*'", "q?x#y", "a/./b/../c"]
)
def test_whatever_an_object_is_called_its_owner_gets_it(cloud: Cloud, key: str) -> None:
    s3, where = cloud.client("s3"), {"Bucket": cloud.outputs["Bucket"], "Key": key}
    s3.put_object(**where, Body=io.BytesIO(key.encode()), Metadata={"spaced": "two  spaces"})
    assert s3.get_object(**where)["Body"].read() == key.encode()
    assert s3.head_object(**where)["ContentLength"] == len(key.encode())
    listed = s3.list_objects_v2(Bucket=cloud.outputs["Bucket"], Prefix=key, Delimiter="|")["Contents"]
    assert [entry["Key"] for entry in listed] == [key]
    assert opened(s3.generate_presigned_url("get_object", Params=where)) == (200, key.encode())
    s3.delete_object(**where)


def test_a_link_leads_to_its_object_and_nowhere_else(cloud: Cloud) -> None:
    s3, bucket = cloud.client("s3"), cloud.outputs["Bucket"]
    s3.put_object(Bucket=bucket, Key="linked", Body=b"linked")
    s3.put_object(Bucket=bucket, Key="secret", Body=b"secret")
    link = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "linked"}, ExpiresIn=60)
    assert opened(link) == (200, b"linked")
    for other in (link.replace("/linked", "/secret"), link.replace("Expires=60", "Expires=61"), link.split("?")[0]):
        assert opened(other)[0] == 403


def test_the_secret_is_nowhere_but_in_the_processes_that_need_it(cloud: Cloud, plan: Plan, alive: Alive) -> None:
    with running_cloud(plan) as own:
        invoke(own)
        with pytest.raises(ClientError):
            client("s3", own.endpoint, cloud.key).list_buckets()
        secret = own.key.secret.encode()
        assert [pid for pid in alive() if secret in Path(f"/proc/{pid}/cmdline").read_bytes()] == []
        assert kept_in(plan.state, secret) == []
    assert kept_in(plan.state, secret) == []


def kept_in(folder: Path, secret: bytes) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and secret in path.read_bytes()]


def opened(address: str) -> tuple[int, bytes]:
    """Status and body of what is at `address`, for a program that knows nothing of AWS."""
    url = urlsplit(address)
    connection = HTTPConnection(url.netloc, timeout=20)
    with closing(connection):
        connection.request("GET", f"{url.path}?{url.query}", headers={"User-Agent": "curl"})
        answer = connection.getresponse()
        return answer.status, answer.read()


def test_after_the_block_nothing_runs(plan: Plan, alive: Alive) -> None:
    with running_cloud(plan) as cloud:
        invoke(cloud)
        assert alive()
    eventually(alive.none, "the end of the cloud")
    with pytest.raises(KeyboardInterrupt), running_cloud(plan):
        raise KeyboardInterrupt
    eventually(alive.none, "the end of the interrupted cloud")


def test_a_killed_owner_leaves_no_process_and_all_of_the_state(plan: Plan, alive: Alive) -> None:
    arguments = (str(plan.state), str(plan.assembly), plan.stack, json.dumps(plan.environment))
    with owner(OWNER, *arguments) as process:
        assert any("_worker.py" in told for told in alive().values())
        process.kill()
        process.wait()
        eventually(alive.none, "the end of the cloud")

    with running_cloud(plan) as cloud:
        kept = cloud.client("s3").get_object(Bucket=cloud.outputs["Bucket"], Key="kept")
        assert kept["Body"].read() == b"kept"
        order(cloud, "after")
        assert eventually(lambda: received(cloud, "after"), "the order") == ["1"]
        cloud.client("s3").put_object(Bucket=cloud.outputs["Bucket"], Key="results/after.json", Body=b"{}")
        eventually(lambda: any("results/after.json" in body for body in messages(cloud, "Heard")), "the notification")


def test_messages_survive_a_clean_stop(plan: Plan) -> None:
    with running_cloud(plan) as cloud:
        cloud.client("sqs").send_message(QueueUrl=cloud.outputs["Dead"], MessageBody="kept")
    with running_cloud(plan) as cloud:
        assert eventually(lambda: messages(cloud, "Dead"), "the message") == ["kept"]


def test_a_message_that_a_stop_took_from_its_receiver_waits_for_nobody(plan: Plan) -> None:
    with running_cloud(plan) as cloud:
        queue = cloud.client("sqs").create_queue(QueueName="kept")["QueueUrl"]
        cloud.client("sqs").send_message(QueueUrl=queue, MessageBody="at work")
        cloud.client("sqs").receive_message(QueueUrl=queue, VisibilityTimeout=600)

    with running_cloud(plan) as cloud:
        sqs = cloud.client("sqs")
        received = sqs.receive_message(QueueUrl=sqs.get_queue_url(QueueName="kept")["QueueUrl"])

    assert [message["Body"] for message in received["Messages"]] == ["at work"]


def test_a_changed_template_is_an_update_that_keeps_the_bucket(plan: Plan, tmp_path: Path) -> None:
    with running_cloud(plan) as cloud:
        bucket = cloud.outputs["Bucket"]
        cloud.client("s3").put_object(Bucket=bucket, Key="kept", Body=b"kept")
        assert invoke(cloud)["says"] == "hello"
    changed = replace(plan, assembly=write_assembly(tmp_path / "changed", says="goodbye"))
    with running_cloud(changed) as cloud:
        assert cloud.outputs["Bucket"] == bucket
        assert cloud.client("s3").get_object(Bucket=bucket, Key="kept")["Body"].read() == b"kept"
        assert invoke(cloud)["says"] == "goodbye"


def test_a_template_that_fails_names_the_resource_and_changes_nothing(plan: Plan, tmp_path: Path) -> None:
    with running_cloud(plan) as cloud:
        cloud.client("s3").put_object(Bucket=cloud.outputs["Bucket"], Key="kept", Body=b"kept")
    broken = replace(plan, assembly=write_assembly(tmp_path / "broken", says="broken", broken=True))
    with (
        pytest.raises(CloudError, match=r"stack Tiny could not be deployed: Broken .*/absent"),
        running_cloud(broken),
    ):
        pass
    with running_cloud(plan) as cloud:
        assert cloud.client("s3").get_object(Bucket=cloud.outputs["Bucket"], Key="kept")["Body"].read() == b"kept"
        assert invoke(cloud)["says"] == "hello"


def test_a_cloud_whose_emulator_ends_by_itself_says_so(plan: Plan, alive: Alive) -> None:
    def lose() -> None:
        with running_cloud(plan):
            emulator = alive.emulator()
            os.kill(emulator, 9)
            eventually(lambda: emulator not in alive(), "the end of the emulator")

    with pytest.raises(CloudError, match=r"The embedded cloud ended by itself: .* its log is .*emulator\.log"):
        lose()


def test_an_engine_that_cannot_start_is_quoted(plan: Plan, alive: Alive) -> None:
    broken = replace(plan, engine=(sys.executable, "-c", "import sys; sys.exit('no such model')"))
    with pytest.raises(CloudError, match=r"endpoint ended at once: no such model; its log is"), running_cloud(broken):
        pass
    eventually(alive.none, "the end of the cloud")


def test_an_assembly_without_the_stack_is_named(plan: Plan, tmp_path: Path) -> None:
    absent = replace(plan, assembly=tmp_path / "empty")
    with pytest.raises(CloudError, match=r"empty holds no assembly of a stack Tiny"), running_cloud(absent):
        pass
