"""Deploys a CDK cloud assembly to an AWS endpoint, its template unchanged.

An assembly is the folder that `cdk synth` writes: https://docs.aws.amazon.com/cdk/v2/guide/deploy.html. Its
`manifest.json` names the stacks, `<stack>.assets.json` the files that the template refers to, the template among them.
The stack needs `DefaultStackSynthesizer(generate_bootstrap_version_rule=False)`: then its assets say which bucket they
go to, and the template asks for no bootstrapped account.
"""

from __future__ import annotations

import hashlib
import io
import time
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from botocore.exceptions import ClientError

from shared.errors import CloudError

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_cloudformation.literals import CapabilityType
    from types_boto3_cloudformation.type_defs import StackTypeDef
    from types_boto3_s3 import S3Client
    from types_boto3_scheduler import EventBridgeSchedulerClient

REGION = "us-east-1"
ACCOUNT = "000000000000"
"""What the emulator says it is; both are in the names of the assets' bucket."""

_DEPLOY_SECONDS = 120.0
_POLL_SECONDS = 0.1
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_CAPABILITIES: tuple[CapabilityType, ...] = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")
_NEVER_CREATED = frozenset({"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"})
"""States that no update leads out of (CloudFormation's guide, "Stack status codes"): delete, then create."""


@dataclass(frozen=True)
class Asset:
    """A file or a folder that goes to `bucket`/`key`; a folder as a zip archive."""

    source: Path
    bucket: str
    key: str

    def body(self) -> bytes:
        """What to upload: the same bytes for the same files, whenever and wherever they were written."""
        if not self.source.is_dir():
            return self.source.read_bytes()
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
            for path in sorted(path for path in self.source.rglob("*") if path.is_file()):
                entry = zipfile.ZipInfo(path.relative_to(self.source).as_posix(), _ZIP_EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (0o100755 if path.stat().st_mode & 0o100 else 0o100644) << 16
                target.writestr(entry, path.read_bytes())
        return archive.getvalue()


@dataclass(frozen=True)
class Assembly:
    """One stack of a cloud assembly: its name, its template as an asset, and all its assets."""

    stack: str
    template: Asset
    assets: tuple[Asset, ...]

    @property
    def fingerprint(self) -> str:
        """The sha256 of the template, which names every other asset by its content."""
        return hashlib.sha256(self.template.body()).hexdigest()


def read_assembly(folder: Path, stack: str) -> Assembly:
    """The stack called `stack` in the assembly at `folder`. Raises CloudError where it is not there."""
    try:
        manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=_Manifest)
        artifact = next(
            found
            for name, found in manifest.artifacts.items()
            if found.type == "aws:cloudformation:stack" and found.properties.get("stackName", name) == stack
        )
        template = folder / artifact.properties["templateFile"]
        files = [
            file
            for name in artifact.dependencies
            if manifest.artifacts[name].type == "cdk:asset-manifest"
            for file in _read_assets(folder / manifest.artifacts[name].properties["file"])
        ]
        assets = tuple(
            Asset(folder / file.source.path, _resolved(target.bucketName), _resolved(target.objectKey))
            for file in files
            for target in file.destinations.values()
        )
        return Assembly(stack, next(asset for asset in assets if asset.source == template), assets)
    except (OSError, LookupError, StopIteration, msgspec.DecodeError) as error:
        raise CloudError(
            f"{folder} holds no assembly of a stack {stack} whose template is an asset "
            f"({type(error).__name__}: {error}); synthesise it again."
        ) from error


