"""`chorok heal`: old digests in the user's format become runs like any other, with what they lacked.

Every file is for itself: it is written as soon as its papers are there, and one that fails or is late stops no other.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from cli import options, values
from cli.connecting.deployment import Pipeline
from cli.connecting.files import folder_of, write_whole
from cli.connecting.finishing import bring, deadline_in, finish
from cli.connecting.healing import Asking, Begun, begin_healing
from cli.connecting.old_files import OldFile, read_files, require_over_in
from cli.connecting.opening import CloudOptions, open_pipeline
from cli.connecting.pace import Clock, Pace
from cli.connecting.watching import POLL_SECONDS, Idleness, Stillness, Watch
from cli.showing.meters import meter
from cli.showing.phases import phase
from cli.showing.standing import Standing
from cli.showing.tables import show_causes, show_files
from cli.showing.terminal import say
from shared.errors import ChorokError, UsageError
from shared.services.heal import OldDigest, healed_file
from shared.settings import Settings
from shared.text.display import one_line

_STILL_SECONDS = 60.0
"""How long no message about a digest may move before they are left to themselves."""


@dataclass(frozen=True)
class HealOptions:
    """What `chorok heal` was asked for. `language` and `source` are "" for the file's own and the deployment's.

    `wait` is in seconds, and how long to wait for the next file.
    """

    language: str
    source: str
    wait: float
    out: Path


@dataclass(frozen=True)
class Healing:
    """What has become of a file: how its run stands, what of it could not be had or kept, and what went wrong."""

    path: Path
    standing: Standing | None = None
    remarks: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether every paper that the file tells of is translated, and everything is written."""
        return not self.trouble and self.standing is not None and self.standing.is_complete


@dataclass(frozen=True)
class _Sent:
    """A file whose papers were sent."""

    digest: OldDigest
    language: str
    begun: Begun


class _Batch:
    """The files of one command: those that wait for their papers, and what has become of the others."""

    def __init__(self, asking: Asking, files: Sequence[OldFile], chosen: HealOptions) -> None:
        self._asking = asking
        self._chosen = chosen
        self._waiting: dict[Path, _Sent] = {}
        self._ended = {file.path: Healing(file.path, trouble=file.trouble) for file in files}
        self.watches: dict[Path, Watch] = {}

    @property
    def is_waiting(self) -> bool:
        """Whether any file waits for its papers."""
        return bool(self._waiting)

    @property
    def ended(self) -> tuple[Healing, ...]:
        """What has become of the files, in their order."""
        return tuple(self._ended.values())

    def begin(self, path: Path, digest: OldDigest) -> None:
        """Have the run of one file begun."""
        language = self._chosen.language or digest.language or "ko"
        try:
            begun = begin_healing(self._asking, digest, language)
        except ChorokError as error:
            self._end(Healing(path, trouble=str(error)))
            return
        self.watches[path] = begun.watch
        self._waiting[path] = _Sent(digest, language, begun)

    def write(self, *, late: bool = False) -> tuple[Standing, ...]:
        """Write the files for which nothing is awaited any more, with `late` all; how those stand that waited."""
        standings: list[Standing] = []
        for path, sent in list(self._waiting.items()):
            try:
                standing = sent.begun.watch.standing()
                standings.append(standing)
                if late or not standing.awaited:
                    del self._waiting[path]
                    self._write(path, sent, standing)
            except ChorokError as error:
                self._waiting.pop(path, None)
                self._end(Healing(path, trouble=str(error)))
        return tuple(standings)

    def fail(self, path: Path, trouble: str) -> None:
        """Note that the digest of a file that was written is not."""
        self._ended[path] = replace(self._ended[path], trouble=self._ended[path].trouble or trouble)

    def _write(self, path: Path, sent: _Sent, standing: Standing) -> None:
        target = self._chosen.out / path.name
        body = healed_file(sent.digest, standing.manifest, sent.language, standing.results)
        healing = Healing(path, standing, sent.begun.remarks)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, body)
            say(self._asking.console, f"healed: {target}")
        except OSError as error:
            healing = replace(healing, trouble=f"{target} cannot be written: {error.strerror}.")
        self._end(healing)

    def _end(self, healing: Healing) -> None:
        self._ended[healing.path] = healing


def heal(pipeline: Pipeline, files: Sequence[OldFile], chosen: HealOptions, console: Console) -> tuple[Healing, ...]:
    """Make the files' runs, write each file healed when its papers are there, bring the digests; how each file ended.

    Raises UsageError, before anything is done, where none of the files can be healed.
    """
    files = require_over_in(pipeline.settings().zone, files, datetime.now(UTC))
    _require_any(files)
    batch = _Batch(Asking(pipeline, chosen.source, Pace(Clock()), console), files, chosen)
    for file in files:
        if file.digest is not None:
            with phase(f"sending what is missing in {file.path.name}"):
                batch.begin(file.path, file.digest)
            batch.write()
    _await_files(pipeline, batch, chosen.wait, console)
    _bring_digests(pipeline, batch, chosen.out)
    _show(console, batch.ended, chosen.out)
    return batch.ended


