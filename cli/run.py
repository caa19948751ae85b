"""`chorok run`: one period, from Hugging Face's page to the digest's files on this machine."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from cli.connecting.deployment import Pipeline
from cli.connecting.finishing import Finished, await_papers, deadline_in, finish
from cli.connecting.watching import Watch
from cli.showing.tables import show_papers
from shared.errors import CloudError
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.keys import SAMPLE
from shared.periods import last_finished_week
from shared.services.fetching import Request
from shared.services.sample import sample_memory
from shared.translation.memory import person_key


@dataclass(frozen=True)
class Order:
    """What `chorok run` was asked for. `wait` is in seconds."""

    request: Request
    wait: float
    out: Path


def run(pipeline: Pipeline, order: Order, console: Console) -> bool:
    """Fire the schedule's target, wait, download, show; whether every digest is complete.

    Raises ChorokError, also where a paper that was to be translated again has kept its translation.
    """
    finished = make(pipeline, order, console)
    for entry in finished:
        show_papers(console, entry.standing, entry.folder)
    kept = sorted({paper for entry in finished for paper in entry.standing.awaited} & set(order.request.again))
    if kept:
        raise CloudError(
            f"No new translation came for {', '.join(kept)}, so the digest keeps the one before. `chorok status` says"
            " whether it is still at work; the translate function's log says what the engine answered."
        )
    return all(entry.standing.is_complete for entry in finished)


def make(pipeline: Pipeline, order: Order, console: Console) -> tuple[Finished, ...]:
    """Fire the schedule's target, wait, download. Raises ChorokError."""
    time = datetime.now(UTC)
    settings = pipeline.settings()
    name = order.request.run or last_finished_week(time, settings.zone).name
    languages = tuple(dict.fromkeys(order.request.languages)) or settings.languages
    watches = [Watch(pipeline.store, name, language, order.request.again) for language in languages]
    pipeline.fire(time, order.request)
    await_papers(pipeline, watches, deadline_in(order.wait), console)
    return finish(pipeline, watches, order.out)


def run_sample(pipeline: Pipeline, order: Order, console: Console) -> bool:
    """The bundled sample week, its translations served by the memory; as `run`."""
    entries = sample_memory()
    for entry in entries:
        key = keys.memory(entry.language, person_key(entry.source, find_language(entry.language)))
        pipeline.store.write_record(key, entry)
    languages = tuple(dict.fromkeys(entry.language for entry in entries))
    return run(pipeline, replace(order, request=Request(run=SAMPLE, languages=languages)), console)
