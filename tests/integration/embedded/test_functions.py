"""What was put into a state folder runs at no later start: the functions' code is the assembly's, every time."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra.embedded.cloud import Cloud, Plan, running_cloud
from infra.embedded.deploy import read_assembly
from infra.embedded.functions import take_from
from shared.errors import CloudError
from tests.integration.embedded.assemblies import STACK, write_assembly

PLANTED = "def handler(event, context):\n    return {'says': 'planted'}\n"


def archive(code: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as target:
        target.writestr("index.py", code)
        target.writestr("planted.py", code)
    return body.getvalue()


def says(cloud: Cloud) -> Any:
    answer = cloud.client("lambda").invoke(FunctionName=cloud.outputs["Function"], Payload=b"{}")
    return json.loads(answer["Payload"].read())["says"]


def test_what_somebody_changed_in_a_function_is_gone_at_the_next_start(plan: Plan) -> None:
    with running_cloud(plan) as cloud:
        functions, name = cloud.client("lambda"), cloud.outputs["Function"]
        role = functions.get_function_configuration(FunctionName=name)["Role"]
        functions.update_function_code(FunctionName=name, ZipFile=archive(PLANTED))
        functions.update_function_configuration(
            FunctionName=name, Handler="planted.handler", Environment={"Variables": {"SAYS": "x", "PYTHONPATH": "/x"}}
        )
        code = {"ZipFile": archive(PLANTED)}
        functions.create_function(FunctionName="planted", Role=role, Runtime="python3.13", Handler="x.y", Code=code)
        assert says(cloud) == "planted"

    with running_cloud(plan) as cloud:
        functions = cloud.client("lambda")
        assert says(cloud) == "hello"
        assert [found["FunctionName"] for found in functions.list_functions()["Functions"]] == [name]
        environment = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        assert environment["SAYS"] == "hello"
        assert "PYTHONPATH" not in environment
        assert environment["BUCKET"] == cloud.outputs["Bucket"]


def test_a_file_of_functions_that_is_damaged_is_named(tmp_path: Path) -> None:
    assembly = read_assembly(write_assembly(tmp_path / "assembly"), STACK)
    (tmp_path / "cloudformation.json").write_text('{"payload": {"stacks": {"data": {"Tiny": {"_resources": {}}}}}}')
    for damage in (b"", b"{", b"[]", b'{"payload": {"functions": {"data": {"a": 1}}}}'):
        (tmp_path / "lambda.json").write_bytes(damage)
        with pytest.raises(CloudError, match=r"lambda\.json is damaged"):
            take_from(assembly, tmp_path)
    (tmp_path / "cloudformation.json").write_bytes(b"{")
    with pytest.raises(CloudError, match=r"cloudformation\.json is damaged"):
        take_from(assembly, tmp_path)
