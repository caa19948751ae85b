"""A person's correction reaches every result made of its source, stays there, and may be brought in again and again."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from shared.digest.model import Digest, Translated
from shared.doubts import Doubt, Kept
from shared.editions import Edition
from shared.engines.amazon import amazon_engine
from shared.engines.protocol import Engine
from shared.errors import UsageError
from shared.failures import Failure, FailureClass
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.records import FailedResult, Manifest, Memory, Requested, Result, TranslatedResult
from shared.ledger.results import read_result, store_result
from shared.papers import Paper
from shared.services.correct import (
    Correction,
    Corrections,
    Touched,
    correct,
    corrections,
    exchanged_entries,
    paper_sources,
    standing_entries,
)
from shared.services.deliver import Delivery, Outcome, Translating
from shared.services.messages import PaperMessage, decode_digest
from shared.services.publish import Publishing
from shared.settings import Settings
from shared.text.clean import clean_abstract, clean_title
from shared.translation.memory_keys import memory_key, person_key
from shared.translation.tmx import read_tmx, write_tmx
from tests.fakes.aws import DIGESTS, Cloud, FakeTranslate
from tests.fakes.results import translation
from tests.fakes.texts import PAPERS, TRANSLATIONS

WEEK, DAY = "2025-W37", "2025-09-12"
PAPER, OTHER = PAPERS[0], PAPERS[1]
BEFORE, NOW = datetime(2025, 9, 15, 2, tzinfo=UTC), datetime(2025, 9, 16, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
TEXT = "사람이 고쳐 쓴 초록입니다."
TITLE = "사람이 고쳐 쓴 제목"
FAILURE = Failure(FailureClass.PERMANENT, "RefusedByGate", "refused")


def person(source: str, text: str, code: str = "ko") -> Memory:
    return Memory(code, source, text, "person", origin="person")


ABSTRACT, HEADING = person(PAPER.abstract, TEXT), person(PAPER.title, TITLE)


class Deployment:
    """Two runs in two languages that share `PAPER`, and the functions that work on them."""

    def __init__(self) -> None:
        self.cloud = Cloud()
        self.store = self.cloud.store
        self.settings = Settings()
        self.translate = FakeTranslate(TRANSLATIONS)
        for run, papers in ((WEEK, PAPERS[:3]), (DAY, (PAPER,))):
            manifest = Manifest(run, run, "https://huggingface.co", "https://huggingface.co/p", 3, BEFORE, papers)
            self.store.create(keys.manifest(run), manifest)
            for code in ("ko", "pt"):
                self.store.create(keys.requested(Edition(run, code)), Requested(run, code, BEFORE))

    def deliver(
        self, run: str = WEEK, paper: Paper = PAPER, again: datetime | None = None, engine: Engine | None = None
    ) -> Outcome:
        def engine_for(target: object) -> Engine:
            return engine or amazon_engine(cast("Any", self.translate), find_language("ko"), terminology=None)

        translating = Translating(self.settings, self.store, engine_for, jitter=lambda: 0.5)
        message = PaperMessage(run, "ko", paper.id, paper.title, paper.abstract, again)
        return translating.deliver(message, Delivery("message-1", 1, BEFORE, BEFORE))

    def remember(self, memory: Memory) -> None:
        """As the memory held every text until version 0.2."""
        target = find_language(memory.language)
        key = (
            person_key(memory.source, target)
            if memory.origin == "person"
            else memory_key(memory.source, target, memory.engine)
        )
        self.store.write_record(keys.loose_text(memory.language, key), memory)

    def correct(self, *entries: Memory, time: datetime = NOW) -> tuple[Touched, ...]:
        return correct(self.store, corrections(entries, standing_entries(self.store)).accepted, time)

    def result(self, run: str = WEEK, paper: Paper = PAPER, code: str = "ko") -> Result | None:
        return read_result(self.store, Edition(run, code), paper.id)

    def shown(self, run: str = WEEK, paper: Paper = PAPER) -> tuple[str, str, str] | None:
        result = self.result(run, paper)
        return (result.title, result.text, result.engine) if isinstance(result, TranslatedResult) else None


@pytest.fixture
def deployment() -> Deployment:
    return Deployment()


# What stands in the memory.


def test_of_each_text_the_newest_engine_s_stands_unless_a_person_has_written_one(deployment: Deployment) -> None:
    older, newer = Memory("ko", "b", "낡은", "model-1"), Memory("ko", "b", "새로운", "model-2")
    for memory in (
        older,
        person("a", "사람의"),
        newer,
        Memory("ko", "a", "기계의", "model-1"),
        person("a", "de", "pt"),
    ):
        deployment.remember(memory)
        deployment.cloud.clock.advance(seconds=1)

    assert standing_entries(deployment.store) == (person("a", "사람의"), newer, person("a", "de", "pt"))
    assert standing_entries(deployment.store, ["pt"]) == (person("a", "de", "pt"),)


def test_only_what_a_person_wrote_is_a_correction() -> None:
    engine = Memory("ko", "a", "기계의", "model-1")
    handed_on = person("a", "기계의")
    kept, new = person("b", "그대로"), person("c", "새로")

    found = corrections([engine, handed_on, kept, new, new], [engine, kept], ["a", "b", "c"])

    assert found == Corrections((kept, new))


def test_texts_are_compared_by_what_they_say() -> None:
    """What tools do by themselves is no correction: they fold white space, take Unicode apart, double a space."""
    engine = Memory("ko", "We train it.\n\nIt acts.", "모델을 훈련합니다.\n모델이 행동합니다.", "model-1")
    own = person("It is ours.", "우리 것입니다.\n모두의 것입니다.")
    folded = person(
        "We train  it. It acts.", unicodedata.normalize("NFD", "모델을 훈련합니다.\u2028모델이  행동합니다.")
    )
    kept = person("It is ours.", "우리 것입니다. 모두의 것입니다.")

    assert corrections([folded, kept], [engine, own], [engine.source, own.source]) == Corrections((own,))


def test_a_correction_is_of_the_source_it_means_and_has_one_sentence_a_line() -> None:
    paper = "We train it.\n\nIt acts 10× faster."
    typed = person("We train it. It acts 10times  faster.", "새로 훈련합니다. 열 배 빠릅니다.\u2029끝입니다.")

    found = corrections([typed], [], [paper])

    assert found == Corrections((person(paper, "새로 훈련합니다.\n열 배 빠릅니다.\n\n끝입니다."),))


def test_a_correction_that_matches_no_paper_is_named_and_kept() -> None:
    known, stranger = person("We train it.", "훈련합니다."), person("We feed it.", "먹입니다.")

    found = corrections([known, stranger], [], [known.source])

    assert (found.accepted, found.strangers) == ((known, stranger), (stranger,))


def test_the_sources_are_the_titles_and_abstracts_of_all_runs(deployment: Deployment) -> None:
    sources = paper_sources(deployment.store)

    assert sources == {
        text for paper in PAPERS[:3] for text in (clean_title(paper.title), clean_abstract(paper.abstract))
    }


def test_what_can_be_no_translation_is_refused_and_the_others_go_in() -> None:
    right, wrong = person("We train small agents.", "작은 에이전트를 훈련합니다."), "요청 한도를 초과했습니다."
    refused = [
        person(source, text)
        for source, text in (
            (right.source, wrong),
            ("We feed small agents.", "We feed small agents!"),
            ("They rest by the sea.", "PH1 바닷가에서 쉽니다."),
            ("They sing at night here.", "\x07밤에 노래합니다."),
            ("They read many old books.", "Leem muitos livros."),
        )
    ]

    found = corrections([*refused, right], [])

    assert found.accepted == (right,)
    assert [entry for entry, _ in found.refused] == refused
    rules = [why.findings[0].rule for _, why in found.refused]
    assert rules == ["error-text", "unchanged", "leaked-markup", "control-character", "script"]


def test_a_name_may_stay_as_it_is() -> None:
    name = person("Qwen3 Technical Report", "Qwen3 Technical Report")

    assert corrections([name], []).accepted == (name,)


def test_two_texts_for_one_source_are_refused_and_the_source_is_named() -> None:
    with pytest.raises(UsageError, match="two Korean texts for one source, 'We train'"):
        corrections([person("We train", "하나"), person("We train", "둘")], [])


# What it changes.


def test_only_what_no_paper_has_is_remembered_loose_and_its_paper_finds_it_when_it_comes(
    deployment: Deployment,
) -> None:
    stranger = replace(PAPERS[3], id="2509.09999", abstract="It is not here yet.")
    deployment.correct(ABSTRACT, person(stranger.abstract, "아직 오지 않았습니다."))

    first, second = (deployment.deliver(paper=paper) for paper in (PAPER, stranger))

    loose = [listed.key for listed in deployment.store.list(keys.loose_texts("ko"))]
    assert loose == [keys.loose_text("ko", person_key(stranger.abstract, find_language("ko")))]
    assert [translation(outcome.result).text for outcome in (first, second)] == [TEXT, "아직 오지 않았습니다."]


def test_a_correction_stays_where_its_run_is_wanted_in_that_language_only_later() -> None:
    deployment = Deployment()
    for run in (WEEK, DAY):
        deployment.store.delete(keys.requested(Edition(run, "ko")))

    deployment.correct(ABSTRACT)

    assert deployment.shown() is None
    assert translation(deployment.deliver().result).text == TEXT


def test_every_result_of_the_source_says_it_in_that_language_and_nothing_else_changes(deployment: Deployment) -> None:
    for run, paper in ((WEEK, PAPER), (WEEK, OTHER), (DAY, PAPER)):
        deployment.deliver(run, paper)
    portuguese = TranslatedResult(WEEK, "pt", PAPER.id, BEFORE, text="Texto", engine="model-1")
    store_result(deployment.store, portuguese)
    untouched = deployment.result(paper=OTHER)

    touched = deployment.correct(ABSTRACT)

    title = TRANSLATIONS["ko", PAPER.title]
    assert touched == (Touched(Edition(DAY, "ko"), (PAPER.id,)), Touched(Edition(WEEK, "ko"), (PAPER.id,)))
    assert deployment.shown(WEEK) == deployment.shown(DAY) == (title, TEXT, "person")
    assert deployment.result(paper=OTHER) == untouched
    assert deployment.result(code="pt") == portuguese


def test_a_corrected_title_keeps_the_engine_s_abstract(deployment: Deployment) -> None:
    before = translation(deployment.deliver().result)

    deployment.correct(HEADING)

    assert deployment.shown() == (TITLE, before.text, before.engine)


def test_a_corrected_summary_keeps_the_engine_s_title_and_abstract() -> None:
    paper = replace(PAPER, summary="Models learn\n to listen.")
    held = TranslatedResult(WEEK, "ko", PAPER.id, BEFORE, text="본문", engine="model-1", notes=("summary: names (x)",))
    correction = Correction(
        Edition(WEEK, "ko"), {"Models learn to listen.": person("Models learn to listen.", "사람이 쓴\n한 줄.")}, NOW
    )

    revised = translation(correction.revised(paper, held))

    assert correction.entries_of(paper) == tuple(correction.entries.values())
    assert (revised.summary, revised.text, revised.engine, revised.notes) == ("사람이 쓴 한 줄.", "본문", "model-1", ())
    assert correction.revised(paper, revised) is None
    assert correction.revised(paper, None) is None


@pytest.mark.parametrize("held", [None, FailedResult(WEEK, "ko", PAPER.id, BEFORE, failure=FAILURE)])
def test_a_paper_without_a_translation_gets_a_person_s(deployment: Deployment, held: Result | None) -> None:
    if held is not None:
        store_result(deployment.store, held)

    deployment.correct(HEADING)
    by_title = deployment.result()
    deployment.correct(ABSTRACT, HEADING)

    assert by_title == held
    assert deployment.shown() == (TITLE, TEXT, "person")


def test_what_the_gate_noted_about_the_engine_s_text_is_not_said_of_the_person_s(deployment: Deployment) -> None:
    held = TranslatedResult(WEEK, "ko", PAPER.id, BEFORE, text="본문", engine="model-1")
    held = replace(held, notes=("abstract: numbers (3)", "title: names (BERT)"))

    revised = Correction(Edition(WEEK, "ko"), {PAPER.abstract: ABSTRACT}, NOW).revised(PAPER, held)

    assert translation(revised).notes == ("title: names (BERT)",)


def test_a_second_import_changes_nothing_and_mends_what_a_crash_left(deployment: Deployment) -> None:
    deployment.deliver()
    deployment.remember(ABSTRACT)

    first = deployment.correct(ABSTRACT)
    second = deployment.correct(ABSTRACT, time=LATER)

    assert [digest.rewritten for digest in first if digest.edition.run == WEEK] == [(PAPER.id,)]
    assert [digest.rewritten for digest in second] == [(), ()]


def test_the_digest_shows_it_once_the_rewritten_result_has_woken_aggregate(deployment: Deployment) -> None:
    deployment.deliver(DAY)
    deployment.cloud.sqs.messages(DIGESTS).clear()

    deployment.correct(ABSTRACT)

    publishing = Publishing(deployment.store, announce=lambda digest, healed: None)
    for body in deployment.cloud.sqs.bodies(DIGESTS):
        for message in decode_digest(body):
            publishing.publish(message)
    digest = deployment.store.record(keys.digest(Edition(DAY, "ko"), "digest.json"), Digest)
    assert digest is not None
    (paper,) = digest.papers
    assert isinstance(paper.translation, Translated)
    assert (paper.translation.text, paper.translation.engine) == (TEXT, "person")


# What it withstands.


def test_a_later_correction_replaces_an_earlier_one(deployment: Deployment) -> None:
    deployment.deliver()
    deployment.correct(ABSTRACT)

    deployment.correct(person(PAPER.abstract, "더 나은 초록입니다."), time=LATER)

    assert deployment.shown() == (TRANSLATIONS["ko", PAPER.title], "더 나은 초록입니다.", "person")


@pytest.mark.parametrize(
    ("again", "entries"),
    [(None, (ABSTRACT, HEADING)), (LATER, (ABSTRACT, HEADING)), (BEFORE, (HEADING,))],
    ids=["late", "a fresh one asked for later", "a fresh one asked for before"],
)
def test_a_delivery_that_is_asking_the_engine_meanwhile_does_not_take_it_away(
    deployment: Deployment, again: datetime | None, entries: tuple[Memory, ...]
) -> None:
    engine = amazon_engine(cast("Any", deployment.translate), find_language("ko"), terminology=None)

    def corrected_meanwhile(text: str) -> Any:
        answer = engine(text)
        deployment.correct(*entries)
        return answer

    if again:
        deployment.deliver()
    verdict = deployment.deliver(again=again, engine=corrected_meanwhile)

    result = translation(deployment.result())
    assert verdict.result == result
    assert result.title == TITLE
    assert (result.text == TEXT) == (ABSTRACT in entries)


@pytest.mark.parametrize("again", [None, BEFORE])
def test_a_delivery_that_still_knows_an_earlier_correction_does_not_bring_it_back(
    deployment: Deployment, again: datetime | None
) -> None:
    deployment.correct(ABSTRACT)
    late = TranslatedResult(DAY, "ko", PAPER.id, BEFORE, text="옛 초록입니다.", engine="person", again=again)

    assert store_result(deployment.store, late) == deployment.result(DAY)
    assert deployment.shown(DAY) == ("", TEXT, "person")


def test_a_request_for_a_fresh_translation_keeps_the_person_s_text(deployment: Deployment) -> None:
    deployment.deliver()
    deployment.correct(ABSTRACT, HEADING)
    calls = len(deployment.translate.calls)

    deployment.deliver(again=LATER)

    result = translation(deployment.result())
    assert result.again == LATER
    assert deployment.shown() == (TITLE, TEXT, "person")
    assert len(deployment.translate.calls) == calls


def kept_in_english(deployment: Deployment) -> TranslatedResult:
    """A result whose second sentence is kept in English, and whose first is doubtful."""
    text, doubts, kept = (
        "첫째입니다.\nThey learn faster when they rest.",
        (Doubt(0, "x", "x", ""),),
        (Kept(1, "x", "x"),),
    )
    result = TranslatedResult(WEEK, "ko", PAPER.id, BEFORE, text=text, engine="an-engine", doubts=doubts, kept=kept)
    store_result(deployment.store, result)
    return result


def test_translators_get_an_empty_line_where_a_sentence_is_kept_in_english() -> None:
    deployment = Deployment()
    kept_in_english(deployment)
    deployment.remember(person("a", "사람의"))

    entries = exchanged_entries(deployment.store)

    assert entries == (person("a", "사람의"), Memory("ko", PAPER.abstract, "첫째입니다.\n", "an-engine"))
    assert exchanged_entries(deployment.store, ["pt"]) == ()


def test_a_text_with_a_gap_is_nobodys_correction_until_somebody_fills_it() -> None:
    deployment = Deployment()
    kept_in_english(deployment)
    exchanged = exchanged_entries(deployment.store)
    (unchanged,) = read_tmx(write_tmx(exchanged))
    retold = replace(unchanged, engine="person", origin="person")
    filled = replace(retold, text="첫째입니다.\n쉬면 더 빨리 배웁니다.")

    found = [corrections([entry], exchanged).accepted for entry in (unchanged, retold, filled)]
    correct(deployment.store, found[2], NOW)
    held = read_result(deployment.store, Edition(WEEK, "ko"), PAPER.id)

    assert found == [(), (), (filled,)]
    assert isinstance(held, TranslatedResult)
    assert (held.text, held.engine, held.doubts, held.kept) == (filled.text, "person", (), ())
    assert [entry.origin for entry in exchanged_entries(deployment.store)] == ["person"]


def test_a_sentence_that_a_person_left_in_english_stays_marked(deployment: Deployment) -> None:
    deployment.deliver()
    english = PAPER.abstract.partition(". ")[2]
    entry = replace(ABSTRACT, text=f"{TEXT}\n{english}", kept=(Kept(1, "left-in-english", ""),))

    correct(deployment.store, [entry], NOW)
    deployment.deliver(again=LATER)

    result = translation(deployment.result())
    assert (result.engine, result.text, result.kept) == ("person", entry.text, entry.kept)
    assert [held.text for held in exchanged_entries(deployment.store) if held.origin == "person"] == [f"{TEXT}\n"]
