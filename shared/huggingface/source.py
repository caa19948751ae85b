"""The most-voted papers of a period, from sources that check one another.

The page's data block comes first, in the page's order. Its cards must show the same; if not, or where the page fails
or seems short, the API is asked. What cannot be settled is an error with a name, never a guess.
"""

from collections.abc import Iterator

from shared.errors import PageUnreadable, SourceError, SourceMoved, SourcesDisagree, TooFewPapers
from shared.huggingface.address import page_path
from shared.huggingface.api import PAPERS_PATH, PATH, parse_paper, parse_part, read_listing
from shared.huggingface.client import Client
from shared.huggingface.entries import MOST_ENTRIES, Listing, identities
from shared.huggingface.page import Page, parse_page
from shared.papers import Paper
from shared.periods import Period

_LISTING_PART = 100
"""How many papers one answer of the API may hold; its own default is 50."""
_MOST_PARTS = 50
_ONLY_A_CARD = "nothing of the paper but its id"


def top_papers(client: Client, period: Period, top: int, *, believe_few: bool) -> Listing:
    """The `top` most-voted papers of `period`, best first, and how many entries of the list they come from are odd.

    Fewer than `top` are returned only where page and API agree that there are no more, or with `believe_few`; none
    never. A list is not short because of entries that name no paper, as long as most do. A failed page is replaced by
    the API, but a page of another period is final: then there is no such period.

    Raises SourceError: the page's own error where the API is of no help either, SourcesDisagree where page and cards
    differ and the API confirms neither, TooFewPapers.
    """
    try:
        page = parse_page(client.get(page_path(period)), period)
    except SourceMoved:
        raise
    except SourceError as error:
        return _enough(_instead_of_page(client, period, top, error), top, period, believed=believe_few)
    completed = _completed(page, top)
    if completed == page.listing and len(page.listing.papers) >= top:
        return page.listing.first(top)
    try:
        listing = _listing(client, period, top)
    except SourceError as error:
        return _from_page_alone(completed, top, period, error, believe_few=believe_few)
    best = page.listing if completed == page.listing else _settled(page, completed, listing, top, period)
    if len(best.papers) >= top:
        return best.first(top)
    fuller = max(best, listing, key=lambda found: len(found.papers))
    if _ids(best.papers) | _ids(listing.papers) != _ids(fuller.papers):
        raise SourcesDisagree(f"Page and API list different papers for {period.name}. Try again later.")
    agreed = len(best.papers) == len(listing.papers)
    return _enough(fuller, top, period, believed=believe_few or agreed)


def paper_by_id(client: Client, paper: str) -> Paper:
    """The paper with this arXiv id, in whatever period it was listed. Raises SourceError."""
    return parse_paper(client.get(f"{PAPERS_PATH}/{paper}"), paper)


def _instead_of_page(client: Client, period: Period, top: int, page_error: SourceError) -> Listing:
    try:
        listing = _listing(client, period, top)
        if not listing.papers:
            raise PageUnreadable(f"The API lists no papers for {period.name}.")
    except SourceError as error:
        page_error.add_note(f"The API did not help: {error}")
        raise page_error from error
    return listing


def _completed(page: Page, top: int) -> Listing | None:
    """What the data lists, completed by the cards: where an entry names no paper and its card does, the paper stands at
    its rank and says that there is no more than its id. None where the cards contradict the data; missing cards do not.
    """
    listing, shown = page.listing, page.cards[:top]
    listed = {paper.id: paper for paper in listing.papers}
    named = tuple(listed[card] for card in shown if card in listed)
    found = len(shown) - len(named)
    if found > listing.nameless or named != listing.papers[: len(named)]:
        return None
    papers = tuple(listed.get(card) or Paper(card, "", "", odd=_ONLY_A_CARD) for card in shown)
    return Listing(papers + listing.papers[len(named) :], listing.nameless - found, listing.odd - found)


def _from_page_alone(
    completed: Listing | None, top: int, period: Period, api_error: SourceError, *, believe_few: bool
) -> Listing:
    try:
        if completed is None:
            raise SourcesDisagree(f"The page of {period.name} shows other papers than its data. Try again later.")
        return _enough(completed, top, period, believed=believe_few)
    except SourceError as error:
        error.add_note(f"The API did not help: {api_error}")
        raise error from api_error


def _settled(page: Page, completed: Listing | None, listing: Listing, top: int, period: Period) -> Listing:
    """What the API confirms: the page's data, else its cards. Ties have no true order, so only votes are compared.

    Where it confirms neither, they still count together if they do not contradict each other.
    """
    listed = {paper.id: paper for paper in listing.papers}
    votes = [paper.upvotes for paper in listing.papers[:top]]

    def is_confirmed(ids: tuple[str, ...]) -> bool:
        return all(id_ in listed for id_ in ids) and [listed[id_].upvotes for id_ in ids] == votes

    if is_confirmed(tuple(paper.id for paper in page.listing.papers[:top])):
        return page.listing
    if is_confirmed(page.cards[:top]):
        return Listing(tuple(listed[id_] for id_ in page.cards[:top]), listing.nameless, listing.odd)
    if completed is not None:
        return completed
    raise SourcesDisagree(
        f"The page of {period.name} shows other papers than its data, and the API confirms neither. Try again later."
    )


def _enough(listing: Listing, top: int, period: Period, *, believed: bool) -> Listing:
    found = len(listing.papers)
    named_enough = found + listing.nameless >= top and listing.nameless < found
    if found < top and not (believed or named_enough):
        raise TooFewPapers(
            f"{period.name} seems to have only {found} of the {top} papers asked for, and nothing confirms it. "
            "Try again later, or ask for fewer."
        )
    return listing.first(top)


def _listing(client: Client, period: Period, top: int) -> Listing:
    """Every paper that the API lists for `period`, most voted first."""
    listing = read_listing(list(_entries(client, period)), period)
    if len(listing.papers) > top and listing.papers[top - 1].upvotes is None:
        raise PageUnreadable(f"The API gives too few papers of {period.name} votes to say which are the top {top}.")
    return listing


def _entries(client: Client, period: Period) -> Iterator[object]:
    """What the API's answers hold until one brings nothing new: a part may be short without being the last."""
    known: set[str] = set()
    count, before = 0, list[object]()
    for number in range(_MOST_PARTS):
        query = {period.kind.value: period.name, "limit": str(_LISTING_PART), "p": str(number)}
        part = parse_part(client.get(PATH, query), period)
        ids = identities(part)
        if not part or part == before or (ids and ids <= known):
            return
        count += len(part)
        if count > MOST_ENTRIES:
            break
        known |= ids
        before = part
        yield from part
    raise PageUnreadable(f"The API's list for {period.name} does not end. Try again later.")


def _ids(papers: tuple[Paper, ...]) -> set[str]:
    return {paper.id for paper in papers}
