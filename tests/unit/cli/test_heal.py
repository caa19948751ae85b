"""Old digests become runs, pay for nothing that is there, and change nothing that others hold."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.connecting.old_files import read_files
from cli.heal import Healing, HealOptions, heal
from shared.digest.formats.txt import render_text
from shared.digest.model import build
from shared.digest.text_reader import parse_text
from shared.doubts import Doubt, Kept
from shared.errors import SourceThrottled, SourceUnreachable, UsageError
from shared.failures import Failure, FailureClass
from shared.languages.table import find_language
from shared.ledger import keys
from shared.ledger.records import FailedResult, Manifest, TranslatedResult
from shared.papers import HUGGING_FACE, Paper
from shared.periods import Period
from shared.services.forget import forget
from tests.fakes.texts import PAPERS, TRANSLATIONS
from tests.unit.cli.deployment import RUN, Deployment, HuggingFace

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


def outcomes(deployment: Deployment, out: Path, *paths: Path, language: str = "") -> tuple[Healing, ...]:
    files = read_files(paths, out)
    return heal(deployment.pipeline, files, HealOptions(language, "", 60.0, out), deployment.console)


def healed(deployment: Deployment, path: Path, out: Path, language: str = "") -> bool:
    (healing,) = outcomes(deployment, out, path, language=language)
    return healing.is_complete


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

    complete = healed(deployment, old_file(tmp_path / "in", without=4), tmp_path / "out")

    assert not complete
    assert "Hugging Face is down." in deployment.output
    assert "which papers the other 1 of 5 are, nothing says" in deployment.output
    assert manifest(deployment) is None
    papers = parse_text((tmp_path / "out" / NAME).read_bytes()).papers
    assert [paper.id for paper in papers] == [*(paper.id for paper in PAPERS[:3]), "", PAPERS[4].id]
    assert all(paper.translation for paper in papers if paper.id)
    assert "Message: no such element" in papers[3].unread
    (run,) = runs(deployment)
    assert json.loads((tmp_path / "out" / run / "ko" / "digest.json").read_bytes())["state"] == "partial"


def test_what_was_not_known_before_is_healed_later_in_another_run(tmp_path: Path) -> None:
    deployment, path = Deployment(), old_file(tmp_path / "in", without=4)
    deployment.source.errors = [SourceUnreachable("Hugging Face is down.")]
    healed(deployment, path, tmp_path / "first")

    complete = healed(deployment, tmp_path / "first" / NAME, tmp_path / "second")

    assert complete
    assert RUN in runs(deployment)
    papers = parse_text((tmp_path / "second" / NAME).read_bytes()).papers
    assert [paper.id for paper in papers] == [paper.id for paper in PAPERS]


@pytest.mark.parametrize("without", [0, 4], ids=["the week's run", "a run of its own"])
def test_a_run_that_was_forgotten_is_the_next_one_where_it_is_healed_again(tmp_path: Path, without: int) -> None:
    deployment, path = Deployment(), old_file(tmp_path / "in", without=without)
    deployment.source.errors = [SourceUnreachable("Hugging Face is down.")] * bool(without)
    healed(deployment, path, tmp_path / "first")
    (run,) = runs(deployment)
    forget(deployment.cloud.store, run, MONDAY)

    deployment.source.errors = [SourceUnreachable("Hugging Face is down.")] * bool(without)
    healed(deployment, path, tmp_path / "second")

    again = manifest(deployment, run)
    assert again is not None
    assert again.revision == 1
    assert (tmp_path / "second" / NAME).read_bytes() == (tmp_path / "first" / NAME).read_bytes()


OTHER = Paper("2508.00009", PAPERS[3].title, PAPERS[3].abstract)


def named_without_abstract(folder: Path) -> Path:
    """A digest that names five papers, of which the fourth is not of its week, and has no abstract."""
    path = old_file(folder, manifest=replace(MANIFEST, papers=(*PAPERS[:3], OTHER, PAPERS[4])))
    error = "--- 4. 항목 처리 실패 ---\n항목 처리 중 오류 발생: Read timed out.\n\n--- 5."
    path.write_text(re.sub(r"(?<=2508\.00009\n\n).*?--- 5\.", error, path.read_text(), flags=re.DOTALL))
    assert [paper.abstract == "" for paper in parse_text(path.read_bytes()).papers] == [False] * 3 + [True, False]
    return path


def test_a_paper_that_the_file_names_is_fetched_by_its_id_where_its_week_has_others(tmp_path: Path) -> None:
    deployment = Deployment()
    deployment.source.others = {OTHER.id: OTHER}

    healed(deployment, named_without_abstract(tmp_path / "in"), tmp_path / "out")

    papers = parse_text((tmp_path / "out" / NAME).read_bytes()).papers
    assert [paper.id for paper in papers] == [*(paper.id for paper in PAPERS[:3]), OTHER.id, PAPERS[4].id]
    assert papers[3].abstract == OTHER.abstract
    assert any(OTHER.abstract in text for text in deployment.engine.answered)
    assert manifest(deployment) is not None, "the week that was read on the way is the week"
    assert PAPERS[3].id not in (tmp_path / "out" / NAME).read_text()


def test_a_paper_that_the_file_names_and_nobody_has_is_kept_as_failed(tmp_path: Path) -> None:
    deployment = Deployment()

    complete = healed(deployment, named_without_abstract(tmp_path / "in"), tmp_path / "out")

    assert not complete
    assert f"the abstract of {OTHER.id} cannot be had" in deployment.output
    papers = parse_text((tmp_path / "out" / NAME).read_bytes()).papers
    assert [paper.id for paper in papers] == [*(paper.id for paper in PAPERS[:3]), OTHER.id, PAPERS[4].id]
    assert [bool(paper.translation) for paper in papers] == [True, True, True, False, True]
    (own,) = (run for run in runs(deployment) if run != RUN)
    assert json.loads((tmp_path / "out" / own / "ko" / "digest.json").read_bytes())["state"] == "partial"
    deployment.source.others = {OTHER.id: OTHER}
    healed(deployment, tmp_path / "out" / NAME, tmp_path / "later")
    assert OTHER.abstract in (tmp_path / "later" / NAME).read_text()


def test_without_the_weeks_list_no_file_becomes_the_week(tmp_path: Path) -> None:
    deployment = Deployment()
    deployment.source.errors = [SourceUnreachable("Hugging Face is down.")]

    complete = healed(deployment, old_file(tmp_path / "in"), tmp_path / "out")

    assert complete
    assert manifest(deployment) is None
    deployment.request()
    assert manifest(deployment) is not None


def test_a_file_with_more_or_fewer_papers_than_the_week_has_does_not_become_the_week(tmp_path: Path) -> None:
    deployment = Deployment()
    three = replace(MANIFEST, top=3, papers=PAPERS[:3])

    complete = healed(deployment, old_file(tmp_path / "in", manifest=three), tmp_path / "out")

    assert complete
    week = manifest(deployment)
    assert week is not None
    assert (week.top, len(week.papers)) == (5, 5)
    assert len(runs(deployment)) == 2


def test_healing_a_healed_file_makes_no_other_run(tmp_path: Path) -> None:
    deployment = Deployment()
    deployment.source.papers = PAPERS[::-1]
    healed(deployment, old_file(tmp_path / "in"), tmp_path / "first")
    before = runs(deployment)

    complete = healed(deployment, tmp_path / "first" / NAME, tmp_path / "second")

    assert complete
    assert runs(deployment) == before
    assert (tmp_path / "second" / NAME).read_bytes() == (tmp_path / "first" / NAME).read_bytes()


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

    with pytest.raises(UsageError, match=rf"{NAME}: 2999-W37 is not over"):
        healed(deployment, path, tmp_path / "out")

    assert runs(deployment) == []


def test_what_cannot_be_healed_is_named_and_stops_no_other(tmp_path: Path) -> None:
    deployment, good, out = Deployment(), old_file(tmp_path / "in"), tmp_path / "out"
    early, page, absent = tmp_path / "early.txt", tmp_path / "page.txt", tmp_path / "absent.txt"
    early.write_text(good.read_text().replace(RUN, "2999-W37"))
    page.write_text("no digest")

    ended = outcomes(deployment, out, page, early, good, absent)

    assert [healing.is_complete for healing in ended] == [False, False, True, False]
    assert "page.txt: This is not a digest" in deployment.output
    assert "early.txt: 2999-W37 is not over" in deployment.output
    assert "absent.txt: It cannot be read: No such file" in deployment.output
    assert [path.name for path in out.glob("*.txt")] == [NAME]


def test_where_nothing_can_be_healed_every_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, absent = tmp_path / "page.txt", tmp_path / "absent.txt"
    page.write_text("no digest")

    with pytest.raises(UsageError, match=r"absent\.txt: It cannot be read"):
        outcomes(Deployment(), tmp_path / "out", page, absent)

    assert "page.txt: This is not a digest" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_nothing_is_written_over_what_it_was_made_of_or_over_another(tmp_path: Path) -> None:
    good = old_file(tmp_path / "in")

    with pytest.raises(UsageError, match="would be written over itself"):
        read_files([good], good.parent)
    with pytest.raises(UsageError, match="would both be written to"):
        read_files([good, old_file(tmp_path / "other")], tmp_path / "out")


def week_file(folder: Path, week: int, top: int = 5) -> Path:
    """A digest of another week, with papers of its own."""
    papers = tuple(Paper(f"25{week:02}.0000{n}", paper.title, paper.abstract) for n, paper in enumerate(PAPERS[:top]))
    named = old_file(folder, manifest=replace(MANIFEST, period=f"2025-W{week:02}", top=top, papers=papers))
    return named.rename(folder / f"{week}.txt")


def test_a_late_file_stops_no_other_and_is_written_as_far_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment, out = Deployment(), tmp_path / "out"
    late, early = week_file(tmp_path / "in", 10), week_file(tmp_path / "in", 11)
    deployment.working = False

    def read(base: str, period: Period, top: int, believe_few: bool) -> tuple[Paper, ...]:
        if period.name == "2025-W11":
            deployment.forget_messages()
            deployment.working = True
        raise SourceUnreachable("Hugging Face is down.")

    monkeypatch.setattr(HuggingFace, "__call__", lambda _, *asked: read(*asked))

    ended = outcomes(deployment, out, late, early)

    assert [healing.is_complete for healing in ended] == [False, True]
    assert all(paper.translation for paper in parse_text((out / early.name).read_bytes()).papers)
    assert "번역 대기 중입니다." in (out / late.name).read_text()


def test_a_file_that_cannot_be_written_stops_no_other(tmp_path: Path) -> None:
    deployment, out = Deployment(), tmp_path / "out"
    first, second = week_file(tmp_path / "in", 10), week_file(tmp_path / "in", 11)
    (out / first.name).mkdir(parents=True)

    ended = outcomes(deployment, out, first, second)

    assert [bool(healing.trouble) for healing in ended] == [True, False]
    assert "cannot be written" in ended[0].trouble


def test_a_damaged_digest_stops_no_other(tmp_path: Path) -> None:
    deployment, out = Deployment(), tmp_path / "out"
    first, second = week_file(tmp_path / "in", 10), week_file(tmp_path / "in", 11)
    outcomes(deployment, tmp_path / "before", first, second)
    (damaged,) = (key for key in deployment.cloud.s3.objects if key.startswith("runs/2025-W10-") and "manifest" in key)
    deployment.cloud.s3.objects[damaged] = replace(deployment.cloud.s3.objects[damaged], body=b"{")

    ended = outcomes(deployment, out, first, second)

    assert [bool(healing.trouble) for healing in ended] == [True, False]
    assert [path.name for path in out.glob("*.txt")] == [second.name]


def test_what_is_written_stays_where_the_command_is_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment, out = Deployment(), tmp_path / "out"
    first, second = week_file(tmp_path / "in", 10), week_file(tmp_path / "in", 11)

    def interrupted(*request: object) -> Paper:
        raise KeyboardInterrupt

    second.write_text(re.sub(r"## Abstract.*?(?=--- 2)", "", second.read_text(), count=1, flags=re.DOTALL))
    monkeypatch.setattr(deployment.source, "paper", interrupted)

    with pytest.raises(KeyboardInterrupt):
        outcomes(deployment, out, first, second)

    assert all(paper.translation for paper in parse_text((out / first.name).read_bytes()).papers)


def test_a_week_with_fewer_papers_than_asked_for_is_whole_once_the_source_says_so(tmp_path: Path) -> None:
    deployment = Deployment()
    deployment.source.papers = PAPERS[:3]
    short = replace(MANIFEST, papers=PAPERS[:3])

    complete = healed(deployment, old_file(tmp_path / "in", manifest=short), tmp_path / "out")

    assert complete
    assert runs(deployment) == [RUN]


def test_forty_two_files_are_healed_in_one_command(tmp_path: Path) -> None:
    """Given files of 42 weeks, one of which is no digest, when they are healed, then all the others are."""
    deployment, out = Deployment(), tmp_path / "out"
    files = [week_file(tmp_path / "in", week, top=1) for week in range(1, 43)]
    files[7].write_text("a note")
    deployment.source.errors = [SourceUnreachable("Hugging Face is down.")] * 5

    ended = outcomes(deployment, out, *files)

    assert [healing.path for healing in ended] == files
    assert [healing.path for healing in ended if not healing.is_complete] == [files[7]]
    assert len(list(out.glob("*.txt"))) == 41
    for healing in ended:
        assert healing.standing is None or f"{healing.path.name} is run {healing.standing.edition.run}" in (
            deployment.output
        )


def test_where_hugging_face_wants_a_pause_it_is_made_and_the_file_is_still_the_week(tmp_path: Path) -> None:
    deployment = Deployment()
    deployment.source.errors = [SourceThrottled("429", 0)]

    complete = healed(deployment, old_file(tmp_path / "in"), tmp_path / "out")

    assert complete
    assert "Hugging Face wants a pause" in deployment.output
    assert runs(deployment) == [RUN]
