"""Custom terminologies, as far as Amazon Translate documents what it accepts of them.

https://docs.aws.amazon.com/translate/latest/dg/creating-custom-terminology.html and, for the limits,
https://docs.aws.amazon.com/translate/latest/dg/what-is-limits.html.
"""

import csv
import io
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from infra.engine.wire import ServiceError

_LONGEST_TERM_BYTES = 200
_MOST_TARGETS = 10
_MOST_TERMINOLOGIES = 100
_LARGEST_FILE_BYTES = 10 * 1024 * 1024
_DELIMITERS = {"CSV": ",", "TSV": "\t"}


@dataclass(frozen=True)
class Terminology:
    """One imported file. `terms` maps each target language to its source terms and their targets."""

    name: str
    description: str
    format: str
    source: str
    terms: Mapping[str, Mapping[str, str]]
    size: int
    count: int
    created: float
    updated: float


class Terminologies:
    """The terminologies of one endpoint, in memory: after a start, whoever misses one imports it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_name: dict[str, Terminology] = {}

    def put(self, name: str, description: str, form: str, file: bytes) -> Terminology:
        """Import `file` under `name`, over what had that name. Raises ServiceError for what the service refuses."""
        source, terms, count = _parse(form, file)
        now = time.time()
        with self._lock:
            before = self._by_name.get(name)
            if before is None and len(self._by_name) >= _MOST_TERMINOLOGIES:
                raise ServiceError("LimitExceededException", f"There are {_MOST_TERMINOLOGIES} terminologies already.")
            created = now if before is None else before.created
            terminology = Terminology(name, description, form, source, terms, len(file), count, created, now)
            self._by_name[name] = terminology
        return terminology

    def get(self, name: str) -> Terminology:
        """The terminology called `name`. Raises ServiceError (ResourceNotFoundException)."""
        with self._lock:
            if name not in self._by_name:
                raise ServiceError("ResourceNotFoundException", f"There is no terminology {name}.")
            return self._by_name[name]


def _parse(form: str, file: bytes) -> tuple[str, dict[str, dict[str, str]], int]:
    """The source language, the terms by target language, and how many rows there are."""
    if form not in _DELIMITERS:
        raise _refused(f"this endpoint reads CSV and TSV, not {form}")
    if len(file) > _LARGEST_FILE_BYTES:
        raise ServiceError(
            "LimitExceededException", f"The file has {len(file)} bytes; {_LARGEST_FILE_BYTES} are allowed."
        )
    try:
        rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=_DELIMITERS[form]))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _refused(f"it is no {form} in UTF-8: {error}") from error
    header, *body = [row for row in rows if any(cell.strip() for cell in row)] or [[]]
    source, *targets = [language.strip() for language in header] or [""]
    if not source or not targets or not all(targets) or len({source, *targets}) != len(header):
        raise _refused("its first row must name the source language and then each target language, once")
    if len(targets) > _MOST_TARGETS:
        raise _refused(f"it has {len(targets)} target languages; {_MOST_TARGETS} are allowed")
    terms: dict[str, dict[str, str]] = {target: {} for target in targets}
    for number, row in enumerate(body, start=1):
        cells = [cell.strip() for cell in row]
        if len(cells) != len(header) or not cells[0]:
            raise _refused(f"term {number} has not one cell for each of the {len(header)} languages")
        if any(len(cell.encode()) > _LONGEST_TERM_BYTES for cell in cells):
            raise _refused(f"term {number} is longer than {_LONGEST_TERM_BYTES} bytes")
        for target, cell in zip(targets, cells[1:], strict=True):
            if cell:
                terms[target].setdefault(cells[0], cell)
    if not body:
        raise _refused("it has no terms")
    return source, terms, len(body)


def _refused(why: str) -> ServiceError:
    return ServiceError("InvalidParameterValueException", f"The terminology file cannot be imported: {why}.")
