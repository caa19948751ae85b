"""The gate: nothing is stored as a translation, or taken from the memory as one, that it refuses.

Each rule has a name and gives the evidence it saw. A hard finding refuses the text; a soft one is recorded with it.
The rules look at form only: what must be in a faithful translation, and what can be in none. `THRESHOLDS` says where
each draws its line, and `profiles` what is special about a language.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from shared.languages.glossary import load_glossary
from shared.languages.profile import FREQUENT_ENGLISH, Profile
from shared.languages.table import Language
from shared.text.align import Alignment, align
from shared.text.mask import addresses, segments
from shared.text.numbers import (
    Number,
    english_numbers,
    english_spelled_numbers,
    english_words,
    korean_native_numbers,
    sino_korean_numbers,
    translated_numbers,
)
from shared.text.sentences import ENGLISH, SentenceEnds, split
from shared.translation.error_texts import error_in
from shared.translation.thresholds import Thresholds

THRESHOLDS = Thresholds()
_LONGEST_EVIDENCE = 120


@dataclass(frozen=True)
class Finding:
    """What one rule saw: its name, whether that refuses the text, and the evidence, in one line.

    As a string it is short enough for a log or a digest, however long the evidence.
    """

    rule: str
    hard: bool
    evidence: str

    def __str__(self) -> str:
        return f"{self.rule} ({self.evidence[:_LONGEST_EVIDENCE]}{'…' * (len(self.evidence) > _LONGEST_EVIDENCE)})"


def examine(source: str, text: str, target: Language) -> tuple[Finding, ...]:
    """Everything the rules see in `text` as a translation of the cleaned `source`, be it a title or an abstract."""
    pair = _Pair(source, text, target)
    return examine_safety(source, text, target) or tuple(finding for rule in _RULES for finding in rule(pair))


def examine_safety(source: str, text: str, target: Language) -> tuple[Finding, ...]:
    """What no text may be, a person's neither.

    That is nothing at all, the text of an error, markup of ours, control characters, the source itself, and what has no
    letter of the language.
    """
    pair = _Pair(source, text, target)
    return tuple(finding for rule in _SAFETY for finding in rule(pair))


@dataclass(frozen=True)
class _Pair:
    """A source and its translation, and what several rules ask about them."""

    source: str
    text: str
    target: Language

    @cached_property
    def profile(self) -> Profile:
        return self.target.profile

    @cached_property
    def words(self) -> list[str]:
        return re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", _without_masks(self.text))

    @cached_property
    def sentences(self) -> tuple[list[str], list[str]]:
        """Those of the source, and those of the text."""
        return _sentences_of(self.source, ENGLISH), _sentences_of(self.text, self.target.sentence_ends)

    @cached_property
    def alignment(self) -> Alignment | None:
        return align(*self.sentences)

    @cached_property
    def translatable(self) -> list[str]:
        """The words of the source that are more than names."""
        return [word for word in _WORD.findall(_without_masks(self.source)) if not _name_parts(word)]

    @cached_property
    def source_words(self) -> frozenset[str]:
        return frozenset(re.findall(r"[a-z]+", self.source.lower()))


def _sentences_of(text: str, ends: SentenceEnds) -> list[str]:
    return [sentence for line in text.split("\n") for sentence in split(line, ends)]


def _without_masks(text: str) -> str:
    return "".join(" " if masked else part for part, masked in segments(text))


def _empty(pair: _Pair) -> Iterator[Finding]:
    if not any(character.isalnum() for character in pair.text):
        yield Finding("empty", hard=True, evidence="there is no text")


def _errors(pair: _Pair) -> Iterator[Finding]:
    """What programs and models say in place of a translation."""
    if error := error_in(pair.source, pair.text):
        yield Finding("error-text", hard=True, evidence=repr(error))


def _strangers(pair: _Pair) -> Iterator[Finding]:
    """A whole text, a line or a sentence without a letter of the language, which the source does not hold either."""
    if pair.profile.latin or not any(character.isalnum() for character in pair.text):
        return
    if not pair.profile.script.search(pair.text):
        if len(pair.translatable) >= THRESHOLDS.translatable_words:
            yield Finding("script", hard=True, evidence=f"no letter is {pair.target.name}")
        return
    for sentence in _SENTENCE.split(_without_masks(pair.text)):
        words = [word.lower() for word in _TOKEN.findall(sentence) if word.isalpha()]
        others = [word for word in words if word not in pair.source_words]
        if len(others) > max(1, len(words) / 2) and not pair.profile.script.search(sentence):
            yield Finding(
                "script", hard=True, evidence=f"{' '.join(sentence.split())[:60]!r} is not {pair.target.name}"
            )
            return


_SENTENCE = re.compile(r"\n|(?<=[.!?]) ")


def _source_itself(pair: _Pair) -> Iterator[Finding]:
    """The source in place of a translation, unless there is hardly more than a name in it."""
    if len(pair.translatable) >= THRESHOLDS.translatable_words and _flat(pair.text) == _flat(pair.source):
        yield Finding("unchanged", hard=True, evidence="the text is the English one")


def _masks(pair: _Pair) -> Iterator[Finding]:
    """Each address exactly as often as in the source; code, tags and math at least as often."""
    expected, came = Counter(addresses(pair.source)), Counter(addresses(pair.text))
    for address in (expected - came).elements():
        yield Finding("addresses", hard=True, evidence=f"{address} is missing")
    for address in (came - expected).elements():
        yield Finding("addresses", hard=True, evidence=f"{address} is not in the source")
    masks = Counter(part for part, masked in segments(pair.source) if masked)
    for mask, count in (masks - expected).items():
        if pair.text.count(mask) < count:
            yield Finding("masks", hard=True, evidence=f"{mask} is missing")


def _leaks(pair: _Pair) -> Iterator[Finding]:
    """Markup of ours, and entities, that no one wrote."""
    for match in _LEAK.finditer(pair.text):
        if match.group() not in pair.source:
            yield Finding("leaked-markup", hard=True, evidence=match.group())
            return


_LEAK = re.compile(
    r"</?span\b|translate\s*=\s*[\"“”']|&(?:amp|lt|gt|quot|apos|nbsp|#\d+|#x[0-9a-f]+);|(?-i:\bPH\d+)", re.I
)


def _remarks(pair: _Pair) -> Iterator[Finding]:
    """A heading or an apology that the engine added of its own."""
    match = _REMARK.search(pair.text)
    if match and match.group().strip(" :*#").casefold() not in pair.source.casefold():
        yield Finding("engine-remark", hard=True, evidence=repr(match.group().strip()))


_REMARK = re.compile(
    r"^[\s*#]*(?:번역(?:문|본| 결과)?|한국어(?: 번역)?|초록|제목|요약|translation|translated text|korean|abstract|title"
    r"|tradução|traducción|traduction|übersetzung|traduzione|перевод|翻訳|翻译|译文)\s*[:：]"
    r"|다음은 .{0,30}번역|번역하(?:면|자면) 다음과|위 (?:글|텍스트|문장)을 번역|번역해 ?드리|제가 번역"
    r"|^(?:죄송(?:합니다|하지만)|알겠습니다|네, )|(?:AI|인공지능) (?:언어 )?모델로서"
    r"|\b(?:here is|here['’]s) (?:the|a|your) translat|^(?:sure|certainly|of course)[,!]"
    r"|\bas an ai\b|\bi(?: am|['’]m) sorry"
    r"|\baqui está a tradução|^(?:desculpe|lo siento|claro)[,!]",
    re.IGNORECASE | re.MULTILINE,
)


def _characters(pair: _Pair) -> Iterator[Finding]:
    """Characters that no text holds: controls, private and unassigned ones, the sign for what could not be decoded."""
    for character in pair.text:
        joiner = character in "\u200c\u200d" and pair.target.code in {"hi", "th"}
        bad = character == "\ufffd" or unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}
        if bad and character not in _HARMLESS and not joiner and character not in pair.source:
            yield Finding("control-character", hard=True, evidence=f"U+{ord(character):04X}")
            return


_HARMLESS = "\n\u00ad\u200b\u2060\ufeff"
"""The line end, and where a line may or may not be broken: `style.compose` takes the latter out."""


def _foreign_script(pair: _Pair) -> Iterator[Finding]:
    """Letters of a script that the target never uses, such as Chinese in Korean; a gloss in brackets is only noted."""
    letters = [letter for letter in pair.profile.foreign.findall(pair.text) if letter not in pair.source]
    if not letters:
        return
    outside = re.sub(r"[(（\[][^()（）\[\]]*[)）\]]", "", pair.text)
    free = [letter for letter in letters if letter in outside]
    yield Finding("foreign-script", hard=len(free) >= THRESHOLDS.foreign_letters, evidence="".join(letters[:12]))


def _script(pair: _Pair) -> Iterator[Finding]:
    """Too little of the target's own script, names aside, or in Latin letters too little of its own words."""
    if pair.profile.latin:
        yield from _language(pair)
        return
    own = len(pair.profile.script.findall(pair.text))
    english = sum(len(word) for word in pair.words if word[0].islower() and word.isascii())
    if own and own / (own + english) < THRESHOLDS.least_script:
        evidence = f"{own} of {own + english} letters are {pair.target.name}"
        yield Finding("script", hard=own + english > THRESHOLDS.length_slack, evidence=evidence)


