"""What the fetch function does at a person's request."""

from collections.abc import Collection
from datetime import datetime

from shared.errors import UsageError
from shared.languages.table import find_language
from shared.ledger.records import Manifest
from shared.ledger.results import papers_with_result, read_results
from shared.services.begin import begin, look_up, want
from shared.services.dispatch import dispatch
from shared.services.events import (
    AgainRequest,
    Answer,
    Dispatch,
    DoubtfulRequest,
    PaperAnswer,
    PaperRequest,
    PublishRequest,
    ReadRequest,
    RefetchRequest,
    Request,
    RunRequest,
    SendRequest,
    Work,
)
from shared.services.fetching import Fetching
from shared.services.messages import DigestMessage, encode
from shared.services.reask import reask
from shared.services.refetch import propose


def answer(fetching: Fetching, time: datetime, request: Request) -> Answer | PaperAnswer:
    """What a person's request at `time` came to.

    Raises UsageError where the request cannot be met, SourceError where the papers cannot be had.
    """
    if isinstance(request, PaperRequest):
        return PaperAnswer(look_up(fetching, request.paper, request.source))
    return Answer(fulfil(fetching, time, request))


def fulfil(fetching: Fetching, time: datetime, request: Work) -> tuple[Dispatch, ...]:
    """Do what a person asked for at `time`.

    Raises UsageError where the request cannot be met, SourceError where the papers cannot be had.
    """
    if isinstance(request, ReadRequest):
        begin(fetching, time, request.run, request.top, request.source)
        return ()
    if isinstance(request, RefetchRequest):
        propose(fetching, time, request)
        return ()
    languages = tuple(dict.fromkeys(request.languages)) or fetching.settings.languages
    for code in languages:
        find_language(code)
    match request:
        case RunRequest():
            manifest = begin(fetching, time, request.run, request.top, request.source)
            return tuple(_send(fetching, manifest, code, time) for code in languages)
        case AgainRequest():
            manifest = begin(fetching, time, request.run, request.top, request.source)
            _require_papers(manifest, request.papers)
            return tuple(_send(fetching, manifest, code, time, again=request.papers) for code in languages)
        case SendRequest():
            manifest = begin(fetching, time, request.run)
            _require_papers(manifest, request.papers)
            return tuple(_send(fetching, manifest, code, time, only=request.papers) for code in languages)
        case DoubtfulRequest():
            manifest = begin(fetching, time, request.run)
            return tuple(reask(fetching, manifest, code, time, refused=False) for code in languages)
        case PublishRequest():
            manifest = begin(fetching, time, request.run)
            return tuple(_publish(fetching, manifest, code, time) for code in languages)


def _require_papers(manifest: Manifest, papers: Collection[str]) -> None:
    unknown = sorted(set(papers) - {paper.id for paper in manifest.papers})
    if unknown:
        raise UsageError(f"{unknown[0]} is not a paper of run {manifest.run}.")


def _send(
    fetching: Fetching,
    manifest: Manifest,
    language: str,
    time: datetime,
    again: Collection[str] = (),
    only: Collection[str] = (),
) -> Dispatch:
    """Send what has no translation, unless a person leaves it at that, and `again`; with `only`, only these papers."""
    edition = manifest.edition(language)
    want(fetching, edition, time)
    # Of a new run nothing is there: one listing says so.
    present = papers_with_result(fetching.store, edition)
    results = read_results(fetching.store, edition, (paper.id for paper in manifest.papers if paper.id in present))
    done_with = {paper for paper, result in results.items() if result.answers(None)}
    asked = set(only) or {paper.id for paper in manifest.papers}
    done = dispatch(fetching, manifest, language, time, asked - done_with | set(again), again)
    # Nothing may be left to translate, so no result would wake aggregate: after a crash the digest may be missing.
    fetching.digests.send([encode(DigestMessage(manifest.run, language))])
    return done


def _publish(fetching: Fetching, manifest: Manifest, language: str, time: datetime) -> Dispatch:
    want(fetching, manifest.edition(language), time)
    fetching.digests.send([encode(DigestMessage(manifest.run, language, publish=True))])
    return Dispatch(manifest.run, language, len(manifest.papers), messages=0, characters=0)
