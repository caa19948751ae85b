"""What follows from an old digest's file: its run, its papers, what is kept of it, and its healed form."""

import codecs
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.digest.formats.txt import render_text
from shared.digest.model import build
from shared.digest.text_reader import MARKED
from shared.doubts import Doubt, Kept
from shared.errors import UsageError
from shared.failures import Failure, FailureClass
from shared.languages.table import find_language
from shared.ledger.records import FailedResult, Manifest, Result, TranslatedResult
from shared.papers import Paper
from shared.services.heal import (
    KeptTranslations,
    healed_file,
    is_same,
    kept_translations,
    manifest_of,
    papers_of,
    read_old_digest,
    unknown_abstracts,
)
from tests.fakes.texts import PAPERS, TRANSLATIONS

RUN = "2025-W37"
TIME = datetime(2026, 1, 5, tzinfo=UTC)
SHOWN = tuple(Paper(paper.id, f"{paper.title}\n  in Two Lines", paper.abstract) for paper in PAPERS[:3])
FAILURE = Failure(FailureClass.TRANSIENT, "NetworkError", "no answer")
MANIFEST = Manifest(RUN, RUN, "https://huggingface.co", f"https://huggingface.co/papers/week/{RUN}", 3, TIME, SHOWN)


def translated(paper: Paper, text: str = "번역입니다.", engine: str = "an-engine") -> Result:
    return TranslatedResult(RUN, "ko", paper.id, TIME, text=text, engine=engine)


def failed(paper: Paper) -> Result:
    return FailedResult(RUN, "ko", paper.id, TIME, failure=FAILURE, attempts=3)


def file_of(*results: Result, manifest: Manifest = MANIFEST) -> bytes:
    return render_text(build(manifest, find_language("ko"), {result.paper: result for result in results}))


BROKEN = file_of(*map(failed, SHOWN))
WITHOUT_SECOND = re.sub(
    rb"--- 2\. .*?(?=--- 3\. )",
    "--- 2. 항목 처리 실패 ---\n항목 처리 중 오류 발생: Message: no such element\n\n".encode(),
    BROKEN,
    flags=re.DOTALL,
)


def test_a_whole_file_tells_its_papers() -> None:
    old = read_old_digest(BROKEN)

    assert old.language == "ko"
    assert manifest_of(old, RUN, papers_of(old), TIME) == MANIFEST


def test_its_run_is_the_periods_own_or_one_of_its_own() -> None:
    old = read_old_digest(BROKEN)
    revised = replace(MANIFEST, papers=(replace(SHOWN[0], abstract="Something else."), *SHOWN[1:]))
    without_abstract = replace(MANIFEST, papers=(replace(SHOWN[0], abstract=""), *SHOWN[1:]))

    assert is_same(old, MANIFEST)
    assert is_same(old, revised), "the ids in order decide"
    assert is_same(old, replace(MANIFEST, papers=tuple(replace(paper, title="Another") for paper in SHOWN)))
    assert not is_same(old, without_abstract)
    assert not is_same(old, replace(MANIFEST, papers=SHOWN[::-1]))
    assert not is_same(old, replace(MANIFEST, papers=SHOWN[:2]))
    assert not is_same(old, replace(MANIFEST, top=5))
    names = {old.run_of_its_own(), old.run_of_its_own(SHOWN), read_old_digest(WITHOUT_SECOND).run_of_its_own()}
    assert len(names) == 3
    assert all(re.fullmatch("2025-W37-healed-[0-9a-f]{8}", name) for name in names)


def test_a_paper_that_the_file_does_not_show_is_the_best_of_the_week_that_it_lacks() -> None:
    old = read_old_digest(WITHOUT_SECOND)

    assert is_same(old, MANIFEST)
    assert papers_of(old, MANIFEST.papers) == SHOWN
    assert papers_of(old, (PAPERS[4], SHOWN[0])) == (SHOWN[0], PAPERS[4], SHOWN[2])
    assert papers_of(old) == (SHOWN[0], SHOWN[2])


@pytest.mark.parametrize("cut", ["--- 3. ", "in Two Lines", "Link: ", "2509.00003", "forget the places", "## 초록"])
def test_a_file_that_was_cut_gets_its_last_paper_from_the_week(cut: str) -> None:
    content = BROKEN.decode()
    old = read_old_digest(content[: content.rindex(cut) + 2].encode())

    assert papers_of(old, SHOWN) == SHOWN


def test_a_paper_of_which_only_the_id_is_known_stays_where_the_week_no_longer_holds_it() -> None:
    content = BROKEN.decode()
    old = read_old_digest(content[: content.index("Maps forget the places")].encode())

    papers = papers_of(old, (SHOWN[0], SHOWN[1], PAPERS[4]))

    assert [paper.id for paper in papers] == [paper.id for paper in SHOWN]
    assert papers[2].abstract == ""
    assert unknown_abstracts(old, {}) == (SHOWN[2].id,)
    assert papers_of(old, SHOWN[:2], [SHOWN[2]]) == SHOWN