def _language(pair: _Pair) -> Iterator[Finding]:
    words = [word.lower() for word in pair.words]
    if len(words) < THRESHOLDS.language_words:
        return
    common = sum(word in pair.profile.common for word in words) / len(words)
    if common < THRESHOLDS.least_common_words:
        evidence = f"{common:.0%} of the words are frequent ones of {pair.target.name}"
        yield Finding("script", hard=True, evidence=evidence)
    english = sum(word in FREQUENT_ENGLISH - pair.profile.common for word in words) / len(words)
    if english > THRESHOLDS.most_english_words:
        yield Finding("script", hard=True, evidence=f"{english:.0%} of the words are frequent ones of English")


def _copied(pair: _Pair) -> Iterator[Finding]:
    """A stretch of the source in place of its translation; a name that stays as it is is only noted."""
    if " ".join(pair.text.split()) == " ".join(pair.source.split()):
        yield Finding("unchanged", hard=False, evidence="the text is the English one")
        return
    most = THRESHOLDS.copied_run_latin if pair.profile.latin else THRESHOLDS.copied_run
    run, longest = 0, 0
    for word in pair.words:
        left = word.isascii() and word.lower() in pair.source_words
        run = run + word.islower() if left else 0
        longest = max(longest, run)
    if longest >= most:
        yield Finding("copied-source", hard=True, evidence=f"{longest} English words in a row")


