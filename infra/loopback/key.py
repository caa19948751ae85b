"""The access key of one start: who has it may do everything there, and nobody else anything."""

import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass, field

from shared.errors import CloudError

_ID, _SECRET = "CHOROK_ACCESS_KEY_ID", "CHOROK_SECRET_ACCESS_KEY"
_SECRET_BYTES = 32


@dataclass(frozen=True)
class AccessKey:
    """An access key as AWS's SDKs take it. `id` is sent with every request, and `secret` with none."""

    id: str
    secret: str = field(repr=False)

    def environment(self) -> dict[str, str]:
        """The variables by which a process of ours gets this key beside the user's own. Command lines are public."""
        return {_ID: self.id, _SECRET: self.secret}


def new_key(name: str) -> AccessKey:
    """A key whose id is `name` and whose secret nobody can guess. It needs no quoting in a shell."""
    return AccessKey(name, secrets.token_urlsafe(_SECRET_BYTES))


def take_key(environment: MutableMapping[str, str]) -> AccessKey:
    """The key in `environment`, and no longer there afterwards. Raises CloudError where there is none."""
    try:
        return AccessKey(environment.pop(_ID), environment.pop(_SECRET))
    except KeyError as missing:
        raise CloudError(f"There is no {missing.args[0]} in the environment: it says whom to answer.") from missing
