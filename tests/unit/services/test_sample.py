"""The sample week is what a newcomer reads first: its papers are real and its Korean says what its English says."""

import re
import unicodedata

import pytest
from sentencex import segment

from shared.ledger.records import Memory
from shared.papers import Paper, is_arxiv_id
from shared.services.sample import sample_memory, sample_papers

URL = re.compile(r"https://[\w./-]+\w")
BRACKETED = re.compile(r"\([^)]*\)")
LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z0-9.-]*[A-Za-z0-9]|[A-Za-z]")
NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?)(?:\s?(million|billion)|(억 [\d,]+만|억|만))?")
MULTIPLIERS = {"million": 10**6, "billion": 10**9, "억": 10**8, "만": 10**4, "": 1}

PAPERS = {paper.id: paper for paper in sample_papers()}
TRANSLATIONS = {memory.source: memory for memory in sample_memory()}


def numbers(text: str) -> list[float]:
    """Every number that `text` says, large ones multiplied out: 340 million and 3억 4,000만 are the same."""
    found = []
    for figure, english, korean in NUMBER.findall(URL.sub("", text)):
        value = float(figure.replace(",", "")) * MULTIPLIERS[english or korean[:1]]
        if korean.startswith("억 "):
            value += float(korean[2:-1].replace(",", "")) * MULTIPLIERS["만"]
        found.append(round(value, 6))
    return sorted(found)


@pytest.fixture(params=PAPERS, ids=str)
def paper(request: pytest.FixtureRequest) -> Paper:
    return PAPERS[request.param]


@pytest.fixture
def title(paper: Paper) -> Memory:
    return TRANSLATIONS[paper.title]


@pytest.fixture
def abstract(paper: Paper) -> Memory:
    return TRANSLATIONS[paper.abstract]


def test_the_week_holds_ten_papers_with_arxiv_ids_and_authors() -> None:
    assert len(PAPERS) == 10
    assert all(is_arxiv_id(paper.id) and paper.authors and not paper.missing_text for paper in PAPERS.values())


def test_no_vote_is_invented() -> None:
    assert {paper.upvotes for paper in PAPERS.values()} == {None}


def test_every_title_and_abstract_has_a_persons_translation() -> None:
    assert [memory.source for memory in sample_memory()] == [
        source for paper in sample_papers() for source in (paper.title, paper.abstract)
    ]
    assert {(memory.language, memory.origin, memory.engine) for memory in sample_memory()} == {
        ("ko", "person", "person")
    }


def test_sources_are_clean_already(paper: Paper) -> None:
    for text in (paper.title, paper.abstract):
        assert unicodedata.is_normalized("NFC", text)
        assert not re.search(r"[$\\^_{}`]|\s{2}|\n", text)
        assert text == text.strip()


def test_one_korean_sentence_a_line_for_each_english_sentence(paper: Paper, abstract: Memory) -> None:
    lines = abstract.text.split("\n")

    assert len(lines) == len([sentence for sentence in segment("en", paper.abstract) if sentence.strip()])
    assert 4 <= len(lines) <= 6
    assert all(line == line.strip() and line.endswith("니다.") for line in lines)


def test_both_languages_say_the_same_numbers_and_addresses(paper: Paper, title: Memory, abstract: Memory) -> None:
    assert numbers(abstract.text) == numbers(paper.abstract)
    assert URL.findall(abstract.text) == URL.findall(paper.abstract)
    assert numbers(title.text) == numbers(paper.title)


def test_no_english_is_left_but_names(paper: Paper, title: Memory, abstract: Memory) -> None:
    """A name has a capital or a digit and stands in the source; what stands in brackets is a gloss."""
    for source, memory in ((paper.title, title), (paper.abstract, abstract)):
        words = LATIN_WORD.findall(BRACKETED.sub("", URL.sub("", memory.text)))

        assert [word for word in words if word not in source] == []
        assert [word for word in words if word == word.lower() and not re.search(r"\d", word) and word != "x"] == []


def test_the_ambiguous_word_is_glossed_where_an_abstract_first_uses_it(abstract: Memory) -> None:
    first = re.search(r"추론(\((?:inference|reasoning)\))?", abstract.text)

    assert first is None or first[1]


def test_terms_are_those_the_field_uses(title: Memory, abstract: Memory) -> None:
    for text in (title.text, abstract.text):
        assert not re.search(r"변환기|미세조정|파인튜닝|데이터 세트|매개변수|강화 학습|거대 언어", text)
