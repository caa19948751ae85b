"""Where AWS's own errors end: what botocore raises becomes an error of the tree, and nothing above knows botocore.

And where its own slowness ends: botocore tries several formats on each time it reads, and a listing holds thousands.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError
from botocore.utils import parse_timestamp

from shared.errors import AwsError

WITHIN_AN_INVOCATION = Config(connect_timeout=2, read_timeout=6, retries={"total_max_attempts": 3, "mode": "standard"})
"""How functions call S3, SQS and SNS: a call that hangs at each attempt is given up within 27 seconds, pauses included,
before Lambda ends the function; botocore's own five attempts of a minute each would outlive every one."""

_REMEDIES: dict[type[BotoCoreError], str] = {
    NoRegionError: "no AWS region is set. Set AWS_DEFAULT_REGION, or a region in your AWS profile.",
    NoCredentialsError: "there are no AWS credentials. Set AWS_PROFILE, or use `aws configure` or `aws sso login`.",
}


def read_times_quickly(session: botocore.session.Session) -> botocore.session.Session:
    """`session`, whose clients read a time as S3 lists it at once: a listing takes a quarter of the time."""
    session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_time)
    return session


def _time(written: Any) -> datetime:
    """A time that ends with its offset, as S3 lists it, or else in any form that AWS knows."""
    if isinstance(written, str) and written.endswith("Z"):
        return datetime.fromisoformat(written)
    return parse_timestamp(written)


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
