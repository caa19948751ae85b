import codecs
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.digest.formats.txt import render_text
from shared.digest.model import Digest
from shared.digest.text_reader import MARKED, TextPaper, parse_text
from shared.doubts import MISSING, Doubt, Kept
from shared.errors import UsageError
from shared.papers import Paper
from shared.text.display import displayable
from tests.unit.digest.digests import ADAPTER, SAPO, digest_of, failed, translated

WEEKS = tuple(f"2025-W{week}" for week in range(33, 41))

HEAD = """\
Hugging Face 주간 인기 논문 Top 10 (2025-W37) - 번역본
출처: https://huggingface.co/papers/week/2025-W37

"""
FIRST = """\
--- 1. Sharing is Caring: Training
  Together ---
Link: https://huggingface.co/papers/2509.08721

## Abstract (Original)
We share rollouts.
Gains reach 94%.

## 초록 (Korean)
번역 중 오류 발생: 3번의 시도 후에도 네트워크 연결에 실패했습니다.

"""


def user_file(shared_data: Path, week: str) -> bytes:
    return (shared_data / "digests" / f"huggingface_top_10_papers_{week}_translated.txt").read_bytes()


@pytest.mark.parametrize("week", WEEKS)
def test_a_week_without_the_network_equals_the_users_own_file(shared_data: Path, week: str) -> None:
    body = user_file(shared_data, week)
    papers = [Paper(paper.id, paper.title, paper.abstract) for paper in parse_text(body).papers]

    digest = digest_of(papers, [failed(paper) for paper in papers], run=week)

    assert len(papers) == 10
    assert render_text(digest) == body


@pytest.mark.parametrize("week", WEEKS)
def test_no_paper_of_the_users_files_counts_as_translated(shared_data: Path, week: str) -> None:
    digest = parse_text(user_file(shared_data, week))

    assert (digest.period, digest.top, digest.language) == (week, 10, "Korean")
    assert all(paper.id and paper.title and paper.abstract and not paper.translation for paper in digest.papers)


def test_a_failed_network_is_told_in_the_users_own_words() -> None:
    assert render_text(digest_of([SAPO], [failed(SAPO)])).decode() == HEAD + FIRST


def test_another_failure_tells_its_cause_on_one_line_and_its_code() -> None:
    digest = digest_of([SAPO], [failed(SAPO, "AccessDeniedException", "not allowed\nto translate", 1)])

    assert "\n번역 중 오류 발생: not allowed to translate (AccessDeniedException)\n\n" in render_text(digest).decode()


def test_a_translation_stands_one_sentence_a_line_and_the_head_names_its_engine() -> None:
    digest = digest_of([SAPO, ADAPTER], [translated(SAPO, "공유합니다.\n94%까지 늘었습니다.")])

    text = render_text(digest).decode()

    assert text.startswith(HEAD.replace("\n\n", "\n번역: 기계 번역 (amazon-translate)\n\n"))
    assert "## 초록 (Korean)\n공유합니다.\n94%까지 늘었습니다.\n\n--- 2. VLA-Adapter ---\n" in text
    assert text.endswith("## 초록 (Korean)\n번역 대기 중입니다.\n\n")


@pytest.mark.parametrize(
    ("run", "line"),
    [
        ("2025-09", "Hugging Face 월간 인기 논문 Top 10 (2025-09) - 번역본"),
        ("2025-09-12", "Hugging Face 일간 인기 논문 Top 10 (2025-09-12) - 번역본"),
        ("sample", "Hugging Face 견본 인기 논문 Top 10 (sample) - 번역본"),
    ],
)
def test_the_first_line_says_what_it_is_a_digest_of(run: str, line: str) -> None:
    body = render_text(digest_of([SAPO], run=run))

    assert body.decode().startswith(line + "\n")
    assert parse_text(body).period == ("" if run == "sample" else run)


def test_a_particle_never_sticks_to_an_address() -> None:
    body = render_text(digest_of([SAPO], [translated(SAPO, "코드는 https://a.io/b에서 받습니다.")]))

    assert "코드는 https://a.io/b 에서 받습니다.\n" in body.decode()
    assert parse_text(body).papers[0].translation == "코드는 https://a.io/b 에서 받습니다."


