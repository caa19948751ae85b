"""What a tick sees that is wrong: causes, as they follow from the editions that are not final, with what mends each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.editions import Edition
from shared.errors import ChorokError
from shared.failures import FailureClass, remedy_of
from shared.incidents import Cause, Kind
from shared.ledger.records import FailedResult, Manifest, Requested, Result, TranslatedResult
from shared.ledger.results import papers_with_result, read_results
from shared.ledger.store import Reader
from shared.settings import Settings

_FEW = 4


@dataclass(frozen=True)
class Look:
    """An edition that is not final: its papers, since when it is wanted, and its results by paper."""

    manifest: Manifest
    request: Requested
    results: dict[str, Result]

    @property
    def edition(self) -> Edition:
        """The edition it is about."""
        return self.request.edition

    @property
    def failed(self) -> tuple[FailedResult, ...]:
        """What has failed and is not accepted, in rank order."""
        results = (self.results.get(paper.id) for paper in self.manifest.papers)
        return tuple(result for result in results if isinstance(result, FailedResult) and not result.accepted)

    @property
    def stuck(self) -> tuple[FailedResult, ...]:
        """Those of them that failed because the deployment is wrong."""
        return tuple(result for result in self.failed if result.failure.kind is FailureClass.OURS)

    @property
    def is_all_there_is(self) -> bool:
        """Whether every paper is translated, though an old file says that there were more: nobody can mend that."""
        papers = self.manifest.papers
        return len(papers) < self.manifest.expected and all(
            isinstance(self.results.get(paper.id), TranslatedResult) for paper in papers
        )

    def is_overdue(self, settings: Settings, time: datetime) -> bool:
        """Whether it should be final by `time`, counted from when it was first wanted and not from its week's end."""
        due = self.request.scheduled_time + timedelta(hours=settings.overdue_hours)
        return time >= due and not self.is_all_there_is


def look(store: Reader, manifest: Manifest, request: Requested) -> Look:
    """An edition as the ledger has it now."""
    present = papers_with_result(store, request.edition)
    papers = (paper.id for paper in manifest.papers if paper.id in present)
    return Look(manifest, request, read_results(store, request.edition, papers))


def causes_in(looks: Sequence[Look], settings: Settings, time: datetime) -> Iterator[Cause]:
    """What is wrong with editions: each code that is ours once, each edition that lacks something else once."""
    where = options(settings)
    stuck: dict[str, list[FailedResult]] = defaultdict(list)
    for seen in looks:
        for result in seen.stuck:
            stuck[result.failure.code].append(result)
    for code, results in stuck.items():
        yield _ours(code, results, where)
    for seen in looks:
        if len(seen.failed) > len(seen.stuck):
            yield _refused(seen, where)
        elif not seen.failed and seen.is_overdue(settings, time):
            yield _late(seen, where)


def source(week: str, error: ChorokError, settings: Settings) -> Cause:
    """That the papers of `week` could not be had."""
    return Cause(
        Kind.SOURCE,
        "",
        title=f"Hugging Face does not give the papers of {week}",
        what=f"The papers of {week} could not be had: {error}",
        do=f"Nothing, if it is an outage: every tick tries again. To try at once: chorok run {week}{options(settings)}",
    )


def damaged(run: str, error: ChorokError, settings: Settings, editions: tuple[Edition, ...] = ()) -> Cause:
    """That an object of `run` cannot be read, without which nothing is known of these `editions`."""
    return Cause(
        Kind.DAMAGED,
        run,
        title=f"an object of {run} cannot be read",
        what=str(error),
        do=f"Put its last good version back, as the runbook says. To see what is damaged: chorok status"
        f"{options(settings)}",
        editions=editions,
    )


def unknown(messages: int, settings: Settings) -> Cause:
    """That the papers' dead-letter queue holds so many messages of which the ledger knows nothing."""
    return Cause(
        Kind.UNKNOWN,
        "",
        title="the papers' dead-letter queue holds what the ledger does not know",
        what=f"The papers' dead-letter queue holds messages about no result in the ledger: {messages}. No paper of a"
        " run waits for them.",
        do=f"chorok status{options(settings)} (it says how to look at them)",
    )


def options(settings: Settings) -> str:
    """What leads a command to this deployment, after a space."""
    return "" if settings.embedded else f" --stack {settings.name}"


def _ours(code: str, results: Sequence[FailedResult], where: str) -> Cause:
    editions = tuple(dict.fromkeys(result.edition for result in results))
    return Cause(
        Kind.OURS,
        code,
        title=f"the deployment has to be mended ({code})",
        what=f"{_papers(len(results))} of {_listed(map(str, editions))} failed: {results[0].failure.cause} ({code})",
        do="Mend that. Every tick tries one paper, and when it passes, all are sent again. To send them at once:"
        f" chorok redrive{where}",
        editions=editions,
    )


def _refused(seen: Look, where: str) -> Cause:
    """Every cause of failure but those that are ours, each with its number of papers."""
    edition, counts = seen.edition, dict[tuple[FailureClass, str, str], int]()
    for result in seen.failed:
        failure = result.failure
        if failure.kind is not FailureClass.OURS:
            key = (failure.kind, failure.code, failure.cause)
            counts[key] = counts.get(key, 0) + 1
    said = [f"{_papers(count)}: {cause} ({code})" for (_, code, cause), count in counts.items()]
    kind, code, _ = next(iter(counts))
    if len({code for _, code, _ in counts}) == 1:
        do = remedy_of(kind, code, f"chorok redrive {edition.run}{where}")
    else:
        do = f"chorok status {edition.run}{where} says what mends each"
    return Cause(
        Kind.REFUSED,
        f"{edition.run}/{edition.language}",
        title=f"papers of {edition} could not be translated",
        what=f"Of {edition} failed {_listed(said)}",
        do=f"{do.rstrip('.')}; to leave it at that: chorok accept {edition.run} --lang {edition.language}{where}",
        editions=(edition,),
    )


def _late(seen: Look, where: str) -> Cause:
    edition, since = seen.edition, seen.request.scheduled_time
    papers = _papers(len(seen.manifest.papers))
    return Cause(
        Kind.LATE,
        f"{edition.run}/{edition.language}",
        title=f"the digest of {edition} is late",
        what=f"The digest of {edition} is wanted since {since:%Y-%m-%d %H:%M %Z} and neither complete nor accepted,"
        f" though no paper of it has failed: {len(seen.results)} of {papers} have a result.",
        do=f"chorok redrive {edition.run}{where}",
        editions=(edition,),
    )


def _papers(count: int) -> str:
    return f"{count} paper{'' if count == 1 else 's'}"


def _listed(texts: Iterable[str]) -> str:
    """The first few, and how many more there are."""
    found = list(texts)
    return ", ".join(found[:_FEW]) + (f" and {len(found) - _FEW} more" if len(found) > _FEW else "")
