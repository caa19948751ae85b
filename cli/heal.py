"""`chorok heal`: old digests in the user's format become runs like any other, with what they lacked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from rich.console import Console

from cli import options, values
from cli.connecting.deployment import Pipeline
from cli.connecting.files import write_whole
from cli.connecting.finishing import await_papers, deadline_in, finish
from cli.connecting.opening import CloudOptions, open_pipeline
from cli.connecting.watching import Watch
from cli.showing.phases import phase
from cli.showing.tables import show_digests
from cli.showing.terminal import say
from shared.errors import PeriodNotOver, SourceError, UsageError
from shared.ledger import keys
from shared.ledger.records import Manifest
from shared.ledger.results import store_result
from shared.periods import parse_period, require_over
from shared.services.events import ReadRequest, RunRequest
from shared.services.heal import (
    OldDigest,
    healed_file,
    is_same,
    kept_translations,
    manifest_of,
    papers_of,
    read_old_digest,
)
from shared.settings import Settings
from shared.text.display import one_line


@dataclass(frozen=True)
class OldFile:
    """One of the files to be healed, and the language to heal it into."""

    path: Path
    digest: OldDigest
    language: str


@dataclass(frozen=True)
class HealOptions:
    """What `chorok heal` was asked for. `source` is "" for the deployment's own; `wait` is in seconds."""

    files: tuple[OldFile, ...]
    source: str
    wait: float
    out: Path


def read_files(paths: Sequence[Path], language: str, out: Path) -> tuple[OldFile, ...]:
    """The digests in the files, each to be healed into `language`, or where that is "" into its own (else Korean).

    Raises UsageError, naming the file, for what is not a digest, and where healed files would be written over one
    another or over what they were made of.
    """
    files: dict[str, OldFile] = {}
    for path in paths:
        if path.name in files:
            raise UsageError(f"{path} and {files[path.name].path} would both be written to {out / path.name}.")
        if (out / path.name).resolve() == path.resolve():
            raise UsageError(f"{path} would be written over itself: give another --out.")
        try:
            digest = read_old_digest(path.read_bytes())
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
        except UsageError as error:
            raise UsageError(f"{path}: {error}") from error
        files[path.name] = OldFile(path, digest, language or digest.language or "ko")
    return tuple(files.values())


def heal(pipeline: Pipeline, chosen: HealOptions, console: Console) -> bool:
    """Make the files' runs, wait, download, and write each file healed; whether every digest is complete.

    Raises ChorokError, before anything is done where the period of a file is not over.
    """
    _require_over(chosen.files, pipeline.settings().zone)
    with phase("sending what is missing to be translated"):
        watches = {file.path: _begin(pipeline, file, chosen.source, console) for file in chosen.files}
    distinct = list({watch.edition: watch for watch in watches.values()}.values())
    await_papers(pipeline, distinct, deadline_in(chosen.wait), console)
    finished = finish(pipeline, distinct, chosen.out)
    standings = {entry.standing.edition: entry.standing for entry in finished}
    show_digests(console, list(standings.values()), [entry.folder for entry in finished])
    for file in chosen.files:
        standing = standings[watches[file.path].edition]
        healed = healed_file(file.digest, standing.manifest, file.language, standing.results)
        write_whole(chosen.out / file.path.name, healed)
        say(console, f"healed: {chosen.out / file.path.name}")
    return all(standing.is_complete for standing in standings.values())


def _require_over(files: Sequence[OldFile], zone: ZoneInfo) -> None:
    time = datetime.now(UTC)
    for file in files:
        try:
            require_over(parse_period(file.digest.text.period), time, zone)
        except PeriodNotOver as error:
            raise PeriodNotOver(f"{file.path}: {error}") from error


def _begin(pipeline: Pipeline, file: OldFile, source: str, console: Console) -> Watch:
    """Have the file's run begun: manifest, then what is translated already, then messages for the rest."""
    time = datetime.now(UTC)
    manifest = _manifest(pipeline, file, source, time, console)
    kept = kept_translations(file.digest, manifest, file.language, time)
    for result in kept.results:
        store_result(pipeline.store, result)
    for paper, refused in kept.refused.items():
        say(console, one_line(f"{file.path.name}: what stands for {paper} is not kept: {refused}"), "yellow")
    watch = Watch(pipeline.store, manifest.edition(file.language))
    pipeline.fire(time, RunRequest(manifest.run, (file.language,)))
    return watch


def _manifest(pipeline: Pipeline, file: OldFile, source: str, time: datetime, console: Console) -> Manifest:
    """The manifest of the run that the file is, written first if there is none.

    It is the period's own run where that holds the file's papers, or where nothing holds them yet and they are all
    known; else a run of the file's own.
    """
    store, period = pipeline.store, file.digest.text.period
    held = store.record(keys.manifest(period), Manifest)
    if held is None and not file.digest.is_whole:
        try:
            pipeline.fire(time, ReadRequest(period, file.digest.text.top, source))
        except (SourceError, UsageError) as error:
            trouble = f"{file.path.name} does not show every paper, and the others cannot be had: {error}"
            say(console, trouble, "yellow")
        held = store.record(keys.manifest(period), Manifest)
    if held is not None and is_same(file.digest, held):
        return held
    papers = papers_of(file.digest, held.papers if held else ())
    if not papers:
        raise UsageError(f"{file.path} shows no paper at all.")
    run = period if held is None and file.digest.is_whole else file.digest.run_of_its_own
    fresh = manifest_of(file.digest, run, papers, time)
    if store.create(keys.manifest(run), fresh):
        return fresh
    if run == period:
        # Somebody made this run a moment ago.
        return _manifest(pipeline, file, source, time, console)
    return store.record(keys.manifest(run), Manifest) or fresh


@click.command("heal")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--lang",
    "language",
    metavar="CODE",
    callback=options.read_by(values.language),
    help="Target language.  [default: that of each file]",
)
@options.source
@options.engine
@options.second_engine
@options.wait
@options.out
@options.state
@options.stack
def command(
    files: tuple[Path, ...],
    language: str | None,
    source: str | None,
    engine: str,
    second_engine: str,
    wait: float,
    out: Path,
    state: Path,
    stack: str,
) -> int:
    """Translate what is missing in old digest files.

    FILES are text files in the format of digest.txt. What is translated in a file is kept, and papers that it does not
    show are fetched again. Each file becomes a run, published like any other, and is also written under its own name
    below --out.

    Exit status: 0 every digest is complete, 3 a digest is partial.
    """
    asked = values.request(stack, None, (), source)
    old = read_files(files, language or "", out)
    if not stack:
        # Here nothing has started yet.
        _require_over(old, Settings().zone)
    console = Console()
    cloud = CloudOptions(
        state, engine, tuple(dict.fromkeys(file.language for file in old)), stack=stack, second_engine=second_engine
    )
    with open_pipeline(cloud, console) as pipeline:
        chosen = HealOptions(old, asked.source, wait, out)
        complete = heal(pipeline, chosen, console)
    return 0 if complete else options.PARTIAL