def test_another_language_is_named_in_the_heading() -> None:
    body = render_text(digest_of([SAPO], target="pt"))

    assert "\n## 초록 (Portuguese)\n" in body.decode()
    assert parse_text(body).language == "Portuguese"


@pytest.mark.parametrize(
    "encoded",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.encode("cp949"),
        lambda text: text.encode("euc-kr"),
        lambda text: text.encode("utf-16"),
        lambda text: codecs.BOM_UTF16_BE + text.replace("\n", "\r\n").encode("utf-16-be"),
        lambda text: unicodedata.normalize("NFD", text).encode(),
        lambda text: f"\n \n{text}".encode(),
        lambda text: f"\r\n{text}".encode("utf-8-sig"),
    ],
)
def test_how_an_editor_saved_a_file_changes_nothing(encoded: Callable[[str], bytes]) -> None:
    text = HEAD + FIRST.replace("3번의 시도 후에도 네트워크 연결에 실패했습니다.", "x").replace(
        "번역 중 오류 발생: x", "롤아웃을 공유합니다."
    )

    assert parse_text(text.encode()).papers[0].translation == "롤아웃을 공유합니다."
    assert parse_text(encoded(text)) == parse_text(text.encode())


def test_no_other_letter_than_a_taken_apart_syllable_is_changed() -> None:
    text = (HEAD + FIRST).replace("We share rollouts.", "Schro\u0308dinger shares 5 k\u2126.")

    (paper,) = parse_text(unicodedata.normalize("NFD", HEAD).encode() + text.removeprefix(HEAD).encode()).papers

    assert "Schro\u0308dinger shares 5 k\u2126." in paper.abstract


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16"])
def test_a_character_that_is_cut_in_two_costs_nothing_else(encoding: str) -> None:
    body = (HEAD + FIRST + "가").encode(encoding)

    assert parse_text(body[:-1]).papers[0].abstract == SAPO.abstract


def test_a_paper_that_the_old_script_could_not_read_is_known_by_its_rank() -> None:
    lines = "--- 2. 항목 처리 실패 ---\n항목 처리 중 오류 발생: list index out of range"

    papers = parse_text((HEAD + FIRST + lines + "\n\n").encode()).papers

    assert papers[1:] == (TextPaper(2, unread=lines),)


def test_a_paper_whose_own_page_the_old_script_could_not_read_keeps_its_id_and_title() -> None:
    begun = "--- 2. VLA-Adapter ---\nLink: https://huggingface.co/papers/2509.09372\n\n"
    text = HEAD + FIRST + begun + "--- 2. 항목 처리 실패 ---\n항목 처리 중 오류 발생: 404\n\n"

    assert parse_text(text.encode()).papers[1:] == (TextPaper(2, "2509.09372", "VLA-Adapter"),)


GIVEN_UP = "--- {0}. 항목 처리 실패 ---\n항목 처리 중 오류 발생: type object 'X' has no attribute 'Y'\n\n"


@pytest.mark.parametrize("after", [GIVEN_UP.format(1), "", GIVEN_UP.format(1) + GIVEN_UP.format(2)])
def test_an_abstract_is_read_where_no_translation_follows_but_never_half_of_one(after: str) -> None:
    untranslated = FIRST[: FIRST.index("## 초록")]
    second = "--- 2. VLA-Adapter ---\nLink: https://huggingface.co/papers/2509.09372\n\n"

    first = parse_text((HEAD + untranslated + after + second).encode()).papers[0]
    last = parse_text((HEAD + untranslated).encode()).papers[0]

    assert first == TextPaper(1, SAPO.id, SAPO.title, SAPO.abstract)
    assert last == TextPaper(1, SAPO.id, SAPO.title), "the file may have been cut between two paragraphs"


@pytest.mark.parametrize("end", ["v2", "?x=1", "#community", "/", " "])
def test_whatever_follows_an_id_in_a_link_it_is_that_paper(end: str) -> None:
    text = (HEAD + FIRST).replace("2509.08721", f"2509.08721{end}")

    assert parse_text(text.encode()).papers[0].id == SAPO.id


def test_a_link_to_something_else_names_no_paper_and_its_lines_are_not_lost() -> None:
    block = "--- 2. A Model ---\nLink: https://huggingface.co/models/x\n\n## Abstract (Original)\nWe model."

    (_, paper) = parse_text((HEAD + FIRST + block + "\n\n").encode()).papers

    assert paper == TextPaper(2, title="A Model", unread=block)


