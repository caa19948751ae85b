"""Hugging Face's page of a period, read twice: its data block, and the cards a visitor sees.

The page carries everything as JSON, from which its scripts build it (`<div data-target="DailyPapers"
data-props="{…}">`). The cards repeat rank and link, so they tell when the block is not what is shown.
"""

from dataclasses import dataclass

import msgspec
from selectolax.lexbor import LexborHTMLParser

from shared.errors import PageUnreadable, SourceMoved
from shared.huggingface.entries import Facts, read_entries, read_papers
from shared.papers import Paper
from shared.periods import Period, PeriodKind

_PERIOD_TYPES = {PeriodKind.WEEK: "week", PeriodKind.MONTH: "month", PeriodKind.DAY: "day"}
"""What the data block calls each kind of period in `periodType`; a day's page has `date` in its address only."""


@dataclass(frozen=True)
class Page:
    """The papers of the data block in the page's order, never none, and the ids of the article cards in theirs."""

    papers: tuple[Paper, ...]
    cards: tuple[str, ...]


def parse_page(html: bytes, period: Period) -> Page:
    """What the page of `period` lists. An id listed twice counts once, at its first place.

    Raises PageUnreadable, saying why, where no papers can be read; SourceMoved where the page is of another period.
    """
    where = f"The page of {period.name}"
    try:
        tree = LexborHTMLParser(html.decode())
    except UnicodeDecodeError as error:
        raise _unreadable(html, where, "is no UTF-8 text") from error
    block = tree.css_first('[data-target="DailyPapers"]')
    if block is None:
        raise _unreadable(html, where, "has no data block: its form has changed, or this is no such page")
    props = _props(block.attributes.get("data-props") or "", html, where)
    _require_period(props, period, where)
    papers = read_papers(read_entries(props.get("dailyPapers"), where), where)
    if not papers:
        raise PageUnreadable(f"{where} lists no papers. Look at it in a browser, and try again later.")
    return Page(papers, _cards(tree))


def _props(text: str, html: bytes, where: str) -> Facts:
    try:
        props = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise _unreadable(html, where, f"has a data block that is no JSON: {error}") from error
    if not isinstance(props, dict):
        raise PageUnreadable(f"{where} has a data block that is no JSON object: its form has changed.")
    return props


def _require_period(props: Facts, period: Period, where: str) -> None:
    """Raise unless the page says that it is of `period`: a missing week's address leads to the latest one."""
    shown, date = props.get("dateString"), props.get("date")
    if shown is None and isinstance(date, str):
        # Until 2024 there were pages of days only, and they gave their day as a timestamp.
        shown = date[:10]
    if not isinstance(shown, str):
        raise PageUnreadable(f"{where} does not say which period it shows: its form has changed.")
    kind = props.get("periodType", _PERIOD_TYPES[period.kind])
    if shown != period.name or kind != _PERIOD_TYPES[period.kind]:
        raise SourceMoved(
            f"{where} shows {shown[:40]!r} ({str(kind)[:40]}) instead: Hugging Face may have no such period."
        )


def _cards(tree: LexborHTMLParser) -> tuple[str, ...]:
    links = (article.css_first('a[href^="/papers/"]') for article in tree.css("article"))
    addresses = (link.attributes.get("href") or "" for link in links if link is not None)
    return tuple(dict.fromkeys(address.removeprefix("/papers/") for address in addresses))


def _unreadable(html: bytes, where: str, cause: str) -> PageUnreadable:
    if b"</html" not in html.lower():
        cause = "was cut off before its end"
    return PageUnreadable(f"{where} {cause}. Try again later.")
