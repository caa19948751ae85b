"""What the fetch function does at a person's request: send again whatever has no translation."""

from datetime import datetime

from shared.errors import UsageError
from shared.languages.table import find_language
from shared.ledger.records import Manifest
from shared.ledger.results import read_results
from shared.services.begin import begin, want
from shared.services.dispatch import dispatch
from shared.services.events import Dispatch, Request
from shared.services.fetching import Fetching
from shared.services.messages import DigestMessage, encode


def fulfil(fetching: Fetching, time: datetime, request: Request) -> tuple[Dispatch, ...]:
    """Do what a person asked for at `time`: send again whatever has no translation.

    Raises UsageError where the request cannot be met, SourceError where the papers cannot be had.
    """
    languages = tuple(dict.fromkeys(request.languages)) or fetching.settings.languages
    for code in languages:
        find_language(code)
    manifest = begin(fetching, time, request.run, request.top, request.source)
    unknown = sorted({*request.again, *request.only} - {paper.id for paper in manifest.papers})
    if unknown:
        raise UsageError(f"{unknown[0]} is not a paper of run {manifest.run}.")
    if request.read:
        return ()
    return tuple(_serve(fetching, manifest, code, time, request) for code in languages)


def _serve(fetching: Fetching, manifest: Manifest, language: str, time: datetime, request: Request) -> Dispatch:
    edition = manifest.edition(language)
    want(fetching, edition, time)
    if request.publish:
        fetching.digests.send([encode(DigestMessage(manifest.run, language, publish=True))])
        return Dispatch(manifest.run, language, len(manifest.papers), messages=0, characters=0)
    results = read_results(fetching.store, edition, (paper.id for paper in manifest.papers))
    wanted = frozenset(
        paper.id
        for paper in manifest.papers
        if (not request.only or paper.id in request.only)
        and (paper.id in request.again or paper.id not in results or results[paper.id].status != "translated")
    )
    done = dispatch(fetching, manifest, language, time, wanted, request.again)
    # Nothing may be left to translate, so no result would wake aggregate: after a crash the digest may be missing.
    fetching.digests.send([encode(DigestMessage(manifest.run, language))])
    return done
