"""Where this user's caches are (https://specifications.freedesktop.org/basedir-spec/latest/)."""

from collections.abc import Mapping
from pathlib import Path


def cache_folder(environment: Mapping[str, str], name: str) -> Path:
    """`$XDG_CACHE_HOME/chorok/<name>`, or the same below `~/.cache`."""
    base = environment.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "chorok" / name