def _await_files(pipeline: Pipeline, batch: _Batch, wait: float, console: Console) -> None:
    """Write each file when its papers are there; after `wait` seconds without one, what there is of the others."""
    idleness = Idleness(pipeline.papers, pipeline.settle_seconds)
    deadline = deadline_in(wait)
    with meter(console) as shown:
        while batch.is_waiting:
            # What is looked at next is newer than this.
            late = idleness.lasts() or time.monotonic() >= deadline
            standings = batch.write(late=late)
            shown.show(standings)
            if not all(standing.awaited for standing in standings):
                deadline = deadline_in(wait)
            if batch.is_waiting:
                time.sleep(POLL_SECONDS)


def _bring_digests(pipeline: Pipeline, batch: _Batch, out: Path) -> None:
    """Have every file's digest published, and download it; what goes wrong with one is noted, and stops no other."""
    watches = {watch.edition: watch for watch in batch.watches.values()}
    if not watches:
        return
    # Many digests take long; they are late only when nothing moves any more.
    stillness = Stillness(_STILL_SECONDS)
    while (depth := pipeline.digests.depth()).alive and not stillness.lasts(depth):
        time.sleep(POLL_SECONDS)
    try:
        finish(pipeline, tuple(watches.values()), out)
    except (ChorokError, OSError):
        troubles = {edition: _trouble_with(pipeline, watch, out) for edition, watch in watches.items()}
        for path, watch in batch.watches.items():
            batch.fail(path, troubles[watch.edition])


def _trouble_with(pipeline: Pipeline, watch: Watch, out: Path) -> str:
    """What is wrong with a digest that was waited for, "" for nothing; what there is of it is downloaded."""
    try:
        bring(pipeline.store, watch, out)
        return "" if watch.is_up_to_date() else "Its digest was not published in time: `chorok status` says more."
    except ChorokError as error:
        return str(error)
    except OSError as error:
        return f"{error.filename} cannot be written: {error.strerror}."


def _require_any(files: Sequence[OldFile]) -> None:
    """Raise UsageError unless one of the files can be healed; what is wrong with the others is told before."""
    *others, last = files
    if any(file.digest is not None for file in files):
        return
    for file in others:
        say(Console(stderr=True), f"chorok: {file.path}: {file.trouble}")
    raise UsageError(f"{last.path}: {last.trouble}")


def _show(console: Console, healings: Sequence[Healing], out: Path) -> None:
    """What became of each file in a line, what went wrong and why papers are missing, and where the files are."""
    for healing in healings:
        say(console, _line(healing), "green" if healing.is_complete else "red")
    for healing in healings:
        for remark in healing.remarks:
            say(console, one_line(f"{healing.path.name}: {remark}"), "yellow")
        if healing.trouble:
            say(console, one_line(f"{healing.path.name}: {healing.trouble}"), "red")
    standings = {healing.standing.edition: healing.standing for healing in healings if healing.standing is not None}
    show_causes(console, tuple(standings.values()))
    for edition in standings:
        show_files(console, folder_of(edition, out))


def _line(healing: Healing) -> str:
    """What became of a file, and as which run."""
    standing = healing.standing
    if standing is None:
        return f"failed: {healing.path.name}"
    state = "complete" if healing.is_complete else "failed" if healing.trouble else "partial"
    counts = f"{standing.translated} of {standing.expected}"
    return f"{state}, {counts}: {healing.path.name} is run {standing.edition.run} ({standing.edition.language})"


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

    FILES are text files in the format of digest.txt. What is translated in a file is kept. A paper of which it shows no
    more than the id is looked up, and one that it does not name at all is taken from the list of its week. Each file
    becomes the run of its week where the week's list has the same papers in the same order, else a run of its own; it
    is also written under its own name below --out, as soon as it is ready. --wait is for the next file.

    Exit status: 0 every digest is complete, 3 a digest is partial, 1 a file could not be healed.
    """
    asked = values.request(stack, None, (), source)
    old = read_files(files, out)
    if not stack:
        # Here nothing has started yet.
        old = require_over_in(Settings().zone, old, datetime.now(UTC))
    _require_any(old)
    console = Console()
    languages = tuple(dict.fromkeys(language or file.digest.language or "ko" for file in old if file.digest))
    cloud = CloudOptions(state, engine, languages, stack=stack, second_engine=second_engine)
    with open_pipeline(cloud, console) as pipeline:
        healings = heal(pipeline, old, HealOptions(language or "", asked.source, wait, out), console)
    if any(healing.trouble for healing in healings):
        return 1
    return 0 if all(healing.is_complete for healing in healings) else options.PARTIAL
