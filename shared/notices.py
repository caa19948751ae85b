"""The notice that a digest is out, as subject and text of an SNS message.

An SNS subject is at most 100 ASCII characters (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from shared.digest.model import Digest
from shared.languages import language as known_language

if TYPE_CHECKING:
    from types_boto3_sns import SNSClient

Announce = Callable[[Digest, bool], None]
"""Tells the subscribers that a digest is out; the flag says that a partial one was healed."""


def sns_announce(sns: SNSClient, topic: str, bucket: str) -> Announce:
    """Announcing through an SNS topic."""

    def announce(digest: Digest, healed: bool) -> None:  # noqa: FBT001 - the shape is Announce's
        sns.publish(TopicArn=topic, Subject=subject(digest, healed=healed), Message=text(digest, bucket))

    return announce


def subject(digest: Digest, *, healed: bool) -> str:
    """One line: which digest, and how complete it is."""
    outcome = "healed" if healed else digest.state
    name = known_language(digest.language).name
    return f"chorok {digest.run} ({name}): {outcome}, {digest.translated} of {len(digest.papers)} translated"


def text(digest: Digest, bucket: str) -> str:
    """The papers with their links, what is missing, and where the files are."""
    lines = [f"{paper.rank}. {' '.join(paper.title.split())}\n   {paper.links.page}" for paper in digest.papers]
    place = f"s3://{bucket}/digests/{digest.run}/{digest.language}/"
    return "\n".join([f"{digest.translated} of {len(digest.papers)} papers are translated.", "", *lines, "", place, ""])
