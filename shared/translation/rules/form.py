"""What the form of a text shows: what an engine put around it, another script or language, loops, a missing end."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from shared.languages.profile import FREQUENT_ENGLISH
from shared.text.finding import Finding, doubted, refused
from shared.text.mask import addresses
from shared.translation.rules.case import Case

_SLACK = 40
"""Characters by which any text may miss its length bounds: a short title has no steady ratio."""
_FAR = 0.6
"""How far beyond the bounds of a language a length is impossible, as a share of them."""


def wrappers(case: Case) -> Iterator[Finding]:
    """What an engine put around its answer: tags, headings, fences, JSON, and remarks to its user."""
    for index, sentence in enumerate(case.sentences):
        for pattern in (_WRAPPER, _OPENING) if index == 0 else (_WRAPPER,):
            for match in pattern.finditer(sentence):
                if match.group().strip() not in case.source and (match["bold"] is None or index == 0):
                    yield refused("wrapper", repr(match.group().strip()), index)
                    return
        said = _said(case, sentence, index)
        if said:
            yield refused("remark", repr(said), index)
            return


_WRAPPER = re.compile(
    r"""
      </?[A-Za-z][\w-]{1,20}>
    | ^\#{1,6}\s | \s\#{2,6}\s
    | ```
    | ^\s*[\[{]\s*(?:[\[{]\s*)?["“”'][^"“”'\n]{1,40}["“”']\s*[:,]
    | ["“”]\s*[\]}]+\s*[.,;]?$
    | (?:^|\s)---+(?=\s|$)
    | (?P<bold>^\*\*[^*\n]{1,40}\*\*(?=[\s:]))
    """,
    re.VERBOSE,
)
_OPENING = re.compile(
    r"""
    (?P<bold>(?!))|^[\s*\#>\[({]{0,6}(?:(?:here(?:'s|’s|\ is)|below\ is|the\ following\ is)\ [^:\n]{0,60}[:：]
    |(?:korean\ |final\ )?(?:translat(?:ion|ed\ text)|abstract|title|output|answer|result|response|korean)
        \s?[\])}*]{0,3}\s?[:：]
    |(?:sure|certainly|of\ course|okay|ok)[,!.]\s|(?:i\ am|i['’]m|we\ are)\ sorry)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LATIN_REMARK = re.compile(
    r"^\W{0,3}(?:note|n\.b\.|disclaimer|translator['’]s note)\s?[:：]|\bas an ai\b|\b(?:hope this helps|let me know if)"
    r"|\bhere(?:['’]s| is) (?:the|a|your) [^.\n]{0,20}translat"
    r"|^(?:tradução|traducción|traduction|übersetzung|traduzione|перевод|翻訳|翻译|译文)\s*[:：]"
    r"|\baqui está a tradução|^(?:desculpe|lo siento|claro)[,!]",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"\b(?:background|methods?|results?|conclusions?|objectives?|purpose|summary|abstract|title|output|answer|note)\s?[:.\]]",
    re.IGNORECASE,
)


def _said(case: Case, sentence: str, index: int) -> str:
    """What the sentence says to the engine's user, or ""; a paper on translation may speak of translations."""
    words = case.target.pack.words
    for pattern in (_LATIN_REMARK, words.remarks) if words else (_LATIN_REMARK,):
        for match in pattern.finditer(sentence):
            said = match.group().strip()
            begins = match.start() == 0
            explained = said.strip(" :*#[](){}").casefold() in case.source.casefold()
            explained = explained or (begins and index > 0 and bool(_LABELLED.search(case.source)))
            if not explained and (begins or "translat" not in case.source.lower()):
                return said
    return ""


def foreign_script(case: Case) -> Iterator[Finding]:
    """Letters of a script that the language never uses, such as Chinese in Korean; a gloss in brackets is a doubt."""
    if not case.profile.foreign.search(case.text):
        return
    known = set(case.source)
    for index, sentence in enumerate(case.sentences):
        letters = [letter for letter in case.profile.foreign.findall(sentence) if letter not in known]
        if letters:
            outside = set(_BRACKETS.sub("", sentence))
            free = sum(letter in outside for letter in letters)
            finding = refused if free >= _FOREIGN_LETTERS else doubted
            yield finding("foreign-script", "".join(letters[:12]), index)


_FOREIGN_LETTERS = 2
_BRACKETS = re.compile(r"[(（\[][^()（）\[\]]*[)）\]]")


def script(case: Case) -> Iterator[Finding]:
    """Too little of the target's own script, names aside, or in Latin letters too little of its own words."""
    if case.profile.latin:
        yield from _language(case)
        return
    text = " ".join(case.plain)
    own = len(case.profile.script.findall(text))
    english = sum(map(len, _LOWER.findall(text)))
    if own and own < _LEAST_SCRIPT * (own + english) and own + english > _SLACK:
        yield refused("script", f"{own} of {own + english} letters are {case.target.name}")


_LEAST_SCRIPT = 0.6
_LOWER = re.compile(r"(?<![A-Za-z0-9-])[a-z]{2,}(?![A-Za-z0-9])")
_LETTERS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_WORDS_TO_TELL_A_LANGUAGE = 20
_LEAST_COMMON, _MOST_ENGLISH = 0.12, 0.12
"""Frequent words of a language in Latin letters, and frequent English ones in it, as a share of all its words."""


def _language(case: Case) -> Iterator[Finding]:
    words = [word.lower() for sentence in case.plain for word in _LETTERS.findall(sentence)]
    if len(words) < _WORDS_TO_TELL_A_LANGUAGE:
        return
    common = sum(word in case.profile.common for word in words) / len(words)
    if common < _LEAST_COMMON:
        yield refused("script", f"{common:.0%} of the words are frequent ones of {case.target.name}")
    english = sum(word in FREQUENT_ENGLISH and word not in case.profile.common for word in words) / len(words)
    if english > _MOST_ENGLISH:
        yield refused("script", f"{english:.0%} of the words are frequent ones of English")


def copied(case: Case) -> Iterator[Finding]:
    """A sentence of the source, or a stretch of one, in place of its translation."""
    if " ".join(case.text.split()) == " ".join(case.source.split()):
        # What is more than a name is refused as the source itself.
        yield doubted("unchanged", "the text is the English one")
        return
    most = _COPIED_RUN_LATIN if case.profile.latin else _COPIED_RUN
    for index, sentence in enumerate(case.plain):
        run = longest = 0
        for word in _LETTERS.findall(sentence):
            left = word.isascii() and (word.lower() in case.source_words or "-" in word)
            run = run + word.islower() if left else 0
            longest = max(longest, run)
        english = sum(map(len, _LOWER.findall(sentence)))
        own = len(case.profile.script.findall(sentence))
        if longest >= most:
            yield refused("copied-source", f"{longest} English words in a row", index)
        elif not case.profile.latin and english > max(_ENGLISH_LETTERS, _ENGLISH_TO_OWN * own):
            yield refused("copied-source", f"{english} of its letters are English words'", index)


_COPIED_RUN, _COPIED_RUN_LATIN = 6, 9
"""Lowercase English words in a row, as the source has them; a language in Latin letters shares words with English."""
_ENGLISH_LETTERS, _ENGLISH_TO_OWN = 12, 2
"""Letters of English words that a sentence may have, and how many for each of its own."""


def length(case: Case) -> Iterator[Finding]:
    """Far shorter or longer than a translation of this source can be."""
    expected, found = len(case.source), len(case.text)
    evidence = f"{found} characters for {expected}"
    if not case.profile.shortest * _FAR * expected - _SLACK <= found <= case.profile.longest / _FAR * expected + _SLACK:
        yield refused("length", evidence)
    elif not case.profile.shortest * expected - _SLACK <= found <= case.profile.longest * expected + _SLACK:
        yield doubted("length", evidence)


def loops(case: Case) -> Iterator[Finding]:
    """A phrase again and again, as neural models fall into it."""
    for index, sentence in enumerate(case.sentences):
        phrase = _SYLLABLES.search(sentence) or _CHARACTERS.search(sentence)
        if phrase and phrase.group() not in case.source:
            yield refused("loop", f"{phrase[1]!r} again and again", index)
            return
    words = case.text.split()
    if found := _row(words):
        phrase_words, times = found
        if found != _row(case.source.split()):
            where = (index for index, sentence in enumerate(case.sentences) if _row(sentence.split()))
            yield refused("loop", f"{' '.join(phrase_words)[:40]!r} {times} times in a row", next(where, None))
            return
    share, own = _repeated(words), _repeated(case.source.split())
    if len(words) > _WORDS_TO_TELL_A_LANGUAGE and share - own > _REPEATED_SHARE:
        where = (
            index for index, sentence in enumerate(case.sentences) if _repeated(sentence.split()) > _REPEATED_SHARE
        )
        yield refused("loop", f"{share:.0%} of its phrases were there before", next(where, None))


_SYLLABLES = re.compile(r"([^\W\d_]{2,6}?)\1{4}")
_CHARACTERS = re.compile(r"([^\W\d_])\1{11}")
_LONGEST_PHRASE = 12
_SHORT_PHRASE = 9
_REPEATED_SHARE = 0.25
"""Four-word phrases that were there before, as a share of all, above the source's own."""


def _row(words: Sequence[str]) -> tuple[list[str], int] | None:
    """A phrase that stands three times in a row, or five times where it is short, and how often."""
    bare = [word.strip(".,;:!?") for word in words]
    for period in range(1, _LONGEST_PHRASE + 1):
        run = 0
        for index in range(period, len(bare)):
            run = run + 1 if bare[index] and bare[index] == bare[index - period] else 0
            times = run // period + 1
            if times >= 3:
                phrase = bare[index - period + 1 : index + 1]
                if times >= (3 if len(" ".join(phrase)) >= _SHORT_PHRASE else 5) and any(map(str.isalpha, phrase)):
                    return phrase, times
    return None


def _repeated(words: Sequence[str]) -> float:
    """Which share of the four-word phrases stood there before."""
    phrases = list(zip(words, words[1:], words[2:], words[3:], strict=False))
    return 1 - len(set(phrases)) / len(phrases) if phrases else 0.0


def unfinished(case: Case) -> Iterator[Finding]:
    """A last line that ends neither as a sentence, where the source does, nor in a predicate."""
    last, own = (sentences[-1] if sentences else "" for sentences in (case.sentences, case.source_sentences))
    words = case.target.pack.words
    if not _ENDED.search(own) or _ENDED.search(last) or not case.target.sentence_ends.marked:
        return
    if words is None or words.predicate.search(last) or any(last.endswith(url) for url in addresses(case.source)):
        return
    yield refused("unfinished", f"the text ends in {last[-20:]!r}", len(case.sentences) - 1)


_ENDED = re.compile(r"[.!?…。．！？।:;][\"'”’)\]»」』*]*$")


def twice(case: Case) -> Iterator[Finding]:
    """One sentence again, to the letter, where the source does not repeat itself; glosses in brackets aside."""
    if max(Counter(map(_bare, case.source_sentences)).values(), default=0) > 1:
        return
    seen: dict[str, int] = {}
    for index, sentence in enumerate(case.sentences):
        bare = _bare(sentence)
        if len(bare) >= _LEAST_TWICE and bare in seen:
            yield refused("twice", f"sentence {seen[bare] + 1} again: {sentence[:60]!r}", index)
        seen.setdefault(bare, index)


_LEAST_TWICE = 12
"""Letters of a sentence of fifteen characters."""


def _bare(sentence: str) -> str:
    return re.sub(r"\([A-Za-z -]{1,40}\)|\W", "", sentence).lower()


def empty_brackets(case: Case) -> Iterator[Finding]:
    """Brackets whose content went missing: `(2)` became `()`."""
    if _EMPTY_BRACKETS.search(case.source):
        return
    for index, sentence in enumerate(case.plain):
        if _EMPTY_BRACKETS.search(sentence) and _EMPTY_BRACKETS.search(case.sentences[index]):
            yield doubted("empty-brackets", sentence[:60], index)


_EMPTY_BRACKETS = re.compile(r"\(\s?\)|\[\s?\]|（\s?）")
