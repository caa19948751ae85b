"""Which digests stand in the bucket, found by their keys."""

import re
from dataclasses import dataclass

from cli.values import ALL, LATEST
from shared.digest.formats import DIGEST, NAMES
from shared.editions import Edition
from shared.errors import MissingDigest
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.keys import SAMPLE
from shared.ledger.store import Reader

_WEEK = re.compile(r"([0-9]{4}-W[0-9]{2})(-healed-[0-9a-f]{8})?")
_MOST_LISTED = 12


@dataclass(frozen=True)
class PublishedDigest:
    """A digest that is there, with the names of its files."""

    edition: Edition
    names: tuple[str, ...]

    @property
    def formats(self) -> str:
        """The formats it is there in, which are the endings of its files' names, such as `epub`."""
        return ", ".join(map(_format, self.names))

    def named(self, form: str) -> tuple[str, ...]:
        """The name of a format's file, or with ALL of every file. Raises MissingDigest where there is no such file."""
        names = tuple(name for name in self.names if form in (ALL, _format(name)))
        if not names:
            run, language = self.edition.run, self.edition.language
            raise MissingDigest(f"There is no {form} of {run} in {language}. There are: {self.formats}.")
        return names


def find(store: Reader, run: str, language: str) -> PublishedDigest:
    """The digest of `run`, or of the latest week, in `language`; where there is no week, that is the sample.

    Of a week that was published twice, the run that a tick made is meant, and not the one healed from an old file.
    Raises MissingDigest, naming the digests there are, where there is none, and UsageError for an unknown language.
    """
    find_language(language)
    name = _latest_week(store, language) if run == LATEST else run
    edition = Edition(name, language)
    names = _names(store, edition) if keys.is_run(name) else ()
    if not names:
        wanted = "any week" if run == LATEST else run
        raise MissingDigest(f"There is no digest of {wanted} in {language}. There are: {_listed(store)}.")
    return PublishedDigest(edition, names)


def published_editions(store: Reader) -> list[Edition]:
    """Every edition that is published, the newest first and the sample last."""
    found = filter(None, (keys.parse_digest(listed.key) for listed in store.list(keys.DIGESTS)))
    editions = [edition for edition, name in found if name == DIGEST]
    return sorted(editions, key=lambda edition: (edition.run != SAMPLE, edition), reverse=True)


def _names(store: Reader, edition: Edition) -> tuple[str, ...]:
    there = store.etags(keys.digests(edition))
    return tuple(name for name in NAMES if keys.digest(edition, name) in there)


def _format(name: str) -> str:
    return name.rpartition(".")[2]


def _latest_week(store: Reader, language: str) -> str:
    runs = [edition.run for edition in published_editions(store) if edition.language == language]
    weeks = [match for run in runs if (match := _WEEK.fullmatch(run))]
    if not weeks:
        return SAMPLE
    return max(weeks, key=lambda match: (match[1], match[2] is None, match[0]))[0]


def _listed(store: Reader) -> str:
    names = [f"{edition.run} ({edition.language})" for edition in published_editions(store)]
    more = [f"and {len(names) - _MOST_LISTED} more"] if len(names) > _MOST_LISTED else []
    return ", ".join([*names[:_MOST_LISTED], *more]) or "none yet"
