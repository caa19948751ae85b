"""The neural model on this machine's CPU, from one thread.

A `fxtranslate.Translator` is bound to the thread that made it, and panics elsewhere. So one thread owns all of them,
and concurrent calls wait in its queue.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fxtranslate import Translator

from infra.engine.models import Model, read
from shared.errors import ModelError

Translate = Callable[[str], str]


class ModelEngine:
    """Translates sentences with `models`; `load` makes each one's translator when it is first needed."""

    def __init__(self, models: Iterable[Model], load: Callable[[Model], Translate]) -> None:
        self._models = {model.pair: model for model in models}
        self._load = load
        self._loaded: dict[str, Translate] = {}
        self._owner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="model")

    @property
    def pairs(self) -> frozenset[str]:
        """The language pairs it translates, such as "en-ko"."""
        return frozenset(self._models)

    def __call__(self, sentence: str, pair: str) -> str:
        """One sentence of plain text in the target language of `pair`. Waits its turn. Raises ModelError."""
        return self._owner.submit(self._translate, sentence, pair).result()

    def close(self) -> None:
        """Let go of the models, after what waits in the queue, and end the thread."""
        # A translator must be freed by its own thread, too.
        self._owner.submit(self._loaded.clear)
        self._owner.shutdown()

    def _translate(self, sentence: str, pair: str) -> str:
        if pair not in self._loaded:
            self._loaded[pair] = self._load(self._models[pair])
        try:
            return self._loaded[pair](sentence)
        except BaseException as error:
            # The engine's PanicException is no Exception. What panicked is loaded afresh for the next sentence.
            del self._loaded[pair]
            raise ModelError(f"The model {pair} failed ({type(error).__name__}): run again.") from error


def load_from(folder: Path) -> Callable[[Model], Translate]:
    """How to load a model whose files lie below `folder`, verifying them."""

    def load(model: Model) -> Translate:
        weights = read(folder, model)
        try:
            translator = Translator(
                weights.model, weights.source_vocabulary, weights.target_vocabulary, weights.shortlist
            )
        except ValueError as error:
            raise ModelError(f"The model {model.pair} in {folder} cannot be loaded: {error}.") from error
        return translator.translate

    return load
