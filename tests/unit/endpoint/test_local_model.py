"""The thread that owns the models."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from infra.engine.local_model import ModelEngine, Translate, load_from
from infra.engine.models import Model, model_of
from shared.errors import ModelError
from tests.weights import portuguese_models

__all__ = ["portuguese_models"]

KO, PT = model_of("en-ko"), model_of("en-pt")


class Panic(BaseException):
    """As the engine's own: no Exception."""


@contextmanager
def engine_with(load: object) -> Iterator[ModelEngine]:
    with closing(ModelEngine([KO, PT], load)) as engine:  # type: ignore[arg-type]
        yield engine


def test_concurrent_calls_all_run_on_one_thread() -> None:
    # given
    threads: set[int] = set()

    def load(model: Model) -> Translate:
        def translate(sentence: str) -> str:
            threads.add(threading.get_ident())
            return f"{sentence} {model.pair}"

        threads.add(threading.get_ident())
        return translate

    # when
    with engine_with(load) as engine, ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda number: engine(str(number), ("en-ko", "en-pt")[number % 2]), range(40)))
    # then
    assert answers == [f"{number} {('en-ko', 'en-pt')[number % 2]}" for number in range(40)]
    assert len(threads) == 1


def test_a_model_is_loaded_when_it_is_first_needed_and_once() -> None:
    # given
    loaded: list[str] = []

    def load(model: Model) -> Translate:
        loaded.append(model.pair)
        return str.upper

    # when
    with engine_with(load) as engine:
        engine("a", "en-pt")
        engine("b", "en-pt")
    # then
    assert loaded == ["en-pt"]


def test_a_panic_fails_one_sentence_and_the_next_one_gets_a_fresh_model() -> None:
    # given
    loaded: list[str] = []

    def load(model: Model) -> Translate:
        loaded.append(model.pair)

        def translate(sentence: str) -> str:
            if sentence == "bad":
                raise Panic
            return sentence

        return translate

    # when
    with engine_with(load) as engine:
        with pytest.raises(ModelError, match="en-ko failed"):
            engine("bad", "en-ko")
        answer = engine("good", "en-ko")
    # then
    assert answer == "good"
    assert loaded == ["en-ko", "en-ko"]


def test_real_weights_translate(portuguese_models: Path) -> None:
    with closing(ModelEngine([PT], load_from(portuguese_models))) as engine:
        assert engine("We release PH1 and PH2 for everyone.", "en-pt") == "Nós liberamos PH1 e PH2 para todos."
