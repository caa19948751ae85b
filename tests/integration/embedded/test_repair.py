"""A damaged state is said by name, and made whole around its ledger, which alone has to survive."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from infra.embedded.cloud import Plan, running_cloud
from infra.embedded.deploy import read_assembly
from infra.embedded.reading import read_folder
from infra.embedded.rebuild import look, repair
from infra.embedded.state import Deployed, current_generation, hold
from shared.errors import CloudError
from shared.ledger import keys
from shared.ledger.records import Announced, Memory, PaperMemory, encode
from tests.integration.embedded.assemblies import STACK, write_assembly

KEY = "runs/2025-W37/ko/announced-complete.json"
RECORD = Announced("2025-W37", "ko", "complete")
SERVICES = ("cloudformation", "cloudwatch", "cloudwatch_logs", "iam", "lambda", "s3", "scheduler", "sns", "sqs")

DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-3]),
    "gone": lambda path: path.unlink(),
    "other": lambda path: path.write_bytes(b'{"payload": {}}'),
}


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state with an announcement in its ledger, as a clean stop leaves it."""
    root = tmp_path / "state"
    with hold(root) as folder:
        services = folder.services()
        for name in SERVICES:
            (services / f"{name}.json").write_text('{"payload": {"of": "it"}}')
        folder.keep(Deployed("template", {"Bucket": "ledger"}))
        put(folder.objects / "000000000000" / "ledger" / KEY, encode(RECORD))
    return root


def put(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", SERVICES)
def test_each_file_of_the_services_is_named_before_anything_starts(state: Path, name: str, damage: str) -> None:
    path = current_generation(state) / "services" / f"{name}.json"
    DAMAGES[damage](path)

    with hold(state) as folder, pytest.raises(CloudError) as refused:
        folder.services()

    assert f"damaged: {path}" in str(refused.value)
    assert f"chorok doctor --repair --state {state}" in str(refused.value)
    # The ledger can be read all the same.
    store = read_folder(state)
    assert store is not None
    assert store.record(KEY, Announced) == RECORD


@pytest.mark.parametrize("damage", ["empty", "cut", "gone"])
def test_without_the_file_that_says_what_is_deployed_nothing_begins_from_scratch(state: Path, damage: str) -> None:
    DAMAGES[damage](current_generation(state) / "deployed.json")

    with pytest.raises(CloudError, match="chorok doctor --repair"):
        read_folder(state)
    with hold(state) as folder, pytest.raises(CloudError, match="chorok doctor --repair"):
        folder.deployed()


def test_what_is_whole_is_left_alone(state: Path) -> None:
    assert look(state) == ()


def test_the_memory_is_whole_in_either_form_and_what_is_damaged_of_it_is_named(state: Path) -> None:
    bucket, text = state / "s3" / "000000000000" / "ledger", Memory("ko", "A text.", "본문", "amazon-translate")
    of_paper, loose = keys.memory("ko", "2509.00001"), keys.loose_text("ko", "0" * 64)
    put(bucket / of_paper, encode(PaperMemory("ko", "2509.00001", {"0" * 64: text})))
    put(bucket / loose, encode(text))
    whole = look(state)
    put(bucket / of_paper, encode(text))

    assert whole == ()
    assert look(state) == (f"The object {of_paper} is damaged.",)


def test_a_cloud_is_built_anew_around_its_ledger(plan: Plan) -> None:
    # given
    with running_cloud(plan) as cloud:
        s3, bucket = cloud.client("s3"), cloud.outputs["Bucket"]
        s3.put_object(Bucket=bucket, Key=KEY, Body=b"{}")
        s3.put_object(Bucket=bucket, Key=KEY, Body=encode(RECORD))
    (current_generation(plan.state) / "services" / "cloudformation.json").write_bytes(b"{")
    with pytest.raises(CloudError, match=r"cloudformation\.json is not as it was written"), running_cloud(plan):
        pass
    # when
    done = repair(plan.state, read_assembly(plan.assembly, plan.stack))
    # then
    assert (done.restored, done.aside) == ((), ())
    assert "cloudformation.json" in done.rebuilt
    assert look(plan.state) == ()
    with running_cloud(plan) as cloud:
        s3, bucket = cloud.client("s3"), cloud.outputs["Bucket"]
        assert s3.get_object(Bucket=bucket, Key=KEY)["Body"].read() == encode(RECORD)
        s3.put_object(Bucket=bucket, Key="results/new", Body=b"new")
        received = cloud.client("sqs").receive_message(QueueUrl=cloud.outputs["Heard"], WaitTimeSeconds=5)
        assert received["Messages"]


def test_a_damaged_object_gets_its_last_good_version_back_and_one_without_is_put_aside(
    state: Path, tmp_path: Path
) -> None:
    # given
    bucket = state / "s3" / "000000000000" / "ledger"
    versions = state / "s3" / ".versions" / "000000000000" / "ledger"
    older = replace(RECORD, state="partial")
    put(versions / "1" / KEY, encode(older))
    put(versions / "2" / KEY, b"{}")
    put(bucket / KEY, b'{"run": "2025')
    put_with = {"content_type": "application/json", "preserved_headers": {"cache-control": "max-age=1"}}
    put(bucket / f"{KEY}.meta.json", json.dumps(put_with | {"size": 99, "etag": "x"}).encode())
    hopeless = "results/2025-W37/ko/2509.00001.json"
    put(bucket / hopeless, b"\0\0\0")
    assert sorted(look(state)) == [f"The object {hopeless} is damaged.", f"The object {KEY} is damaged."]
    # when
    done = repair(state, read_assembly(write_assembly(tmp_path / "assembly"), STACK))
    # then
    assert (done.restored, done.aside, done.rebuilt) == ((KEY,), (hopeless,), "")
    assert (bucket / KEY).read_bytes() == encode(older)
    assert json.loads((bucket / f"{KEY}.meta.json").read_bytes()) == put_with
    assert (state / "damaged" / hopeless).read_bytes() == b"\0\0\0"
    assert look(state) == ()
