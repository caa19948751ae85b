"""Hugging Face's API of daily papers: the second opinion, and the way out when the page cannot be read.

`GET /api/daily_papers?week=2025-W37` lists in the order of publication, a part at a time
(https://huggingface.co/docs/hub/api), so votes alone give its order and ties have none.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from shared.errors import PageUnreadable, SourceMoved
from shared.huggingface.entries import Facts, read_entries, read_papers
from shared.papers import Paper
from shared.periods import Period

PATH = "/api/daily_papers"

_GRACE = timedelta(days=1)
"""How far outside its period a paper may say that it was listed: the time zone of these days is not documented."""


def parse_listing(body: bytes, period: Period) -> tuple[Paper, ...]:
    """The papers of one answer in its own order; none after the list's end. Each has its `upvotes`.

    Raises PageUnreadable where the answer is no JSON list of papers with votes: the API is then unavailable.
    Raises SourceMoved where most entries that say when they were listed were not listed in `period`.
    """
    where = f"The API's answer for {period.name}"
    try:
        entries = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PageUnreadable(f"{where} is no JSON: the API is unavailable. Try again later.") from error
    facts = read_entries(entries, where)
    _require_period(facts, period, where)
    papers = read_papers(facts, where)
    for paper in papers:
        if paper.upvotes is None:
            raise PageUnreadable(f"{where} gives {paper.id} no votes, so it has no order: its form has changed.")
    return papers


def most_voted_first(papers: Iterable[Paper]) -> tuple[Paper, ...]:
    """The papers by votes, each id once; among equals the earlier stays first."""
    once: dict[str, Paper] = {}
    for paper in papers:
        once.setdefault(paper.id, paper)
    return tuple(sorted(once.values(), key=lambda paper: -(paper.upvotes or 0)))


def _require_period(facts: Iterable[Facts], period: Period, where: str) -> None:
    days = [day for fact in facts if (day := _day(fact.get("submittedOnDailyAt"))) is not None]
    inside = [day for day in days if day - period.first >= -_GRACE and day - period.after < _GRACE]
    if days and len(inside) * 2 <= len(days):
        raise SourceMoved(f"{where} lists papers of other days: Hugging Face may have no such period.")


def _day(stamp: object) -> date | None:
    try:
        return date.fromisoformat(stamp[:10]) if isinstance(stamp, str) else None
    except ValueError:
        return None
