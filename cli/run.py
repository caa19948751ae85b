"""`chorok run`: one period, from Hugging Face's page to the digest's files on this machine."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from cli.display import meter, show_papers
from cli.files import download
from cli.pipeline import Pipeline
from cli.watching import Standing, Watch, looks, until
from shared.errors import CloudError
from shared.fetching import SAMPLE, Request
from shared.languages import language as known_language
from shared.ledger import keys
from shared.ledger.records import Manifest
from shared.sample import sample_memory
from shared.settings import Settings
from shared.translation.memory import person_key
from shared.weeks import last_finished_week

PUBLISH_SECONDS = 60.0
"""How long the digest may take once all that it is waited for is there."""


@dataclass(frozen=True)
class Order:
    """What `chorok run` was asked for. `wait` is in seconds."""

    request: Request
    wait: float
    out: Path


def run(pipeline: Pipeline, settings: Settings, order: Order, console: Console) -> bool:
    """Fire the schedule's target, wait, download; whether every digest is complete. Raises ChorokError."""
    time = datetime.now(UTC)
    name = order.request.run or last_finished_week(time, settings.zone).name
    languages = order.request.languages or settings.languages
    watches = [Watch(pipeline.store, name, language) for language in languages]
    pipeline.fire(time, order.request)
    manifest = pipeline.store.record(keys.manifest(name), Manifest)
    if manifest is None:
        raise CloudError(f"Run {name} was fetched, but its manifest is not in bucket {pipeline.store.bucket}.")

    def look() -> tuple[Standing, ...]:
        return tuple(watch.look(manifest) for watch in watches)

    with meter(console) as shown:
        for standings in looks(order.wait, look):
            shown.show(standings)
    if any(standing.awaited for standing in standings):
        # The wait is over: as at a later tick, what is there is published.
        pipeline.fire(datetime.now(UTC), replace(order.request, run=name, publish=True))
    published = until(PUBLISH_SECONDS, lambda: all(map(Watch.published, watches, look())))
    standings = look()
    for standing in standings:
        show_papers(console, standing, download(pipeline.store, name, standing.language, order.out))
    if not published:
        raise CloudError("The digest was not published in time, so these files may be old. Read the functions' logs.")
    return all(standing.translated == len(manifest.papers) for standing in standings)


def run_sample(pipeline: Pipeline, settings: Settings, order: Order, console: Console) -> bool:
    """The bundled sample week, its translations served by the memory; as `run`."""
    entries = sample_memory()
    for entry in entries:
        key = keys.memory(entry.language, person_key(entry.source, known_language(entry.language)))
        pipeline.store.write_record(key, entry)
    languages = tuple(dict.fromkeys(entry.language for entry in entries))
    return run(pipeline, settings, replace(order, request=Request(run=SAMPLE, languages=languages)), console)
