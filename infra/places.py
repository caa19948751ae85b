"""Where this user's caches and configuration are (https://specifications.freedesktop.org/basedir-spec/latest/)."""

from collections.abc import Mapping
from pathlib import Path


def cache_folder(environment: Mapping[str, str], name: str) -> Path:
    """`$XDG_CACHE_HOME/chorok/<name>`, or the same below `~/.cache`."""
    base = environment.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "chorok" / name


def configuration_folder(environment: Mapping[str, str]) -> Path:
    """`$XDG_CONFIG_HOME/chorok`, or the same below `~/.config`."""
    base = environment.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "chorok"
