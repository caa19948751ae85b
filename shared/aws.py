"""Where AWS's own errors end: what botocore raises becomes an error of the tree, and nothing above knows botocore."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from shared.errors import AwsError

_REMEDIES: dict[type[BotoCoreError], str] = {
    NoRegionError: "no AWS region is set. Set AWS_DEFAULT_REGION, or a region in your AWS profile.",
    NoCredentialsError: "there are no AWS credentials. Set AWS_PROFILE, or use `aws configure` or `aws sso login`.",
}


@contextmanager
def aws_errors(kind: type[AwsError], what: str) -> Iterator[None]:
    """Raises an error of this kind for what botocore raises in the block; `what` begins its message.

    It is a decorator as well.
    """
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "no code")
        raise kind(f"{what}: {aws_message(error)}", code) from error
    except BotoCoreError as error:
        raise kind(f"{what}: {aws_message(error)}", type(error).__name__) from error


def aws_message(error: BotoCoreError | ClientError) -> str:
    """What AWS, or the way to it, says in one line, with what to do where that is known."""
    for kind, remedy in _REMEDIES.items():
        if isinstance(error, kind):
            return remedy
    if isinstance(error, ClientError):
        said = error.response.get("Error", {})
        return " ".join(f"{said.get('Message') or error} ({said.get('Code', 'no code')})".split())
    return " ".join(f"{error} ({type(error).__name__})".split())
