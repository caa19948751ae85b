"""Names: the Latin words of a translation that its source explains, and those of a source that a translation keeps."""

import re
from functools import cached_property, lru_cache

TOKEN = re.compile(r"(?<![A-Za-z0-9])[0-9]*[A-Za-z][A-Za-z0-9]*(?:[-_.@/+&'][A-Za-z0-9]+)*")
_LONGEST_WORD, _LONGEST_PHRASE, _LONGEST_ACRONYM = 40, 60, 6
_LONG_WORD = 8
"""Letters of a word that an acronym may be short for by itself."""
_PART = re.compile(r"[a-z0-9]+")
_ANY_PART = re.compile(r"[A-Za-z0-9]+")
_LEFT_OUT = frozenset(
    ["a", "an", "the", "of", "and", "or", "in", "on", "for", "to", "with", "by", "from", "at", "as", "is", "are"]
)


@lru_cache(maxsize=4096)
def flat(text: str) -> str:
    """Letters and digits only: engines set spaces and hyphens in names as they like.

    >>> flat("GPT-4o mini")
    'gpt4omini'
    """
    return re.sub(r"[\W_]", "", text.lower())


@lru_cache(maxsize=4096)
def spelled_like_a_name(word: str) -> bool:
    """Whether only names are spelled so: two capitals, or a letter beside a digit.

    >>> [spelled_like_a_name(word) for word in ("SAPO", "ResNet", "Qwen3", "Adam", "model")]
    [True, True, True, False, False]
    """
    return any(
        sum(map(str.isupper, part)) > 1 or not (part.isdigit() or part.isalpha()) for part in _ANY_PART.findall(word)
    )


def names_of(sentence: str) -> set[str]:
    """The parts of an English sentence's words that are spelled like names, of three letters or more, in lower case.

    >>> sorted(names_of("LLM-based agents and GPT-4o"))
    ['gpt', 'llm']
    """
    return {
        part.lower().removesuffix("s")
        for token in TOKEN.findall(sentence)
        for part in _ANY_PART.findall(token)
        if len(part) > 2 and not part[0].isdigit() and spelled_like_a_name(part)
    }


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text[:_LONGEST_PHRASE])
    return all(letter in rest for letter in letters)


class Vocabulary:
    """The words of an English source, and what a translation may make of them."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._words = _PART.findall(source.lower())
        self._set = set(self._words)

    @cached_property
    def _flat(self) -> str:
        return flat(self._source)

    @cached_property
    def _joined(self) -> set[str]:
        words = self._words
        return {"".join(words[start : start + count]) for count in (2, 3, 4) for start in range(len(words) - count + 1)}

    @cached_property
    def _initials(self) -> str:
        return "".join(word[0] for word in self._words if word not in _LEFT_OUT)

    @cached_property
    def _all_initials(self) -> str:
        return "".join(word[0] for word in self._words)

    def explains(self, token: str) -> bool:
        """Whether a Latin word of a translation comes from the source: a word of it, part of one, or an acronym."""
        whole = flat(token)
        if self._known(whole) or whole in self._joined:
            return True
        parts = _PART.findall(token.lower())
        if len(parts) > 1 and all(map(self._known, parts)):
            return True
        if len(whole) >= 4 and whole in self._flat:
            return True
        if len(whole) >= 8 and any(whole[:end] in self._set for end in range(7, min(len(whole), _LONGEST_WORD))):
            # Enterobacteriaceae where the source has a letter too few.
            return True
        letters = re.sub(r"[a-z0-9]+$", "", token).lower() if token[:2].isupper() else ""
        return self.has_initials(letters)

    def has_initials(self, letters: str) -> bool:
        """Whether these are the initials of words in a row; of short acronyms, articles and the like do not count."""
        return len(letters) > 1 and (letters in self._initials or (len(letters) > 3 and letters in self._all_initials))

    def abbreviates(self, letters: str, at_once: int = 1) -> bool:
        """Whether these letters stand, in order, in a long word, or in so many words that begin with one: EEG, IOP.

        >>> words = Vocabulary("intraocular pressure and electroencephalography")
        >>> words.abbreviates("eeg"), words.abbreviates("iop"), words.abbreviates("iop", at_once=2)
        (True, False, True)
        """
        if not 2 <= len(letters) <= _LONGEST_ACRONYM or not letters.isalpha():
            return False
        words = self._words
        return any(
            word[0] == letters[0]
            and len(word) >= _LONG_WORD + 2 * (at_once == 1) * len(letters)
            and _in_order(letters, "".join(words[place : place + at_once]))
            for place, word in enumerate(words)
        )

    def has(self, word: str) -> bool:
        """Whether the source has this word, in whatever case."""
        return word.lower() in self._set

    def _known(self, part: str) -> bool:
        words = self._set
        return (
            part in words
            or part.removesuffix("s") in words
            or part + "s" in words
            or part.removesuffix("es") in words
            or part.isdigit()
        )
