"""Any number of papers: real ones where they are at hand, made ones elsewhere; no two have the same text."""

import os
import random
from functools import cache
from pathlib import Path

from shared.huggingface.page import parse_page
from shared.papers import Paper
from shared.periods import parse_period

SHARED = Path(os.environ.get("CHOROK_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
_PAGES = SHARED / "hf" / "papers" / "week"
_MADE = 200
_SUBJECTS = ["agents", "models", "networks", "tasks", "images", "videos", "tokens", "datasets", "methods", "benchmarks"]
_PREDICATES = ["improve", "learn", "reduce", "generate", "evaluate", "predict", "compare", "train", "measure", "extend"]
_OBJECTS = [
    "the performance",
    "the inference of large models",
    "reasoning",
    "the evaluation",
    "the policy",
    "diffusion",
]


def source() -> str:
    """Where the papers come from, in a few words."""
    return "real abstracts" if _PAGES.is_dir() else "made abstracts, as there are no real ones here"


def papers(count: int, first: int = 0) -> tuple[Paper, ...]:
    """`count` papers, each with a text of its own, most voted first; `first` keeps runs apart."""
    base = _base()
    return tuple(_variant(base[number % len(base)], number, count) for number in range(first, first + count))


@cache
def _base() -> tuple[Paper, ...]:
    if not _PAGES.is_dir():
        return tuple(map(_made, range(_MADE)))
    found: dict[str, Paper] = {}
    for path in sorted(_PAGES.iterdir()):
        for paper in parse_page(path.read_bytes(), parse_period(path.name)).listing.papers:
            if not paper.odd and not paper.missing_text:
                found.setdefault(paper.id, paper)
    return tuple(found.values())


def _variant(paper: Paper, number: int, count: int) -> Paper:
    """A paper with the number in its id, its title and its abstract: no memory knows it."""
    return Paper(
        id=f"{2301 + number // 100_000}.{number % 100_000:05}",
        title=f"{' '.join(paper.title.split())} {number}",
        abstract=f"{paper.abstract.rstrip()} There are {number + 2} models.",
        authors=paper.authors,
        upvotes=count + 10 - number % count,
        keywords=paper.keywords,
        summary=f"{paper.summary.rstrip('.')} for {number + 12} models." if paper.summary else "",
    )


def _made(number: int) -> Paper:
    chance = random.Random(number)
    sentences = (
        f"Our {chance.choice(_SUBJECTS)} {chance.choice(_PREDICATES)} {chance.choice(_OBJECTS)}"
        f" by {chance.randrange(2, 99)}% in {chance.randrange(3, 900)} {chance.choice(_SUBJECTS)}."
        for _ in range(10)
    )
    subject, thing = chance.choice(_SUBJECTS), chance.choice(_SUBJECTS)
    return Paper(id="2301.00001", title=f"Learning {subject} from {thing}", abstract=" ".join(sentences))