def test_what_is_translated_is_kept_with_its_engine_and_what_is_an_error_is_not() -> None:
    old = read_old_digest(file_of(translated(SHOWN[0], "첫째.\n둘째."), failed(SHOWN[1])))

    (kept,) = kept_translations(old, MANIFEST, "ko", TIME).results

    assert (kept.paper, kept.text, kept.engine) == (SHOWN[0].id, "첫째.\n둘째.", "an-engine")
    assert kept_translations(old, MANIFEST, "pt", TIME) == KeptTranslations((), {})


@pytest.mark.parametrize(
    ("engines", "told"), [(("person", "person"), "person"), (("one", "other"), "unknown"), (("a, b", "a, b"), "a, b")]
)
def test_an_engine_is_told_only_where_the_file_leaves_no_doubt(engines: tuple[str, str], told: str) -> None:
    results = [translated(paper, engine=engine) for paper, engine in zip(SHOWN, engines, strict=False)]

    kept = kept_translations(read_old_digest(file_of(*results)), MANIFEST, "ko", TIME).results

    assert {result.engine for result in kept} == {told}


def test_what_the_door_refuses_is_missing_and_named() -> None:
    texts = ("번역 엔진이 응답하지 않습니다.", SHOWN[1].abstract, "첫째.\n둘째.")
    old = read_old_digest(file_of(*(translated(paper, text) for paper, text in zip(SHOWN, texts, strict=True))))

    kept = kept_translations(old, MANIFEST, "ko", TIME)

    assert [result.paper for result in kept.results] == [SHOWN[2].id]
    assert list(kept.refused) == [SHOWN[0].id, SHOWN[1].id]
    assert "error-text" in str(kept.refused[SHOWN[0].id])
    assert "unchanged" in str(kept.refused[SHOWN[1].id])


def test_a_kept_text_has_to_pass_the_whole_judge_but_not_a_persons() -> None:
    text = "번역: 첫째 모델은 64개의 눈을 가졌습니다."

    machine, person = (
        kept_translations(read_old_digest(file_of(translated(SHOWN[0], text, engine))), MANIFEST, "ko", TIME)
        for engine in ("an-engine", "person")
    )

    assert "remark" in str(machine.refused[SHOWN[0].id])
    assert [result.text for result in person.results] == [text]


@pytest.mark.parametrize("name", ["\x1b]0;owned\x07model", "model\u202e1", "m" * 300, "a\u2066b"])
def test_an_engines_name_that_cannot_be_shown_is_unknown(name: str) -> None:
    body = file_of(translated(SHOWN[0])).decode().replace("(an-engine)", f"({name})")

    (kept,) = kept_translations(read_old_digest(body.encode()), MANIFEST, "ko", TIME).results

    assert kept.engine == "unknown"


BUSY = Paper(
    "2509.00007",
    "Resting",
    "Small models learn to listen. They need 64 hours of training for that. They rest on 8 machines at night. Our code"
    " is open.",
)
RESTING = """\
작은 모델은 듣는 법을 배웁니다.
이를 위해 65시간의 훈련이 필요합니다.
They rest on 8 machines at night.
코드는 공개합니다."""


def healed_once(body: bytes) -> tuple[KeptTranslations, bytes]:
    """What a file of `BUSY` alone holds translated, and the file healed from nothing else."""
    old, manifest = read_old_digest(body), replace(MANIFEST, top=1, papers=(BUSY,))
    kept = kept_translations(old, manifest, "ko", TIME)
    return kept, healed_file(old, manifest, "ko", {result.paper: result for result in kept.results})


def marked_file(text: str, sentence: int) -> bytes:
    result = TranslatedResult(
        RUN,
        "ko",
        BUSY.id,
        TIME,
        text=text,
        engine="an-engine",
        doubts=(Doubt(0, "name", "X", "Small models learn to listen."),),
        kept=(Kept(sentence, "loop", "x"),),
    )
    return file_of(result, manifest=replace(MANIFEST, top=1, papers=(BUSY,)))


def test_a_sentence_that_a_file_keeps_in_english_is_not_judged_again_and_no_mark_is_lost() -> None:
    kept, body = healed_once(marked_file(RESTING, 2))

    (result,) = kept.results
    assert result.text == RESTING
    assert [mark.sentence for mark in result.kept] == [2]
    assert {(doubt.sentence, doubt.rule) for doubt in result.doubts} == {(0, MARKED), (1, "number")}
    assert healed_once(body)[1] == body


def test_what_is_said_to_be_kept_in_english_must_be_a_sentence_of_the_source() -> None:
    error = RESTING.replace("They rest on 8 machines at night.", "Error 429: too many requests.")

    kept, _ = healed_once(marked_file(error, 2))

    assert kept.results == ()
    assert list(kept.refused) == [BUSY.id]


def test_a_translation_of_another_abstract_is_not_kept() -> None:
    text = TRANSLATIONS["ko", SHOWN[0].abstract]
    old = read_old_digest(file_of(translated(SHOWN[0], text)))
    other = "We release 300 hours of birdsong under an open licence. It was recorded in 12 forests from 2019 to 2024."
    revised = replace(MANIFEST, papers=(replace(SHOWN[0], abstract=other), *SHOWN[1:]))

    assert [result.text for result in kept_translations(old, MANIFEST, "ko", TIME).results] == [text]
    assert list(kept_translations(old, revised, "ko", TIME).refused) == [SHOWN[0].id]


