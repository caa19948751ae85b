"""What the translate function does with one delivery of one message: exactly one result, whatever happens.

SQS does the retrying: a delivery either ends with a result in the ledger, or says after how many seconds it wants to
come back. Nothing here waits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.doubts import doubtful
from shared.engines.by_name import prompt_of
from shared.engines.naming import credit
from shared.engines.protocol import Engine
from shared.errors import LedgerError, LedgerUnavailable, TranslationError
from shared.failures import DAMAGED, Failure, FailureClass, class_of, known_failure
from shared.languages.table import Language, find_language
from shared.ledger.memories import Remembered, loose_text, read_memory, revise_memory
from shared.ledger.records import FailedResult, Memory, Result, TranslatedResult
from shared.ledger.results import read_result, store_result
from shared.ledger.store import Store
from shared.queues import retry_delay
from shared.services.making import engines_set, is_worth_asking, present_makers
from shared.services.messages import PaperMessage
from shared.services.paid import Paid
from shared.settings import Settings
from shared.text.clean import NOTHING, clean_abstract, clean_title
from shared.translation.ask import Asked
from shared.translation.door import Accepted, accept
from shared.translation.memory_keys import memory_key, person_key
from shared.translation.pipeline import ABSTRACT, Engines, Translation, translate

_NOTHING = Translation(title="", text="", characters=0, notes=(), terminologies=())


def _no_second(_target: Language) -> None:
    return None


@dataclass(frozen=True)
class _Recollection:
    """What is remembered of a message's paper, and the `loose` texts that were found to be its own, by their keys."""

    remembered: Remembered
    loose: dict[str, Memory] = field(default_factory=dict)


