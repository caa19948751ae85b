"""What a user may write after an option, and how it is read: languages, periods, times, papers and addresses.

Everything is checked here, before anything starts, and a refusal says what there is instead.
"""

import os
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from shared.engines.naming import credit
from shared.errors import SettingsError, UsageError
from shared.huggingface.address import validate_source
from shared.languages.table import codes, find_language
from shared.ledger import keys
from shared.papers import is_arxiv_id
from shared.periods import PeriodKind, last_finished_week, parse_period, require_over, weeks_between
from shared.services.events import AgainRequest, RunRequest
from shared.settings import Settings

LATEST = "latest"
ALL = "all"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_EXAMPLES = {PeriodKind.WEEK: "2025-W37", PeriodKind.DAY: "2025-09-12", PeriodKind.MONTH: "2025-09"}
_NAMES = {PeriodKind.WEEK: "week", PeriodKind.DAY: "day", PeriodKind.MONTH: "month"}


class Duration(click.ParamType[float]):
    """A time such as `90s`, `15m`, `2h` or `7d`, in seconds."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The seconds in `value`."""
        match = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)([smhd])", str(value))
        if match is None:
            self.fail(f"{value!r} is not a time. Write 90s, 15m, 2h or 7d.", param, ctx)
        return float(match[1]) * _SECONDS[match[2]]


class Engine(click.Choice[str]):
    """One of the words that name an engine, or `bedrock:` and the id of a model or inference profile."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """`value`, where it names an engine."""
        if not str(value).startswith("bedrock:"):
            return super().convert(value, param, ctx)
        try:
            credit(value)
        except SettingsError as error:
            self.fail(str(error), param, ctx)
        return str(value)


def period_name(kind: PeriodKind, value: str) -> str:
    """`value`, where it names a period of this kind. Raises UsageError for anything else."""
    try:
        found = parse_period(value)
    except UsageError as error:
        raise UsageError(f"{error} {_last_week()}") from None
    if found.kind is not kind:
        raise UsageError(f"{value!r} is not a {_NAMES[kind]}. Write it as {_EXAMPLES[kind]}.")
    return found.name


def languages(values: Iterable[str]) -> tuple[str, ...]:
    """Language codes, given one by one or separated by commas, in any case; each once.

    Raises UsageError, naming the known ones, for any other.

    >>> languages(["KO", "pt,ko"])
    ('ko', 'pt')
    """
    known = {code.lower(): code for code in codes()}
    written = [part.strip() for value in values for part in value.split(",")]
    found = [known.get(part.lower(), part) for part in written]
    for code in found:
        find_language(code)
    return tuple(dict.fromkeys(found))


def language(value: str) -> str:
    """One language's code, in any case. Raises UsageError for several, and for an unknown one."""
    found = languages([value])
    if len(found) > 1:
        raise UsageError(f"--lang takes one language here, and not {', '.join(found)}: give the command once for each.")
    return found[0]


def papers(values: Sequence[str]) -> tuple[str, ...]:
    """arXiv ids, given one by one or separated by commas. Raises UsageError for anything else."""
    ids = tuple(dict.fromkeys(part.strip() for value in values for part in value.split(",")))
    for paper in ids:
        if not is_arxiv_id(paper):
            raise UsageError(f"{paper!r} is not a paper's id. Write it as 2509.08721.")
    return ids


def paper(value: str) -> str:
    """One paper's arXiv id. Raises UsageError for anything else."""
    found = papers([value])
    if len(found) > 1:
        raise UsageError(f"One paper is meant here, and not {', '.join(found)}: give the command once for each.")
    return found[0]


def run(default: str, value: str) -> str:
    """A run's name, or the `default`, which stands for one or for all. Raises UsageError for what cannot be one."""
    if value == default:
        return value
    is_period = False
    if keys.is_run(value) and value != keys.SAMPLE:
        try:
            is_period = bool(parse_period(value.partition("-healed-")[0]))
        except UsageError as error:
            raise UsageError(f"{error} {_last_week()}") from None
    if not is_period and value != keys.SAMPLE:
        raise UsageError(f"{value!r} is not a run. Runs are called 2025-W37, 2025-09, 2025-09-12 or {keys.SAMPLE}.")
    return value


def period(week: str | None, day: str | None, month: str | None, stack: str) -> str:
    """The one period that was asked for, or "". Raises UsageError for several, and for one that is not over.

    When a period is over in the time zone of a deployed `stack` is that stack's to say.
    """
    named = [name for name in (week, day, month) if name]
    if len(named) > 1:
        raise UsageError("Give one of --week, --date and --month.")
    if named and not stack:
        _require_over(named[0])
    return "".join(named)


def weeks(value: str, stack: str) -> tuple[str, ...]:
    """The names of the weeks in `2025-W33..2025-W44`; one week alone is a range too. Raises UsageError."""
    first, dots, last = value.partition("..")
    try:
        found = weeks_between(first, last if dots else first)
    except UsageError as error:
        raise UsageError(f"{error} {_last_week()}") from None
    if not stack:
        _require_over(found[-1].name)
    return tuple(period.name for period in found)


def folder_to_write(path: Path) -> Path:
    """`path`, where a folder is or can be made whose files this user can write. Raises UsageError."""
    there = path
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir():
        raise UsageError(f"{path} cannot be written: {there} is not a folder. Give another folder.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(f"{path} cannot be written: you may not write in {there}. Give another folder.")
    return path


def request(
    stack: str, top: int | None, languages: tuple[str, ...], source: str | None, again: tuple[str, ...] = ()
) -> RunRequest | AgainRequest:
    """What to ask of the pipeline. What the user leaves open is up to a deployed stack, or to the run that is held.

    Raises UsageError where `source` is not the address of a source.
    """
    if source is not None:
        source = validate_source(source, embedded=not stack)
    if again:
        return AgainRequest(again, languages=languages, top=top or 0, source=source or "")
    defaults = RunRequest() if stack else RunRequest(top=Settings().top, source=Settings().source)
    return RunRequest(languages=languages, top=top or defaults.top, source=source or defaults.source)


def _require_over(name: str) -> None:
    now, zone = datetime.now(UTC), Settings().zone
    try:
        require_over(parse_period(name), now, zone)
    except UsageError as error:
        raise UsageError(f"{error} {_last_week()}") from None


def _last_week() -> str:
    return f"The last finished week is {last_finished_week(datetime.now(UTC), Settings().zone).name}."
