"""The glossary: terms are found as papers write them, and only what cannot be right is mended."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

import pytest

from shared.languages.glossary import Glossary, Term, load_glossary
from shared.languages.ko.particles import repair_particles
from shared.languages.table import find_language
from shared.ledger.records import Memory
from shared.papers import Paper
from shared.services.sample import sample_memory, sample_papers
from tests.glossary_coverage import bare, keywords_in, measure

KOREAN = load_glossary(find_language("ko"))


def headwords(text: str) -> list[str]:
    return [entry.headword for entry in KOREAN.occurring(text)]


@pytest.mark.parametrize(
    "text",
    [
        "a large language model is",
        "Large Language Models are",
        "(large-language models)",
        "large\nlanguage models",
    ],
)
def test_a_term_is_found_in_any_case_number_and_spacing(text: str) -> None:
    assert headwords(text) == ["large language model"]


def test_hyphens_may_be_missing() -> None:
    assert headwords("finetuning, fine tuning and fine-tuning") == ["fine-tuning"]
    assert headwords("pre-training or pretraining") == ["pretraining"]


def test_the_longest_of_overlapping_terms_is_meant() -> None:
    assert headwords("Vision-language-action models with reward models") == [
        "vision-language-action model",
        "reward model",
    ]


def test_entries_come_in_the_order_of_the_text_and_once() -> None:
    assert headwords("Distillation of a reward model, then distillation") == ["distillation", "reward model"]


def test_a_term_is_found_as_a_whole_word_within_one_clause_only() -> None:
    assert headwords("the transformerless benchmarked tokenish thing") == []
    assert headwords("This is large. Language models follow.") == ["language model"]


def test_a_name_counts_only_in_its_own_case() -> None:
    assert headwords("CLIP and RoPE and LLMs") == ["CLIP", "RoPE", "LLM"]
    assert headwords("clip the rope") == []


def test_a_language_without_a_file_has_a_glossary_without_entries() -> None:
    portuguese = load_glossary(find_language("pt"))

    assert portuguese.occurring("large language models") == ()
    assert portuguese.correct_terms("Transformers", "변환기") == "변환기"
    assert portuguese.terminology_csv() == b"en,pt\n"


def test_no_spelling_leads_to_two_entries_and_no_column_contradicts_another() -> None:
    for entry in KOREAN.entries:
        assert all(KOREAN.lookup(form) is entry for form in entry.english), entry.headword
        assert not {entry.preferred, *entry.accepted} & {*entry.mended, *entry.flagged}, entry.headword
        assert len({*entry.accepted, entry.preferred}) == len(entry.accepted) + 1, entry.headword
    assert len({entry.headword for entry in KOREAN.entries}) == len(KOREAN.entries)


@pytest.mark.parametrize(
    ("english", "korean", "others"), [("task", "작업", "과제|태스크"), ("visual", "시각 ", "시각적|비주얼")]
)
def test_a_word_of_many_terms_is_said_one_way(english: str, korean: str, others: str) -> None:
    said = [entry.preferred for entry in KOREAN.entries if re.search(rf"\b{english}\b", entry.headword)]

    assert len(said) > 5
    assert [preferred for preferred in said if korean not in preferred or re.search(others, preferred)] == []


@pytest.mark.parametrize(
    "term",
    [
        *("embodied", "harness", "context engineering", "computer use", "rubric", "jailbreaking", "red-teaming"),
        *("sparse", "dense", "long-tailed", "trajectories"),
    ],
)
def test_the_words_of_today_s_papers_have_an_entry(term: str) -> None:
    assert KOREAN.lookup(term) is not None


def test_right_renderings_are_never_corrected() -> None:
    """Not even when every term of the glossary occurs in the source."""
    everything = Glossary(find_language("ko"), tuple(_without_exceptions(entry) for entry in KOREAN.entries))
    source = ". ".join(form for entry in KOREAN.entries for form in entry.english)

    text = "\n".join(f"{right}입니다." for entry in KOREAN.entries for right in (entry.preferred, *entry.accepted))

    assert everything.correct_terms(source, text) == text


def _without_exceptions(entry: Term) -> Term:
    return Term(entry.english, entry.preferred, entry.accepted, entry.mended, entry.flagged)


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("The Transformer is fast.", "변환기는 빠릅니다.", "트랜스포머는 빠릅니다."),
        ("The Transformer learns.", "변환기를 학습합니다.", "트랜스포머를 학습합니다."),
        ("Vision transformers see.", "비전 변환기가 봅니다.", "비전 트랜스포머가 봅니다."),
        ("A foundation model.", "재단 모델과 기초 모델입니다.", "파운데이션 모델과 파운데이션 모델입니다."),
        ("We use self-attention.", "자기 주의를 씁니다.", "셀프 어텐션을 씁니다."),
        ("The ground truth is known.", "지상 진실이 있습니다.", "정답이 있습니다."),
        ("LLM agents act.", "LLM 요원들은 움직입니다.", "LLM 에이전트들은 움직입니다."),
        ("Embodied AI acts.", "구현된 AI를 씁니다.", "체화 AI를 씁니다."),
        ("An LLM answers.", "법학 석사는 답합니다.", "LLM은 답합니다."),
        ("Red teaming of models.", "붉은 팀은 모델을 공격합니다.", "레드팀은 모델을 공격합니다."),
    ],
)
def test_a_known_mistranslation_is_replaced_and_its_particle_agrees(source: str, text: str, expected: str) -> None:
    assert KOREAN.correct_terms(source, text) == expected


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("An LLM for a Master of Laws.", "법학 석사를 위한 LLM입니다."),
        ("A power converter.", "변환기는 빠릅니다."),
        ("Transformers in a voltage converter.", "변환기는 빠릅니다."),
        ("The Transformer.", "변환기술은 빠릅니다."),
        ("The Transformer.", "문자변환기는 빠릅니다."),
        ("We raise the learning rate.", "학습 속도를 높입니다."),
    ],
)
def test_what_may_be_right_is_left_alone(source: str, text: str) -> None:
    assert KOREAN.correct_terms(source, text) == text


def test_a_mistranslation_is_reported_with_whether_it_is_safe_to_mend() -> None:
    found = KOREAN.check_terms("The learning rate of Transformers.", "변환기의 학습 속도입니다.")

    assert {(one.entry.headword, one.found, one.safe) for one in found} == {
        ("transformer", "변환기", True),
        ("learning rate", "학습 속도", False),
    }


def test_each_meaning_of_an_ambiguous_word_is_glossed_at_its_first_mention() -> None:
    source = "Reasoning is slow. Inference is fast. Visual reasoning and inference latency matter."
    text = "추론은 느립니다.\n추론은 빠릅니다.\n시각적 추론과 추론 지연 시간이 중요합니다."

    assert KOREAN.gloss_first_mentions(source, text) == (
        "추론(reasoning)은 느립니다.\n추론(inference)은 빠릅니다.\n시각적 추론과 추론 지연 시간이 중요합니다."
    )


def test_paragraphs_do_not_disturb_the_gloss() -> None:
    assert KOREAN.gloss_first_mentions(
        "It is new.\n\nIt reasons. Reasoning helps.", "새롭습니다.\n\n생각합니다.\n추론이 돕습니다."
    ) == ("새롭습니다.\n\n생각합니다.\n추론(reasoning)이 돕습니다.")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Inference and reasoning differ.", "추론과 추론은 다릅니다."),
        ("Reasoning helps.", "추론(reasoning)이 돕습니다."),
        ("Nothing of the kind.", "추론이 돕습니다."),
        ("Reasoning. Inference.", "추론과 추론입니다."),
        ("Reasoning helps.", "추론하면 됩니다."),
    ],
)
def test_no_gloss_where_the_meaning_is_open_or_already_said(source: str, text: str) -> None:
    assert KOREAN.gloss_first_mentions(source, text) == text


def test_the_terminology_keeps_to_the_services_limits() -> None:
    header, *rows = csv.reader(io.StringIO(KOREAN.terminology_csv().decode("utf-8")))

    assert header == ["en", "ko"]
    assert len(rows) == 256
    assert all(len(row) == 2 and all(0 < len(cell.encode()) <= 200 for cell in row) for row in rows)
    assert Counter(source.casefold() for source, _ in rows).most_common(1)[0][1] == 1
    assert rows[:2] == [["large language model", "대규모 언어 모델"], ["large language models", "대규모 언어 모델"]]


def test_the_terminology_leaves_out_what_stays_english() -> None:
    assert all(source.casefold() != target.casefold() for source, target in _rows(KOREAN.terminology_csv()))
    assert len(_rows(KOREAN.terminology_csv(limit=10))) == 10


def _rows(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8"))))[1:]


@pytest.mark.parametrize("memory", sample_memory(), ids=lambda memory: memory.source[:30])
def test_the_samples_korean_keeps_to_the_glossary_and_to_the_particles(memory: Memory) -> None:
    assert KOREAN.check_terms(memory.source, memory.text) == ()
    assert repair_particles(memory.text) == memory.text


@pytest.mark.parametrize("paper", sample_papers(), ids=lambda paper: paper.id)
def test_the_samples_abstracts_are_glossed_already(paper: Paper) -> None:
    text = next(memory.text for memory in sample_memory() if memory.source == paper.abstract)

    assert KOREAN.gloss_first_mentions(paper.abstract, text) == text


def test_the_glossary_covers_most_of_what_papers_talk_about(shared_data: Path) -> None:
    """Sixty of a hundred mentions have a translation, and more are of names that stay English."""
    coverage = measure(KOREAN, keywords_in(shared_data))

    assert coverage.translated / coverage.mentions >= 0.6
    assert coverage.share > coverage.translated / coverage.mentions


def test_entries_stand_in_the_order_of_their_mentions(shared_data: Path) -> None:
    """So that the terminology holds the best of them."""
    mentions: Counter[Term | None] = Counter()
    for keyword, count in keywords_in(shared_data):
        mentions[KOREAN.lookup(bare(keyword))] += count

    counts = [mentions[entry] for entry in KOREAN.entries]

    assert counts == sorted(counts, reverse=True)
