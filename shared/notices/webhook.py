"""The notice as a webhook of Slack, of Discord, or of what understands one of them takes it."""

import html
import re
from collections.abc import Callable
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
    papers = (
        # In angle brackets Slack takes it for a link, and Discord for one without a preview.
        f"{entry.paper.rank}. {escape(shortened(entry.title))}\n<{entry.paper.links.page}>"
        for entry in view.papers
    )
    return fitting(headline(view, site), papers, (), _MOST_CHARACTERS, _utf16_units)


def _utf16_units(text: str) -> int:
    """The longest of the ways in which a service may count characters."""
    return len(text.encode("utf-16-le")) // 2
