"""What a channel is: a service that takes notices by https at a secret address, and the form in which it takes them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.digest.view import View


@dataclass(frozen=True)
class Channel:
    """One channel, which a module of this package defines and `channels.py` lists.

    `accepts` says of an address whether it is one of this service, which gets no other; `payload` makes the JSON body
    of a notice from a digest and the address below which `digests/` is published, or "".
    """

    accepts: Callable[[str], bool]
    payload: Callable[[View, str], dict[str, Any]]
