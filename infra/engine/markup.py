"""Text as Amazon Translate reads it: `<span translate="no">` stays as it is, terminology terms become their targets.

A Firefox model keeps a word like `PH1` and destroys tags, braces and brackets. So what must not be translated is put
out of its sight as such a word, and put back after each sentence. A sentence in which the words do not all come back
exactly once is translated again in the stretches between them: clumsy, but nothing is lost or doubled.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from infra.engine.pieces import split

Sentence = Callable[[str], str]
"""Translates one sentence of plain text."""

_SPAN = re.compile(r"""(<span\s+translate\s*=\s*["']?no["']?\s*>.*?</span>)""", re.DOTALL | re.IGNORECASE)
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = re.compile("|".join(_ENTITIES))
_ESCAPES = str.maketrans({character: entity for entity, character in _ENTITIES.items()})
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"PH\d+", re.IGNORECASE)
_WHOLE_WORD = re.compile(rf"(?<![A-Za-z0-9]){_WORD.pattern}(?![A-Za-z0-9])")
_PRIVATE_USE = range(0xE000, 0xF900)
"""Unicode's characters without a meaning: each stands for one stretch that the engine must not see."""


@dataclass(frozen=True)
class Translated:
    """A translated text, and the terms that were applied, in the order in which they stand in the source."""

    text: str
    terms: tuple[tuple[str, str], ...] = ()


def translate(text: str, language: str, terms: Mapping[str, str], sentence: Sentence) -> Translated:
    """Translate `text`, which is in `language`, sentence by sentence; line breaks and spacing between sentences stay.

    `terms` maps source terms, matched as whole words and by case, to what stands for them. Where the text holds a span
    or one of the entities `&amp; &lt; &gt;` it is taken as markup: unescaped for the engine, escaped in the result.
    """
    is_markup = _SPAN.search(text) is not None or _ENTITY.search(text) is not None
    plain, hidden, applied = _hide(text, terms, is_markup=is_markup)

    def without_marks(piece: str) -> str:
        return "".join(character for character in sentence(piece) if character not in hidden)

    translated = "".join(
        _translate_sentence(piece, hidden, without_marks) + space
        for line in plain.splitlines(keepends=True)
        for piece, space in split(line, language)
    )
    if is_markup:
        translated = translated.translate(_ESCAPES)
    return Translated(_replace(translated, hidden), applied)


def _hide(
    text: str, terms: Mapping[str, str], *, is_markup: bool
) -> tuple[str, dict[str, str], tuple[tuple[str, str], ...]]:
    """The text with a mark for each hidden stretch, what each mark stands for, and the terms that were found."""
    marks = (chr(code) for code in _PRIVATE_USE if chr(code) not in text)
    hidden: dict[str, str] = {}
    applied: dict[str, str] = {}

    def hide(original: str) -> str:
        mark = next(marks)
        hidden[mark] = original
        return mark

    def hide_term(match: re.Match[str]) -> str:
        target = applied.setdefault(match[0], terms[match[0]])
        return hide(target.translate(_ESCAPES) if is_markup else target)

    longest_first = sorted(terms, key=len, reverse=True)
    any_term = re.compile("|".join(rf"(?<!\w){re.escape(term)}(?!\w)" for term in longest_first) or r"(?!)")

    def hide_terms(part: str) -> str:
        return any_term.sub(hide_term, _replace_entities(part) if is_markup else part)

    plain = "".join(hide(part) if _SPAN.fullmatch(part) else hide_terms(part) for part in _SPAN.split(text))
    return plain, hidden, tuple(applied.items())


def _translate_sentence(piece: str, hidden: Mapping[str, str], sentence: Sentence) -> str:
    """`piece` translated, with the same marks as before, each once."""
    marks = [character for character in piece if character in hidden]
    words = dict(zip(marks, _unused_words(piece), strict=False))
    if not _LETTER.search(piece):
        return piece
    if not marks:
        return sentence(piece) or piece
    if not re.search(rf"[A-Za-z0-9{''.join(marks)}][{''.join(marks)}]|[{''.join(marks)}][A-Za-z0-9]", piece):
        translated = sentence(_replace(piece, words))
        if _has_each_once(translated, set(words.values())):
            return _replace(translated, {word: mark for mark, word in words.items()})
    stretches = re.split(f"([{''.join(marks)}])", piece)
    return "".join(part if part in hidden else _translate_stretch(part, sentence) for part in stretches)


def _translate_stretch(stretch: str, sentence: Sentence) -> str:
    """What stands between two marks, translated, with its outer white space."""
    core = stretch.strip()
    if not _LETTER.search(core):
        return stretch
    before, _, after = stretch.partition(core)
    return before + (sentence(core) or core) + after


def _unused_words(piece: str) -> Iterator[str]:
    """PH1, PH2 and so on, without those that stand in the sentence itself."""
    taken = {word.upper() for word in _WORD.findall(piece)}
    return (word for number in range(1, len(_PRIVATE_USE)) if (word := f"PH{number}") not in taken)


def _has_each_once(translated: str, words: set[str]) -> bool:
    """Whether each of `words` stands in `translated` once, whole, and nothing is left that looks like one of them."""
    intact = [word for word in _WHOLE_WORD.findall(translated) if word in words]
    similar = [word for word in _WORD.findall(translated) if word.upper() in words]
    return sorted(intact) == sorted(words) and len(similar) == len(words)


def _replace(text: str, replacements: Mapping[str, str]) -> str:
    """`text` with every key of `replacements` replaced, in one pass."""
    if not replacements:
        return text
    keys = "|".join(re.escape(key) for key in sorted(replacements, key=len, reverse=True))
    return re.sub(keys, lambda match: replacements[match[0]], text)


def _replace_entities(text: str) -> str:
    return _ENTITY.sub(lambda match: _ENTITIES[match[0]], text)
