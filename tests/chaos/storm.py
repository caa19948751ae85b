"""One seed: break everything that can break, let it heal, and look whether it has."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import msgspec
from rich.console import Console

from cli.redrive import RedriveOptions, redrive
from shared.digest.formats import DIGEST
from shared.digest.front import Languages, front_page
from shared.digest.model import Digest, build
from shared.editions import Edition
from shared.errors import CloudError
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.file import record_file
from shared.ledger.records import Manifest, Result, TranslatedResult
from shared.ledger.results import read_results
from shared.papers import Paper
from shared.periods import last_finished_week
from shared.services.events import SCHEDULED_TIME, Answer, Dispatch, RunRequest, SendRequest
from shared.services.messages import PaperMessage, encode
from shared.settings import Settings
from tests.chaos.cloud import AGGREGATE, FETCH, TRANSLATE, Victim
from tests.chaos.engine import FAULTS, HANG, INJECTED, REFUSALS, Engine
from tests.chaos.money import TRANSLATED, Bill
from tests.chaos.phrasebook import LANGUAGES, Phrasebook, write
from tests.chaos.source import served
from tests.fakes.faults import Rule
from tests.proof.invariants import files_of

WEEKS = 3
_HARMS = 8
"""How many times something is broken before the cloud itself is killed, and again once it is back."""
_HARM_SECONDS = (0.2, 0.9)
_FETCH_SECONDS = (0.5, 2.0)
"""When, after its start, a fetch function is killed: while it loads, reads the page, or sends."""
_COPIED = 2
_QUIET_SECONDS = 5.0
"""Longer than a message waits between two receives on the embedded cloud, or than a function takes to start."""
_PATIENCE_SECONDS = 90.0
_POLL_SECONDS = 0.2
_MOST_REDRIVES = 4

Issue = tuple[str, str]
"""Run and language of a digest."""
Wanted = tuple[str, str]
"""A paper in a language: the language, and the paper's title, which no other has."""


@dataclass(frozen=True)
class Report:
    """What became of one seed. `troubles` says what is not as it must be."""

    seed: int
    papers: int
    bill: Bill
    killed: Counter[str]
    dead: int
    redrives: int
    seconds: float
    troubles: tuple[str, ...]

    def __str__(self) -> str:
        faults = self.bill.outcomes - Counter({TRANSLATED: self.bill.calls})
        lines = (
            f"seed {self.seed}: {'NOT AS IT MUST BE' if self.troubles else 'complete'} after {self.seconds:.0f} s",
            f"  papers  {self.papers} in {WEEKS} weeks, each in {' and '.join(LANGUAGES)}: {self.bill.papers}",
            f"  faults  {_listed(faults)}",
            f"  killed  {_listed(self.killed)}, and the whole cloud once",
            f"  healed  {self.dead} dead messages and whatever was lost; redrives: {self.redrives}",
            f"  money   {self.bill}",
            *(f"  TROUBLE {trouble}" for trouble in self.troubles),
        )
        return "\n".join(lines)


def storm(seed: int, papers: int, state: Path) -> Report:
    """Run `seed` with so many `papers` a week on an embedded cloud on the folder `state`. Raises ChorokError."""
    start = time.monotonic()
    chance = random.Random(seed)
    now, zone = datetime.now(UTC), Settings().zone
    runs = [last_finished_week(now - timedelta(weeks=back), zone).name for back in range(WEEKS)]
    phrasebook = write(runs, papers, chance)
    with served(phrasebook.runs) as source, Engine(phrasebook) as engine:
        engine.import_glossaries()
        victim = Victim.of(state, engine.address, source)
        victim.up()
        try:
            attempt = Storm(chance, phrasebook, victim, engine)
            attempt.rage()
            attempt.heal()
            troubles = attempt.troubles()
        finally:
            victim.down()
    bill = Bill(
        outcomes=engine.outcomes(),
        papers=WEEKS * papers * len(LANGUAGES),
        injected=INJECTED,
        killed=victim.killed[TRANSLATE] + victim.buried[TRANSLATE],
        # Only what was really translated again counts, and only where another message explains it.
        duplicates=sum(min(count - 1, attempt.copies[paper]) for paper, count in engine.translated().items()),
        copies=attempt.copies.total(),
    )
    if not bill.adds_up:
        troubles.append("there are calls that nothing explains")
    seconds = time.monotonic() - start
    return Report(seed, WEEKS * papers, bill, victim.killed, attempt.dead, attempt.redrives, seconds, tuple(troubles))


