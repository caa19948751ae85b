"""Which digests stand in the bucket, found by their keys."""

import re
from dataclasses import dataclass

from cli.values import ALL, LATEST
from shared.digest.formats import DIGEST, NAMES
from shared.errors import LedgerError
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.keys import SAMPLE
from shared.ledger.store import Store

_WEEK = re.compile(r"([0-9]{4}-W[0-9]{2})(-healed-[0-9a-f]{8})?")
_MOST_LISTED = 12


@dataclass(frozen=True)
class PublishedDigest:
    """A digest that is there, with the names of its files."""

    run: str
    language: str
    names: tuple[str, ...]

    @property
    def formats(self) -> str:
        """The formats it is there in, which are the endings of its files' names, such as `epub`."""
        return ", ".join(map(_format, self.names))

    def named(self, form: str) -> tuple[str, ...]:
        """The name of a format's file, or with ALL of every file. Raises LedgerError where there is no such file."""
        names = tuple(name for name in self.names if form in (ALL, _format(name)))
        if not names:
            raise LedgerError(f"There is no {form} of {self.run} in {self.language}. There are: {self.formats}.")
        return names


def find(store: Store, run: str, language: str) -> PublishedDigest:
    """The digest of `run`, or of the latest week, in `language`; where there is no week, that is the sample.

    Of a week that was published twice, the run that a tick made is meant, and not the one healed from an old file.
    Raises LedgerError, naming the digests there are, where there is none, and UsageError for an unknown language.
    """
    find_language(language)
    name = _latest_week(store, language) if run == LATEST else run
    names = _names(store, name, language) if keys.is_run(name) else ()
    if not names:
        wanted = "any week" if run == LATEST else run
        raise LedgerError(f"There is no digest of {wanted} in {language}. There are: {_listed(store)}.")
    return PublishedDigest(name, language, names)


def published_editions(store: Store) -> list[tuple[str, str]]:
    """Run and language of every digest, the newest first and the sample last."""
    found = filter(None, (_parse(listed.key) for listed in store.list(keys.DIGESTS)))
    editions = [(run, language) for run, language, name in found if name == DIGEST]
    return sorted(editions, key=lambda edition: (edition[0] != SAMPLE, edition), reverse=True)


def _names(store: Store, run: str, language: str) -> tuple[str, ...]:
    there = store.etags(keys.digests(run, language))
    return tuple(name for name in NAMES if keys.digest(run, language, name) in there)


def _format(name: str) -> str:
    return name.rpartition(".")[2]


def _latest_week(store: Store, language: str) -> str:
    weeks = [match for run, code in published_editions(store) if code == language and (match := _WEEK.fullmatch(run))]
    if not weeks:
        return SAMPLE
    return max(weeks, key=lambda match: (match[1], match[2] is None, match[0]))[0]


def _listed(store: Store) -> str:
    names = [f"{run} ({language})" for run, language in published_editions(store)]
    more = [f"and {len(names) - _MOST_LISTED} more"] if len(names) > _MOST_LISTED else []
    return ", ".join([*names[:_MOST_LISTED], *more]) or "none yet"


def _parse(key: str) -> tuple[str, str, str] | None:
    """Run, language and name of a digest's file; None for any other key."""
    parts = key.removeprefix(keys.DIGESTS).split("/")
    if len(parts) != 3:
        return None
    run, language, name = parts
    try:
        return (run, language, name) if keys.digest(run, language, name) == key else None
    except LedgerError:
        return None
