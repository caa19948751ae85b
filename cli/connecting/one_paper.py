"""One paper of one edition as the ledger has it, to be looked at closely: nothing is started for that."""

from dataclasses import dataclass
from pathlib import Path

from cli.connecting.reader_options import open_ledger
from cli.showing.overview import listed
from shared.editions import Edition
from shared.errors import UnknownRun, UsageError
from shared.ledger import keys
from shared.ledger.records import Manifest, PaidAnswers, Result
from shared.ledger.results import read_result
from shared.ledger.store import Reader
from shared.papers import Paper


@dataclass(frozen=True)
class HeldPaper:
    """A paper of an edition, its result if it has one, and what engines answered in the message that ended with it."""

    edition: Edition
    paper: Paper
    result: Result | None
    answers: tuple[str, ...] = ()


def find_paper(state: Path, stack: str, edition: Edition, paper: str) -> HeldPaper:
    """The paper with this id. Raises UnknownRun and UsageError, saying what there is instead, and LedgerError."""
    ledger = open_ledger(state, stack)
    if ledger is None:
        raise UnknownRun("Nothing has run here yet. Start with `chorok run`, or give --state.")
    manifest = find_manifest(ledger.store, edition)
    found = next((held for held in manifest.papers if held.id == paper), None)
    if found is None:
        known = listed([held.id for held in manifest.papers])
        raise UsageError(f"{paper} is not a paper of run {edition.run}. Its papers are: {known}.")
    result = read_result(ledger.store, edition, paper)
    return HeldPaper(edition, found, result, _answers(ledger.store, edition, result))


def find_manifest(store: Reader, edition: Edition) -> Manifest:
    """The manifest of the edition's run. Raises UnknownRun and UsageError, saying what there is instead."""
    wanted = [found for entry in store.list(keys.RUNS) if (found := keys.parse_requested(entry.key))]
    manifest = store.record(keys.manifest(edition.run), Manifest)
    if manifest is None:
        runs = listed(sorted({found.run for found in wanted}, reverse=True))
        raise UnknownRun(f"There is no run {edition.run} here. Runs there are: {runs or 'none'}.")
    if edition not in wanted:
        languages = [found.language for found in wanted if found.run == edition.run]
        raise UsageError(f"Run {edition.run} is not in {edition.language}. It is in: {listed(languages) or 'none'}.")
    return manifest


def _answers(store: Reader, edition: Edition, result: Result | None) -> tuple[str, ...]:
    held = store.record(keys.answers(edition, result.paper), PaidAnswers) if result and result.message else None
    if held is None or result is None or held.message != result.message:
        return ()
    return tuple(answer.text for answer in held.answers.values())
