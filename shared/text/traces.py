"""What the sentences of a source and of its translation share: numbers, names, terms, and words of a lexicon."""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from shared.text.align import Traces
from shared.text.lexicon import Lexicon
from shared.text.names import TOKEN, flat, spelled_like_a_name
from shared.text.quantity import Quantity

_ITEM = re.compile(r"(?:^|\s|:)\(?(?:\d|[a-h]|i{1,3}|iv|vi{0,3})\)\s|[①-⑨]")
_MOST_BITS = 2000
"""Bits of trace that a pair may have: an abstract has some 300, and what has more is nothing anybody translates."""
_Key = TypeVar("_Key", bound=Hashable)


class _Side:
    """The traces of one side, as they are collected."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = sentences
        self.own = [0] * len(sentences)
        self.explained = [0] * len(sentences)

    def traces(self) -> list[Traces]:
        return [
            Traces(len(sentence), own, explained, len(_ITEM.findall(sentence)))
            for sentence, own, explained in zip(self.sentences, self.own, self.explained, strict=True)
        ]


class _Bits:
    """Bits that are handed out, each once."""

    def __init__(self) -> None:
        self._used = 0

    def new(self, weight: int) -> int:
        """So many bits that nobody has; none when there are too many."""
        if self._used > _MOST_BITS:
            return 0
        mask = ((1 << weight) - 1) << self._used
        self._used += weight
        return mask

    def by_rarity(self, found: Sequence[Iterable[_Key]], rare: int) -> dict[_Key, int]:
        """Bits for everything found in some sentence; `rare` ones for what at most a quarter of the sentences hold."""
        often = Counter(key for keys in found for key in keys)
        return {key: self.new(rare if times * 4 <= len(found) + 3 else 1) for key, times in often.items()}


def traces(
    source: Sequence[str],
    text: Sequence[str],
    numbers: tuple[Sequence[Sequence[Quantity]], Sequence[Sequence[Quantity]]],
    terms: Sequence[Iterable[tuple[str, ...]]],
    lexicon: Lexicon | None,
    *,
    own_letters: bool,
) -> tuple[list[Traces], list[Traces]]:
    """The traces of the sentences of both sides.

    `numbers` are theirs; `terms` say, by sentence of the source, how the terms in it may be rendered; `own_letters`,
    whether the language is written in other letters than English, so that whatever is Latin in it came from the source.
    """
    bits = _Bits()
    here, there = _Side(source), _Side(text)
    if lexicon:
        _trace_words(here, there, lexicon, bits)
    _trace_names(here, there, bits, own_letters)
    _trace_terms(here, there, terms, bits)
    _trace_numbers(here, there, numbers, bits)
    return here.traces(), there.traces()


def _trace_words(here: _Side, there: _Side, lexicon: Lexicon, bits: _Bits) -> None:
    rows = [lexicon.rows_of(sentence) for sentence in here.sentences]
    masks = bits.by_rarity(rows, rare=2)
    for index, found in enumerate(rows):
        here.own[index] |= _union(masks, found)
    for row, mask in masks.items():
        _explain(there, lexicon.renderings[row], mask)
    forms = [lexicon.renderings_in(sentence) for sentence in there.sentences]
    form_masks = bits.by_rarity(forms, rare=2)
    for index, present in enumerate(forms):
        there.own[index] |= _union(form_masks, present)
    explained_by: dict[int, int] = {}
    for form, mask in form_masks.items():
        for row in lexicon.rows[form]:
            explained_by[row] = explained_by.get(row, 0) | mask
    for index, found in enumerate(rows):
        here.explained[index] |= _union(explained_by, found)


def _trace_names(here: _Side, there: _Side, bits: _Bits, own_letters: bool) -> None:  # noqa: FBT001
    tokens = [
        {
            flat(token)
            for token in TOKEN.findall(sentence)
            if len(token) > 1 and (own_letters or spelled_like_a_name(token))
        }
        for sentence in there.sentences
    ]
    masks = bits.by_rarity(tokens, rare=3)
    for index, found in enumerate(tokens):
        mask = _union(masks, found)
        there.own[index] |= mask
        there.explained[index] |= mask
    for index, sentence in enumerate(here.sentences):
        for token in TOKEN.findall(sentence):
            name = flat(token)
            mask = masks.get(name) or masks.get(name.removesuffix("s")) or 0
            if not mask and len(name) > 1 and spelled_like_a_name(token):
                # A name that the text does not have at all.
                masks[name] = mask = bits.new(2)
            here.own[index] |= mask
            here.explained[index] |= mask


def _trace_terms(here: _Side, there: _Side, terms: Sequence[Iterable[tuple[str, ...]]], bits: _Bits) -> None:
    masks = bits.by_rarity([set(found) for found in terms], rare=2)
    for index, found in enumerate(terms):
        here.own[index] |= _union(masks, found)
    for renderings, mask in masks.items():
        _explain(there, renderings, mask)


def _trace_numbers(
    here: _Side, there: _Side, numbers: tuple[Sequence[Sequence[Quantity]], Sequence[Sequence[Quantity]]], bits: _Bits
) -> None:
    masks: dict[float, int] = {}
    often = Counter(value for found in numbers[0] for value in {min(number.readings) for number in found})
    for index, found in enumerate(numbers[0]):
        for number in found:
            value = min(number.readings)
            mask = masks.get(value)
            if mask is None:
                mask = bits.new(3 if often[value] * 4 <= len(numbers[0]) + 3 else 1)
                for reading in (*number.readings, *number.parts):
                    masks.setdefault(reading, mask)
            here.own[index] |= mask if number.needed else 0
            here.explained[index] |= mask
    for index, found in enumerate(numbers[1]):
        for number in found:
            mask = next((masks[reading] for reading in number.readings if reading in masks), None)
            if mask is None:
                masks[min(number.readings)] = mask = bits.new(2)
            there.own[index] |= mask
            there.explained[index] |= mask


def _union(masks: Mapping[_Key, int], keys: Iterable[_Key]) -> int:
    union = 0
    for key in keys:
        union |= masks.get(key, 0)
    return union


def _explain(side: _Side, renderings: Iterable[str], mask: int) -> None:
    for index, sentence in enumerate(side.sentences):
        if any(rendering in sentence for rendering in renderings):
            side.explained[index] |= mask
