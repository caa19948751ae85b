"""Which digests stand in the bucket, found by their keys."""

import re
from dataclasses import dataclass

from cli.options import LATEST
from shared.digest.formats import DIGEST
from shared.errors import LedgerError
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.keys import SAMPLE
from shared.ledger.store import Store

ALL = "all"
_WEEK = re.compile(r"([0-9]{4}-W[0-9]{2})(-healed-[0-9a-f]{8})?")
_MOST_LISTED = 12


@dataclass(frozen=True)
class PublishedDigest:
    """A digest that is there. `files` maps each format, which is a file's ending such as `epub`, to the file's key."""

    run: str
    language: str
    files: dict[str, str]

    def keys_of(self, form: str) -> list[str]:
        """The keys of a format's file, or of all of them. Raises LedgerError where there is no such file."""
        if form == ALL:
            return list(self.files.values())
        if form not in self.files:
            there = ", ".join(self.files)
            raise LedgerError(f"There is no {form} of {self.run} in {self.language}. There are: {there}.")
        return [self.files[form]]


def find(store: Store, run: str, language: str) -> PublishedDigest:
    """The digest of `run`, or of the latest week, in `language`; where there is no week, that is the sample.

    Of a week that was published twice, the run that a tick made is meant, and not the one healed from an old file.
    Raises LedgerError, naming the digests there are, where there is none, and UsageError for an unknown language.
    """
    find_language(language)
    name = _latest_week(store, language) if run == LATEST else run
    prefix = f"{keys.DIGESTS}{name}/{language}/"
    found = (_parse(listed.key) for listed in (store.list(prefix) if keys.is_run(name) else ()))
    files = {parsed[2].rpartition(".")[2]: keys.digest(*parsed) for parsed in found if parsed}
    if not files:
        wanted = "any week" if run == LATEST else run
        raise LedgerError(f"There is no digest of {wanted} in {language}. There are: {_listed(store)}.")
    return PublishedDigest(name, language, files)


def published_editions(store: Store) -> list[tuple[str, str]]:
    """Run and language of every digest, the newest first and the sample last."""
    found = filter(None, (_parse(listed.key) for listed in store.list(keys.DIGESTS)))
    editions = [(run, language) for run, language, name in found if name == DIGEST]
    return sorted(editions, key=lambda edition: (edition[0] != SAMPLE, edition), reverse=True)


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
