"""What the functions run comes from the assembly at every start, and never from a state folder.

The emulator saves its functions with their code, their handlers and their variables. Before it loads them again, each
is given those of the template, by its logical id; what the template does not know is left out. So whoever could write
into a state folder, or has changed a function of a cloud that is up, has changed nothing for the next start.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.embedded.deploy import Assembly
from shared.errors import CloudError

_LOGICAL_ID = "aws:cloudformation:logical-id"
_OF_THE_TEMPLATE = ("Handler", "Runtime", "Timeout", "MemorySize")
_HARMLESS = frozenset(
    {
        "FunctionName",
        "FunctionArn",
        "Role",
        "Description",
        "LastModified",
        "Version",
        "State",
        "LastUpdateStatus",
        "Architectures",
        "EphemeralStorage",
        "TracingConfig",
        "LoggingConfig",
        "SnapStart",
        "RevisionId",
    }
)
"""What is taken over of a saved function's configuration."""


def take_from(assembly: Assembly, services: Path) -> None:
    """Give the functions that are saved in the folder `services` what `assembly` has for them.

    Raises CloudError where the file that holds them is damaged.
    """
    path = services / "lambda.json"
    if not path.exists():
        return
    resources = json.loads(assembly.template.body())["Resources"]
    names = _names(services / "cloudformation.json")
    try:
        saved = json.loads(path.read_bytes())
        payload = saved["payload"]
        functions: dict[str, Any] = payload["functions"]["data"]
        kept = {
            name: _function(saved_function, resources[logical_id]["Properties"], names, assembly, services)
            for name, saved_function in functions.items()
            if (logical_id := saved_function["tags"].get(_LOGICAL_ID)) in resources
            and resources[logical_id]["Type"] == "AWS::Lambda::Function"
        }
        payload["functions"]["data"] = kept
        for others in ("layers", "function_urls"):
            payload[others]["data"] = {}
    except (ValueError, LookupError, AttributeError, TypeError) as error:
        raise CloudError(f"{path} is damaged ({type(error).__name__}: {error}).") from error
    # Never in place: the file is one with the last generation's.
    fresh = path.with_name(f"{path.name}.fresh")
    fresh.write_text(json.dumps(saved))
    fresh.replace(path)


def _names(path: Path) -> dict[str, str]:
    """What the stack has named its resources, by their logical ids. Raises CloudError where the file is damaged."""
    try:
        stacks = json.loads(path.read_bytes())["payload"]["stacks"]["data"].values()
        return {
            logical_id: resource["PhysicalResourceId"]
            for stack in stacks
            for logical_id, resource in stack["_resources"].items()
        }
    except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise CloudError(f"{path} is damaged ({type(error).__name__}: {error}).") from error


def _function(
    saved: dict[str, Any], properties: dict[str, Any], names: Mapping[str, str], assembly: Assembly, services: Path
) -> dict[str, Any]:
    [code] = [asset for asset in assembly.assets if asset.key == properties["Code"]["S3Key"]]
    body = code.body()
    digest = hashlib.sha256(body)
    blobs = services / "lambda-blobs"
    blobs.mkdir(exist_ok=True)
    (blobs / f"{digest.hexdigest()}.zip").unlink(missing_ok=True)
    (blobs / f"{digest.hexdigest()}.zip").write_bytes(body)
    given = properties.get("Environment", {}).get("Variables", {})
    known = {name: text if isinstance(text, str) else names.get(text.get("Ref")) for name, text in given.items()}
    config = {
        **{name: value for name, value in saved["config"].items() if name in _HARMLESS},
        **{name: properties[name] for name in _OF_THE_TEMPLATE if name in properties},
        # What the stack has yet to make has no name: the update that follows gives it, to the function as well.
        "Environment": {"Variables": {name: text for name, text in known.items() if text is not None}},
        "PackageType": "Zip",
        "Layers": [],
        "CodeSize": len(body),
        "CodeSha256": base64.b64encode(digest.digest()).decode(),
    }
    return {
        **saved,
        "config": config,
        "code_zip": {"code_blob_ref": digest.hexdigest()},
        "code_s3_key": code.key,
        "versions": {},
        "aliases": {},
    }
