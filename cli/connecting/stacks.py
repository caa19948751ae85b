"""The pipeline of a stack that is deployed to AWS, reached with the caller's own AWS configuration."""

from functools import partial

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from cli.connecting.dead_letters import redrive_by_task
from cli.connecting.deployment import Pipeline
from cli.showing.phases import phase
from shared.aws import aws_message
from shared.errors import CloudError

_SETTLE_SECONDS = 90.0
"""SQS's counts are approximate, and become true only after a minute without change."""
_CONFIG = Config(
    connect_timeout=10,
    # The fetch function answers within its own timeout of two minutes.
    read_timeout=150,
    retries={"total_max_attempts": 3, "mode": "standard"},
)


def deployed_pipeline(stack: str) -> Pipeline:
    """The pipeline of the CloudFormation stack called `stack`. Raises CloudError where there is none, or no way to it.

    Credentials, region and endpoints are botocore's to find, as for the AWS CLI.
    """
    # Only here: it takes a third of a second, which the embedded cloud can do without.
    import boto3

    try:
        session = boto3.session.Session()
        with phase(f"asking AWS for the stack {stack}"):
            described = session.client("cloudformation", config=_CONFIG).describe_stacks(StackName=stack)["Stacks"][0]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", ())}
        return Pipeline.of(outputs, partial(session.client, config=_CONFIG), redrive_by_task, _SETTLE_SECONDS)
    except (BotoCoreError, ClientError) as error:
        raise CloudError(f"Stack {stack} cannot be used: {aws_message(error)}") from error
