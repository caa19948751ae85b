"""The notice that a digest is out, as subject and text of an SNS message, which subscribers get by mail.

The titles are strangers' text: they stand in the text, made fit to be shown, and never in the subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from shared.digest.formats import PAGE
from shared.digest.model import Digest
from shared.digest.view import PaperView, View, view
from shared.languages.table import find_language
from shared.ledger import keys

if TYPE_CHECKING:
    from types_boto3_sns import SNSClient

Announce = Callable[[Digest, bool], None]
"""Tells the subscribers that a digest is out; the flag says that a partial one was healed."""

_MOST_BYTES = 260_000
"""An SNS message has at most 262,144 bytes (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html)."""
_LONGEST_LINE = 300
"""No real title is longer."""


def sns_announce(sns: SNSClient, topic: str, bucket: str, site: str = "") -> Announce:
    """Announcing through an SNS topic; `site` is the address below which `digests/` is published, or ""."""

    def announce(digest: Digest, healed: bool) -> None:  # noqa: FBT001 - the shape is Announce's
        sns.publish(TopicArn=topic, Subject=subject(digest, healed=healed), Message=text(digest, bucket, site))

    return announce


def in_turn(*announcers: Announce) -> Announce:
    """Announcing through one after the other; an error of one keeps the notice from those after it."""

    def announce(digest: Digest, healed: bool) -> None:  # noqa: FBT001 - the shape is Announce's
        for announcer in announcers:
            announcer(digest, healed)

    return announce


def subject(digest: Digest, *, healed: bool) -> str:
    """One line: which digest, and how complete it is.

    An SNS subject has fewer than 100 characters and no control character among them
    (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html). In ASCII every mail program shows it.
    """
    outcome = "healed" if healed else digest.state
    name = find_language(digest.language).name
    return f"chorok {digest.run} ({name}): {outcome}, {digest.translated} of {len(digest.papers)} translated"


def text(digest: Digest, bucket: str, site: str = "") -> str:
    """The titles with their links in the digest's language, what is missing and why, and where the files are."""
    page = view(digest)
    tail = [
        *filter(None, [shortened(page.translator)]),
        f"{page.words('source')}: {digest.source}",
        f"{page.words('files')}: s3://{bucket}/{keys.digests(digest.edition)}",
    ]
    return fitting(headline(page, site), map(_paper, page.papers), tail, _MOST_BYTES, lambda part: len(part.encode()))


def headline(page: View, site: str) -> list[str]:
    """What a notice begins with: which digest, how complete it is, what is missing, and where its page is."""
    digest, words = page.digest, page.words
    facts = (page.dates, words("papers", count=len(page.papers)), page.state)
    return [
        page.title,
        " · ".join(filter(None, facts)),
        *filter(None, [words("sample") if digest.is_sample else "", page.missing]),
        *([site + keys.digest(digest.edition, PAGE)] if site else []),
    ]


def fitting(
    head: Sequence[str], blocks: Iterable[str], tail: Sequence[str], limit: int, size: Callable[[str], int]
) -> str:
    """The lines of head and tail and the blocks between them, apart by empty lines; "…" for blocks beyond `limit`.

    `size` measures as the limit is meant, in bytes or characters.
    """
    begin, end = "".join(f"{line}\n" for line in head), "".join(f"{line}\n" for line in ("", *tail) if tail)
    rest = "\n…\n"
    room = limit - size(begin) - size(end) - size(rest)
    kept = [begin]
    for block in blocks:
        part = f"\n{block}\n"
        room -= size(part)
        if room < 0:
            kept.append(rest)
            break
        kept.append(part)
    return "".join([*kept, end])


def shortened(line: str) -> str:
    """`line`, or its beginning where it is longer than any real title."""
    return line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 1] + "…"


def _paper(entry: PaperView) -> str:
    lines = [shortened(line) for line in (entry.title, entry.original_title, entry.missing) if line]
    title, *others = [*lines, entry.paper.links.page]
    return "\n".join([f"{entry.paper.rank}. {title}", *(f"   {line}" for line in others)])