@pytest.mark.parametrize("dress", [lambda body: body, lambda body: codecs.BOM_UTF8 + body.replace(b"\n", b"\r\n")])
def test_the_healed_file_has_its_own_titles_originals_and_line_ends(dress: type[bytes]) -> None:
    old = read_old_digest(dress(BROKEN))
    retitled = replace(MANIFEST, papers=tuple(replace(paper, title="On One Line") for paper in SHOWN))
    results = {paper.id: translated(paper) for paper in SHOWN}

    healed = healed_file(old, retitled, "ko", results)

    assert healed == dress(file_of(*results.values()))


def test_what_is_no_digest_is_refused() -> None:
    for body in (b"", b"# A page\n", b"\xff\xfe\x00", b"%PDF-1.7\n"):
        with pytest.raises(UsageError, match="This is not a digest"):
            read_old_digest(body)
    for top in ("0", "99999", "9" * 5000, "٣"):
        with pytest.raises(UsageError, match="This is not a digest"):
            read_old_digest(BROKEN.replace(b"Top 3", f"Top {top}".encode()))
    with pytest.raises(UsageError, match="not in the calendar"):
        read_old_digest(BROKEN.replace(b"2025-W37", b"2025-W77"))
    with pytest.raises(UsageError, match="'Klingon', which is not a language that chorok knows"):
        read_old_digest(BROKEN.replace(b"(Korean)", b"(Klingon)"))


@pytest.mark.parametrize("week", [f"2025-W{number}" for number in range(33, 41)])
def test_the_users_own_files_keep_every_byte_that_is_no_error(shared_data: Path, week: str) -> None:
    body = (shared_data / "digests" / f"huggingface_top_10_papers_{week}_translated.txt").read_bytes()
    old = read_old_digest(body)
    manifest = manifest_of(old, week, papers_of(old), TIME)
    results = {
        paper.id: TranslatedResult(week, "ko", paper.id, TIME, text="번역입니다.", engine="e")
        for paper in manifest.papers
    }

    healed = healed_file(old, manifest, "ko", results).decode()

    assert len(results) == 10
    # Back to what it was: the head without the engine, and an error in each translation's place.
    errors = [line for line in body.decode().splitlines() if line.startswith("번역 중")]
    undone = healed.replace("번역: 기계 번역 (e)\n", "", 1)
    for error in errors:
        undone = undone.replace("번역입니다.", error, 1)
    assert undone == body.decode()


def test_a_paper_whose_link_is_lost_is_the_one_of_the_week_with_its_title() -> None:
    text = BROKEN.decode().replace("papers/2509.00002", "papers/", 1)
    old = read_old_digest(text.encode())

    assert papers_of(old, (PAPERS[4], *SHOWN)) == SHOWN
    assert papers_of(old, (PAPERS[4], SHOWN[0])) == (SHOWN[0], PAPERS[4], SHOWN[2])


def test_what_stands_where_nobody_knows_the_paper_stays_at_its_rank() -> None:
    old = read_old_digest(WITHOUT_SECOND)
    own = manifest_of(old, old.run_of_its_own(), papers_of(old), TIME)
    results = {paper.id: translated(paper) for paper in SHOWN}

    healed = healed_file(old, own, "ko", results)

    assert [paper.rank for paper in read_old_digest(healed).text.papers if paper.id] == [1, 3]
    assert "--- 2. 항목 처리 실패 ---\n항목 처리 중 오류 발생: Message: no such element\n\n--- 3." in healed.decode()
    assert healed_file(read_old_digest(healed), own, "ko", results) == healed


def test_what_several_engines_translated_still_says_so_where_others_are_added() -> None:
    engines = ("one", "other")
    body = file_of(*(translated(paper, engine=engine) for paper, engine in zip(SHOWN, engines, strict=False)))
    old = read_old_digest(body)
    kept = {result.paper: result for result in kept_translations(old, MANIFEST, "ko", TIME).results}

    again = healed_file(old, MANIFEST, "ko", kept)
    more = healed_file(old, MANIFEST, "ko", kept | {SHOWN[2].id: translated(SHOWN[2], engine="third")})

    assert "\n번역: 기계 번역 (one), 기계 번역 (other)\n" in again.decode()
    assert "\n번역: 기계 번역 (one), 기계 번역 (other), 기계 번역 (third)\n" in more.decode()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp949"])
def test_a_healed_file_is_utf_8_and_marked_where_the_old_one_was(encoding: str) -> None:
    body = BROKEN.decode().replace("\n", "\r\n").encode(encoding)
    old = read_old_digest(body)

    healed = healed_file(old, MANIFEST, "ko", {paper.id: translated(paper) for paper in SHOWN})

    assert healed.startswith(codecs.BOM_UTF8) == (encoding != "cp949")
    assert healed.count(b"\r\n") == healed.count(b"\n")
    assert [paper.abstract for paper in read_old_digest(healed).text.papers] == [paper.abstract for paper in SHOWN]