def test_an_empty_line_in_a_title_loses_no_paper() -> None:
    text = HEAD + FIRST + FIRST.replace("--- 1. Sharing", "--- 2. Two\n\n  Lines: Sharing").replace("08721", "08722")

    papers = parse_text(text.encode()).papers

    assert [(paper.rank, paper.id) for paper in papers] == [(1, "2509.08721"), (2, "2509.08722")]
    assert papers[1].title.startswith("Two\n\n  Lines: Sharing")


def test_a_file_with_more_papers_than_its_head_says_holds_them_all() -> None:
    items = "".join(FIRST.replace("--- 1.", f"--- {n}.").replace("08721", f"{n:05}") for n in range(1, 13))

    digest = parse_text((HEAD + items).encode())

    assert (digest.top, len(digest.papers)) == (12, 12)


@pytest.mark.parametrize("heading", ["## 초록", "## 초록 ", "## 초록(Korean)"])
def test_a_heading_that_names_no_language_is_one_all_the_same(heading: str) -> None:
    body = (HEAD + FIRST.replace("## 초록 (Korean)", heading)).encode()

    digest = parse_text(body)

    assert digest.language == "Korean"
    assert digest.papers[0].abstract == "We share rollouts.\nGains reach 94%."


@pytest.mark.parametrize("line", ["번역 중 예상치 못한 오류 발생: Error code: 401\n - {}", "번역 대기 중입니다.", ""])
def test_whatever_stands_for_a_missing_translation_means_missing(line: str) -> None:
    text = HEAD + FIRST.replace("번역 중 오류 발생: 3번의 시도 후에도 네트워크 연결에 실패했습니다.", line)

    assert parse_text(text.encode()).papers == (TextPaper(1, SAPO.id, SAPO.title, SAPO.abstract),)


def test_a_truncated_file_never_gives_half_of_anything() -> None:
    digest = digest_of(
        [SAPO, ADAPTER], [translated(SAPO, "공유합니다.\n늘었습니다."), translated(ADAPTER, "작습니다.")]
    )
    body = render_text(digest)
    whole = parse_text(body).papers

    for length in range(len(body.partition(b"\n")[0]) + 1, len(body)):
        for paper, complete in zip(parse_text(body[:length]).papers, whole, strict=False):
            for name in ("id", "title", "abstract", "translation"):
                assert getattr(paper, name) in ("", getattr(complete, name))


@pytest.mark.parametrize("body", [b"", b"Hello\n", b"\xff\xfe\x00", b"%PDF-1.7\n", "Hugging Face 주간".encode()])
def test_what_is_no_digest_is_refused(body: bytes) -> None:
    with pytest.raises(UsageError, match="This is not a digest"):
        parse_text(body)


MARKS = (
    (Doubt(0, "number", "7", "We share\nrollouts."), Doubt(0, "unit", "GB", ""), Doubt(3, "name", "X", "")),
    (Kept(2, "loop", "x"),),
)


def test_a_sentence_that_is_doubtful_or_kept_has_one_line_below_it_that_says_so() -> None:
    text = "공유합니다.\n94%까지 늘었습니다.\n\nIt works.\n끝입니다."

    body = render_text(digest_of([SAPO], [translated(SAPO, text, marks=MARKS)])).decode()

    assert body.partition("## 초록 (Korean)\n")[2].splitlines() == [
        "공유합니다.",
        "※ 이 문장은 번역이 정확하지 않거나 빠진 내용이 있을 수 있습니다. 원문: We share rollouts.",
        "94%까지 늘었습니다.",
        "",
        "It works.",
        "※ 이 문장은 번역하지 못해 원문을 그대로 두었습니다.",
        "끝입니다.",
        "※ 이 문장은 번역이 정확하지 않거나 빠진 내용이 있을 수 있습니다.",
        "",
    ]


