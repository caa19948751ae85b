"""Asking once more, when the judge or an engine has changed, for what is doubtful, kept in English, or refused.

What stands in the ledger stands until something better comes (`store_result`). A message says no time: whoever delivers
it looks whether the result names today's makers already, so that it may be sent any number of times. An edition's
marker comes after its last message, and tells every later tick that there is nothing to look for.
"""

from datetime import datetime

from shared.failures import BUDGET_EXCEEDED
from shared.ledger import keys
from shared.ledger.memories import has_loose_texts
from shared.ledger.records import FailedResult, Manifest, Reasked
from shared.ledger.results import read_results
from shared.services.dispatch import unsendable
from shared.services.events import Dispatch
from shared.services.fetching import Fetching
from shared.services.making import is_worth_asking, present_makers
from shared.services.messages import PaperMessage, encode


def reask(fetching: Fetching, manifest: Manifest, language: str, time: datetime, *, refused: bool = True) -> Dispatch:
    """Send each paper that today's makers may do better, as many as the budget allows, and mark the edition.

    What the budget does not allow stays as it is: a person may ask for it. Without `refused`, papers that have failed
    are left alone: they are redriven. Raises DispatchError.
    """
    edition, makers = manifest.edition(language), present_makers(fetching.settings, language)
    results = read_results(fetching.store, edition, (paper.id for paper in manifest.papers))
    worth = [
        paper
        for paper in manifest.papers
        if is_worth_asking(held := results.get(paper.id), makers) and (refused or not isinstance(held, FailedResult))
    ]
    loose_texts = bool(worth) and has_loose_texts(fetching.store, language)
    sent: list[str] = []
    bodies: list[str] = []
    characters = over_budget = 0
    for paper in worth:
        length = len(paper.title) + len(paper.abstract) + len(paper.summary)
        failure = unsendable(fetching.settings, paper, characters + length)
        if failure is not None:
            over_budget += failure.code == BUDGET_EXCEEDED
            continue
        message = PaperMessage(
            run=manifest.run,
            language=language,
            paper=paper.id,
            title=paper.title,
            abstract=paper.abstract,
            once_more=True,
            summary=paper.summary,
            loose_texts=loose_texts,
        )
        bodies.append(encode(message))
        sent.append(paper.id)
        characters += length
    fetching.papers.send(bodies)
    marker = Reasked(manifest.run, language, time, makers.judge, makers.engines, len(bodies), characters)
    fetching.store.create(keys.reasked(edition, makers), marker)
    return Dispatch(manifest.run, language, len(manifest.papers), len(bodies), characters, over_budget, tuple(sent))
