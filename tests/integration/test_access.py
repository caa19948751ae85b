"""The documented policies: a reader's is part of an operator's, and that holds whatever the command calls."""

import json
import re
from typing import Any

import botocore.session
from botocore import xform_name

from infra.bundling import ROOT

SERVICES = ("cloudformation", "cloudwatch", "lambda", "s3", "scheduler", "sns", "sqs", "ssm", "translate")
ACTIONS = {
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjectsV2": "s3:ListBucket",
    "lambda:Invoke": "lambda:InvokeFunction",
}
"""Where an action is not called as the operation that it allows."""
OF_CLICK = {"list_commands"}
"""A method of click's that has the name of an operation."""


def allowed() -> tuple[dict[str, Any], dict[str, Any]]:
    """What readers and operators may do: resources by action."""
    blocks = re.findall(r"```json\n(.*?)```", (ROOT / "docs" / "access.md").read_text(), re.DOTALL)
    reader, operator = (
        {
            action: statement["Resource"]
            for statement in json.loads(block)["Statement"]
            for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
        }
        for block in blocks
    )
    return reader, operator


def called() -> set[str]:
    """The actions of what the command calls of a deployed stack, by the names of the clients' methods."""
    texts = [path.read_text() for path in (ROOT / "cli").rglob("*.py")]
    texts.append((ROOT / "shared" / "ledger" / "store.py").read_text())
    session = botocore.session.get_session()
    operations = {
        xform_name(operation): f"{service}:{operation}"
        for service in SERVICES
        for operation in session.get_service_model(service).operation_names
    }
    named = {name for text in texts for name in re.findall(r"[.\"](\w+)[\"(]", text)}
    return {ACTIONS.get(operations[name], operations[name]) for name in named & operations.keys() - OF_CLICK}


def test_an_operator_may_do_whatever_the_command_does() -> None:
    _, operator = allowed()

    assert called() >= {"s3:PutObject", "sqs:StartMessageMoveTask", "cloudformation:DescribeStacks"}
    assert called() <= operator.keys()


def test_a_reader_may_do_less() -> None:
    reader, operator = allowed()

    assert reader.keys() < operator.keys()
    assert not any(action.split(":")[1].startswith(("Put", "Send", "Delete", "Invoke", "Start")) for action in reader)
