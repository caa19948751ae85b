"""Whatever comes after a person's last word, it stands; and a mistake that would lower it shows.

The memory alone would hide such a mistake nearly always, so it has lost its entry here, as after a crash in between.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from shared.digest.formats.txt import render_text
from shared.digest.model import build
from shared.editions import Edition
from shared.engines.protocol import EngineAnswer
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.records import Manifest, Memory, Requested, TranslatedResult
from shared.ledger.results import read_results, store_result
from shared.papers import HUGGING_FACE
from shared.services.accept import accept_results
from shared.services.correct import correct, corrections
from shared.services.deliver import Delivery, Translating
from shared.services.heal import kept_translations, read_old_digest
from shared.services.messages import PaperMessage
from shared.settings import Settings
from tests.fakes.texts import PAPERS, TRANSLATIONS
from tests.proof.invariants import Violation
from tests.proof.mutants import LAST_WORD_MUTANTS, Mutant
from tests.proof.simulation import Cloud

RUN, KOREAN, PAPER = "2025-W37", find_language("ko"), PAPERS[0]
TIME = datetime(2025, 9, 15, 1, tzinfo=UTC)
LATER = TIME + timedelta(days=1)
MANIFEST = Manifest(RUN, RUN, HUGGING_FACE, f"{HUGGING_FACE}/papers/week/{RUN}", 1, TIME, (PAPER,))
TITLE, RIGHT = TRANSLATIONS["ko", PAPER.title], TRANSLATIONS["ko", PAPER.abstract]


@pytest.fixture(autouse=True)
def prepared() -> None:
    """Everything is judged anew here."""


def accept(cloud: Cloud) -> None:
    accept_results(cloud.store, MANIFEST, "ko", TIME, PAPER.id)


def rewrite(cloud: Cloud) -> None:
    entry = Memory("ko", PAPER.abstract, "사람이 고쳐 쓴 초록입니다.", "person", origin="person")
    correct(cloud.store, corrections([entry], []).accepted, TIME)


def redrive(cloud: Cloud) -> None:
    """Its message is delivered once more."""
    deliver(cloud, None)


def ask_again(cloud: Cloud) -> None:
    """It is asked for by its name, and the engine has another text, in which nothing is doubtful."""
    deliver(cloud, LATER)


def heal(cloud: Cloud) -> None:
    """An old file of the week holds an engine's text."""
    held = TranslatedResult(RUN, "ko", PAPER.id, TIME, text=RIGHT, engine="an-engine")
    old = read_old_digest(render_text(build(MANIFEST, KOREAN, {PAPER.id: held})))
    for result in kept_translations(old, MANIFEST, "ko", LATER).results:
        store_result(cloud.store, result)


def deliver(cloud: Cloud, again: datetime | None) -> None:
    answer = EngineAnswer(f"{TITLE}\n\n{RIGHT.removesuffix('.')}!", ())
    translating = Translating(Settings(), cloud.store, lambda target: lambda asked: answer, jitter=lambda: 0.5)
    message = PaperMessage(RUN, "ko", PAPER.id, PAPER.title, PAPER.abstract, again)
    translating.deliver(message, Delivery("message-2", 1, LATER, LATER))


Step = Callable[[Cloud], None]
WORDS: tuple[Step, ...] = (accept, rewrite)
LATER_STEPS: tuple[Step, ...] = (redrive, ask_again, heal)


def text_after(word: Step, later: Step) -> tuple[str, str]:
    """The paper's text after a person's word, and after what came later. Raises Violation."""
    cloud = Cloud()
    cloud.store.create(keys.manifest(RUN), MANIFEST)
    cloud.store.create(keys.requested(Edition(RUN, "ko")), Requested(RUN, "ko", TIME))
    store_result(cloud.store, TranslatedResult(RUN, "ko", PAPER.id, TIME, text=RIGHT, engine="an-engine"))
    word(cloud)
    for key in [key for key in cloud.s3.objects if key.startswith(keys.MEMORY)]:
        del cloud.s3.objects[key]
    before = _text(cloud)
    later(cloud)
    return before, _text(cloud)


def _text(cloud: Cloud) -> str:
    result = read_results(cloud.store, Edition(RUN, "ko"), [PAPER.id])[PAPER.id]
    assert isinstance(result, TranslatedResult)
    return result.text


@pytest.mark.parametrize("later", LATER_STEPS, ids=lambda step: step.__name__)
@pytest.mark.parametrize("word", WORDS, ids=lambda step: step.__name__)
def test_it_stands(word: Step, later: Step) -> None:
    before, after = text_after(word, later)

    assert before == after


@pytest.mark.parametrize("mutant", LAST_WORD_MUTANTS, ids=lambda mutant: mutant.name)
def test_what_would_lower_it_is_seen(mutant: Mutant) -> None:
    broken = []

    with mutant.planted():
        for word in WORDS:
            for later in LATER_STEPS:
                try:
                    text_after(word, later)
                except Violation as violation:
                    broken.append(violation.invariant)

    assert broken
    assert set(broken) <= mutant.breaks
