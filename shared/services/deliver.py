"""What the translate function does with one delivery of one message: exactly one result, whatever happens.

SQS does the retrying: a delivery either ends with a result in the ledger, or says after how many seconds it wants to
come back. Nothing here waits.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from shared.engines.by_name import credit, prompt_of
from shared.engines.protocol import Engine
from shared.errors import LedgerUnavailable, TranslationError
from shared.failures import Failure, FailureClass, class_of
from shared.languages.table import Language, find_language
from shared.ledger import keys
from shared.ledger.records import FailedResult, Memory, Result, TranslatedResult
from shared.ledger.results import read_result, store_result
from shared.ledger.store import Store
from shared.queues import retry_delay
from shared.services.messages import PaperMessage
from shared.services.paid import Paid
from shared.settings import Settings
from shared.text.clean import clean_abstract, clean_title
from shared.translation.ask import Asked
from shared.translation.door import Accepted, accept
from shared.translation.judge import JUDGE_VERSION
from shared.translation.memory_keys import memory_key, person_key
from shared.translation.pipeline import Engines, Translation, translate

_NOTHING = Translation(title="", text="", characters=0, notes=(), terminologies=())


def _no_second(_target: Language) -> None:
    return None


@dataclass(frozen=True)
class _Recalled:
    """What the memory has, and what today's door says of it."""

    memory: Memory
    answer: Accepted

    @property
    def title(self) -> str:
        """The text as a title, "" where a person has left it in English."""
        is_english = self.memory.origin == "accepted" and self.memory.text == self.memory.source
        return "" if is_english else " ".join(self.memory.text.split())


@dataclass(frozen=True)
class Delivery:
    """One receive of a message: SQS's message id, how often it was received, when it was first, and when this time."""

    message_id: str
    receives: int
    first_time: datetime
    time: datetime


@dataclass(frozen=True)
class Outcome:
    """What becomes of a delivery.

    `result` is what the ledger holds for the paper, None where it still waits. `retry_seconds` is None where the
    message is done with; otherwise it comes back after so many seconds, or goes to the dead-letter queue if this was
    its last receive. `characters` counts what the engine was paid for in this delivery, `remembered` the texts that
    the memory gave.
    """

    result: Result | None
    retry_seconds: int | None = None
    failure: Failure | None = None
    characters: int = 0
    remembered: int = 0


