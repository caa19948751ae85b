"""Whoever brings an error, it becomes no translation; and a door that is left open shows."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from shared.digest.formats.txt import render_text
from shared.digest.model import build
from shared.editions import Edition
from shared.engines.protocol import EngineAnswer
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.memories import revise_memory
from shared.ledger.records import PERSON, Manifest, Memory, Requested, Result, TranslatedResult
from shared.ledger.results import read_results, store_result
from shared.papers import HUGGING_FACE
from shared.services.correct import correct, corrections, remember_persons
from shared.services.deliver import Delivery, Translating
from shared.services.heal import kept_translations, read_old_digest
from shared.services.messages import PaperMessage
from shared.settings import Settings
from shared.translation.memory_keys import memory_key, person_key
from tests.fakes.texts import PAPERS, TRANSLATIONS
from tests.proof.invariants import ERRORS, Violation
from tests.proof.mutants import DOOR_MUTANTS, Mutant
from tests.proof.simulation import Cloud

RUN, KOREAN, PAPER = "2025-W37", find_language("ko"), PAPERS[0]
TIME = datetime(2025, 9, 15, 1, tzinfo=UTC)
MANIFEST = Manifest(RUN, RUN, HUGGING_FACE, f"{HUGGING_FACE}/papers/week/{RUN}", 1, TIME, (PAPER,))
RIGHT = TRANSLATIONS["ko", PAPER.abstract]
SUMMARY = "We study how small models learn to listen."
TITLE = TRANSLATIONS["ko", PAPER.title]
BROUGHT = (*ERRORS, *(f"{RIGHT}\n{error}" for error in ERRORS))


@pytest.fixture(autouse=True)
def prepared() -> None:
    """Every door is judged anew: nothing is remembered here from one text to the next."""


def heal(cloud: Cloud, text: str) -> None:
    """A person has an old digest healed that holds `text`."""
    held = TranslatedResult(RUN, "ko", PAPER.id, TIME, text=text, engine="an-engine")
    old = read_old_digest(render_text(build(MANIFEST, KOREAN, {PAPER.id: held})))
    for result in kept_translations(old, MANIFEST, "ko", TIME).results:
        store_result(cloud.store, result)


def bring(cloud: Cloud, text: str) -> None:
    """A person imports `text`."""
    entry = Memory("ko", PAPER.abstract, text, PERSON, origin="person")
    correct(cloud.store, corrections([entry], []).accepted, TIME)


def remember(cloud: Cloud, text: str) -> None:
    """`text` stands in the memory as an engine's, and a paper is translated."""
    engine = Settings().engine("ko")
    key = memory_key(PAPER.abstract, KOREAN, engine)
    revise_memory(cloud.store, "ko", PAPER.id, lambda _: {key: Memory("ko", PAPER.abstract, text, engine)})
    deliver(cloud, RIGHT)


def remember_a_persons(cloud: Cloud, text: str) -> None:
    """`text` stands in the memory as a person's, and a paper is translated."""
    remember_persons(cloud.store, "ko", PAPER.id, [Memory("ko", PAPER.abstract, text, PERSON, origin="person")])
    deliver(cloud, RIGHT)


def remember_of_no_paper(cloud: Cloud, text: str) -> None:
    """`text` stands in the memory as a person's, of no paper, and a paper is translated."""
    key = keys.loose_text("ko", person_key(PAPER.abstract, KOREAN))
    cloud.store.write_record(key, Memory("ko", PAPER.abstract, text, PERSON, origin="person"))
    deliver(cloud, RIGHT)


def deliver(cloud: Cloud, text: str) -> None:
    """An engine answers a paper's abstract with `text`, in whatever form it is asked."""
    asked = f"{PAPER.title}\n\n{PAPER.abstract}"
    answer(cloud, {PAPER.title: TITLE, PAPER.abstract: text, asked: f"{TITLE}\n\n{text}"}, text)


def summarise(cloud: Cloud, text: str) -> None:
    """An engine answers a paper's summary with `text`, in whatever form it is asked, and all else rightly."""
    asked = f"{PAPER.title}\n\n{PAPER.abstract}\n\n{SUMMARY}"
    right = {PAPER.title: TITLE, PAPER.abstract: RIGHT, f"{PAPER.title}\n\n{PAPER.abstract}": f"{TITLE}\n\n{RIGHT}"}
    answer(cloud, right | {asked: f"{TITLE}\n\n{RIGHT}\n\n{text}"}, text, summary=SUMMARY)


def answer(cloud: Cloud, answers: Mapping[str, str], otherwise: str, summary: str = "") -> None:
    """A paper is delivered to an engine that answers so."""
    translating = Translating(
        Settings(),
        cloud.store,
        lambda target: lambda asked: EngineAnswer(answers.get(asked, otherwise), ()),
        jitter=lambda: 0.5,
    )
    message = PaperMessage(RUN, "ko", PAPER.id, PAPER.title, PAPER.abstract, summary=summary)
    translating.deliver(message, Delivery("message-1", 1, TIME, TIME))


Door = Callable[[Cloud, str], None]
DOORS: tuple[Door, ...] = (heal, bring, remember, remember_a_persons, remember_of_no_paper, deliver, summarise)


def brought(door: Door, text: str) -> Result | None:
    """What the ledger holds for the paper when `text` was brought to the door. Raises Violation for an error."""
    cloud = Cloud()
    cloud.store.create(keys.manifest(RUN), MANIFEST)
    cloud.store.create(keys.requested(Edition(RUN, "ko")), Requested(RUN, "ko", TIME))
    door(cloud, text)
    return read_results(cloud.store, Edition(RUN, "ko"), [PAPER.id]).get(PAPER.id)


@pytest.mark.parametrize("text", BROUGHT)
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_no_error_becomes_a_translation(door: Door, text: str) -> None:
    result = brought(door, text)

    assert not isinstance(result, TranslatedResult) or result.text.replace("\n", " ") == RIGHT


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_right_text_goes_through(door: Door) -> None:
    result = brought(door, RIGHT)

    assert isinstance(result, TranslatedResult)
    assert result.text.replace("\n", " ") == RIGHT


@pytest.mark.parametrize("mutant", DOOR_MUTANTS, ids=lambda mutant: mutant.name)
def test_a_door_left_open_is_seen(mutant: Mutant) -> None:
    broken = []

    with mutant.planted():
        for door in DOORS:
            for text in BROUGHT:
                try:
                    brought(door, text)
                except Violation as violation:
                    broken.append(violation.invariant)

    assert broken
    assert set(broken) <= mutant.breaks
