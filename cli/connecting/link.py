"""A link to one file in the bucket that works without credentials, and the truth about for how long."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.credentials import Credentials, RefreshableCredentials

if TYPE_CHECKING:
    from boto3.session import Session
    from types_boto3_s3 import S3Client

LONGEST_SECONDS = 7 * 24 * 3600
"""https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html, X-Amz-Expires."""
# Without these a link to a bucket outside of us-east-1 would lead to another region, which answers with a redirect that
# the signature does not cover.
_CONFIG = Config(signature_version="s3v4", s3={"addressing_style": "virtual"})


@dataclass(frozen=True)
class Link:
    """A presigned address, and until when it works, with what ends it."""

    address: str
    lifetime: str


def presign(session: Session, bucket: str, key: str, seconds: int, now: datetime) -> Link:
    """A link to the object at `key` for `seconds`, LONGEST_SECONDS at most, as the session's credentials sign it."""
    address = _address(session.client("s3", config=_CONFIG), bucket, key, seconds)
    return Link(address, _lifetime(session.get_credentials(), seconds, now))


def embedded_link(objects: S3Client, bucket: str, key: str, seconds: int) -> Link:
    """A link into the embedded cloud, which takes signatures and checks none."""
    return Link(
        _address(objects, bucket, key, seconds),
        "It works while the embedded cloud is up, whatever --expires says, on this machine, and for programs such as"
        " curl: the embedded cloud refuses browsers. For a browser there is `chorok serve`.",
    )


def _address(objects: S3Client, bucket: str, key: str, seconds: int) -> str:
    return objects.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=seconds)


def _lifetime(credentials: Credentials | None, seconds: int, now: datetime) -> str:
    """A presigned address ends with the credentials that signed it, however long it was asked for.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
    """
    asked = _moment(now, seconds)
    if isinstance(credentials, RefreshableCredentials):
        # They tell whether they end within some seconds, and not when they end.
        within = bisect_left(range(seconds + 1), x=True, key=lambda left: credentials.refresh_needed(refresh_in=left))
        if within <= seconds:
            end = _moment(now, max(within - 1, 0))
            return (
                f"It works until {end}: then the temporary credentials that signed it end, before the time asked for."
            )
    elif credentials is not None and credentials.token:
        return (
            f"It works until {asked} at the latest: temporary credentials signed it, and it ends with them. They do not"
            " say when that is."
        )
    return f"It works until {asked}, as asked for, unless the key that signed it loses its rights before."


def _moment(now: datetime, seconds: int) -> str:
    return f"{now.astimezone(UTC) + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S} UTC"