def test_marks_are_no_part_of_the_text_and_come_back_as_marks() -> None:
    text = "공유합니다.\n94%까지 늘었습니다.\n\nIt works.\n끝입니다."

    (paper,) = parse_text(render_text(digest_of([SAPO], [translated(SAPO, text, marks=MARKS)]))).papers

    assert paper.translation == text
    assert paper.doubts == (Doubt(0, MARKED, "", "We share rollouts."), Doubt(3, MARKED, "", ""))
    assert paper.kept == (Kept(2, MARKED, ""),)


def test_a_sentence_that_is_lacking_is_told_below_the_one_before_it_and_comes_back() -> None:
    lacking = (Doubt(0, "number", "94", "Gains reach 94%."), Doubt(0, MISSING, "x", "Gains reach 94%.")), ()

    body = render_text(digest_of([SAPO], [translated(SAPO, "공유합니다.\n끝입니다.", marks=lacking)]))

    line = "공유합니다.\n※ 여기에서 한 문장의 번역이 빠졌을 수 있습니다. 원문: Gains reach 94%.\n끝입니다.\n"
    assert line in body.decode()
    assert parse_text(body).papers[0].doubts == (Doubt(0, MISSING, "", "Gains reach 94%."),)


def test_a_mark_below_no_sentence_is_text() -> None:
    text = "※ 이 문장은 번역하지 못해 원문을 그대로 두었습니다.\n끝."
    body = render_text(digest_of([SAPO], [translated(SAPO, text)])).decode()

    (paper,) = parse_text(body.replace("\n ※", "\n※").encode()).papers

    assert (paper.translation, paper.kept) == (text, ())


STRUCTURE = [
    "--- 3. x ---",
    "--- 2. 항목 처리 실패 ---",
    "항목 처리 실패 ---",
    "항목 처리 중 오류 발생: x",
    "Link: https://huggingface.co/papers/2509.66666",
    "## Abstract (Original)",
    "## 초록 (Korean)",
    "번역 중 오류 발생: x",
    "번역 대기 중입니다.",
    "※ 이 문장은 번역이 정확하지 않거나 빠진 내용이 있을 수 있습니다.",
    "※ 이 문장은 번역이 정확하지 않거나 빠진 내용이 있을 수 있습니다. 원문: x",
    "※ 여기에서 한 문장의 번역이 빠졌을 수 있습니다.",
    "※ 이 문장은 번역하지 못해 원문을 그대로 두었습니다.",
    " ---",
    "a ---",
    " Link: ",
    "",
    "  word",
    "한글\r\n줄",
    "\x1b[31m\u202e",
]
HOSTILE = st.lists(st.sampled_from(STRUCTURE) | st.text(max_size=8), min_size=1, max_size=6).map("\n".join)


@given(st.lists(st.tuples(HOSTILE, HOSTILE, HOSTILE), max_size=4))
def test_hostile_text_comes_back_as_text(texts: list[tuple[str, str, str]]) -> None:
    """Given papers whose texts imitate the layout, when written and read, then each is in its own place."""
    papers = [Paper(f"2509.{number:05}", title, abstract) for number, (title, abstract, _) in enumerate(texts)]
    answers = [text.strip() and displayable(text).strip() for _, _, text in texts]
    marked = (Doubt(0, "x", "x", "## Abstract (Original)\n--- 2. x ---"), Doubt(2, "x", "x", "")), (Kept(1, "x", "x"),)
    results = [translated(paper, text, marks=marked) for paper, text in zip(papers, answers, strict=True) if text]

    digest: Digest = digest_of(papers, results)
    read = parse_text(render_text(digest)).papers

    assert [paper.id for paper in read] == [paper.id for paper in papers]
    assert [paper.title.split() for paper in read] == [displayable(paper.title).split() for paper in papers]
    assert [paper.abstract for paper in read] == [displayable(paper.abstract).strip() for paper in papers]
    assert [paper.translation for paper in read] == answers


@given(HOSTILE, HOSTILE, HOSTILE.filter(lambda text: displayable(text).strip()))
def test_what_was_read_is_written_again_to_the_byte_with_its_marks(title: str, abstract: str, text: str) -> None:
    body = render_text(digest_of([Paper(SAPO.id, title, abstract)], [translated(SAPO, text, marks=MARKS)]))

    (read,) = parse_text(body).papers
    again = translated(SAPO, read.translation, marks=(read.doubts, read.kept))

    assert render_text(digest_of([Paper(SAPO.id, read.title, read.abstract)], [again])) == body
