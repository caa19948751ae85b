"""The notice that a digest is out, posted to a webhook of Slack, Discord, or what understands one of them.

The webhook's address is a secret: whoever knows it can post. It comes from the caller when it is needed, and no error
that is told on holds it. The webhook is a courtesy after the mail: whatever goes wrong with it is told in one word and
forgotten, so that no mail is sent twice for its sake.
"""

import html
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import requests
from botocore.exceptions import ClientError

from shared.digest.model import Digest
from shared.digest.view import view
from shared.notices.mail import Announce, fitting, headline, shortened

DEADLINE_SECONDS = 8.0
"""How long the whole notice may take, with reading the address, however slowly the answer comes."""
_TIMEOUT_SECONDS = (3.05, 4.0)
_MOST_CHARACTERS = 2000
"""Discord's limit (https://discord.com/developers/docs/resources/webhook#execute-webhook); Slack's is far above."""
_DISCORD_PUNCTUATION = re.compile(r"([\\`*_~|<>\[\]@]|:(?=//|[\w+-]+:))")


class _Refused(Exception):
    """What is wrong, in words that hold no secret."""


def webhook_announce(address: Callable[[], str], site: str, warn: Callable[[str], None]) -> Announce:
    """Announcing through the webhook at what `address` answers; it never raises, `warn` is told what went wrong.

    `site` is the address below which `digests/` is published, or "".
    """

    def announce(digest: Digest, healed: bool) -> None:  # noqa: ARG001, FBT001 - the shape is Announce's
        # No timeout of a socket bounds name resolution or an answer that drips: only waiting from outside does.
        executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="webhook")
        try:
            executor.submit(lambda: _post(address(), payload(digest, site))).result(DEADLINE_SECONDS)
        except Exception as error:  # noqa: BLE001 - the digest is published and the mail is out, whatever this is
            warn(_reason(error))
        finally:
            executor.shutdown(wait=False)

    return announce


def payload(digest: Digest, site: str) -> dict[str, Any]:
    """The body of the notice: Slack reads `text`, Discord `content` and `allowed_mentions`.

    Nobody is mentioned, whatever a title says: Slack takes the text after escaping for text
    (https://docs.slack.dev/messaging/formatting-message-text#escaping), and Discord is told to parse no mention.
    """
    return {
        "text": _message(digest, site, lambda line: html.escape(line, quote=False)),
        "content": _message(digest, site, lambda line: _DISCORD_PUNCTUATION.sub(r"\\\1", line)),
        "allowed_mentions": {"parse": []},
    }


def _message(digest: Digest, site: str, escape: Callable[[str], str]) -> str:
    page = view(digest)
    papers = (
        # In angle brackets Slack takes it for a link, and Discord for one without a preview.
        f"{entry.paper.rank}. {escape(shortened(entry.title))}\n<{entry.paper.links.page}>"
        for entry in page.papers
    )
    return fitting(headline(page, site), papers, (), _MOST_CHARACTERS, _utf16_units)


def _utf16_units(text: str) -> int:
    """The longest of the ways in which a service may count characters."""
    return len(text.encode("utf-16-le")) // 2


def _post(address: str, body: dict[str, Any]) -> None:
    parts = urlsplit(address.strip())
    if parts.scheme != "https" or not parts.hostname:
        raise _Refused("the parameter holds no https address")
    with requests.Session() as session:
        # By itself `requests` sends what a .netrc file holds for the host.
        session.auth = lambda request: request
        answer = session.post(parts.geturl(), json=body, timeout=_TIMEOUT_SECONDS, allow_redirects=False, stream=True)
        if not 200 <= answer.status_code < 300:
            raise _Refused(f"it answered {answer.status_code}")


def _reason(error: Exception) -> str:
    """What went wrong, without the error's own words: those of `requests` hold the address."""
    if isinstance(error, ClientError):
        return f"its parameter cannot be read: {error.response['Error']['Code']}"
    return str(error) if isinstance(error, _Refused) else type(error).__name__
