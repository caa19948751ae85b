"""A small stack as `cdk synth` would write it: a bucket, queues, a Python function and what ties them together."""

import hashlib
import json
from pathlib import Path
from typing import Any

STACK = "Tiny"
ASSETS = "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"

FUNCTION = """
import json, os
import boto3

def handler(event, context):
    if "Records" not in event:
        return {"says": os.environ["SAYS"], "environment": {k: v for k, v in os.environ.items()}}
    s3, sqs = boto3.client("s3"), boto3.client("sqs")
    failures = []
    for record in event["Records"]:
        order = json.loads(record["body"])
        received = int(record["attributes"]["ApproximateReceiveCount"])
        key = f"seen/{order['name']}/{received}"
        s3.put_object(Bucket=os.environ["BUCKET"], Key=key, Body=record["messageId"].encode())
        if received <= order.get("failures", 0):
            sqs.change_message_visibility(
                QueueUrl=os.environ["QUEUE"], ReceiptHandle=record["receiptHandle"],
                VisibilityTimeout=order.get("delay", 0),
            )
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}
"""


def write_assembly(folder: Path, *, says: str = "hello", broken: bool = False) -> Path:
    """Write the assembly into `folder`; `says` changes the template, `broken` makes a resource fail."""
    code = folder / "asset.code"
    code.mkdir(parents=True, exist_ok=True)
    (code / "index.py").write_text(FUNCTION)
    code_key = hashlib.sha256(FUNCTION.encode()).hexdigest() + ".zip"
    template = json.dumps(_template(code_key, says, broken=broken))
    (folder / f"{STACK}.template.json").write_text(template)
    files = {
        code_key: _file("asset.code", "zip", code_key),
        "template": _file(f"{STACK}.template.json", "file", hashlib.sha256(template.encode()).hexdigest() + ".json"),
    }
    (folder / f"{STACK}.assets.json").write_text(json.dumps({"version": "48.0.0", "files": files, "dockerImages": {}}))
    artifacts = {
        f"{STACK}.assets": {"type": "cdk:asset-manifest", "properties": {"file": f"{STACK}.assets.json"}},
        STACK: {
            "type": "aws:cloudformation:stack",
            "properties": {"templateFile": f"{STACK}.template.json"},
            "dependencies": [f"{STACK}.assets"],
        },
        "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
    }
    (folder / "manifest.json").write_text(json.dumps({"version": "48.0.0", "artifacts": artifacts}))
    return folder


def _file(path: str, packaging: str, key: str) -> dict[str, Any]:
    target = {"bucketName": ASSETS, "objectKey": key, "assumeRoleArn": "arn:${AWS::Partition}:iam::${AWS::AccountId}:x"}
    return {"source": {"path": path, "packaging": packaging}, "destinations": {"here": target}}


def _template(code_key: str, says: str, *, broken: bool) -> dict[str, Any]:
    def arn(name: str) -> dict[str, Any]:
        return {"Fn::GetAtt": [name, "Arn"]}

    resources: dict[str, Any] = {
        "Bucket": {
            "Type": "AWS::S3::Bucket",
            "DeletionPolicy": "Retain",
            "DependsOn": ["HeardPolicy"],
            "Properties": {
                "VersioningConfiguration": {"Status": "Enabled"},
                "NotificationConfiguration": {
                    "QueueConfigurations": [
                        {
                            "Event": "s3:ObjectCreated:*",
                            "Queue": arn("Heard"),
                            "Filter": {"S3Key": {"Rules": [{"Name": "prefix", "Value": "results/"}]}},
                        }
                    ]
                },
            },
        },
        "Heard": {"Type": "AWS::SQS::Queue"},
        "HeardPolicy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [{"Ref": "Heard"}],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "s3.amazonaws.com"},
                            "Action": "sqs:SendMessage",
                            "Resource": arn("Heard"),
                            "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
                        }
                    ],
                },
            },
        },
        "Orders": {
            "Type": "AWS::SQS::Queue",
            "Properties": {
                "VisibilityTimeout": 60,
                "RedrivePolicy": {"deadLetterTargetArn": arn("Dead"), "maxReceiveCount": 3},
            },
        },
        "Dead": {"Type": "AWS::SQS::Queue", "Properties": {"MessageRetentionPeriod": 1209600}},
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": ["lambda.amazonaws.com", "scheduler.amazonaws.com"]},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                }
            },
        },
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.13",
                "Handler": "index.handler",
                "Role": arn("Role"),
                "Timeout": 10,
                "Code": {"S3Bucket": {"Fn::Sub": ASSETS}, "S3Key": code_key},
                "Environment": {
                    "Variables": {
                        "SAYS": says,
                        "CHOROK_TEMPLATE": "template",
                        "BUCKET": {"Ref": "Bucket"},
                        "QUEUE": {"Ref": "Orders"},
                    }
                },
            },
        },
        "Mapping": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "EventSourceArn": arn("Orders"),
                "FunctionName": {"Ref": "Function"},
                "BatchSize": 1,
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
                "ScalingConfig": {"MaximumConcurrency": 2},
            },
        },
        "Schedule": {
            "Type": "AWS::Scheduler::Schedule",
            "Properties": {
                "ScheduleExpression": "rate(1 minute)",
                "ScheduleExpressionTimezone": "Asia/Seoul",
                "FlexibleTimeWindow": {"Mode": "OFF"},
                "Target": {
                    "Arn": arn("Function"),
                    "RoleArn": arn("Role"),
                    "Input": '{"time": "<aws.scheduler.scheduled-time>"}',
                },
            },
        },
    }
    if broken:
        resources["Broken"] = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "{{resolve:ssm:/absent}}"}}
    outputs = {"Bucket": "Bucket", "Orders": "Orders", "Dead": "Dead", "Heard": "Heard", "Function": "Function"}
    return {
        "Resources": resources,
        "Outputs": {
            **{name: {"Value": {"Ref": resource}} for name, resource in outputs.items()},
            "Schedule": {"Value": {"Ref": "Schedule"}},
        },
    }
