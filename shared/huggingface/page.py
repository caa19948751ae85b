"""Hugging Face's page of a period, read twice: its data block, and the cards a visitor sees.

The page carries everything as JSON, from which its scripts build it (`<div data-target="DailyPapers"
data-props="{…}">`). The cards repeat rank and link, so they tell when the block is not what is shown.

A parser that builds the tree of a page takes a time that grows with the square of how deep the page nests and of how
much one tag holds, so a page that no person has made is refused before it is parsed.
"""

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from shared.errors import PageUnreadable, SourceMoved
from shared.huggingface.entries import Facts, Listing, decode_json, read_entries
from shared.papers import is_arxiv_id
from shared.periods import Period, PeriodKind

_PERIOD_TYPES = {PeriodKind.WEEK: "week", PeriodKind.MONTH: "month", PeriodKind.DAY: "day"}
"""What the data block calls each kind of period in `periodType`; a day's page has `date` in its address only."""

_MOST_TAGS = 200_000
"""A hundred times what a real page has."""
_DEEPEST = 256
"""How many elements may be open at once; on a real page twenty are."""
_LONGEST_TAG = 10_000
"""Bytes of one tag without the values of its attributes; a real one has a hundred."""
_TAG = re.compile(rb"<(/?)([A-Za-z][A-Za-z0-9-]*)")
_VALUE = re.compile(rb'"[^"]*+"')
_CARD = "/papers/"
_VOID = frozenset(b"area base br col embed hr img input link meta path source track wbr".split())
"""Elements without an end, and the one of drawings that never has one either."""


@dataclass(frozen=True)
class Page:
    """What the data block lists in the page's order, never nothing, and the ids of the article cards in theirs."""

    listing: Listing
    cards: tuple[str, ...]


def parse_page(html: bytes, period: Period) -> Page:
    """What the page of `period` lists.

    Raises PageUnreadable, saying why, where no papers can be read; SourceMoved where the page is of another period.
    """
    where = f"The page of {period.name}"
    _require_parsable(html, where)
    # Bytes that are not UTF-8 are shown as such, and cost no paper.
    tree = LexborHTMLParser(html.decode(errors="replace"))
    block = tree.css_first('[data-target="DailyPapers"]')
    if block is None:
        raise _unreadable(html, where, "has no data block: its form has changed, or this is another page")
    props = _props(block.attributes.get("data-props") or "", html, where)
    _require_period(props, period, where)
    listing = read_entries(props.get("dailyPapers"), where)
    if not listing.papers:
        raise PageUnreadable(f"{where} lists no papers. Look at it in a browser, and try again later.")
    return Page(listing, _cards(tree))


def _require_parsable(html: bytes, where: str) -> None:
    """Raise PageUnreadable for a page whose tree would take long to build."""
    depth = deepest = 0
    tags = _TAG.findall(html)
    for closing, name in tags:
        if name.lower() not in _VOID:
            depth += -1 if closing else 1
            deepest = max(deepest, depth)
    longest = max(len(part.partition(b">")[0]) for part in _VALUE.sub(b"", html).split(b"<"))
    if len(tags) > _MOST_TAGS or deepest > _DEEPEST or longest > _LONGEST_TAG:
        raise _unreadable(html, where, "nests deeper or has more tags than a page of Hugging Face, and is not parsed")


def _cards(tree: LexborHTMLParser) -> tuple[str, ...]:
    links = (article.css_first(f'a[href^="{_CARD}"]') for article in tree.css("article"))
    addresses = (link.attributes.get("href") or "" for link in links if link is not None)
    return tuple(filter(is_arxiv_id, dict.fromkeys(address.removeprefix(_CARD) for address in addresses)))


def _props(text: str, html: bytes, where: str) -> Facts:
    try:
        props = decode_json(text)
    except ValueError as error:
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
            f"{where} shows {shown[:40]!r} ({_start(kind)}) instead: Hugging Face may have no such period."
        )


def _start(value: object) -> str:
    return ascii(value[:40] if isinstance(value, str) else type(value).__name__)


def _unreadable(html: bytes, where: str, cause: str) -> PageUnreadable:
    if b"</html" not in html.lower():
        cause = "was cut off before its end"
    return PageUnreadable(f"{where} {cause}. Try again later.")
