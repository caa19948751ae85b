"""Where the stack knowingly departs from cdk-nag's AwsSolutions rules, each finding with its reason.

Rules: https://github.com/cdklabs/cdk-nag/blob/main/RULES.md. A finding that is not named here fails the tests, and the
synthesis for the cloud.
"""

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import IConstruct

from shared.engines.terminology import PREFIX


def acknowledge_bucket(bucket: s3.Bucket) -> None:
    """The ledger keeps no access log."""
    _acknowledge(
        bucket,
        "AwsSolutions-S1",
        "The ledger holds public papers and their translations, and the functions log every change they make to it.",
    )


def acknowledge_distribution(distribution: cloudfront.Distribution) -> None:
    """Pages that anybody may read, from anywhere, on a domain of CloudFront's own."""
    _acknowledge(distribution, "AwsSolutions-CFR1", "The digests are for readers in every country.")
    _acknowledge(distribution, "AwsSolutions-CFR2", "It serves files by GET and HEAD alone; nothing runs behind it.")
    _acknowledge(distribution, "AwsSolutions-CFR3", "Who reads what is nobody's business: readers leave no log.")
    _acknowledge(
        distribution,
        "AwsSolutions-CFR4",
        "A domain of CloudFront's own has the certificate and the protocols that AWS chooses.",
    )


def acknowledge_failures(queue: sqs.Queue) -> None:
    """A queue for failures has no dead-letter queue of its own."""
    _acknowledge(queue, "AwsSolutions-SQS3", "Nothing consumes this queue: it is where failures end.")


def acknowledge_function(role: iam.Role, bucket: s3.Bucket, *, prefixes: tuple[str, ...]) -> None:
    """A function reads or writes every object below its own prefixes."""
    child = bucket.node.default_child
    assert isinstance(child, s3.CfnBucket)  # noqa: S101 - narrows the type of an escape hatch
    logical_name = Stack.of(bucket).resolve(child.logical_id)
    for prefix in dict.fromkeys(prefixes):
        _acknowledge(
            role,
            f"AwsSolutions-IAM5[Resource::<{logical_name}.Arn>/{prefix}*]",
            "Keys below the prefix name runs, languages and papers, which no deployment knows.",
        )


def acknowledge_adoption(
    fetch: lambda_.Function, bucket: s3.Bucket, adopted: str, *, prefixes: tuple[str, ...]
) -> None:
    """The fetch function copies whatever another stack's bucket holds."""
    assert isinstance(fetch.role, iam.Role)  # noqa: S101 - the stack gives every function its role
    acknowledge_function(fetch.role, bucket, prefixes=prefixes)
    _acknowledge(
        fetch.role,
        f"AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::{adopted}/*]",
        "A new stack takes over all that this bucket of another stack holds.",
    )


def acknowledge_translate(function: lambda_.Function) -> None:
    """The translate function may translate anything, and import the terminology of any glossary."""
    assert function.role is not None  # noqa: S101 - the stack gives every function its role
    _acknowledge(
        function.role,
        "AwsSolutions-IAM5[Resource::*]",
        "TranslateText without a terminology has no resource to name:"
        " https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazontranslate.html.",
    )
    terminologies = f"arn:<AWS::Partition>:translate:<AWS::Region>:<AWS::AccountId>:terminology/{PREFIX}*"
    _acknowledge(
        function.role,
        f"AwsSolutions-IAM5[Resource::{terminologies}]",
        "A terminology's name ends with the hash of its content, which changes with the glossary.",
    )


def acknowledge_profile(function: lambda_.Function, models: str) -> None:
    """The translate function may invoke the models behind an inference profile, wherever that leads."""
    assert function.role is not None  # noqa: S101 - the stack gives every function its role
    partition = Stack.of(function).partition
    _acknowledge(
        function.role,
        f"AwsSolutions-IAM5[Resource::{models.replace(partition, '<AWS::Partition>')}]",
        "Through this inference profile alone; AWS decides to which regions it leads.",
    )


def _acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    Validations.of(construct).acknowledge(Acknowledgment(id=f"AwsSolutions::{rule}", reason=reason))