def deploy(
    assembly: Assembly, *, cloudformation: CloudFormationClient, s3: S3Client, scheduler: EventBridgeSchedulerClient
) -> dict[str, str]:
    """Create or update the stack and wait for it; its outputs.

    Its schedules are disabled then: the emulator fires them in UTC, and with `<aws.scheduler.scheduled-time>` as
    literal text instead of a time. Raises CloudError with the first resource that failed, and why.
    """
    for asset in assembly.assets:
        _upload(asset, s3)
    url = f"{s3.meta.endpoint_url}/{assembly.template.bucket}/{assembly.template.key}"
    status = _status(cloudformation, assembly.stack)
    if status in _NEVER_CREATED:
        cloudformation.delete_stack(StackName=assembly.stack)
        _settled(cloudformation, assembly.stack)
        status = ""
    try:
        change = cloudformation.update_stack if status else cloudformation.create_stack
        change(StackName=assembly.stack, TemplateURL=url, Capabilities=_CAPABILITIES)
    except ClientError as error:
        if "No updates are to be performed" not in error.response["Error"]["Message"]:
            raise CloudError(f"stack {assembly.stack} was refused: {error.response['Error']['Message']}") from error
    stack = _settled(cloudformation, assembly.stack)
    if stack is None or stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise CloudError(
            f"stack {assembly.stack} could not be deployed: {_first_failure(cloudformation, assembly.stack)}"
        )
    _disable_schedules(assembly.stack, cloudformation, scheduler)
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", ())}


class _Artifact(msgspec.Struct):
    type: str
    properties: dict[str, Any] = {}
    dependencies: list[str] = []


class _Manifest(msgspec.Struct):
    artifacts: dict[str, _Artifact]


class _Source(msgspec.Struct):
    path: str


class _Destination(msgspec.Struct):
    bucketName: str  # noqa: N815 - the assembly's own names
    objectKey: str  # noqa: N815


class _File(msgspec.Struct):
    source: _Source
    destinations: dict[str, _Destination]


class _Assets(msgspec.Struct):
    files: dict[str, _File]


def _read_assets(path: Path) -> list[_File]:
    return list(msgspec.json.decode(path.read_bytes(), type=_Assets).files.values())


def _resolved(name: str) -> str:
    return (
        name.replace("${AWS::AccountId}", ACCOUNT).replace("${AWS::Region}", REGION).replace("${AWS::Partition}", "aws")
    )


def _upload(asset: Asset, s3: S3Client) -> None:
    # A start that was killed may have left it: the emulator then finds it in its folder, but not in which region it is.
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=asset.bucket)
    s3.put_object(Bucket=asset.bucket, Key=asset.key, Body=asset.body())


def _status(cloudformation: CloudFormationClient, stack: str) -> str:
    found = _describe(cloudformation, stack)
    return "" if found is None else found["StackStatus"]


def _describe(cloudformation: CloudFormationClient, stack: str) -> StackTypeDef | None:
    try:
        return cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in error.response["Error"]["Message"]:
            return None
        raise


def _settled(cloudformation: CloudFormationClient, stack: str) -> StackTypeDef | None:
    """The stack once nothing is in progress, or None where there is none."""
    deadline = time.monotonic() + _DEPLOY_SECONDS
    while (found := _describe(cloudformation, stack)) and found["StackStatus"].endswith("_IN_PROGRESS"):
        if time.monotonic() > deadline:
            raise CloudError(f"stack {stack} is still {found['StackStatus']} after {_DEPLOY_SECONDS:.0f} seconds.")
        time.sleep(_POLL_SECONDS)
    return found


def _first_failure(cloudformation: CloudFormationClient, stack: str) -> str:
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack)
    newest_first = [event for page in pages for event in page["StackEvents"]]
    for event in reversed(newest_first):
        if event.get("ResourceStatus", "").endswith("_FAILED"):
            return f"{event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason', '')}"
    return "no resource says why"


def _disable_schedules(stack: str, cloudformation: CloudFormationClient, scheduler: EventBridgeSchedulerClient) -> None:
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    for resource in (resource for page in pages for resource in page["StackResourceSummaries"]):
        if resource["ResourceType"] == "AWS::Scheduler::Schedule":
            schedule = scheduler.get_schedule(Name=resource["PhysicalResourceId"])
            scheduler.update_schedule(
                Name=schedule["Name"],
                GroupName=schedule["GroupName"],
                ScheduleExpression=schedule["ScheduleExpression"],
                ScheduleExpressionTimezone=schedule["ScheduleExpressionTimezone"],
                FlexibleTimeWindow=schedule["FlexibleTimeWindow"],
                Target=schedule["Target"],
                State="DISABLED",
            )