@dataclass(frozen=True)
class Translating:
    """The translate function's work, with what it works on. `jitter` gives numbers from 0 to 1.

    `second_for` gives the second engine into a language, None where there is none.
    """

    settings: Settings
    store: Store
    engine_for: Callable[[Language], Engine]
    jitter: Callable[[], float]
    second_for: Callable[[Language], Asked | None] = _no_second

    def deliver(self, message: PaperMessage, delivery: Delivery) -> Outcome:
        """Bring the message's paper to a result, or say when to try again."""
        held = read_result(self.store, message.edition, message.paper)
        if held is not None and held.answers(message.again):
            return Outcome(held)
        if isinstance(held, FailedResult) and held.message == delivery.message_id:
            # Its failure is final for this message; it only has to use up its receives to reach the dead-letter queue.
            return Outcome(held, retry_seconds=0, failure=held.failure)
        paid = Paid(self.store, message.edition, message.paper, delivery.message_id)
        try:
            outcome = self._translate(message, delivery, paid)
        except TranslationError as error:
            outcome = self._fail(message, delivery, error.failure)
        except LedgerUnavailable as error:
            outcome = self._fail(message, delivery, Failure(class_of(error.code), error.code, str(error)))
        return replace(outcome, characters=paid.characters)

    def _translate(self, message: PaperMessage, delivery: Delivery, paid: Paid) -> Outcome:
        target = find_language(message.language)
        title, abstract = clean_title(message.title), clean_abstract(message.abstract)
        known_title = self._recall(title, target, afresh=bool(message.again))
        known_abstract = self._recall(abstract, target, afresh=bool(message.again))
        fresh = _NOTHING
        if known_title is None or known_abstract is None:
            if delivery.receives > 1:
                paid.recall()
            fresh = translate(
                "" if known_title else message.title,
                "" if known_abstract else message.abstract,
                target,
                self._engines(target, last=delivery.receives >= self.settings.receives),
                paid,
            )
            self._remember(title, fresh.title, fresh, target)
            # A sentence that stays in English is no translation to be had again: another time it may be mended.
            self._remember(abstract, "" if fresh.kept else fresh.text, fresh, target)
        engines = known_abstract.memory.engines or (known_abstract.memory.engine,) if known_abstract else fresh.engines
        result = TranslatedResult(
            run=message.run,
            language=message.language,
            paper=message.paper,
            time=delivery.time,
            text=known_abstract.memory.text if known_abstract else fresh.text,
            title=known_title.title if known_title else fresh.title,
            engine=engines[0],
            attempts=delivery.receives,
            first_time=delivery.first_time,
            message=delivery.message_id,
            again=message.again,
            characters=fresh.characters,
            remembered=known_abstract is not None,
            notes=fresh.notes,
            terminologies=fresh.terminologies,
            doubts=known_abstract.answer.doubts if known_abstract else fresh.doubts,
            kept=known_abstract.answer.kept if known_abstract else fresh.kept,
            engines=engines if len(engines) > 1 else (),
            judge=JUDGE_VERSION,
            accepted=known_abstract is not None and known_abstract.memory.origin == "accepted",
        )
        remembered = (known_title is not None) + (known_abstract is not None)
        return Outcome(store_result(self.store, result), remembered=remembered)

    def _engines(self, target: Language, *, last: bool) -> Engines:
        name, engine = self.settings.engine(target.code), self.engine_for(target)
        # Complaints go to the second engine alone: the first is asked again in other forms.
        first = Asked(credit(name), lambda text, _complaints: engine(text), prompt_of(name, target))
        return Engines(first, self.second_for(target), on_doubts=self.settings.second_engine_on_doubts, last=last)

    def _memory_key(self, source: str, target: Language) -> str:
        """The key of an engine's text; the second engine is part of it only where there is one."""
        configured = filter(None, (self.settings.engine(target.code), self.settings.second_engine))
        return memory_key(source, target, "+".join(map(credit, configured)))

    def _recall(self, source: str, target: Language, *, afresh: bool) -> _Recalled | None:
        """What the memory has for the cleaned `source`, and today's door lets through.

        What a person wrote or accepted comes first even where a translation is asked for `afresh`; an engine's text is
        not looked up then.
        """
        found = (person_key(source, target), self._memory_key(source, target))
        for key in found[:1] if afresh else found:
            memory = self.store.record(keys.memory(target.code, key), Memory)
            if memory is not None:
                by_person, final = memory.origin == "person", memory.origin == "accepted"
                answer = accept(source, memory.text, target, by_person=by_person, final=final, kept=memory.kept)
                if isinstance(answer, Accepted):
                    return _Recalled(memory, answer)
        return None

    def _remember(self, source: str, text: str, fresh: Translation, target: Language) -> None:
        if text:
            key = keys.memory(target.code, self._memory_key(source, target))
            # Unconditional: equal inputs give equal keys, and the newest text has passed today's judge.
            engines = fresh.engines if len(fresh.engines) > 1 else ()
            self.store.write_record(key, Memory(target.code, source, text, fresh.engines[0], engines=engines))

    def _fail(self, message: PaperMessage, delivery: Delivery, failure: Failure) -> Outcome:
        final = failure.kind is not FailureClass.TRANSIENT or delivery.receives >= self.settings.receives
        if not final:
            delay = retry_delay(
                delivery.receives, self.settings.retry_base_seconds, self.settings.retry_cap_seconds, self.jitter()
            )
            return Outcome(None, retry_seconds=delay, failure=failure)
        result = store_result(
            self.store,
            FailedResult(
                run=message.run,
                language=message.language,
                paper=message.paper,
                time=delivery.time,
                failure=failure,
                attempts=delivery.receives,
                first_time=delivery.first_time,
                message=delivery.message_id,
            ),
        )
        if isinstance(result, TranslatedResult):
            return Outcome(result)
        return Outcome(result, retry_seconds=0, failure=failure)
