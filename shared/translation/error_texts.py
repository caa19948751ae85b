"""Errors in a translation's place: what programs and models say, in whatever language, and a paper does not.

What they say is told by the languages (`shared.languages.error_words`); what counts as said is decided here, and it
depends on the source. The abstract of a paper about rate limits may speak of them, but nothing explains a text that is
far too short for its source. A sentence that sounds like a message and has nothing of its source in it is one.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property

from shared.languages.en.errors_in_english import ENGLISH_ERRORS
from shared.languages.error_words import ErrorWords, Wording
from shared.languages.glossary import load_glossary
from shared.languages.table import Language, codes, find_language
from shared.text.names import TOKEN, flat

_LONG_SOURCE = 200
"""From so many characters on, a source has a translation of some length."""
_STUB = 0.2
"""A text shorter than this share of a long source is none of it: what it says of errors needs no other sign."""
_LONGEST_MESSAGE = 60
"""Characters of a sentence that may be a message as a whole."""
_TOPICS = 2
"""Topics of messages, unknown to the source, that make a message of a sentence which does not complain."""


def error_in(source: str, text: str) -> str:
    """The words in `text` that only an error has, or "" where there are none that `source` does not explain.

    >>> error_in("We train agents.", "**번역 중 오류 발생**")
    '번역 중 오류'
    >>> error_in("We study translation errors of agents.", "에이전트의 번역 오류를 연구합니다.")
    ''
    """
    return next(_Search(source, text).errors(), "")


class _Search:
    """A text, and what its source explains of it."""

    def __init__(self, source: str, text: str) -> None:
        self.source, self.lowered = source, source.lower()
        self.is_stub = len(source) >= _LONG_SOURCE and len(text) < _STUB * len(source)
        self.lines = [plain for line in text.splitlines() if (plain := _plain(line))]

    def errors(self) -> Iterator[str]:
        """What only an error has, in the order of how sure that is."""
        whole = " ".join(self.lines)
        yield from self._unexplained(_CLASS_NAME.finditer(whole), None)
        yield from self._unexplained((match for line in self.lines if (match := _DATA.match(line.lower()))), None)
        for words, language in _SPOKEN:
            yield from self._said(words, language, whole.lower())

    def _said(self, words: ErrorWords, language: Language | None, whole: str) -> Iterator[str]:
        for wording in words.anywhere:
            yield from self._unexplained(wording.pattern.finditer(whole), wording.explained_by)
        if self.is_stub and words.fragment and (match := words.fragment.search(whole)):
            yield match.group()
        for line in self.lines:
            bare = line.lower().strip(_AROUND)
            if words.bare and (match := words.bare.pattern.fullmatch(bare)):
                yield from self._unexplained([match], words.bare.explained_by)
            for sentence in _SENTENCE_END.split(bare):
                said = sentence.lstrip(_AROUND)
                for wording in words.opening:
                    if (match := wording.pattern.match(said)) and self._counts(wording, said, language):
                        yield from self._unexplained([match], wording.explained_by)
                if words.topics and len(said) <= _LONGEST_MESSAGE:
                    yield from self._message(words, said, language)

    def _message(self, words: ErrorWords, said: str, language: Language | None) -> Iterator[str]:
        """A short sentence about what messages are about, and about nothing of which the source speaks."""
        found = [(match.group(), topic) for topic in words.topics if (match := topic.pattern.search(said))]
        topics = [match for match, topic in found if self.is_stub or not self._explains(topic.explained_by)]
        complains = words.complaint and words.complaint.search(said)
        enough = 1 if complains else _TOPICS
        if len(topics) >= max(enough, len(found) / 2) and (self.is_stub or not self._stands_behind(said, language)):
            yield topics[0].strip()

    def _counts(self, wording: Wording, said: str, language: Language | None) -> bool:
        return not (wording.weak and self._stands_behind(said, language))

    def _unexplained(
        self, matches: Iterator[re.Match[str]] | list[re.Match[str]], explained_by: re.Pattern[str] | None
    ) -> Iterator[str]:
        for match in matches:
            said = match.group().strip()
            # A single sign, such as the brace that opens a JSON object, explains nothing.
            in_source = len(flat(said)) > 1 and flat(said) in self._flat
            if self.is_stub or not (in_source or self._explains(explained_by)):
                yield said

    def _explains(self, pattern: re.Pattern[str] | None) -> bool:
        return pattern is not None and pattern.search(self.lowered) is not None

    @cached_property
    def _flat(self) -> str:
        return flat(self.source)

    def _stands_behind(self, said: str, language: Language | None) -> bool:
        """Whether the sentence holds a word that renders one of the source, or a name of it."""
        if language is None:
            return False
        renderings = self._renderings(language)
        return any(rendering in said for rendering in renderings) or any(
            len(token) > 2 and flat(token) in self._flat for token in TOKEN.findall(said)
        )

    def _renderings(self, language: Language) -> set[str]:
        """How the source's words may be said, but for what messages say as well."""
        if language.code not in self._known:
            words, errors = language.pack.words, language.errors
            found = {
                rendering for renderings in load_glossary(language).renderings(self.source) for rendering in renderings
            }
            if words:
                rows = words.anchors.rows_of(self.source)
                found |= {rendering for row in rows for rendering in words.anchors.renderings[row]}
            topics = errors.topics if errors else ()
            self._known[language.code] = {
                rendering
                for rendering in found
                if len(rendering) > 1 and not any(topic.pattern.search(f"{rendering} ") for topic in topics)
            }
        return self._known[language.code]

    @cached_property
    def _known(self) -> dict[str, set[str]]:
        return {}


def _plain(line: str) -> str:
    """A line without emphasis and invisible characters, with single spaces and one form for each character."""
    return " ".join(unicodedata.normalize("NFKC", line).translate(_EMPHASIS).split())


_EMPHASIS = dict.fromkeys(map(ord, "*`\u200b\u200c\u200d\u2060\ufeff"))
_AROUND = " \t#>~_-–—•·|'\"“”‘’()[]{}<>「」【】※!.…⚠❌\ufe0f"
"""Marks that may stand around a message."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")
_DATA = re.compile(r"[\[{]\s?(?:[\[{]\s?)?['\"][^'\"\n]{1,60}['\"]\s?:")
"""A line that begins as JSON, or as what Python shows of it."""
_CLASS_NAME = re.compile(r"\b[A-Z][A-Za-z0-9]{1,60}(?:Exception|Error|Timeout)\b")
_SPOKEN = (
    (ENGLISH_ERRORS, None),
    *((errors, language) for language in map(find_language, codes()) if (errors := language.errors)),
)
"""In every language: an engine may answer in another than it was asked for."""
