"""Digests for the tests to start from."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from shared.digest.archive_entries import Around
from shared.digest.formats import page, renderings
from shared.digest.model import Digest, build
from shared.digest.view import view
from shared.doubts import Doubt, Kept
from shared.failures import NETWORK_CODE, Failure, class_of
from shared.languages.table import find_language
from shared.ledger.keys import PAGE
from shared.ledger.records import FailedResult, Manifest, Result, TranslatedResult
from shared.papers import HUGGING_FACE, Paper

WEEK = "2025-W37"
MONDAY = datetime(2025, 9, 15, 1, tzinfo=UTC)
LATER = MONDAY + timedelta(minutes=7, seconds=30)

SAPO = Paper(
    "2509.08721",
    "Sharing is Caring: Training\n  Together",
    "We share rollouts.\nGains reach 94%.",
    authors=("Ada Lovelace", "Alan Turing"),
    upvotes=661,
    published="2025-09-10T16:00:00.000Z",
    code="https://github.com/example/sapo",
    project="https://sapo.example.org/",
    keywords=("reinforcement learning",),
)
ADAPTER = Paper("2509.09372", "VLA-Adapter", "A small adapter.")


def manifest_of(papers: Sequence[Paper], run: str = WEEK, period: str | None = None, top: int = 10) -> Manifest:
    period = run if period is None else period
    page = f"{HUGGING_FACE}/papers/week/{period}" if period else f"{HUGGING_FACE}/papers"
    return Manifest(run, period, HUGGING_FACE, page, top, MONDAY, tuple(papers))


def translated(
    paper: Paper,
    text: str,
    title: str = "",
    engine: str = "amazon-translate",
    time: datetime = LATER,
    marks: tuple[tuple[Doubt, ...], tuple[Kept, ...]] = ((), ()),
    summary: str = "",
) -> Result:
    doubts, kept = marks
    return TranslatedResult(WEEK, "ko", paper.id, time, text, engine, title, doubts=doubts, kept=kept, summary=summary)


def failed(paper: Paper, code: str = NETWORK_CODE, cause: str = "no answer", attempts: int = 3) -> Result:
    failure = Failure(class_of(code), code, cause)
    return FailedResult(WEEK, "ko", paper.id, MONDAY, failure=failure, attempts=attempts)


def digest_of(
    papers: Sequence[Paper], results: Mapping[str, Result] | Sequence[Result] = (), target: str = "ko", run: str = WEEK
) -> Digest:
    by_paper = results if isinstance(results, Mapping) else {result.paper: result for result in results}
    return build(manifest_of(papers, run, period="" if run == "sample" else run), find_language(target), by_paper)


def files_of(digest: Digest, around: Around | None = None) -> dict[str, bytes]:
    """Every file of the digest by its name, the page among them."""
    shown = view(digest)
    files = renderings(shown) | ({PAGE: page(shown, around)} if around else {})
    return {name: file.body for name, file in files.items()}
