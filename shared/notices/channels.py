"""The table of the channels that take notices by https, and posting a notice to every address there is.

An address is a secret: whoever knows it can post. The addresses come from the caller when they are needed, and no error
that is passed on holds one. These channels are a courtesy after the mail: whatever goes wrong with one is said in one
word and forgotten, so that no mail is sent twice for its sake.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic
from urllib.parse import urlsplit

import requests

from shared.digest.view import View
from shared.errors import AwsError
from shared.notices import webhook
from shared.notices.notice import Announce

CHANNELS = (webhook.CHANNEL,)
"""Every channel; an address is of the first that accepts it, and the last accepts all."""
DEADLINE_SECONDS = 8.0
"""How long a notice may take on all channels together, with reading the addresses, however slowly answers come."""
_TIMEOUT_SECONDS = (3.05, 4.0)
_MOST_AT_ONCE = 8


class _Refused(Exception):
    """What is wrong, in words that hold no secret."""


def post_announce(addresses: Callable[[], str], site: str, warn: Callable[[str], None]) -> Announce:
    """Announcing at each of `addresses`, which answers one a line; it never raises: `warn` gets what went wrong.

    `site` is the address below which `digests/` is published, or "".
    """

    def announce(view: View, healed: bool) -> None:  # noqa: ARG001, FBT001 - the shape is Announce's
        # No timeout of a socket bounds name resolution or an answer that drips: only waiting from outside does.
        deadline = monotonic() + DEADLINE_SECONDS
        executor = ThreadPoolExecutor(max_workers=_MOST_AT_ONCE, thread_name_prefix="notice")
        try:
            listed = executor.submit(lambda: addresses().split()).result(DEADLINE_SECONDS)
            posts = [executor.submit(_post, address, view, site) for address in listed or [""]]
            for reason in _reasons(posts, deadline):
                warn(reason)
        except Exception as error:  # noqa: BLE001 - the digest is published and the mail is out, whatever this is
            warn(_reason(error))
        finally:
            executor.shutdown(wait=False, cancel_futures=True)

    return announce


def _reasons(posts: list[Future[None]], deadline: float) -> Iterator[str]:
    """What went wrong with each post that failed or is not done at the deadline, and where there are several, which."""
    for number, post in enumerate(posts, start=1):
        try:
            post.result(max(0.0, deadline - monotonic()))
        except Exception as error:  # noqa: BLE001 - as above
            yield f"address {number} of {len(posts)}: {_reason(error)}" if len(posts) > 1 else _reason(error)


def _post(address: str, view: View, site: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        raise _Refused("the parameter holds no https address")
    channel = next(channel for channel in CHANNELS if channel.accepts(address))
    body = channel.payload(view, site)
    with requests.Session() as session:
        # By itself `requests` sends what a .netrc file holds for the host.
        session.auth = lambda request: request
        with session.post(
            parts.geturl(), json=body, timeout=_TIMEOUT_SECONDS, allow_redirects=False, stream=True
        ) as answer:
            if not 200 <= answer.status_code < 300:
                raise _Refused(f"it answered {answer.status_code}")


def _reason(error: Exception) -> str:
    """What went wrong, without the error's own words: those of `requests` hold the address."""
    if isinstance(error, AwsError):
        return f"its parameter cannot be read: {error.code}"
    return str(error) if isinstance(error, _Refused) else type(error).__name__
