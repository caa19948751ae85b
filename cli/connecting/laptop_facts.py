"""What is to be known of this machine before a week is translated on it: it changes nothing, and starts nothing."""

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import requests

from cli.showing.checkup import LaptopFacts, Trouble
from infra.embedded.ownership import require_own
from infra.embedded.rebuild import look
from infra.engine.models import check, model_of
from infra.places import cache_folder
from shared.errors import ModelError

_SECONDS = 10
_PAIR = "en-ko"


def laptop_facts(state: Path, where: str, source: str, environment: Mapping[str, str]) -> LaptopFacts:
    """What there is to know of the machine, and of the embedded cloud on the folder `state`.

    `where` are the options that lead other commands there. Raises CloudError where the folder is somebody else's.
    """
    require_own(state)
    has_state = state.is_dir()
    cache = cache_folder(environment, "models")
    place = next(folder for folder in (state, *state.parents) if folder.exists())
    return LaptopFacts(
        free_bytes=shutil.disk_usage(place).free,
        model=_model(cache),
        has_state=has_state,
        damage=look(state) if has_state else (),
        behind=_behind(source),
        where=where,
        cache=str(cache / _PAIR),
    )


def _model(cache: Path) -> int | Trouble | None:
    folder = cache / _PAIR
    if not folder.is_dir():
        return None
    try:
        check(cache, model_of(_PAIR))
    except ModelError as error:
        return Trouble(str(error))
    return sum(path.stat().st_size for path in folder.iterdir())


def _behind(source: str) -> timedelta | Trouble:
    """How far this clock is behind the one that the source's answer was dated by."""
    try:
        answer = requests.head(source, timeout=_SECONDS, allow_redirects=False)
        there = parsedate_to_datetime(answer.headers["Date"])
    except (requests.RequestException, KeyError, ValueError) as error:
        return Trouble(f"{source} cannot be reached ({type(error).__name__})")
    return there - datetime.now(UTC)