def _length(pair: _Pair) -> Iterator[Finding]:
    """Far shorter or longer than a translation of this source can be."""
    shortest = pair.profile.shortest * len(pair.source) - THRESHOLDS.length_slack
    longest = pair.profile.longest * len(pair.source) + THRESHOLDS.length_slack
    if not shortest <= len(pair.text) <= longest:
        yield Finding("length", hard=True, evidence=f"{len(pair.text)} characters for {len(pair.source)}")


def _sentences(pair: _Pair) -> Iterator[Finding]:
    """Sentences lost on the way, or others than the source's: a long one becomes a long one, in any language."""
    source, text = map(len, pair.sentences)
    enough = source >= THRESHOLDS.sentences_to_compare
    if text < source:
        hard = enough and text / source < THRESHOLDS.least_sentences
        yield Finding("sentences", hard=hard, evidence=f"{text} for {source}")
    if pair.alignment and pair.alignment.misfit > THRESHOLDS.most_misfit:
        evidence = f"their lengths disagree with the source's by {pair.alignment.misfit:.2f}"
        yield Finding("sentences", hard=enough, evidence=evidence)


def _loops(pair: _Pair) -> Iterator[Finding]:
    """A phrase or a sentence again and again, as neural models fall into it."""
    for match in _ROW.finditer(pair.text):
        if match.group() not in pair.source:
            phrase = next(filter(None, match.groups()))
            count = len(match.group()) // len(phrase)
            yield Finding("loop", hard=True, evidence=f"{phrase.strip()[:40]!r} {count} times in a row")
            return
    words, source_words = pair.text.split(), pair.source.split()
    share, own = _repeated(words), _repeated(source_words)
    if len(words) > THRESHOLDS.language_words and share - own > THRESHOLDS.repeated_share:
        yield Finding("loop", hard=True, evidence=f"{share:.0%} of its phrases were there before")
    lines = Counter(line for line in pair.text.split("\n") if len(line) > THRESHOLDS.length_slack // 2)
    line, count = max(lines.items(), key=lambda item: item[1], default=("", 0))
    if count >= THRESHOLDS.repeated_phrase and own < THRESHOLDS.repeated_share:
        yield Finding("loop", hard=True, evidence=f"{line[:40]!r} {count} times")


_ROW = re.compile(
    rf"(\b\w[^\n]{{8,60}}?)(?:\W+\1\b){{{THRESHOLDS.repeated_phrase - 1},}}"
    rf"|(\b\w[^\n]{{1,7}}?)(?:\W+\2\b){{{THRESHOLDS.repeated_word - 1},}}"
    rf"|([^\W\d_]{{2,6}}?)\3{{{THRESHOLDS.repeated_word - 1},}}"
)


def _repeated(words: list[str]) -> float:
    """Which share of the four-word phrases stood there before."""
    phrases = [tuple(words[index : index + 4]) for index in range(len(words) - 3)]
    return 1 - len(set(phrases)) / len(phrases) if phrases else 0.0


def _numbers(pair: _Pair) -> Iterator[Finding]:
    """Numbers and units: each of the source's is there as often, and none that the source does not explain."""
    stretches = pair.alignment.stretches if pair.alignment else ((pair.source, pair.text),)
    missing: list[tuple[int, Number]] = []
    unexplained: list[tuple[int, Number]] = []
    for position, (source, text) in enumerate(stretches):
        lost, new = _compared_numbers(_without_masks(source), _without_masks(text), pair.target)
        missing += ((position, number) for number in lost)
        unexplained += ((position, number) for number in new)
    sure = pair.target.code in _COUNTED_IN_TENS_OF_THOUSANDS
    for position, number in missing:
        moved = next((new for new in unexplained if abs(new[0] - position) <= 1 and new[1].agrees(number)), None)
        if moved:
            # It stands in the next sentence: an engine cut a sentence elsewhere than the source did.
            unexplained.remove(moved)
            continue
        yield Finding("numbers", hard=sure or not (number.small or number.scaled), evidence=f"{number.text} is missing")
    for _, number in unexplained:
        hard = sure and min(number.readings) > THRESHOLDS.small_number
        yield Finding("numbers", hard=hard, evidence=f"{number.text} is not in the source")


def _compared_numbers(source: str, text: str, target: Language) -> tuple[list[Number], list[Number]]:
    """The numbers of the source that are missing from a stretch, and those of the text that nothing explains."""
    found = translated_numbers(text, target.code)
    wanted = english_numbers(source)
    spelled = english_spelled_numbers(source) if target.code == "ko" else ()
    native = korean_native_numbers(text) if target.code == "ko" else ()
    sino = sino_korean_numbers(text) if target.code == "ko" else ()
    missing = []
    for number in dict.fromkeys((*wanted, *spelled)):
        needed = sum(number.agrees(other) for other in (*wanted, *spelled))
        # What may be a Sino-Korean number is one only where English has a word as well.
        there = sum(number.agrees(other) for other in (*found, *native, *(sino if number in spelled else ())))
        if there < needed:
            missing.append(number)
    explained = english_words(source).union(*(number.readings for number in wanted))
    return missing, [number for number in found if not number.readings & explained]


_COUNTED_IN_TENS_OF_THOUSANDS = frozenset({"ja", "ko", "zh"})
"""Languages whose words for large numbers `numbers` reads; in others 2.3 million and `two` are beyond it."""


def _names(pair: _Pair) -> Iterator[Finding]:
    """Acronyms and names of models or data sets: those of the source stay, and none comes from elsewhere."""
    names = dict.fromkeys(name for name in _WORD.findall(_without_masks(pair.source)) if _name_parts(name))
    text = _without_masks(pair.text)
    tokens = {token.lower() for token in _TOKEN.findall(text)}
    flat = _flat(text)
    lost = [
        name
        for name in names
        if _flat(name) not in flat
        and not all(_singular(part) in tokens or part in tokens for part in _name_parts(name))
    ]
    if lost:
        hard = len(lost) >= THRESHOLDS.lost_names_count and len(lost) > THRESHOLDS.lost_names * len(names)
        yield Finding("names", hard=hard, evidence=f"{len(lost)} of {len(names)} lost: {', '.join(lost[:4])}")
    whole = _flat(pair.source)
    foreign = (word for word in pair.words if word.isascii() and len(word) > 1 and _flat(word) not in whole)
    unknown = sorted({word for word in foreign if _name_parts(word) or not pair.profile.latin})
    if unknown:
        hard = len(unknown) >= THRESHOLDS.unknown_names and not pair.profile.latin
        yield Finding("names", hard=hard, evidence=f"not in the source: {', '.join(unknown[:4])}")


_TOKEN = re.compile(r"[A-Za-z0-9]+")
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]*(?:[-_.@][A-Za-z0-9]+)*")


