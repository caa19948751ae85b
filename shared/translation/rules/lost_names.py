"""Names, addresses, masks and terms: those of the source stay, and none comes from elsewhere."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from shared.languages.glossary import load_glossary
from shared.text.finding import Finding, Verdict, doubted
from shared.text.mask import addresses, segments
from shared.text.names import TOKEN, Vocabulary, flat, names_of, spelled_like_a_name
from shared.translation.rules.case import Case


def names(case: Case) -> Iterator[Finding]:
    """Latin words that the source does not explain, and names that it has twice and the text never."""
    vocabulary, glosses = case.vocabulary, _glosses(case)
    for index, sentence in enumerate(case.plain):
        spelled_out = _spelled_out(sentence, vocabulary)
        for token in TOKEN.findall(sentence):
            if len(token) < 2 or token in spelled_out or _UNIT.fullmatch(token) or vocabulary.explains(token):
                continue
            if token not in glosses and (not case.profile.latin or spelled_like_a_name(token)):
                yield doubted("unknown-name", f"{token} is not in the source", index)
    text, words = flat(case.text), case.target.pack.words
    counts = Counter(name for sentence in case.plain_source for name in names_of(sentence))
    lost = (name for name, count in counts.items() if count > 1 and name not in text)
    for name in islice(lost, _MOST_LOST):
        own = words.acronyms.get(name, ()) if words else ()
        in_brackets = f"({name})" in case.source.lower() and vocabulary.abbreviates(name, at_once=2)
        if not (in_brackets or vocabulary.has_initials(name) or any(rendering in case.text for rendering in own)):
            yield _lacking(case, "lost-name", f"{name} is {counts[name]} times in the source", name)


_UNIT = re.compile(
    r"[0-9]{0,12}(?:[mnuµ]?s|dB|[kMG]?Hz|[KMGT]i?B|[kcmn]m|[km]g|fps|FPS|px|k?W|[KMBTG])"
    r"|[0-9]{1,6}[a-z]{0,2}[xX][0-9]{1,6}[a-z]{0,2}"
)
"""A unit, with its number or without, or a size such as 6cmX6cm."""
_GLOSS = re.compile(r"\(([A-Z]{2,6})\)")
_PHRASE = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z]{0,30}(?:[ -][A-Za-z]{1,30}){1,8}")


def _glosses(case: Case) -> set[str]:
    """The acronyms in brackets that a translator put after a word of the source: 뇌파(EEG)."""
    found = dict.fromkeys(_GLOSS.findall(case.text))
    return {gloss for gloss in islice(found, _MOST_LOST) if case.vocabulary.abbreviates(gloss.lower())}


def _spelled_out(sentence: str, vocabulary: Vocabulary) -> set[str]:
    """The words of phrases that say what an acronym of the source stands for: ITE(Individual Treatment Effect)."""
    return {
        word
        for phrase in _PHRASE.findall(sentence)
        if vocabulary.has("".join(word[0] for word in re.split("[ -]", phrase)))
        for word in TOKEN.findall(phrase)
    }


def masks(case: Case) -> Iterator[Finding]:
    """Each address exactly as in the source; code, tags and math at least as often."""
    expected = Counter(addresses(case.source))
    for index, sentence in enumerate(case.sentences):
        for address in addresses(sentence):
            if expected[address] < 1:
                yield doubted("address", f"{address} is not in the source", index)
            expected[address] -= 1
    for address in islice((address for address, count in expected.items() if count > 0), _MOST_LOST):
        yield _lacking(case, "address", f"{address} is missing", address)
    wanted = Counter(part for part, masked in segments(case.source) if masked and part not in expected)
    lost = wanted - Counter(part for part, masked in segments(case.text) if masked)
    for mask in islice(lost, _MOST_LOST):
        if case.text.count(mask) < wanted[mask]:
            yield _lacking(case, "mask", f"{mask} is missing", mask)


def _lacking(case: Case, rule: str, evidence: str, what: str) -> Finding:
    """A doubt about the first sentence whose source has `what`, and whose text has it less often."""
    said = what.lower()
    for bead in case.beads:
        own = [sentence.lower() for sentence in case.source_sentences[bead.source : bead.source_end]]
        text = " ".join(case.sentences[bead.text : bead.text_end]).lower()
        if sum(sentence.count(said) for sentence in own) > text.count(said):
            sentence = next(bead.source + place for place, sentence in enumerate(own) if said in sentence)
            return Finding(rule, Verdict.DOUBTFUL, evidence, *((sentence, True) if bead.is_gap else (bead.text, False)))
    return doubted(rule, evidence)


_MOST_LOST = 20
"""Names, addresses and masks that are said to be missing: more would say nothing new, and each is looked for."""


def terms(case: Case) -> Iterator[Finding]:
    """Names and acronyms that an engine took for something else: LLM as 법학 석사.

    What else the glossary flags is right elsewhere, and says too little about a sentence.
    """
    glossary = load_glossary(case.target)
    for wrong in glossary.check_terms(case.source, case.text):
        if wrong.found in glossary.mistaken_names:
            sentence = next((index for index, line in enumerate(case.sentences) if wrong.found in line), None)
            yield doubted("term", f"{wrong.found} for {wrong.entry.headword}", sentence)
