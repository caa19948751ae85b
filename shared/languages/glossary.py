"""What the field's terms are called in a language.

The file `glossary.csv` in a language's folder holds one term a row, the most mentioned first. Lists within a cell are
separated by " | ".

    english     how the term is written, the headword first; another plural, hyphen or space is tolerated
    preferred   how the language says it; the headword itself where the term stays English
    accepted    other renderings that are right as well
    mended      mistranslations that are replaced by `preferred`
    flagged     mistranslations that are only reported: these words may be right elsewhere in the same sentence
    unless      English words whose presence makes the mistranslations above plausible: then nothing is touched
    gloss       the English word to put in brackets at the first mention, where `preferred` has two meanings
    note        where the field is divided, and how
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from shared.languages.table import Language
from shared.text.sentences import ENGLISH, split


@dataclass(frozen=True)
class Term:
    """One term: a row of the file, each cell as the package's docstring says."""

    english: tuple[str, ...]
    preferred: str
    accepted: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    flagged: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    gloss: str = ""
    note: str = ""

    @property
    def headword(self) -> str:
        """The term as it is looked up."""
        return self.english[0]

    @property
    def acronyms(self) -> tuple[str, ...]:
        """What this row writes like an acronym: RAG, MoE."""
        return tuple(_ACRONYM.findall(" ".join((*self.english, self.preferred, *self.accepted, self.note))))

    @property
    def stays_english(self) -> bool:
        """Whether the language keeps the English term: names, and acronyms."""
        return self.preferred == self.headword


@dataclass(frozen=True)
class Mistranslation:
    """A known mistranslation of `entry` that a text holds. `safe` says whether `correct_terms` replaces it."""

    entry: Term
    found: str
    safe: bool


