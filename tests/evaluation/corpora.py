"""What the pipeline is measured on: real abstracts and their translations, FLORES-200, and abstracts nobody wrote."""

import html
import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.text.clean import clean_abstract
from tests.conftest import ROOT
from tests.evaluation.damage import Pair

GOOD_ENGINES = ("google.ko", "microsoft.ko")
"""Translations of FLORES that are right."""
OTHER_ENGINES = ("reference.ko", "bergamot-base-memory.ko", "nllb.ko", "argos.ko")
"""A human's, which is freer, and weaker engines', which do drop numbers and fall into loops."""
SENTENCES_IN_A_BLOCK = 6


@dataclass(frozen=True)
class RealPaper:
    """A paper as Hugging Face gave it: no text is cleaned."""

    week: str
    id: str
    title: str
    abstract: str
    upvotes: int


def data_folder() -> Path:
    """The folder of shared data, wherever a contributor keeps it."""
    return Path(os.environ.get("CHOROK_SHARED_DATA", ROOT.parent / "shared" / "data"))


def flores_lines(folder: Path, name: str) -> list[str]:
    """The 997 sentences in one version. Entities are resolved, as an engine's answer has them resolved."""
    text = html.unescape((folder / "flores-dev" / name).read_text(encoding="utf-8"))
    return text.removesuffix("\n").split("\n")


def flores_blocks(folder: Path, name: str) -> list[Pair]:
    """Neighbouring sentences, folded to one line, with their translation by the engine or person of this name."""
    english, korean = flores_lines(folder, "en"), flores_lines(folder, name)
    return [
        Pair(f"{name} {start}", *(" ".join(lines[start : start + SENTENCES_IN_A_BLOCK]) for lines in (english, korean)))
        for start in range(0, len(english) - SENTENCES_IN_A_BLOCK + 1, SENTENCES_IN_A_BLOCK)
    ]


def abstract_pairs(folder: Path) -> list[Pair]:
    """The real abstracts with their whole translations, white space folded."""
    lines = (folder / "abstract-pairs.jsonl").read_text(encoding="utf-8").splitlines()
    return [Pair(row["id"], row["source"], row["text"]) for row in map(json.loads, lines)]


def own_abstracts() -> list[Pair]:
    """Abstracts of papers that nobody wrote, with the translations a careful translator makes: full of numbers, units,
    lists, negations and turns of phrase that once raised false alarms.
    """
    return [Pair(row["id"], row["source"], row["text"]) for row in _rows("abstracts.jsonl")]


def own_sentences() -> list[tuple[str, str, bool]]:
    """English sentences, Korean ones that are right or wrong translations, and whether they are right."""
    return [(row["source"], row["text"], row["right"] == "passed") for row in _rows("sentences.jsonl")]


def _rows(name: str) -> list[dict[str, str]]:
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def real_papers(folder: Path) -> list[RealPaper]:
    """Every paper of the eight weeks, by week and then by votes, the most first."""
    papers: dict[str, RealPaper] = {}
    for path in sorted((folder / "hf" / "api" / "daily_papers").glob("*.json")):
        for entry in json.loads(path.read_text(encoding="utf-8")):
            paper = entry["paper"]
            papers[paper["id"]] = RealPaper(
                path.stem, paper["id"], paper["title"], paper["summary"], paper.get("upvotes", 0)
            )
    return sorted(papers.values(), key=lambda paper: (paper.week, -paper.upvotes))


def generated_abstracts(count: int, seed: int) -> Iterator[str]:
    """Clean abstracts out of words, names, numbers and masks of every kind, in one to three paragraphs."""
    chance = random.Random(seed)
    for _ in range(count):
        paragraphs = (
            " ".join(_token(chance) for _ in range(chance.randrange(15, 60))) for _ in range(chance.randrange(1, 4))
        )
        yield clean_abstract("\n\n".join(paragraphs))


def _token(chance: random.Random) -> str:
    return chance.choice((_plain, _plain, _plain, _number, _mask))(chance)


def _plain(chance: random.Random) -> str:
    return chance.choice(_WORDS + _NAMES) + chance.choice(("", "", "", ",", ".", ";", ":"))


def _number(chance: random.Random) -> str:
    value = chance.randrange(10 ** chance.randrange(1, 7))
    return chance.choice(("{:,}", "{}%", "{}.5", "{}B", "{}-{}", "{} million", "(+{}\\%)")).format(value, value + 1)


def _mask(chance: random.Random) -> str:
    word, other = (chance.choice(_WORDS).strip(",.") for _ in range(2))
    number = chance.randrange(100)
    mask = chance.choice(
        (
            f"https://github.com/{word}/{other}_{number}",
            f"http://{word}.org/?q={number}&lang=en#top",
            f"www.{word}-{other}.net",
            f"{word}{number}.github.io/{other}/",
            f"{word}.{other}@uni-{other}.edu",
            f"`{word} --{other} {number}`",
            f"<{word}>",
            f"</{word}>",
            f"$x_{number} < {word}^2$",
            f"x_{number}",
            f"O(N^{number % 9})",
            f"\\alpha_{{{word}}}",
            f"theta_{{{word}}}",
        )
    )
    return chance.choice(("{}", "({})", '"{}"')).format(mask) + chance.choice(("", ".", ",", "!", "?", "'s"))


_WORDS = ("we", "propose", "a", "model", "that", "improves", "reasoning", "of", "agents", "while", "tokens", "grow")
_NAMES = ("DeepSeek-R1-Zero", "pi_0", "OpenVLA-OFT", r"RoboTwin 1.0\&2.0", "pass@1", "GPT-4o", "PH1", "R&D", "x < y")
