"""Hugging Face's API of papers: the second opinion, the way out when the page cannot be read, and one paper by its id.

`GET /api/daily_papers?week=2025-W37` lists in the order of publication, a part at a time
(https://huggingface.co/docs/hub/api), so votes alone give its order and ties have none.
`GET /api/papers/2509.08721` says of one paper what the list says of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from shared.errors import PageUnreadable, SourceMoved
from shared.huggingface.entries import Listing, decode_json, facts_of, paper_of, read_entries
from shared.papers import Paper
from shared.periods import Period

PATH = "/api/daily_papers"
PAPERS_PATH = "/api/papers"

_GRACE = timedelta(days=1)
"""How far outside its period a paper may say that it was listed: the time zone of these days is not documented."""


def parse_part(body: bytes, period: Period) -> list[object]:
    """The entries of one answer, decoded; none after the list's end.

    Raises PageUnreadable where the answer is no JSON list: the API is then unavailable.
    """
    where = _where(period)
    try:
        # Bytes that are not UTF-8 are shown as such, and cost no paper.
        entries = decode_json(body.decode(errors="replace"))
    except ValueError as error:
        raise PageUnreadable(f"{where} is no JSON: the API is unavailable. Try again later.") from error
    if not isinstance(entries, list):
        raise PageUnreadable(f"{where} holds no list of papers: its form has changed, or this is another answer.")
    return entries


def read_listing(entries: Sequence[object], period: Period) -> Listing:
    """The papers of all parts together, most voted first; among equals the earlier stays first.

    A paper without votes comes last. Raises PageUnreadable where nothing in `entries` has the form of a paper with
    votes, SourceMoved where most entries that say when they were listed were not listed in `period`.
    """
    listing = read_entries(entries, _where(period))
    _require_period(entries, period)
    if listing.papers and all(paper.upvotes is None for paper in listing.papers):
        raise PageUnreadable(f"{_where(period)} gives no paper votes, so it has no order: its form has changed.")
    voted = sorted(listing.papers, key=lambda paper: -1 if paper.upvotes is None else paper.upvotes, reverse=True)
    return replace(listing, papers=tuple(voted))


def parse_paper(body: bytes, paper: str) -> Paper:
    """What the API says of the one paper with this id. Raises PageUnreadable, or SourceMoved for another paper."""
    where = f"The API's answer for paper {paper}"
    try:
        facts = facts_of({"paper": decode_json(body.decode(errors="replace"))})
    except ValueError as error:
        raise PageUnreadable(f"{where} is no JSON: the API is unavailable. Try again later.") from error
    if facts is None:
        raise PageUnreadable(f"{where} is no paper: its form has changed, or this is another answer.")
    if facts["id"] != paper:
        raise SourceMoved(f"{where} is about paper {facts['id']}: Hugging Face may have no such paper.")
    return paper_of(facts)


def _require_period(entries: Iterable[object], period: Period) -> None:
    facts = filter(None, map(facts_of, entries))
    days = [day for fact in facts if (day := _day(fact.get("submittedOnDailyAt"))) is not None]
    inside = [day for day in days if day - period.first >= -_GRACE and day - period.after < _GRACE]
    if days and len(inside) * 2 <= len(days):
        raise SourceMoved(f"{_where(period)} lists papers of other days: Hugging Face may have no such period.")


def _day(stamp: object) -> date | None:
    try:
        return date.fromisoformat(stamp[:10]) if isinstance(stamp, str) else None
    except ValueError:
        return None


def _where(period: Period) -> str:
    return f"The API's answer for {period.name}"
