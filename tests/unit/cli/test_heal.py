"""Old digests become runs, pay for nothing that is there, and change nothing that others hold."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.heal import HealOptions, heal, read_files
from shared.digest.formats.txt import parse_text, render_text
from shared.digest.model import build
from shared.doubts import Doubt, Kept
from shared.errors import PeriodNotOver, SourceUnreachable, UsageError
from shared.failures import Failure, FailureClass
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.records import FailedResult, Manifest, TranslatedResult
from shared.papers import HUGGING_FACE, Paper
from tests.fakes.texts import PAPERS, TRANSLATIONS
from tests.unit.cli.deployment import RUN, Deployment

MONDAY = datetime(2025, 9, 15, 1, tzinfo=UTC)
MANIFEST = Manifest(RUN, RUN, HUGGING_FACE, f"{HUGGING_FACE}/papers/week/{RUN}", 5, MONDAY, PAPERS)
FAILURE = Failure(FailureClass.TRANSIENT, "NetworkError", "no answer")
NAME = "huggingface_top_5_papers_2025-W37_translated.txt"
OURS, THEIRS = PAPERS[0], PAPERS[1]


def old_file(folder: Path, *translated: str, manifest: Manifest = MANIFEST, without: int = 0) -> Path:
    """A digest in which the papers `translated` are, the others failed, and one is not shown."""
    results = {
        paper.id: TranslatedResult(RUN, "ko", paper.id, MONDAY, text="옛 번역입니다.", engine="old-engine")
        if paper.id in translated
        else FailedResult(RUN, "ko", paper.id, MONDAY, failure=FAILURE, attempts=3)
        for paper in manifest.papers
    }
    body = render_text(build(manifest, find_language("ko"), results)).decode()
    lost = f"--- {without}. 항목 처리 실패 ---\n항목 처리 중 오류 발생: Message: no such element\n\n"
    body = re.sub(rf"--- {without}\. .*?(?=--- {without + 1}\. |\Z)", lost, body, flags=re.DOTALL) if without else body
    folder.mkdir(exist_ok=True)
    (folder / NAME).write_text(body)
    return folder / NAME


def healed(deployment: Deployment, path: Path, out: Path, language: str = "") -> bool:
    files = read_files([path], language, out)
    return heal(deployment.pipeline, HealOptions(files, "", 60.0, out), deployment.console)


def manifest(deployment: Deployment, run: str = RUN) -> Manifest | None:
    return deployment.cloud.store.record(keys.manifest(run), Manifest)


def runs(deployment: Deployment) -> list[str]:
    return sorted(key.split("/")[1] for key in deployment.cloud.s3.objects if key.endswith("/manifest.json"))


def test_what_is_missing_is_translated_and_what_is_there_is_kept(tmp_path: Path) -> None:
    deployment, out = Deployment(), tmp_path / "out"
    path = old_file(tmp_path / "in", OURS.id)

    complete = healed(deployment, path, out)

    assert complete
    assert runs(deployment) == [RUN]
    assert deployment.source.asked == []
    assert not any(OURS.title in text for text in deployment.engine.answered)
    papers = parse_text((out / NAME).read_bytes()).papers
    assert [paper.translation for paper in papers[:1]] == ["옛 번역입니다."]
    assert papers[1].translation.replace("\n", " ") == TRANSLATIONS["ko", THEIRS.abstract]
    assert [(paper.id, paper.title, paper.abstract) for paper in papers] == [
        (paper.id, paper.title, paper.abstract) for paper in PAPERS
    ]
    assert (out / RUN / "ko" / "digest.txt").read_bytes() == (out / NAME).read_bytes()


def test_the_second_time_nothing_is_paid(tmp_path: Path) -> None:
    deployment = Deployment()
    path = old_file(tmp_path / "in")
    healed(deployment, path, tmp_path / "first")
    answered = len(deployment.engine.answered)

    complete = healed(deployment, path, tmp_path / "second")

    assert complete
    assert len(deployment.engine.answered) == answered
    assert (tmp_path / "second" / NAME).read_bytes() == (tmp_path / "first" / NAME).read_bytes()


def test_a_run_that_holds_the_same_papers_is_the_files_run_and_keeps_what_it_has(tmp_path: Path) -> None:
    deployment = Deployment()
    deployment.request()
    held = manifest(deployment)
    translation = deployment.result(OURS)

    complete = healed(deployment, old_file(tmp_path / "in", OURS.id), tmp_path / "out")

    assert complete
    assert manifest(deployment) == held
    assert deployment.result(OURS) == translation
    assert runs(deployment) == [RUN]


def test_a_run_that_holds_other_papers_is_left_alone(tmp_path: Path) -> None:
    deployment = Deployment()
    deployment.source.papers = PAPERS[::-1]
    deployment.request()
    held = manifest(deployment)

    complete = healed(deployment, old_file(tmp_path / "in"), tmp_path / "out")

    assert complete
    assert manifest(deployment) == held
    own, period = sorted(runs(deployment), key=len, reverse=True)
    assert (period, re.fullmatch("2025-W37-healed-[0-9a-f]{8}", own) is not None) == (RUN, True)
    assert [paper.id for paper in parse_text((tmp_path / "out" / NAME).read_bytes()).papers] == [p.id for p in PAPERS]


def test_a_paper_that_failed_as_a_whole_is_fetched_anew(tmp_path: Path) -> None:
    deployment = Deployment()

    complete = healed(deployment, old_file(tmp_path / "in", OURS.id, without=5), tmp_path / "out")

    assert complete
    assert deployment.source.asked == [RUN]
    assert runs(deployment) == [RUN]
    assert [paper.id for paper in parse_text((tmp_path / "out" / NAME).read_bytes()).papers] == [p.id for p in PAPERS]
    assert not any(OURS.title in text for text in deployment.engine.answered), "what the file holds is not paid for"


def test_where_the_week_cannot_be_had_the_rest_is_healed_and_the_weeks_name_stays_free(tmp_path: Path) -> None:
    deployment = Deployment()
    deployment.source.errors = [SourceUnreachable("Hugging Face is down.")]

    complete = healed(deployment, old_file(tmp_path / "in", without=5), tmp_path / "out")

    assert complete
    assert "Hugging Face is down." in deployment.output
    assert manifest(deployment) is None
    assert [paper.id for paper in parse_text((tmp_path / "out" / NAME).read_bytes()).papers] == [
        paper.id for paper in PAPERS[:4]
    ]


def test_a_file_healed_into_another_language_is_that_run_in_that_language(tmp_path: Path) -> None:
    deployment = Deployment()

    complete = healed(deployment, old_file(tmp_path / "in", OURS.id), tmp_path / "out", "pt")

    assert complete
    text = (tmp_path / "out" / NAME).read_text()
    assert "## 초록 (Portuguese)" in text
    assert "옛 번역입니다." not in text
    assert (tmp_path / "out" / RUN / "pt" / "digest.json").is_file()


def test_what_fails_is_told_and_the_file_says_so(tmp_path: Path) -> None:
    deployment = Deployment()
    deployment.engine.refused = {OURS.title: "AccessDeniedException"}

    complete = healed(deployment, old_file(tmp_path / "in"), tmp_path / "out")

    assert not complete
    assert "AccessDeniedException" in deployment.output
    assert "(AccessDeniedException)" in (tmp_path / "out" / NAME).read_text()


def test_an_error_in_a_translations_place_is_translated_anew_and_named(tmp_path: Path) -> None:
    deployment = Deployment()
    path = old_file(tmp_path / "in", OURS.id)
    path.write_text(path.read_text().replace("옛 번역입니다.", "\x1b[31m번역 서버가 응답하지 않습니다.\nHTTP 504"))

    complete = healed(deployment, path, tmp_path / "out")

    assert complete
    assert f"{NAME}: what stands for {OURS.id} is not kept: error-text" in deployment.output
    assert "\x1b" not in deployment.output
    text = parse_text((tmp_path / "out" / NAME).read_bytes()).papers[0].translation
    assert text.replace("\n", " ") == TRANSLATIONS["ko", OURS.abstract]


def test_healing_a_healed_file_keeps_its_marks_and_changes_nothing(tmp_path: Path) -> None:
    deployment, path = Deployment(), tmp_path / NAME
    abstract = "Small models learn to listen. They rest at night. Our code is open to everybody."
    paper = Paper("2509.00007", "Resting", abstract)
    result = TranslatedResult(
        RUN,
        "ko",
        paper.id,
        MONDAY,
        text="작은 모델은 듣는 법을 배웁니다.\nThey rest at night.\n코드는 누구에게나 공개합니다.",
        engine="old-engine",
        doubts=(Doubt(0, "name", "X", "Small models learn to listen."),),
        kept=(Kept(1, "loop", "x"),),
    )
    healthy = replace(MANIFEST, top=1, papers=(paper,))
    path.write_bytes(render_text(build(healthy, find_language("ko"), {paper.id: result})))

    complete = healed(deployment, path, tmp_path / "out")

    assert complete
    assert deployment.engine.answered == []
    assert (tmp_path / "out" / NAME).read_bytes() == path.read_bytes()


def test_a_week_that_is_not_over_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    deployment = Deployment()
    path = old_file(tmp_path / "in", OURS.id)
    path.write_text(path.read_text().replace(RUN, "2999-W37"))

    with pytest.raises(PeriodNotOver, match=rf"{NAME}: 2999-W37 is not over"):
        healed(deployment, path, tmp_path / "out")

    assert runs(deployment) == []


def test_files_that_cannot_be_healed_are_named_before_anything_is_done(tmp_path: Path) -> None:
    good, out = old_file(tmp_path / "in"), tmp_path / "out"
    page = tmp_path / "page.txt"
    page.write_text("no digest")

    with pytest.raises(UsageError, match=r"page\.txt: This is not a digest"):
        read_files([good, page], "", out)
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_files([good, tmp_path / "absent.txt"], "", out)
    with pytest.raises(UsageError, match="would be written over itself"):
        read_files([good], "", good.parent)
    with pytest.raises(UsageError, match="would both be written to"):
        read_files([good, old_file(tmp_path / "other")], "", out)
    assert not out.exists()


def test_a_week_with_fewer_papers_than_asked_for_is_whole_once_the_source_says_so(tmp_path: Path) -> None:
    deployment = Deployment()
    deployment.source.papers = PAPERS[:3]
    short = replace(MANIFEST, papers=PAPERS[:3])

    complete = healed(deployment, old_file(tmp_path / "in", manifest=short), tmp_path / "out")

    assert complete
    assert runs(deployment) == [RUN]
