"""Reading a secret from SSM, where no template and no log shows it."""

import boto3
from botocore.config import Config

from shared.aws import aws_errors
from shared.errors import AwsError

_PROMPT = Config(connect_timeout=2, read_timeout=2, retries={"total_max_attempts": 2, "mode": "standard"})
"""For an answer that is not waited for longer than the notices' own deadline."""


def secret(parameter: str) -> str:
    """What the SecureString called `parameter` holds. Raises AwsError."""
    with aws_errors(AwsError, f"The parameter {parameter} cannot be read"):
        answer = boto3.client("ssm", config=_PROMPT).get_parameter(Name=parameter, WithDecryption=True)
    return str(answer["Parameter"]["Value"])
