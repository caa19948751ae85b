"""A link to one file in the bucket that works without credentials, and what is known of how long it works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from botocore.config import Config

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
    """A presigned address, and in a sentence until when it works."""

    address: str
    lifetime: str


def presign(session: Session, bucket: str, key: str, seconds: int, now: datetime) -> Link:
    """A link to the object at `key` for `seconds`, LONGEST_SECONDS at most, as the session's credentials sign it.

    It ends with the credentials, however long it was asked for, and only who issued them knows when that is:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
    """
    return Link(
        _address(session.client("s3", config=_CONFIG), bucket, key, seconds),
        f"It works until {_moment(now, seconds)}, unless the credentials that signed it end before: a role's last"
        " some hours.",
    )


def embedded_link(objects: S3Client, bucket: str, key: str, seconds: int, now: datetime) -> Link:
    """A link into the embedded cloud, whose next start has another secret."""
    return Link(
        _address(objects, bucket, key, seconds),
        f"It works until {_moment(now, seconds)}, but no longer than this embedded cloud is up; on this machine, and"
        " for programs such as curl: the embedded cloud refuses browsers. For a browser there is `chorok serve`.",
    )


def _address(objects: S3Client, bucket: str, key: str, seconds: int) -> str:
    return objects.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=seconds)


def _moment(now: datetime, seconds: int) -> str:
    return f"{now.astimezone(UTC) + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S} UTC"