@dataclass(frozen=True)
class _Recalled:
    """What the memory has, and what today's door says of it."""

    memory: Memory
    answer: Accepted

    @property
    def line(self) -> str:
        """The text as a title or a summary, "" where a person has left it in English."""
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
        if held is not None and self._answers(held, message):
            return Outcome(held)
        if isinstance(held, FailedResult) and held.message == delivery.message_id:
            return _failed(held)
        paid = Paid(self.store, message.edition, message.paper, delivery.message_id)
        try:
            outcome = self._translate(message, delivery, paid)
        except TranslationError as error:
            outcome = self._fail(message, delivery, error.failure)
        except LedgerUnavailable as error:
            outcome = self._fail(message, delivery, Failure(class_of(error.code), error.code, str(error)))
        except LedgerError as error:
            # What is remembered may be a person's word, so no engine is asked instead.
            outcome = self._fail(message, delivery, known_failure(DAMAGED, what=f"{error}."))
        return replace(outcome, characters=paid.characters)

    def _translate(self, message: PaperMessage, delivery: Delivery, paid: Paid) -> Outcome:
        target = find_language(message.language)
        title, abstract = clean_title(message.title), clean_abstract(message.abstract)
        summary = clean_title(message.summary)
        recollection = _Recollection(read_memory(self.store, message.language, message.paper))
        known_title = self._recall(title, target, message, recollection)
        known_abstract = remembered = self._recall(abstract, target, message, recollection)
        if message.once_more and remembered and remembered.answer.doubts:
            known_abstract = None
        known_summary = self._recall(summary, target, message, recollection) if summary else None
        if known_summary is not None and known_summary.answer.doubts:
            # A summary is shown where no mark can stand.
            known_summary = None
        fresh = _NOTHING
        learnt: dict[str, Memory] = {}
        if known_title is None or known_abstract is None or (summary and known_summary is None):
            if delivery.receives > 1:
                paid.recall()
            fresh = translate(
                NOTHING if known_title else title,
                NOTHING if known_abstract else abstract,
                target,
                self._engines(target, last=delivery.receives >= self.settings.receives),
                paid,
                summary=NOTHING if known_summary else summary,
            )
            if remembered and (fresh.kept or doubtful(fresh.doubts) >= doubtful(remembered.answer.doubts)):
                # What was asked for once more is no better.
                known_abstract = remembered
            learnt |= self._entry(title, fresh.title, fresh, target)
            # A sentence that stays in English is no translation to be had again: another time it may be mended.
            learnt |= self._entry(abstract, "" if fresh.kept or known_abstract else fresh.text, fresh, target)
            learnt |= self._entry(summary, fresh.summary, fresh, target)
        self._remember(message, recollection, learnt)
        engines = known_abstract.memory.engines or (known_abstract.memory.engine,) if known_abstract else fresh.engines
        makers = present_makers(self.settings, message.language)
        result = TranslatedResult(
            run=message.run,
            language=message.language,
            paper=message.paper,
            time=delivery.time,
            text=known_abstract.memory.text if known_abstract else fresh.text,
            title=known_title.line if known_title else fresh.title,
            engine=engines[0],
            attempts=delivery.receives,
            first_time=delivery.first_time,
            message=delivery.message_id,
            again=message.again,
            characters=fresh.characters,
            remembered=known_abstract is not None,
            notes=tuple(note for note in fresh.notes if not (known_abstract and note.startswith(f"{ABSTRACT}:"))),
            terminologies=fresh.terminologies,
            doubts=known_abstract.answer.doubts if known_abstract else fresh.doubts,
            kept=known_abstract.answer.kept if known_abstract else fresh.kept,
            engines=engines if len(engines) > 1 else (),
            judge=makers.judge,
            # Who could not be asked may be asked another time.
            asked="" if fresh.stopped else makers.engines,
            summary=known_summary.line if known_summary else fresh.summary,
            accepted=known_abstract is not None and known_abstract.memory.origin == "accepted",
        )
        known = sum(known is not None for known in (known_title, known_abstract, known_summary))
        return Outcome(store_result(self.store, result, once_more=message.once_more), remembered=known)

    def _answers(self, held: Result, message: PaperMessage) -> bool:
        """Whether what is held is what the message asks for."""
        if message.once_more and isinstance(held, TranslatedResult):
            return not is_worth_asking(held, present_makers(self.settings, message.language))
        return held.answers(message.again)

    def _engines(self, target: Language, *, last: bool) -> Engines:
        name, engine = self.settings.engine(target.code), self.engine_for(target)
        # Complaints go to the second engine alone: the first is asked again in other forms.
        first = Asked(credit(name), lambda text, _complaints: engine(text), prompt_of(name, target))
        return Engines(first, self.second_for(target), on_doubts=self.settings.second_engine_on_doubts, last=last)

    def _memory_key(self, source: str, target: Language) -> str:
        """The key of an engine's text; the second engine is part of it only where there is one."""
        return memory_key(source, target, engines_set(self.settings, target.code))

    def _recall(
        self, source: str, target: Language, message: PaperMessage, recollection: _Recollection
    ) -> _Recalled | None:
        """What the memory has for the cleaned `source`, and today's door lets through.

        What a person wrote or accepted comes first even where a translation is asked for afresh; an engine's text is
        not looked up then. A loose text counts where nothing of the source is remembered of the paper yet.
        """
        found = (person_key(source, target), self._memory_key(source, target))
        may_be_loose = message.loose_texts and not recollection.remembered.knows(source)
        for key in found[:1] if message.again else found:
            memory = recollection.remembered.texts.get(key)
            if may_be_loose and (memory := loose_text(self.store, target.code, key)):
                recollection.loose[key] = memory
            if memory is not None:
                by_person, final = memory.origin == "person", memory.origin == "accepted"
                answer = accept(source, memory.text, target, by_person=by_person, final=final, kept=memory.kept)
                if isinstance(answer, Accepted):
                    return _Recalled(memory, answer)
        return None

    def _entry(self, source: str, text: str, fresh: Translation, target: Language) -> dict[str, Memory]:
        """An engine's text as the memory is to have it, by its key; nothing where there is none."""
        if not text:
            return {}
        engines = fresh.engines if len(fresh.engines) > 1 else ()
        return {self._memory_key(source, target): Memory(target.code, source, text, fresh.engines[0], engines=engines)}

    def _remember(self, message: PaperMessage, recollection: _Recollection, learnt: Mapping[str, Memory]) -> None:
        """Add what was `learnt` to what is remembered of the paper, over engines' texts of the same keys."""

        def added(texts: Mapping[str, Memory]) -> Mapping[str, Memory]:
            others = {key: text for key, text in {**recollection.loose, **texts}.items() if key not in learnt}
            return {**others, **learnt}

        if learnt or recollection.loose:
            revise_memory(self.store, message.language, message.paper, added, recollection.remembered)

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
        return Outcome(result) if isinstance(result, TranslatedResult) else _failed(result)


def _failed(result: FailedResult) -> Outcome:
    """What becomes of a message whose failure is final for it.

    It only has to use up its receives to reach the dead-letter queue. Where the deployment is wrong there is nothing to
    keep there: ticks send the paper again from the ledger, and no dead message is left when it is translated.
    """
    is_ours = result.failure.kind is FailureClass.OURS
    return Outcome(result, retry_seconds=None if is_ours else 0, failure=result.failure)
