"""What is done to a single text: reading the page, judging a translation, the local model."""

import json
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bs4 import BeautifulSoup

from infra.engine.local_model import ModelEngine, load_from
from infra.engine.models import model_of
from shared.huggingface.page import parse_page
from shared.languages.table import find_language
from shared.periods import parse_period
from shared.text.sentences import ENGLISH, split
from shared.translation.judge import judge
from tests.bench.papers import SHARED, papers
from tests.bench.rows import Row
from tests.models import lay_out, weights_folder
from tests.unit.huggingface.made import page, props

_WEEK = "2025-W37"
_PAIRS = SHARED / "abstract-pairs.jsonl"
_CALLERS = 2
_SENTENCES = 60


def reading(large: bool) -> Iterator[Row]:
    """The page of a week, over what BeautifulSoup with lxml needs for the same."""
    entries = [
        {"paper": {"id": paper.id, "title": paper.title, "summary": paper.abstract, "upvotes": paper.upvotes}}
        for paper in papers(105)
    ]
    real = SHARED / "hf" / "papers" / "week" / _WEEK
    body = real.read_bytes() if real.is_file() else page(props(entries, dateString=_WEEK))
    period = parse_period(_WEEK)

    def soup() -> list[Any]:
        found = BeautifulSoup(body, "lxml")
        block = found.find("div", attrs={"data-target": "DailyPapers"})
        assert block is not None
        listed = json.loads(str(block["data-props"]))["dailyPapers"]
        cards = [str(link["href"]) for article in found.find_all("article") for link in article.select("h3 a")]
        return [listed, cards]

    def ours() -> object:
        return parse_page(body, period)

    note = (
        "the page is one attribute of JSON with few tags around it, which any parser reads fast; half of chorok's time"
        " goes into bounding what a stranger's page may cost and into checking each entry, which the peer does not do"
    )
    yield Row(
        "Texts", "a page of 105 papers", _seconds(ours) * 1000, "ms", peer=_seconds(soup) * 1000, most=0.1, note=note
    )
    peaks = [_peak(look) for look in (ours, soup)]
    yield Row("Texts", "a page of 105 papers, memory", peaks[0], "MB", peer=peaks[1])


def judging(large: bool) -> Iterator[Row]:
    """A translated abstract before the judge, and one of ten times the length."""
    if not _PAIRS.is_file():
        return
    korean = find_language("ko")
    pairs = [json.loads(line) for line in _PAIRS.read_text(encoding="utf-8").splitlines()][:200]
    judge(pairs[0]["source"], pairs[0]["text"], korean)

    def all_of() -> None:
        for pair in pairs:
            judge(pair["source"], pair["text"], korean)

    yield Row("Texts", "judging an abstract", _seconds(all_of) / len(pairs) * 1000, "ms", most=8)
    short, long = (
        (" ".join(pair["source"] for pair in pairs[:size]), " ".join(pair["text"] for pair in pairs[:size]))
        for size in (1, 10)
    )
    per_character = [
        _seconds(partial(judge, first, second, korean)) / len(first) * 1e6 for first, second in (short, long)
    ]
    yield Row("Texts", "judging ten times the text", per_character[1], "µs a character", peer=per_character[0])


def translating(large: bool) -> Iterator[Row]:
    """The local model with real Portuguese weights, over calling its library from as many threads."""
    if weights_folder() is None:
        return
    sentences = [sentence for paper in papers(20) for sentence in split(paper.abstract, ENGLISH)][:_SENTENCES]
    with TemporaryDirectory() as folder:
        lay_out(Path(folder))
        model = model_of("en-pt")
        load = load_from(Path(folder))
        engine = ModelEngine([model], load)
        engine("A warm start.", "en-pt")
        ours = _rate(lambda: lambda sentence: engine(sentence, "en-pt"), sentences)
        engine.close()
        peer = _rate(lambda: load(model), sentences)
    yield Row("Texts", "the local model, two callers", ours, "characters a second", peer=peer, least=0.9)


def _rate(make: Callable[[], Callable[[str], str]], sentences: list[str]) -> float:
    """Characters a second by two threads, each with what `make` gives it; making it does not count."""
    ready = threading.Barrier(_CALLERS + 1)

    def work(share: list[str]) -> None:
        translate = make()
        translate("A warm start.")
        ready.wait()
        for sentence in share:
            translate(sentence)

    threads = [threading.Thread(target=work, args=(sentences[number::_CALLERS],)) for number in range(_CALLERS)]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.monotonic()
    for thread in threads:
        thread.join()
    return sum(map(len, sentences)) / (time.monotonic() - began)


def _seconds(work: Callable[[], object], runs: int = 5) -> float:
    """The least processor time of some runs."""

    def once() -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    return min(once() for _ in range(runs))


def _peak(work: Callable[[], object]) -> float:
    """The most memory that it holds at once, in megabytes, as far as Python allocates it."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()
