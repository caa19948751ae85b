"""Whatever a text consists of, the time to look at it grows with its length, not with its square."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from cli.showing.terminal import printable
from shared.digest.text_reader import parse_text
from shared.errors import ChorokError
from shared.huggingface.page import parse_page
from shared.languages.glossary import load_glossary
from shared.languages.ko.numerals import worded
from shared.languages.ko.style import formal, polish
from shared.languages.table import find_language
from shared.text.clean import clean_abstract, clean_title
from shared.text.display import displayable, one_line, readable
from shared.text.display import sentences as paragraphs
from shared.text.latex import without_commands, without_signs
from shared.text.links import safe_link, split_links
from shared.text.mask import SPANS, addresses, protected, segments, with_addresses_apart
from shared.text.names import Vocabulary, names_of
from shared.text.numbers import english_quantities, loose_numbers
from shared.text.sentences import ENGLISH, split
from shared.translation.error_texts import error_in
from shared.translation.judge import examine_safety, judge
from shared.translation.rules.case import Case
from shared.translation.styling import finish, one_sentence_a_line, said
from tests.skips import skip
from tests.unit.huggingface.made import WEEK, entry, page, props

KOREAN, PORTUGUESE, CHINESE = map(find_language, ("ko", "pt", "zh"))
SOURCE = "We train 3 agents with SAPO. It gains 4.5% over two baselines."
TEXT = "SAPO로 3개의 에이전트를 훈련합니다.\n두 기준선보다 4.5% 향상됩니다."
SHORT, TIMES = 10_000, 4
SHORT_FOR_A_JUDGE = 1_250
"""A judge refuses what is longer than any abstract without looking at it."""
MOST_GROWTH = 9.0
"""Four times the length takes four times as long, and on a busy machine, whose caches others use, up to seven: with the
square of the length it would be sixteen."""
TOO_QUICK = 0.004
"""Seconds below which a clock tells nothing."""

OWN = {
    "nested brackets": "(a[b{c",
    "open quote": "“그것은 ",
    "numbers": "3만 4천 5% 12ms ",
    "names": "GPT-4o/Qwen3_",
    "sentences": "그렇다. It is. ",
    "negations": "지 않습니다 not ",
    "one word": "최적화",
    "from to": "from 3 to 4에서 5로 ",
    "enumeration": "(1) 가, (2) ",
    "addresses": "https://a.io/b https://",
    "scripts": "模型Модель",
}


def refused(look: Callable[[], object]) -> None:
    """Look at what is not what it ought to be."""
    with suppress(ChorokError):
        look()


Looked = Callable[[str], Any]
LOOKS: Mapping[str, Looked] = {
    "clean_abstract": clean_abstract,
    "clean_title": clean_title,
    "segments": lambda text: list(segments(text)),
    "addresses": addresses,
    "spans": SPANS.mark,
    "sentences, English": lambda text: split(text, ENGLISH),
    "sentences, Korean": lambda text: split(text, KOREAN.sentence_ends),
    "numbers, English": english_quantities,
    "numbers, Korean": KOREAN.pack.quantities or str,
    "numbers, Chinese": CHINESE.pack.quantities or str,
    "numbers, loose": loose_numbers,
    "names": lambda text: (names_of(text), Vocabulary(text).explains("QZX-9"), Vocabulary(SOURCE).explains(text)),
    "glossary, occurring": load_glossary(KOREAN).occurring,
    "glossary, terms": lambda text: load_glossary(KOREAN).correct_terms(text, text),
    "glossary, glosses": lambda text: load_glossary(KOREAN).gloss_first_mentions(text, text),
    "particles": lambda text: KOREAN.pack.agree(text, ()),
    "style": lambda text: finish([text], SOURCE, KOREAN),
    "alignment": lambda text: Case(text, text, KOREAN).beads,
    "safety": lambda text: examine_safety(text, text + "가", KOREAN),
    "latex": lambda text: (without_commands(text), without_signs(text)),
    "protected": lambda text: (protected(text), with_addresses_apart(text)),
    "links": lambda text: (safe_link(f"https://a.io/{text}"), list(split_links(text))),
    "shown": lambda text: (displayable(text), one_line(text), readable(text), paragraphs(text), printable(text)),
    "lines": lambda text: (one_sentence_a_line(text, KOREAN), said(text)),
    "Korean numerals": worded,
    "Korean style": lambda text: (formal(text), polish(text)),
    "error texts": lambda text: (error_in(SOURCE, text), error_in(text, text)),
    "a page's paper": lambda text: parse_page(page(props([entry(1, title=text, summary=text)])), WEEK),
    "a page": lambda text: refused(lambda: parse_page(text.encode(), WEEK)),
    "an old digest": lambda text: refused(lambda: parse_text(f"# {text}\n## 초록 (Korean)\n{text}".encode())),
    "judge, the text": lambda text: judge(SOURCE * (len(text) // 200), text, KOREAN),
    "judge, the source": lambda text: judge(text, TEXT, KOREAN),
    "judge, both": lambda text: judge(text, text + "가.", KOREAN),
    "judge, Portuguese": lambda text: judge(text, text + "a.", PORTUGUESE),
}


@pytest.fixture(scope="session")
def adversarial(shared_data: Path) -> dict[str, str]:
    file = shared_data.parent / "cases" / "adversarial.json"
    if not file.is_file():
        skip("shared", f"there is no file {file}")
    strings: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return strings


@pytest.mark.parametrize("name", LOOKS)
def test_time_grows_with_the_length(name: str) -> None:
    assert _too_fast_growing(name, OWN) == {}


@pytest.mark.parametrize("name", LOOKS)
def test_time_grows_with_the_length_of_what_made_trouble_before(name: str, adversarial: dict[str, str]) -> None:
    assert _too_fast_growing(name, adversarial) == {}


def _too_fast_growing(name: str, strings: Mapping[str, str]) -> dict[str, float]:
    look, short = LOOKS[name], SHORT_FOR_A_JUDGE if name.startswith("judge") else SHORT
    growths = {name: _growth(look, string, short, runs=1) for name, string in strings.items()}
    # What took long once may have been interrupted.
    suspects = [name for name, growth in growths.items() if growth > MOST_GROWTH]
    again = {name: _growth(look, strings[name], short, runs=5) for name in suspects}
    return {name: growth for name, growth in again.items() if growth > MOST_GROWTH}


def _growth(look: Looked, string: str, short: int, runs: int) -> float:
    """How many times longer a text of four times the length takes, at the quickest of so many runs."""
    text, longer = ((string * (length // len(string) + 1))[:length] for length in (short, short * TIMES))
    taken = _seconds(look, longer, runs)
    return taken / max(_seconds(look, text, runs), 1e-6) if taken > TOO_QUICK else 0.0


def _seconds(look: Looked, text: str, runs: int) -> float:
    def once() -> float:
        begin = time.process_time()
        look(text)
        return time.process_time() - begin

    return min(once() for _ in range(runs))
