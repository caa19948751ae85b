"""What makes thousands of interleavings affordable, and what makes them repeatable."""

import sys
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import pytest

from functions.aggregate import handler as aggregate
from functions.fetch import handler as fetch
from functions.translate import handler as translate
from shared.digest.archive_entries import entry_of
from shared.digest.archive_files import archive_files
from shared.digest.formats import page, renderings
from shared.digest.search import search_files, with_digest
from shared.digest.view import view
from shared.doubts import Doubt, Kept
from shared.engines.protocol import Complaint, EngineAnswer
from shared.languages.table import Language
from shared.ledger import store
from shared.ledger.records import decode
from shared.notices import mail
from shared.services import archive, attest, deliver, publish
from shared.text.clean import NOTHING, Cleaned, clean_abstract, clean_title
from shared.translation.ask import Account, Answers, Asked
from shared.translation.door import accept
from shared.translation.memory_keys import memory_key
from shared.translation.pipeline import Engines, Translation
from shared.translation.pipeline import translate as translate_text
from tests.proof import invariants, simulation
from tests.proof.invariants import Invariant, Violation


class Silence:
    """Stands in for loggers and metrics, and hears of every error that a handler swallows."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *arguments, **fields: None

    def exception(self, *arguments: object, **fields: object) -> None:
        error = sys.exception()
        if not isinstance(error, simulation.INJECTED):
            raise Violation(Invariant.NO_SURPRISE, repr(error)) from error


class Remembered:
    """A pure function that is computed once for equal arguments."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.name = function.__name__
        self.computed = lru_cache(maxsize=4000)(lambda *plain, **named: function(*map(_restored, plain), **named))

    def __call__(self, *arguments: object, **named: Hashable) -> Any:
        made = self.computed(
            *(_Items(argument.items()) if isinstance(argument, dict) else argument for argument in arguments), **named
        )
        return dict(made) if isinstance(made, dict) else made


class _Items(tuple[Any, ...]):
    """A mapping that can be hashed."""


def _restored(argument: object) -> object:
    return dict(argument) if isinstance(argument, _Items) else argument


FUNCTIONS: tuple[Callable[..., Any], ...] = (
    *(archive_files, entry_of, page, renderings, search_files, view, with_digest),
    *(accept, clean_abstract, clean_title, decode, memory_key, mail.text),
)
PURE = [Remembered(function) for function in FUNCTIONS]


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The handlers without output and clock, and with pure functions that are computed once for equal arguments."""
    for module in (aggregate, fetch, translate):
        monkeypatch.setattr(module, "logger", Silence())
        monkeypatch.setattr(module, "metrics", Silence())
    monkeypatch.setattr(translate, "datetime", simulation.SimulatedTime)
    for function in PURE:
        for module in (archive, attest, invariants, mail, publish, deliver, store):
            if hasattr(module, function.name):
                monkeypatch.setattr(module, function.name, function)
    monkeypatch.setattr(deliver, "translate", Recalled())


class Recalled:
    """The translation pipeline, which asks the engine every time but judges equal answers only once.

    What the judge finds is what `simulation.LEFT` says of a paper and of who makes its result.
    """

    def __init__(self) -> None:
        self._asked: dict[tuple[str, str, str], str] = {}
        self._judged: dict[tuple[str, str], Translation] = {}

    def __call__(
        self,
        title: Cleaned,
        abstract: Cleaned,
        target: Language,
        engines: Engines,
        answers: Answers,
        summary: Cleaned = NOTHING,
    ) -> Translation:
        assert not summary, "no paper here has a summary"
        paper = (title, abstract, target.code)
        if paper not in self._asked:
            listening = replace(engines.first, ask=partial(self._listen, engines.first, paper))
            return self._marked(
                title, engines, translate_text(title, abstract, target, replace(engines, first=listening), answers)
            )
        text = self._asked[paper]
        answer = Account(sys.maxsize, answers).answer(engines.first, text)
        if (text, answer) not in self._judged:
            said = Asked(engines.first.name, lambda asked, _: {text: EngineAnswer(answer)}[asked])
            self._judged[text, answer] = translate_text(title, abstract, target, Engines(said), {})
        return self._marked(title, engines, self._judged[text, answer])

    def _marked(self, title: str, engines: Engines, translation: Translation) -> Translation:
        mark = simulation.LEFT[simulation.is_first(engines.first.name)].get(title, "")
        doubts = (Doubt(0, "number", "7", ""),) if mark == "doubt" else ()
        kept = (Kept(0, "loop", "again and again"),) if mark == "kept" else ()
        return replace(translation, doubts=doubts, kept=kept)

    def _listen(
        self, first: Asked, paper: tuple[str, str, str], text: str, complaints: Sequence[Complaint]
    ) -> EngineAnswer:
        assert paper not in self._asked, "a paper that costs two calls cannot be accounted for"
        answer = first.ask(text, complaints)
        self._asked[paper] = text
        return answer
