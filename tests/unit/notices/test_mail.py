"""The notice that a digest is out can always be sent, and can be read: titles, links, and what is missing and why."""

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.digest.model import Digest, build
from shared.digest.view import view
from shared.doubts import Doubt, Kept
from shared.failures import NETWORK_CODE, Failure, FailureClass
from shared.languages.table import codes, find_language
from shared.ledger.records import FailedResult, Manifest, TranslatedResult
from shared.notices.mail import sns_announce, text
from shared.notices.notice import in_turn, subject
from shared.notices.webhook import payload
from shared.papers import HUGGING_FACE, Paper
from tests.fakes.aws import BUCKET, TOPIC, FakeSNS
from tests.fakes.texts import PAPERS, TRANSLATIONS
from tests.unit.digest import digests
from tests.unit.digest.attacks import attacked_digest

MOMENT = datetime(2025, 9, 15, 1, tzinfo=UTC)
FAILURE = Failure(FailureClass.PERMANENT, "RefusedByGate", "every form was refused")
BIDIRECTIONAL_CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
SITE = "https://digests.example.org/"


def digest_of(
    translated: int, papers: tuple[Paper, ...] = PAPERS[:3], target: str = "ko", failure: Failure = FAILURE
) -> Digest:
    run = "2025-W37"
    manifest = Manifest(run, run, HUGGING_FACE, f"{HUGGING_FACE}/papers/week/{run}", 3, MOMENT, papers)
    results = {
        paper.id: TranslatedResult(
            run,
            target,
            paper.id,
            MOMENT,
            text="본문",
            title=TRANSLATIONS.get((target, paper.title), ""),
            engine="amazon-translate",
        )
        if position < translated
        else FailedResult(run, target, paper.id, MOMENT, failure=failure, attempts=3)
        for position, paper in enumerate(papers)
    }
    return build(manifest, find_language(target), results)


@pytest.mark.parametrize(
    ("translated", "healed", "expected"),
    [
        (3, False, "chorok 2025-W37 (Korean): complete, 3 of 3 translated"),
        (3, True, "chorok 2025-W37 (Korean): healed, 3 of 3 translated"),
        (2, False, "chorok 2025-W37 (Korean): partial, 2 of 3 translated"),
    ],
)
def test_the_subject_says_which_digest_it_is_and_how_complete(translated: int, healed: bool, expected: str) -> None:
    assert subject(digest_of(translated), healed=healed) == expected


@pytest.mark.parametrize("code", codes())
def test_a_subject_in_any_language_is_one_that_sns_takes(code: str) -> None:
    said = subject(digest_of(2, target=code), healed=True)

    assert len(said) < 100
    assert said.isascii()
    assert said.isprintable()


def test_the_mail_reads_like_a_table_of_contents_in_the_reader_s_language() -> None:
    digest = digest_of(2)

    said = text(view(digest), BUCKET)

    assert said == (
        "2025년 37주 차 · Hugging Face 주간 인기 논문\n"
        "2025년 9월 8일 – 9월 14일 · 논문 3편 · 3편 중 2편 번역됨\n"
        "3편 가운데 1편은 번역이 없어 원문을 그대로 싣습니다.\n"
        "\n"
        "1. 듣는 법을 배우기\n"
        "   Learning to Listen\n"
        "   https://huggingface.co/papers/2509.00001\n"
        "\n"
        "2. 데이터의 조용한 정원\n"
        "   The Quiet Garden of Data\n"
        "   https://huggingface.co/papers/2509.00002\n"
        "\n"
        "3. Why Maps Forget\n"
        "   번역 결과를 믿을 수 없어 싣지 않았습니다.\n"
        "   https://huggingface.co/papers/2509.00003\n"
        "\n"
        "Amazon Translate의 기계 번역입니다. 틀린 곳이 있을 수 있으니 원문을 함께 확인해 주세요.\n"
        "출처: https://huggingface.co/papers/week/2025-W37\n"
        "다른 형식: s3://ledger/digests/2025-W37/ko/\n"
    )


def test_the_mail_says_in_a_line_what_each_paper_is_about_and_whose_words_these_are() -> None:
    shown = view(digests.digest_of(PAPERS[:2], [digests.translated(PAPERS[0], "본문", summary="듣는 법을 배웁니다.")]))

    said = text(shown, BUCKET)

    assert "1. Learning to Listen\n   듣는 법을 배웁니다.\n   https://huggingface.co/papers/2509.00001\n" in said
    assert said.count("한 줄 요약은 Hugging Face의 AI가 쓴 글이며, 저자의 초록이 아닙니다.\n") == 1
    assert "한 줄 요약" not in text(view(digest_of(3)), BUCKET)


def test_a_notice_says_in_one_line_how_many_sentences_are_marked_and_nothing_where_none_is() -> None:
    marks = (Doubt(0, "number", "7", ""),), (Kept(1, "loop", "x"),)
    marked = view(digests.digest_of(PAPERS, [digests.translated(PAPERS[0], "본문\nEnglish.", marks=marks)]))

    lines = [said.splitlines()[3] for said in (text(marked, BUCKET), payload(marked, "")["text"])]

    assert lines == ["번역이 정확하지 않을 수 있는 문장 1개 · 원문을 그대로 둔 문장 1개"] * 2
    assert "문장 " not in text(view(digest_of(3)), BUCKET)


def test_where_the_pages_are_published_the_mail_leads_there() -> None:
    said = text(view(digest_of(3, target="pt")), BUCKET, SITE)

    assert "\nhttps://digests.example.org/digests/2025-W37/pt/index.html\n" in said
    assert "1. Aprender a ouvir\n   Learning to Listen\n" in said


def test_a_network_that_failed_is_named_with_the_number_of_attempts() -> None:
    network = Failure(FailureClass.TRANSIENT, NETWORK_CODE, "no answer")

    assert "3번 시도했지만" in text(view(digest_of(2, failure=network)), BUCKET)


@given(st.text(), st.sampled_from(["ko", "pt", "zh"]), st.booleans())
def test_whatever_a_paper_is_called_sns_takes_the_notice(title: str, target: str, healed: bool) -> None:
    sns = FakeSNS()
    digest = digest_of(0, (Paper("2509.00001", title, "An abstract."),), target)

    sns_announce(sns, TOPIC, BUCKET)(view(digest), healed)  # type: ignore[arg-type]

    [(_, said)] = sns.published
    assert len(said.splitlines()) == len(text(view(digest_of(0, PAPERS[:1], target)), BUCKET).splitlines())


def test_hostile_titles_bring_no_control_character_into_the_mail() -> None:
    said = text(view(attacked_digest()), BUCKET)

    assert not [character for character in said if unicodedata.category(character) == "Cc" and character != "\n"]
    assert not [character for character in said if unicodedata.bidirectional(character) in BIDIRECTIONAL_CONTROLS]


def test_a_huge_digest_is_cut_at_a_paper_to_what_sns_takes() -> None:
    papers = tuple(Paper(f"2509.{number:05}", "긴 제목 " * 200, "An abstract.") for number in range(1, 401))

    said = text(view(digest_of(0, papers)), BUCKET)

    assert len(said.encode()) <= 262_144
    assert "\n\n…\n\n출처: " in said
    assert said.count("https://huggingface.co/papers/2509.") > 100


def test_a_notice_goes_to_each_in_turn() -> None:
    sent: list[str] = []

    announce = in_turn(lambda view, healed: sent.append("mail"), lambda view, healed: sent.append("webhook"))
    announce(view(digest_of(3)), False)

    assert sent == ["mail", "webhook"]
