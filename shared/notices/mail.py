"""The notice as subject and text of an SNS message, which subscribers get by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.ledger import keys
from shared.notices.notice import Announce, fitting, headline, shortened, subject

if TYPE_CHECKING:
    from types_boto3_sns import SNSClient

    from shared.digest.view import PaperView, View

_MOST_BYTES = 260_000
"""An SNS message has at most 262,144 bytes (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html)."""


def sns_announce(sns: SNSClient, topic: str, bucket: str, site: str = "") -> Announce:
    """Announcing through an SNS topic; `site` is the address below which `digests/` is published, or ""."""

    def announce(view: View, healed: bool) -> None:  # noqa: FBT001 - the shape is Announce's
        sns.publish(TopicArn=topic, Subject=subject(view.digest, healed=healed), Message=text(view, bucket, site))

    return announce


def text(view: View, bucket: str, site: str = "") -> str:
    """The titles with their one-line summaries and links, what is missing and why, and where the files are."""
    digest = view.digest
    tail = [
        *filter(None, [shortened(view.translator), view.summaries]),
        f"{view.words('source')}: {digest.source}",
        f"{view.words('files')}: s3://{bucket}/{keys.digests(digest.edition)}",
    ]
    return fitting(headline(view, site), map(_paper, view.papers), tail, _MOST_BYTES, lambda part: len(part.encode()))


def _paper(entry: PaperView) -> str:
    lines = [shortened(line) for line in (entry.title, entry.original_title, entry.summary, entry.missing) if line]
    title, *others = [*lines, entry.paper.links.page]
    return "\n".join([f"{entry.paper.rank}. {title}", *(f"   {line}" for line in others)])
