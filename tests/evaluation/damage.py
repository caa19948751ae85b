"""Ways in which an engine damages a translation, to see which of them the gate catches.

Each takes a block (its English, its good translation) and a random generator, and gives the pair back damaged, or
None where the block holds nothing to damage in this way.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Block:
    """Neighbouring sentences and their translation, one a line."""

    source: str
    text: str


Damage = Callable[[Block, Block, random.Random], Block | None]
"""The block, another block of the same corpus, a generator."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*", re.ASCII)
_URL = "https://github.com/example/long-context-benchmark"


def number_changed(block: Block, other: Block, chance: random.Random) -> Block | None:
    """One number gets other digits, as many as it had."""
    numbers = list(_NUMBER.finditer(block.text))
    if not numbers:
        return None
    match = chance.choice(numbers)
    changed = match.group()
    while changed == match.group():
        changed = re.sub(r"\d", lambda _: chance.choice("123456789"), match.group())
    return replace(block, text=block.text[: match.start()] + changed + block.text[match.end() :])


def number_dropped(block: Block, other: Block, chance: random.Random) -> Block | None:
    """One number goes, with the unit that sticks to it."""
    numbers = list(re.finditer(rf"{_NUMBER.pattern}[만억조천백%]*", block.text, re.ASCII))
    if not numbers:
        return None
    match = chance.choice(numbers)
    return replace(block, text=block.text[: match.start()] + block.text[match.end() :])


def unit_changed(block: Block, other: Block, chance: random.Random) -> Block | None:
    """One large number is ten thousand times too large or too small."""
    units = list(re.finditer(r"(?<=\d)\s?[만억]", block.text))
    if not units:
        return None
    match = chance.choice(units)
    return replace(block, text=block.text[: match.start()] + chance.choice(["", "조"]) + block.text[match.end() :])


def url_cut(block: Block, other: Block, chance: random.Random) -> Block:
    """A URL at the end loses its last characters."""
    cut = _URL[: chance.randrange(len("https://github.com"), len(_URL) - 1)]
    return Block(f"{block.source}\nThe code is available at {_URL}.", f"{block.text}\n코드는 {cut}에서 볼 수 있습니다.")


def half_missing(block: Block, other: Block, chance: random.Random) -> Block:
    """Half of the sentences are gone: the first, the last, or any."""
    lines = block.text.split("\n")
    half = len(lines) // 2
    kept = chance.choice([range(half), range(half, len(lines)), sorted(chance.sample(range(len(lines)), half))])
    return replace(block, text="\n".join(lines[index] for index in kept))


def other_text(block: Block, other: Block, chance: random.Random) -> Block:
    """The translation belongs to other sentences."""
    return replace(block, text=other.text)


def loop(block: Block, other: Block, chance: random.Random) -> Block:
    """One sentence does not end: its last words come again and again, or the sentence itself does."""
    lines = block.text.split("\n")
    index = chance.randrange(len(lines))
    words = lines[index].split()
    tail = " ".join(words[-chance.choice([1, 2, 3, 5, len(words)]) :])
    lines[index] += f" {tail}" * chance.randrange(4, 12)
    return replace(block, text="\n".join(lines))


def half_english(block: Block, other: Block, chance: random.Random) -> Block:
    """Half of the sentences were left in English."""
    lines, english = block.text.split("\n"), block.source.split("\n")
    for index in chance.sample(range(len(lines)), len(lines) // 2):
        lines[index] = english[index]
    return replace(block, text="\n".join(lines))


def error_text(block: Block, other: Block, chance: random.Random) -> Block:
    """An error's text stands in place of the translation, or of one sentence."""
    error = chance.choice(_ERRORS)
    lines = block.text.split("\n")
    lines[chance.randrange(len(lines))] = error
    return replace(block, text=chance.choice([error, "\n".join(lines)]))


_ERRORS: Sequence[str] = (
    "번역 중 오류 발생: 3번의 시도 후에도 네트워크 연결에 실패했습니다.",
    "Error code: 429 - {'error': {'message': 'Rate limit exceeded'}}",
    "500 Internal Server Error",
    "<html><head><title>502 Bad Gateway</title></head></html>",
    "botocore.errorfactory.ThrottlingException: Rate exceeded",
    "upstream request timed out",
)


def leaked_mask(block: Block, other: Block, chance: random.Random) -> Block:
    """A mask or an entity of ours was left standing."""
    leak = chance.choice(["PH1", '<span translate="no">', "</span>", "&lt;", "&amp;", "&#39;"])
    words = block.text.split(" ")
    words.insert(chance.randrange(1, len(words)), leak)
    return replace(block, text=" ".join(words))


def remark(block: Block, other: Block, chance: random.Random) -> Block:
    """The engine talks to us."""
    heading = chance.choice(
        [
            "번역:",
            "다음은 요청하신 텍스트의 한국어 번역입니다.",
            "Here is the translation:",
            "죄송합니다, AI 언어 모델로서",
        ]
    )
    return replace(block, text=f"{heading}\n{block.text}")


def foreign_script(block: Block, other: Block, chance: random.Random) -> Block:
    """A word in Chinese or Japanese stands amid the Korean."""
    words = block.text.split(" ")
    words.insert(chance.randrange(1, len(words)), chance.choice(["数据集", "学习", "モデル", "この", "Модель"]))
    return replace(block, text=" ".join(words))


def broken_characters(block: Block, other: Block, chance: random.Random) -> Block:
    """A character could not be decoded, or is none that a text holds."""
    position = chance.randrange(1, len(block.text))
    broken = chance.choice(["\ufffd", "\x00", "\u202e", "\ue000"])
    return replace(block, text=block.text[:position] + broken + block.text[position:])


DAMAGES: dict[str, Damage] = {
    "number changed": number_changed,
    "number dropped": number_dropped,
    "unit changed": unit_changed,
    "URL cut": url_cut,
    "half missing": half_missing,
    "another text's": other_text,
    "loop": loop,
    "half in English": half_english,
    "error text": error_text,
    "leaked mask": leaked_mask,
    "engine's remark": remark,
    "foreign script": foreign_script,
    "broken character": broken_characters,
}

OF_THE_ACCEPTANCE = (
    "number changed",
    "number dropped",
    "URL cut",
    "half missing",
    "another text's",
    "loop",
    "half in English",
    "error text",
)
"""What a gate must catch whatever else it does: of these together at least 95 %, of each at least 85 %."""
