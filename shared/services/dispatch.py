"""How a run's papers get to the translate function: one message each, or a failed result where none can be sent."""

from collections.abc import Collection
from datetime import datetime

from shared.editions import Edition
from shared.failures import BUDGET_EXCEEDED, LOST, NOTHING_TO_TRANSLATE, ODD_ENTRY, TOO_LARGE, Failure, known_failure
from shared.ledger import keys
from shared.ledger.markers import mark
from shared.ledger.memories import has_loose_texts
from shared.ledger.records import Dispatched, FailedResult, Manifest, Reasked
from shared.ledger.results import missing, papers_with_result, store_result
from shared.papers import LONGEST_ABSTRACT, LONGEST_TITLE, Paper
from shared.services.events import Dispatch
from shared.services.fetching import Fetching
from shared.services.making import present_makers
from shared.services.messages import PaperMessage, encode
from shared.settings import Settings


def dispatch(
    fetching: Fetching,
    manifest: Manifest,
    language: str,
    time: datetime,
    wanted: Collection[str],
    again: Collection[str] = (),
) -> Dispatch:
    """Send the `wanted` papers of the manifest; those in `again` are translated afresh, whatever is remembered.

    What cannot be sent gets a failed result. The marker that everything is out comes last, so that a crash before it
    is made good by the next tick. Raises DispatchError.
    """
    edition = manifest.edition(language)
    sendable: list[Paper] = []
    characters = over_budget = 0
    for paper in manifest.papers:
        if paper.id not in wanted:
            continue
        length = len(paper.title) + len(paper.abstract)
        failure = unsendable(fetching.settings, paper, characters + length)
        if failure is None:
            sendable.append(paper)
            characters += length
        else:
            over_budget += failure.code == BUDGET_EXCEEDED
            store_result(fetching.store, _failed(edition, paper.id, failure, time))
    bodies: list[str] = []
    # After the edition is wanted: whoever remembers a loose text looks for its papers afterwards.
    loose_texts = bool(sendable) and has_loose_texts(fetching.store, language)
    for paper in sendable:
        # Summaries get what the papers leave of the budget: none costs a paper its translation.
        fits = not fetching.settings.budget_characters or (
            characters + len(paper.summary) <= fetching.settings.budget_characters
        )
        message = PaperMessage(
            run=manifest.run,
            language=language,
            paper=paper.id,
            title=paper.title,
            abstract=paper.abstract,
            again=time if paper.id in again else None,
            summary=paper.summary if fits else "",
            loose_texts=loose_texts,
        )
        characters += len(message.summary)
        bodies.append(encode(message))
    fetching.papers.send(bodies)
    dispatched = Dispatched(manifest.run, language, time, len(bodies), characters, manifest.revision)
    is_new = mark(fetching.store, keys.dispatched(edition), dispatched)
    if is_new and all(paper.id in wanted for paper in manifest.papers):
        # Others have made nothing of it, so there is nothing that ticks should look for.
        makers = present_makers(fetching.settings, language)
        fetching.store.create(
            keys.reasked(edition, makers), Reasked(manifest.run, language, time, makers.judge, makers.engines)
        )
    return Dispatch(manifest.run, language, len(manifest.papers), len(bodies), characters, over_budget)


def write_off(fetching: Fetching, manifest: Manifest, language: str, time: datetime) -> None:
    """Give every paper that has no result a failed one: its message is lost."""
    edition, hours = manifest.edition(language), fetching.settings.lost_after_hours
    failure = known_failure(LOST, hours=hours)
    for paper in missing(manifest, papers_with_result(fetching.store, edition)):
        store_result(fetching.store, _failed(edition, paper, failure, time))


def unsendable(settings: Settings, paper: Paper, characters: int) -> Failure | None:
    """Why the paper cannot be sent, `characters` being the dispatch's with it; None where it can."""
    budget = settings.budget_characters
    if paper.odd:
        return known_failure(ODD_ENTRY, oddity=paper.odd)
    if paper.missing_text:
        return known_failure(NOTHING_TO_TRANSLATE, text=paper.missing_text)
    if len(paper.title) > LONGEST_TITLE or len(paper.abstract) > LONGEST_ABSTRACT:
        return known_failure(TOO_LARGE, title=LONGEST_TITLE, abstract=LONGEST_ABSTRACT)
    if 0 < budget < characters:
        return known_failure(BUDGET_EXCEEDED, budget=budget)
    return None


def _failed(edition: Edition, paper: str, failure: Failure, time: datetime) -> FailedResult:
    return FailedResult(edition.run, edition.language, paper, time, failure)
