"""Whose a state folder is: what somebody else has made is not started, nor even looked at.

A folder's own permissions do not say it. Whoever unpacks an archive or clones a repository owns every file that a
stranger put there. So each user has a secret of his own in his configuration, and each state folder that he makes holds
it too, as in git's `safe.directory`: https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory.

Version 0.1 left no such file: a folder without one counts as its owner's. That is not much to go by, but code is taken
from no state folder at all (see `functions`).
"""

import hmac
import os
import secrets
from pathlib import Path

from infra.places import configuration_folder
from shared.errors import CloudError

_IDENTITY = "identity"


def claim(root: Path) -> None:
    """Make the folder `root` this user's and let no other look into it. Raises OSError, and CloudError for another's.

    Missing ones are made.
    """
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    require_own(root)
    root.chmod(0o700)
    if not (root / _IDENTITY).exists():
        _write(root / _IDENTITY, _identity())


def require_own(root: Path) -> None:
    """Raise CloudError where there is a folder `root` that somebody else has made."""
    try:
        if root.stat().st_uid != os.getuid():
            raise CloudError(f"state folder {root} belongs to another user; give another --state.")
        held = (root / _IDENTITY).read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise CloudError(f"state folder {root} cannot be used: {error.strerror}; give another --state.") from error
    if not hmac.compare_digest(held, _identity()):
        raise CloudError(
            f"state folder {root} was made by another user, or on another machine; give another --state or, if you"
            f" trust whoever made it, remove the file {root / _IDENTITY}."
        )


def _identity() -> bytes:
    """This user's secret, made when it is first asked for. Raises CloudError where it cannot be kept."""
    path = configuration_folder(os.environ) / _IDENTITY
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(path, secrets.token_hex(32).encode())
        return path.read_bytes()
    except OSError as error:
        raise CloudError(
            f"{path}, which says whose state folders are yours, cannot be used: {error.strerror}. Give your"
            " configuration another place with XDG_CONFIG_HOME."
        ) from error


def _write(path: Path, content: bytes) -> None:
    """Write a file for this user alone, whole, where there is none: another command may have been faster."""
    partial = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    try:
        os.link(partial, path)
    except FileExistsError:
        pass
    except OSError:
        # There are file systems without hard links.
        partial.replace(path)
    partial.unlink(missing_ok=True)