class Storm:
    """What is done to one cloud.

    `copies` counts the messages that were sent while another one about the same paper may have been on its way, `dead`
    the messages in the dead-letter queues when nothing moved any more, and `redrives` how often that took a person.
    """

    def __init__(self, chance: random.Random, phrasebook: Phrasebook, victim: Victim, engine: Engine) -> None:
        self.copies: Counter[Wanted] = Counter()
        self.dead = 0
        self.redrives = 0
        self._chance = chance
        self._phrasebook = phrasebook
        self._victim = victim
        self._engine = engine
        self._issues: list[Issue] = list(product(phrasebook.runs, LANGUAGES))
        self._sent: set[Issue] = set()

    def rage(self) -> None:
        """Ask for every week, for one of them twice at once, and break what can break until nothing moves any more."""
        listed = [paper for papers in self._phrasebook.runs.values() for paper in papers]
        refused = zip(self._chance.sample(listed, len(REFUSALS)), REFUSALS, strict=True)
        rules = (*(Rule(contains=paper.title, code=code) for paper, code in refused), *FAULTS, HANG)
        self._fail(*rules)
        self._begin()
        self._break_things()
        self._victim.kill()
        self._victim.up()
        self._sent.clear()
        # Once more, as nobody hangs any longer.
        self._fail(*rules)
        for run in self._phrasebook.runs:
            self._count(self._ask(run) or ())
        self._break_things()
        self._settle()

    def heal(self) -> None:
        """Do what a person does, until every digest is complete.

        What was with a function that was killed would come back by itself, when its visibility timeout is over; so
        long nobody waits here: it is asked for again. What is dead is redriven.
        """
        self._fail(*FAULTS)
        pipeline = self._victim.pipeline
        self.dead = pipeline.papers.depth().dead + pipeline.digests.depth().dead
        while self.redrives < _MOST_REDRIVES and not self._is_complete():
            for run, code in self._issues:
                results = self._results(run, code)
                absent = tuple(paper.id for paper in self._phrasebook.runs[run] if paper.id not in results)
                if absent:
                    pipeline.fire(datetime.now(UTC), SendRequest(tuple(absent), run, (code,)))
            self._settle()
            chosen = RedriveOptions(run="", wait=_PATIENCE_SECONDS, out=self._victim.plan.state / "out")
            redrive(pipeline, chosen, Console(quiet=True))
            self.redrives += 1
        self._settle()

    def troubles(self) -> list[str]:
        """What is not as it must be, after every message came once more, which must change nothing."""
        calls = len(self._engine.calls)
        self._send_late_copies()
        late = len(self._engine.calls) - calls
        found = [f"{late} calls were made for papers whose translation was stored"] if late else []
        store = self._victim.pipeline.store
        expected: dict[str, bytes] = {
            keys.LANGUAGES: record_file(Languages(languages=tuple(sorted(LANGUAGES)))).body,
            keys.FRONT: front_page(tuple(sorted(LANGUAGES))).body,
        }
        pages = [Edition(run, code) for run in self._phrasebook.runs for code in LANGUAGES]
        for code in LANGUAGES:
            digests = []
            for run, papers in self._phrasebook.runs.items():
                results = self._results(run, code)
                found += (
                    f"{run} {code} {paper.id} is not translated as it must be: {results.get(paper.id)}"
                    for paper in papers
                    if not self._is_right(results.get(paper.id), paper, code)
                )
                manifest = store.record(keys.manifest(run), Manifest)
                if manifest is not None:
                    digests.append(build(manifest, find_language(code), results))
            expected |= files_of(digests, pages)
        stored = {entry.key: store.read(entry.key) for entry in store.list(keys.DIGESTS)}
        for key in sorted(expected.keys() | stored.keys()):
            held = stored.get(key)
            if held is None or held.body != expected.get(key):
                found.append(f"{key} is not what follows from the ledger")
        if not self._is_complete():
            found.append("there are digests that are not complete")
        return found

    def _begin(self) -> None:
        first, *others = self._phrasebook.runs
        with ThreadPoolExecutor() as pool:
            asked = [(run, pool.submit(self._ask, run)) for run in (first, first, *others)]
            self._wait(lambda: self._victim.runs(FETCH))
            time.sleep(self._chance.uniform(*_FETCH_SECONDS))
            self._victim.kill_function(self._chance, FETCH)
        for run, future in asked:
            dispatches = future.result()
            while dispatches is None:
                # Nobody knows how much it had sent when it was killed: whatever is sent now may be sent twice.
                self._sent |= {(run, code) for code in LANGUAGES}
                dispatches = self._ask(run)
            self._count(dispatches)

    def _fail(self, *rules: Rule) -> None:
        self._engine.fail(*rules, seed=self._chance.getrandbits(32))

    def _break_things(self) -> None:
        for _ in range(_HARMS):
            time.sleep(self._chance.uniform(*_HARM_SECONDS))
            [harm] = self._chance.choices((self._kill_a_function, self._send_copies, self._tick), (6, 3, 1))
            harm()

    def _kill_a_function(self) -> None:
        self._victim.kill_function(self._chance, TRANSLATE, AGGREGATE)

    def _send_copies(self) -> None:
        run, code = self._chance.choice(self._issues)
        results = self._results(run, code)
        waiting = [paper for paper in self._phrasebook.runs[run] if paper.id not in results]
        # Each twice in a row, so that two functions get it at the same moment.
        copied = [paper for paper in self._chance.sample(waiting, min(len(waiting), _COPIED)) for _ in "12"]
        self._send(run, code, copied)
        self.copies.update((code, paper.title) for paper in copied)

    def _tick(self) -> None:
        """The schedule's own event: it sends what was not all sent, and asks for publication of what is there."""
        pipeline = self._victim.pipeline
        target = pipeline.scheduler.get_schedule(Name=pipeline.schedule)["Target"]
        event = target["Input"].replace(SCHEDULED_TIME, datetime.now(UTC).isoformat())
        answer = pipeline.functions.invoke(FunctionName=target["Arn"], Payload=event.encode())
        self._count(msgspec.json.decode(answer["Payload"].read(), type=Answer).dispatches)

    def _send_late_copies(self) -> None:
        queue = self._victim.pipeline.papers
        before = queue.depth().alive
        for run, code in self._issues:
            self._send(run, code, self._phrasebook.runs[run])
        self._wait(lambda: queue.depth().alive <= before)

    def _send(self, run: str, code: str, papers: Sequence[Paper]) -> None:
        queue = self._victim.pipeline.papers
        for paper in papers:
            message = PaperMessage(run, code, paper.id, paper.title, paper.abstract)
            queue.sqs.send_message(QueueUrl=queue.url, MessageBody=encode(message))

    def _ask(self, run: str) -> tuple[Dispatch, ...] | None:
        """What a person's request for the run dispatched, or None where the function was killed meanwhile."""
        request = RunRequest(run, LANGUAGES, len(self._phrasebook.runs[run]))
        try:
            return self._victim.pipeline.fire(datetime.now(UTC), request)
        except CloudError:
            return None

    def _count(self, dispatches: Iterable[Dispatch]) -> None:
        for dispatch in dispatches:
            issue = (dispatch.run, dispatch.language)
            if issue in self._sent and dispatch.messages:
                self.copies.update((dispatch.language, paper.title) for paper in self._phrasebook.runs[dispatch.run])
            self._sent.add(issue)

    def _results(self, run: str, code: str) -> dict[str, Result]:
        papers = [paper.id for paper in self._phrasebook.runs[run]]
        return read_results(self._victim.pipeline.store, Edition(run, code), papers)

    def _is_right(self, result: Result | None, paper: Paper, code: str) -> bool:
        """Whether the paper has the one translation that it can have: so no error stands in its place, either."""
        wanted = self._phrasebook.expected(paper, code)
        return isinstance(result, TranslatedResult) and (result.title, result.text) == (wanted.title, wanted.text)

    def _is_complete(self) -> bool:
        store = self._victim.pipeline.store
        digests = (store.record(keys.digest(Edition(run, code), DIGEST), Digest) for run, code in self._issues)
        return all(digest is not None and digest.state == "complete" for digest in digests)

    def _settle(self) -> None:
        """Wait until nothing moves any more."""
        queues = (self._victim.pipeline.papers, self._victim.pipeline.digests)
        self._wait(lambda: self._engine.quiet(_QUIET_SECONDS) and not any(queue.depth().waiting for queue in queues))

    def _wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise CloudError(f"Things still move after {_PATIENCE_SECONDS:.0f} s; the state folder has the logs.")
            time.sleep(_POLL_SECONDS)


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