def _name_parts(word: str) -> list[str]:
    """The parts of a word that only a name is spelled like, in lower case: two capitals, or a letter beside a digit."""
    return [
        part.lower()
        for part in _TOKEN.findall(word)
        if sum(character.isupper() for character in part) > 1 or (not part.isdigit() and not part.isalpha())
    ]


def _singular(name: str) -> str:
    return name.removesuffix("s")


def _flat(text: str) -> str:
    """Letters and digits only: engines set spaces and hyphens in names as they like."""
    return re.sub(r"[\W_]", "", text.lower())


def _terms(pair: _Pair) -> Iterator[Finding]:
    """Terms that the glossary knows to be mistranslated."""
    for wrong in load_glossary(pair.target).check_terms(pair.source, pair.text):
        evidence = f"{wrong.found} for {wrong.entry.headword}: better {wrong.entry.preferred}"
        yield Finding("terms", hard=False, evidence=evidence)


def _register(pair: _Pair) -> Iterator[Finding]:
    """Korean sentences that do not end in the formal polite style."""
    if pair.target.code != "ko":
        return
    lines = [line for line in pair.text.split("\n") if _PREDICATE.search(line)]
    plain = [line for line in lines if not _FORMAL.search(line)]
    if plain:
        yield Finding("register", hard=False, evidence=f"{len(plain)} of {len(lines)} sentences are not 합쇼체")


_PREDICATE = re.compile(r"[다요][.!][\"”'’)]*$")
_FORMAL = re.compile(r"니다[.!][\"”'’)]*$")

_Rule = Callable[[_Pair], Iterator[Finding]]

_SAFETY: tuple[_Rule, ...] = (_empty, _errors, _leaks, _characters, _source_itself, _strangers)
_RULES: tuple[_Rule, ...] = (
    _remarks,
    _copied,
    _script,
    _foreign_script,
    _masks,
    _numbers,
    _length,
    _sentences,
    _loops,
    _names,
    _terms,
    _register,
)
