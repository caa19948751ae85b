"""Whoever adds a language learns here what is still missing: every row of the table, and every folder beside it."""

import string
from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.languages.glossary import load_glossary
from shared.languages.pack import PLAIN
from shared.languages.profile import FREQUENT_ENGLISH
from shared.languages.strings import FALLBACK, strings
from shared.languages.table import Language, codes, find_language
from shared.services.sample import sample_memory, sample_papers
from shared.text.mask import segments
from shared.translation.door import Accepted, accept

FOLDER = Path(str(files("shared.languages")))
FOLDERS = sorted(path.name for path in FOLDER.iterdir() if path.is_dir() and not path.name.startswith("_"))
SPOKEN = [code for code in FOLDERS if (FOLDER / code / "strings.json").is_file()]
RULED = [code for code in codes() if find_language(code).pack is not PLAIN]
NAMES = ("GPT-4o", "LoRA", "ImageNet-1K", "Qwen2.5-VL", "DPO", "o3-mini", "Hugging Face")
MASKS = ("https://github.com/a/b_c", "`x (y) 'z'`", "$x_0$", r"\alpha", "O(N^2)", "<br>", "me@example.org")
NUMBERS = ("3", "3.5", "10,000", "95.2%", "1/4", "-7", "2-4", "2025", "10^{-3}")
GEORGIAN = "ქართული"
"""Letters that no language of the table is written in."""
SIGNS = (" ", " ", ", ", ". ", "; ", " (", ") ", '"', "'", "\u201c", "\u201d", ": ", "-", "\n")


@pytest.fixture(params=codes())
def language(request: pytest.FixtureRequest) -> Language:
    return find_language(request.param)


def test_every_folder_belongs_to_a_row_of_the_table() -> None:
    assert set(FOLDERS) <= {*codes(), FALLBACK}


def test_every_row_with_rules_of_its_own_has_a_folder_for_them(language: Language) -> None:
    assert language.pack is PLAIN or language.code in FOLDERS


@pytest.mark.parametrize("code", SPOKEN)
def test_the_words_of_a_language_are_all_there_and_take_what_the_english_ones_take(code: str) -> None:
    words, english = strings(code), strings(FALLBACK)

    assert words.language == code
    assert words.texts.keys() == english.texts.keys()
    for key, text in words.texts.items():
        assert text.strip()
        assert _placeholders(text) == _placeholders(english.texts[key]), key
    assert len(set(words.months)) == len(words.months) == 12


def test_a_profile_is_one_that_a_translation_can_meet(language: Language) -> None:
    profile = language.profile

    assert 0 < 1.5 * profile.shortest < profile.longest < 2
    assert profile.latin is (profile.script.search("e") is not None)
    assert not profile.latin or len(profile.common - FREQUENT_ENGLISH) >= 10
    assert profile.foreign.search("aZé α 3") is None
    assert profile.foreign.search(GEORGIAN) is not None
    assert language.sentence_ends.code == language.code


def test_a_glossary_has_each_form_once_and_glosses_of_english(language: Language) -> None:
    glossary = load_glossary(language)
    forms = Counter(form.casefold() for entry in glossary.entries if not entry.stays_english for form in entry.english)
    names = Counter(form for entry in glossary.entries if entry.stays_english for form in entry.english)

    assert [form for form, count in (forms + names).items() if count > 1] == []
    for entry in glossary.entries:
        cells = (*entry.english, entry.preferred, *entry.accepted, *entry.mended, *entry.flagged, *entry.unless)
        assert all(cell == cell.strip() != "" for cell in cells), entry.headword
        assert not {entry.preferred, *entry.accepted} & {*entry.mended, *entry.flagged}, entry.headword
        assert entry.gloss.isascii(), entry.headword
        assert "(" not in entry.gloss, entry.headword


def test_a_sample_holds_every_paper_and_passes_the_door(language: Language) -> None:
    memories = [memory for memory in sample_memory() if memory.language == language.code]

    assert [memory.source for memory in memories] in (
        [],
        list(chain.from_iterable((paper.title, paper.abstract) for paper in sample_papers())),
    )
    assert all(isinstance(accept(memory.source, memory.text, language), Accepted) for memory in memories)


@cache
def own_words(code: str) -> tuple[str, ...]:
    """Words of a language, from what it has in its folder, and their ends, which may be what is attached to a noun."""
    texts = [*strings(code).texts.values(), *(memory.text for memory in sample_memory() if memory.language == code)]
    words = [word for text in texts for word in text.split() if word.isalpha() and not word.isascii()]
    return tuple(dict.fromkeys(form for word in words for form in (word, word[-1:], word[-2:])))


@st.composite
def mixed_texts(draw: st.DrawFn) -> tuple[Language, str]:
    """A language with rules, and a text of its own words, English names, masks and numbers."""
    language = find_language(draw(st.sampled_from(RULED)))
    piece = st.one_of(*map(st.sampled_from, (own_words(language.code), NAMES, MASKS, NUMBERS, SIGNS)))
    return language, "".join(draw(st.lists(piece, max_size=20)))


@given(mixed_texts())
def test_the_rules_of_a_language_have_nothing_left_to_do_the_second_time(made: tuple[Language, str]) -> None:
    language, text = made
    pack = language.pack

    for rule in (pack.polish, pack.phrase, lambda line: pack.agree(line, ())):
        once = rule(text)
        assert rule(once) == once


@given(mixed_texts())
def test_the_rules_of_a_language_leave_names_masks_and_numbers_alone(made: tuple[Language, str]) -> None:
    language, text = made
    pack = language.pack

    for rule in (pack.polish, pack.phrase, lambda line: pack.agree(line, ())):
        changed = rule(text)
        assert all(changed.count(mask) == text.count(mask) for mask, masked in segments(text) if masked)
        assert _ascii(changed) == _ascii(text)


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _ascii(text: str) -> str:
    """The letters and digits of English, which no rule adds, takes or moves."""
    return "".join(character for character in text if character.isascii() and character.isalnum())