@dataclass(frozen=True)
class Glossary:
    """The terms of one language, in order of how often they are mentioned."""

    language: Language
    entries: tuple[Term, ...]

    def lookup(self, term: str) -> Term | None:
        """The entry of a term that stands alone, whatever its case."""
        key = _key(term.casefold())
        return self._terms.get(key) or self._names_by_any_case.get(key)

    def occurring(self, text: str) -> tuple[Term, ...]:
        """The entries that occur in the English `text`, each once, in order; of overlapping ones the longest.

        A term that stays English counts only in its own case: CLIP is a model, a clip is not.
        """
        found: dict[Term, None] = {}
        after = 0
        for start, end, entry in sorted(self._matches(text), key=lambda match: (match[0], -match[1])):
            if start >= after:
                found[entry] = None
                after = end
        return tuple(found)

    def renderings(self, text: str) -> set[tuple[str, ...]]:
        """How the terms in the English `text` may be rendered: all right renderings of each that has any."""
        return {(entry.preferred, *entry.accepted) for _, _, entry in self._matches(text) if not entry.stays_english}

    def terminology_csv(self, limit: int = 256) -> bytes:
        """At most `limit` terms as an Amazon Translate custom terminology, the most mentioned first.

        Every spelling is a term of its own, for the service looks for exact matches. What stays English is left out:
        the engine leaves it as it is by itself, and a row for CLIP might reach a clip. Format and limits (10 MB, 200
        bytes a term): https://docs.aws.amazon.com/translate/latest/dg/creating-custom-terminology.html and
        https://docs.aws.amazon.com/translate/latest/dg/what-is-limits.html.
        """
        terms = [(form, entry.preferred) for entry in self.entries if not entry.stays_english for form in entry.english]
        file = io.StringIO()
        csv.writer(file, lineterminator="\n").writerows([("en", self.language.code), *terms[:limit]])
        return file.getvalue().encode()

    def synonyms(self) -> tuple[tuple[str, ...], ...]:
        """What each term is called that has more than one name: its spellings, its renderings, and its acronym.

        An acronym is the beginnings of a term's words where this file writes them like one, such as CoT; of two terms
        with the same one it is that of the more mentioned.
        """
        taken = {form for entry in self.entries for form in entry.english if len(entry.english) > 1}
        written = {
            acronym.casefold(): acronym for entry in self.entries for acronym in entry.acronyms if acronym not in taken
        }
        called = []
        for entry in self.entries:
            names = dict.fromkeys((*entry.english, entry.preferred, *entry.accepted))
            words = _WORD.findall(entry.headword)
            if acronym := written.pop("".join(word[0] for word in words).casefold(), ""):
                names[acronym] = None
            if len({_key(name.casefold()) for name in names}) > 1:
                called.append(tuple(names))
        return tuple(called)

    def check_terms(self, source: str, text: str) -> tuple[Mistranslation, ...]:
        """The known mistranslations in `text` of terms that occur in the English `source`."""
        return tuple(
            Mistranslation(entry, wrong, safe)
            for entry in self._examined(source)
            for wrongs, safe in ((entry.mended, True), (entry.flagged, False))
            for wrong in wrongs
            if wrong in text and self._any_of(wrong).search(text)
        )

    def correct_terms(self, source: str, text: str) -> str:
        """`text` with every safely known mistranslation replaced, and the particles after it made to agree."""
        better = {found.found: found.entry.preferred for found in self.check_terms(source, text) if found.safe}
        if not better:
            return text
        longest_first = sorted(better, key=len, reverse=True)
        mended = self._any_of(*longest_first).sub(lambda match: better[match[0]], text)
        return self.language.pack.agree(mended, frozenset(better.values()))

    def gloss_first_mentions(self, source: str, text: str) -> str:
        """`text` with the English in brackets after the first mention of each term that has two meanings.

        Which meaning a sentence has is read from the English sentence it translates, so `text` has one sentence a line.
        Where the two do not pair up, or a sentence holds both meanings, that mention is left alone.
        """
        sentences = [sentence for paragraph in source.split("\n") for sentence in split(paragraph, ENGLISH)]
        lines = text.split("\n")
        written = [position for position, line in enumerate(lines) if line.strip()]
        if len(written) != len(sentences):
            sentences, lines, written = [source], [text], [0]
        done = {entry.gloss for entry in self.entries if f"{entry.preferred}({entry.gloss})" in text}
        for sentence, position in zip(sentences, written, strict=True):
            meanings = [entry for _, _, entry in self._matches(sentence) if entry.gloss]
            for entry in dict.fromkeys(meanings):
                alone = all(other is entry or other.preferred != entry.preferred for other in meanings)
                if alone and entry.gloss not in done:
                    glossed = f"{entry.preferred}({entry.gloss})"
                    lines[position], count = self._any_of(entry.preferred).subn(glossed, lines[position], count=1)
                    done |= {entry.gloss} if count else set()
        return "\n".join(lines)

    @cached_property
    def mistaken_names(self) -> frozenset[str]:
        """What engines make of names that stay English, and nobody writes for what the name stands for either."""
        return frozenset(
            wrong for entry in self.entries if entry.stays_english for wrong in (*entry.mended, *entry.flagged)
        )

    @cached_property
    def _terms(self) -> dict[str, Term]:
        return {
            _key(form.casefold()): entry for entry in self.entries if not entry.stays_english for form in entry.english
        }

    @cached_property
    def _names(self) -> dict[str, Term]:
        return {_key(form): entry for entry in self.entries if entry.stays_english for form in entry.english}

    @cached_property
    def _names_by_any_case(self) -> dict[str, Term]:
        return {_key(form.casefold()): entry for entry in self.entries if entry.stays_english for form in entry.english}

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        """The words before the last of every form, joined as in a key: where none of them goes on, no term does."""
        return frozenset(
            "".join(words[:end]).casefold()
            for entry in self.entries
            for form in entry.english
            for words in (_WORD.findall(form),)
            for end in range(1, len(words))
        )

    @cached_property
    def _openers(self) -> frozenset[str]:
        """What a term may begin with, in lower case: where a word is none of it, no term begins."""
        return frozenset({*self._beginnings, *self._terms, *map(str.casefold, self._names)})

    def _matches(self, text: str) -> Iterator[tuple[int, int, Term]]:
        """Every occurrence of every entry, contained ones too: start, end and entry."""
        words = [(match.start(), match.end(), match.group()) for match in _WORD.finditer(text)]
        for first, (start, end, word) in enumerate(words):
            folded = word.casefold()
            if folded not in self._openers and _singular(folded) not in self._openers:
                continue
            before, last = "", first
            while True:
                folded = before.casefold() + _singular(word.casefold())
                entry = self._names.get(before + _singular(word)) or self._terms.get(folded)
                if entry:
                    yield start, end, entry
                before += word
                last += 1
                if before.casefold() not in self._beginnings or last == len(words):
                    break
                if not _BETWEEN.fullmatch(text, end, words[last][0]):
                    break
                _, end, word = words[last]

    def _any_of(self, *words: str) -> re.Pattern[str]:
        """One of the words, whole: with what the language attaches to a noun, or else up to where the noun ends."""
        return _whole_words(self.language.pack.attached, words)

    def _examined(self, source: str) -> Iterator[Term]:
        words = source.casefold()
        for entry in dict.fromkeys(entry for _, _, entry in self._matches(source)):
            if not any(re.search(rf"\b{re.escape(word)}", words) for word in entry.unless):
                yield entry


@cache
def load_glossary(language: Language) -> Glossary:
    """The glossary of the language; one without entries where its folder has no file of them."""
    file = files("shared.languages").joinpath(language.code, "glossary.csv")
    if not file.is_file():
        return Glossary(language, ())
    rows = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))
    return Glossary(language, tuple(map(_entry, rows)))


def _entry(row: dict[str, str]) -> Term:
    def listed(column: str) -> tuple[str, ...]:
        return tuple(row[column].split(" | ")) if row[column] else ()

    return Term(
        english=listed("english"),
        preferred=row["preferred"],
        accepted=listed("accepted"),
        mended=listed("mended"),
        flagged=listed("flagged"),
        unless=listed("unless"),
        gloss=row["gloss"],
        note=row["note"],
    )


_WORD = re.compile(r"[^\W_]+(?:[.@'’][^\W_]+)*")
_ACRONYM = re.compile(r"(?<![\w-])[A-Z](?=[a-z]*[A-Z])[A-Za-z]{1,5}(?![\w-])", re.ASCII)
_BETWEEN = re.compile(r"[-‐‑–\s]{1,3}")
"""What may stand between two words of one term."""


def _key(term: str) -> str:
    """What all spellings of a term share: its words in one, the last one in the singular."""
    *words, last = _WORD.findall(term) or [""]
    return "".join([*words, _singular(last)])


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


@cache
def _whole_words(attached: str, words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?={attached}(?!\w))")
