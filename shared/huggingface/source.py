"""The most-voted papers of a period, from sources that check one another.

The page's data block comes first, in the page's order. Its cards must show the same; if not, or where the page fails
or seems short, the API is asked. What cannot be settled is an error with a name, never a guess.
"""

from collections.abc import Iterator

from shared.errors import PageUnreadable, SourceError, SourceMoved, SourcesDisagree, TooFewPapers
from shared.huggingface.api import PATH, most_voted_first, parse_listing
from shared.huggingface.client import Client
from shared.huggingface.page import Page, parse_page
from shared.papers import Paper
from shared.periods import Period

_LISTING_PART = 100
"""How many papers one answer of the API may hold; its own default is 50."""
_MOST_PARTS = 50

Papers = tuple[Paper, ...]


def top_papers(client: Client, period: Period, top: int, *, believe_few: bool) -> Papers:
    """The `top` most-voted papers of `period`, best first.

    Fewer than `top` are returned only where page and API agree that there are no more, or with `believe_few`; none
    never. A failed page is replaced by the API, but a page of another period is final: then there is no such period.

    Raises SourceError: the page's own error where the API is of no help either, SourcesDisagree where page and cards
    differ and the API confirms neither, TooFewPapers.
    """
    try:
        page = parse_page(client.get(period.path), period)
    except SourceMoved:
        raise
    except SourceError as error:
        return _enough(_instead_of_page(client, period, error), top, period, believed=believe_few)
    if _cards_agree(page, top) and len(page.papers) >= top:
        return page.papers[:top]
    try:
        listing = _listing(client, period)
    except SourceError as error:
        return _from_page_alone(page, top, period, error, believe_few=believe_few)
    papers = page.papers if _cards_agree(page, top) else _settled(page, listing, top, period)
    if len(papers) >= top:
        return papers[:top]
    fuller = max(papers, listing, key=len)
    if _ids(papers) | _ids(listing) != _ids(fuller):
        raise SourcesDisagree(f"Page and API list different papers for {period.name}. Try again later.")
    return _enough(fuller, top, period, believed=believe_few or len(papers) == len(listing))


def _instead_of_page(client: Client, period: Period, page_error: SourceError) -> Papers:
    try:
        listing = _listing(client, period)
        if not listing:
            raise PageUnreadable(f"The API lists no papers for {period.name}.")
    except SourceError as error:
        page_error.add_note(f"The API did not help: {error}")
        raise page_error from error
    return listing


def _from_page_alone(page: Page, top: int, period: Period, api_error: SourceError, *, believe_few: bool) -> Papers:
    try:
        if not _cards_agree(page, top):
            raise SourcesDisagree(f"The page of {period.name} shows other papers than its data. Try again later.")
        return _enough(page.papers, top, period, believed=believe_few)
    except SourceError as error:
        error.add_note(f"The API did not help: {api_error}")
        raise error from api_error


def _cards_agree(page: Page, top: int) -> bool:
    """Whether the cards that are there show the same papers in the same order; missing cards contradict nothing."""
    shown = page.cards[:top]
    return shown == tuple(paper.id for paper in page.papers[: len(shown)])


def _settled(page: Page, listing: Papers, top: int, period: Period) -> Papers:
    """What the API confirms: the page's data, else its cards. Ties have no true order, so only votes are compared."""
    listed = {paper.id: paper for paper in listing}
    votes = [paper.upvotes for paper in listing[:top]]

    def is_confirmed(ids: tuple[str, ...]) -> bool:
        return all(id_ in listed for id_ in ids) and [listed[id_].upvotes for id_ in ids] == votes

    if is_confirmed(tuple(paper.id for paper in page.papers[:top])):
        return page.papers
    if is_confirmed(page.cards[:top]):
        return tuple(listed[id_] for id_ in page.cards[:top])
    raise SourcesDisagree(
        f"The page of {period.name} shows other papers than its data, and the API confirms neither. Try again later."
    )


def _enough(papers: Papers, top: int, period: Period, *, believed: bool) -> Papers:
    if len(papers) < top and not believed:
        raise TooFewPapers(
            f"{period.name} seems to have only {len(papers)} of the {top} papers asked for, and nothing confirms it. "
            "Try again later, or ask for fewer."
        )
    return papers[:top]


def _listing(client: Client, period: Period) -> Papers:
    """Every paper that the API lists for `period`, most voted first."""
    return most_voted_first(paper for part in _parts(client, period) for paper in part)


def _parts(client: Client, period: Period) -> Iterator[Papers]:
    """The answers of the API until one brings nothing new: a part may be short without being the last."""
    known: set[str] = set()
    for number in range(_MOST_PARTS):
        query = {period.kind.value: period.name, "limit": str(_LISTING_PART), "p": str(number)}
        part = parse_listing(client.get(PATH, query), period)
        if _ids(part) <= known:
            return
        known |= _ids(part)
        yield part
    raise PageUnreadable(f"The API's list for {period.name} does not end. Try again later.")


def _ids(papers: Papers) -> set[str]:
    return {paper.id for paper in papers}
