"""What no text may be, a person's neither: empty, an error's text, markup of ours, the source, another language."""

import re
import unicodedata
from collections.abc import Iterator

from shared.text.finding import Finding, refused
from shared.text.names import flat, spelled_like_a_name
from shared.translation.error_texts import error_in
from shared.translation.rules.case import Case, without_masks

_FEW_WORDS = 3
"""Words a source must have, names aside, before it has to be translated at all: a title may be a name."""


def empty(case: Case) -> Iterator[Finding]:
    """No letter and no digit."""
    if not any(character.isalnum() for character in case.text):
        yield refused("empty", "there is no text")


def errors(case: Case) -> Iterator[Finding]:
    """What programs and models say in place of a translation."""
    if error := error_in(case.source, case.text):
        said = "".join(error.split()).lower()
        where = (index for index, text in enumerate(case.sentences) if said in "".join(text.split()).lower())
        yield refused("error-text", repr(error), next(where, None))


def leaked_markup(case: Case) -> Iterator[Finding]:
    """Markup of ours, and entities, that no one wrote."""
    leaked = {match.group() for match in _LEAK.finditer(case.text) if match.group() not in case.source}
    if not leaked:
        return
    by_sentence = [{match.group() for match in _LEAK.finditer(sentence)} & leaked for sentence in case.sentences]
    for index, found in enumerate(by_sentence):
        if found:
            yield refused("leaked-markup", min(found), index)
    if not any(by_sentence):
        yield refused("leaked-markup", min(leaked))


_LEAK = re.compile(
    r"</?span\b|translate\s?=\s?[\"“”']|&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,8}|#x[0-9a-f]{1,8});|(?-i:\bPH\d+)", re.I
)


def characters(case: Case) -> Iterator[Finding]:
    """Characters that no text holds: controls, private and unassigned ones, the sign for what could not be decoded."""
    for character in sorted(set(case.text) - set(case.source)):
        joiner = character in "\u200c\u200d" and case.target.code in {"hi", "th"}
        bad = character == "\ufffd" or unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}
        if bad and character not in _HARMLESS and not joiner:
            where = (index for index, sentence in enumerate(case.sentences) if character in sentence)
            yield refused("control-character", f"U+{ord(character):04X}", next(where, None))
            return


_HARMLESS = "\n\u00ad\u200b\u2060\ufeff"
"""The line end, and where a line may or may not be broken: `style.compose` takes the latter out."""


def source_itself(case: Case) -> Iterator[Finding]:
    """The source in place of a translation, unless there is hardly more than a name in it."""
    if _translatable(case) >= _FEW_WORDS and flat(case.text) == flat(case.source):
        yield refused("unchanged", "the text is the English one")


def strangers(case: Case) -> Iterator[Finding]:
    """A whole text, a line or a sentence without a letter of the language, which the source does not hold either."""
    if case.profile.latin or not any(character.isalnum() for character in case.text):
        return
    if not case.profile.script.search(case.text):
        if _translatable(case) >= _FEW_WORDS:
            yield refused("script", f"no letter is {case.target.name}")
        return
    for sentence in _SENTENCE.split(without_masks(case.text)):
        words = [word.lower() for word in _TOKEN.findall(sentence) if word.isalpha()]
        others = [word for word in words if word not in case.source_words]
        if len(others) > max(1, len(words) / 2) and not case.profile.script.search(sentence):
            said = " ".join(sentence.split())
            where = (index for index, plain in enumerate(case.plain) if said in " ".join(plain.split()))
            yield refused("script", f"{said!r} is not {case.target.name}", next(where, None))
            return


_SENTENCE = re.compile(r"\n|(?<=[.!?]) ")
_TOKEN = re.compile(r"[A-Za-z0-9]+")
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]*(?:[-_.@][A-Za-z0-9]+)*")


def _translatable(case: Case) -> int:
    """How many words of the source are more than names."""
    return sum(not spelled_like_a_name(word) for word in _WORD.findall(without_masks(case.source)))
