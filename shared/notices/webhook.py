"""The notice as a webhook of Slack, of Discord, or of what understands one of them takes it."""

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

from shared.digest.view import View
from shared.notices.channel import Channel
from shared.notices.notice import fitting, headline, shortened

_MOST_CHARACTERS = 2000
"""Discord's limit (https://discord.com/developers/docs/resources/webhook#execute-webhook); Slack's is far above."""
_DISCORD_PUNCTUATION = re.compile(r"([\\`*_~|<>\[\]@]|:(?=//|[\w+-]+:))")


def payload(view: View, site: str) -> dict[str, Any]:
    """The body of the notice: Slack reads `text`, Discord `content` and `allowed_mentions`.

    Nobody is mentioned, whatever a title says: Slack takes the text after escaping for text
    (https://docs.slack.dev/messaging/formatting-message-text#escaping), and Discord is asked to parse no mention.
    """
    return {
        "text": _message(view, site, lambda line: html.escape(line, quote=False)),
        "content": _message(view, site, lambda line: _DISCORD_PUNCTUATION.sub(r"\\\1", line)),
        "allowed_mentions": {"parse": []},
    }


CHANNEL = Channel(accepts=lambda _address: True, payload=payload)
"""For every address that no other channel takes for its own."""


def _message(view: View, site: str, escape: Callable[[str], str]) -> str:
    """The papers with as many summaries as there is room for, the first papers' first: no title gives way to one."""
    head = headline(view, site)
    message = fitting(head, _papers(view, 0, escape), (), _MOST_CHARACTERS, _utf16_units)
    for summaries in range(1, len(view.papers) + 1):
        tail = [view.summaries] if any(entry.summary for entry in view.papers[:summaries]) else []
        fuller = fitting(head, _papers(view, summaries, escape), tail, _MOST_CHARACTERS, _utf16_units)
        if f"<{view.papers[-1].paper.links.page}>\n" not in fuller:
            break
        message = fuller
    return message


def _papers(view: View, summaries: int, escape: Callable[[str], str]) -> Iterator[str]:
    """A block a paper, the first so many of them with their summaries."""
    for number, entry in enumerate(view.papers):
        lines = [f"{entry.paper.rank}. {escape(shortened(entry.title))}"]
        if entry.summary and number < summaries:
            lines.append(escape(shortened(entry.summary)))
        # In angle brackets Slack takes it for a link, and Discord for one without a preview.
        yield "\n".join([*lines, f"<{entry.paper.links.page}>"])


def _utf16_units(text: str) -> int:
    """The longest of the ways in which a service may count characters."""
    return len(text.encode("utf-16-le")) // 2
