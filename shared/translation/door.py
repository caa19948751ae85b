"""The door: the one function through which a text becomes a translation, whoever brings it.

An engine, the translation memory, a person's correction and an old digest all bring their texts here. What a person
wrote or accepted is refused only for what no text may be; every other text has to pass the whole judge. Sentences that
are kept in English are not judged.
"""

from collections.abc import Iterator, Sequence
from dataclasses import InitVar, dataclass, replace

from shared.doubts import Doubt, Kept
from shared.languages.table import Language
from shared.text.finding import Finding, refused
from shared.text.sentences import ENGLISH, split
from shared.translation.judge import Judgement, examine_safety, judge_once

MOST_KEPT = 1 / 3
"""The share of a source's characters that may stay in English: with more, too little of it is translated."""

_KEY = object()


@dataclass(frozen=True)
class Accepted:
    """A text that is a translation, with the judge's findings. Only `accept` can make one.

    `doubts` are those findings that point at sentences; `kept` are the lines that stay in English.
    """

    text: str
    findings: tuple[Finding, ...]
    key: InitVar[object]
    doubts: tuple[Doubt, ...] = ()
    kept: tuple[Kept, ...] = ()

    def __post_init__(self, key: object) -> None:
        if key is not _KEY:
            raise TypeError("a text becomes a translation through `accept` alone")


@dataclass(frozen=True)
class Refused:
    """A text that cannot be a translation, and everything that was found in it. As a string it is one line."""

    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        # Each rule once, with the first evidence it gave.
        first = {finding.rule: finding for finding in reversed(self.findings) if finding.refuses}
        return ", ".join(str(finding) for finding in reversed(first.values()))


def accept(
    source: str,
    text: str,
    target: Language,
    *,
    by_person: bool = False,
    final: bool = False,
    kept: tuple[Kept, ...] = (),
) -> Accepted | Refused:
    """Judge `text` as a translation of the cleaned `source`, be it a title, an abstract or a summary.

    `by_person` says that a person wrote it, `final` that a person has accepted it as it is, which may be the source
    itself. `kept` are lines of the text that are sentences of the source, in its order: the judge sees neither.
    """
    if final and text == source:
        return Accepted(text, (), _KEY, (), kept)
    translated = _without(source, text, kept, 1.0 if final else MOST_KEPT)
    if isinstance(translated, Refused):
        return translated
    if by_person or final:
        return _safe(text, translated, target, kept)
    judgement = judge_once(translated.source, translated.text, target)
    if any(finding.refuses for finding in judgement.findings):
        return Refused(judgement.findings)
    doubts = tuple(_doubts(translated, judgement, target))
    return Accepted(text, judgement.findings, _KEY, doubts, kept)


def _safe(text: str, translated: "_Translated", target: Language, kept: tuple[Kept, ...]) -> Accepted | Refused:
    """What a person wrote or accepted; its findings point at lines."""
    lines = _lines_by_sentence(translated, target)
    findings = tuple(
        finding if finding.sentence is None else replace(finding, sentence=lines[finding.sentence])
        for finding in examine_safety(translated.source, translated.text, target)
    )
    return (
        Refused(findings) if any(finding.refuses for finding in findings) else Accepted(text, findings, _KEY, (), kept)
    )


@dataclass(frozen=True)
class _Translated:
    """What of a source and its text is translated; `lines` are the places in the whole text of this text's lines."""

    source: str
    text: str
    lines: tuple[int, ...]


def _without(source: str, text: str, kept: Sequence[Kept], most: float) -> _Translated | Refused:
    """The source and the text without the lines that are `kept`, which may be `most` of the source."""
    numbers = {mark.sentence for mark in kept}
    english = iter([line for number, line in enumerate(_lines(text)) if number in numbers])
    if not kept:
        return _Translated(source, text, tuple(range(len(_lines(text)))))
    waiting, characters = next(english, None), 0
    paragraphs: list[str] = []
    for paragraph in source.split("\n\n"):
        sentences: list[str] = []
        for sentence in split(paragraph, ENGLISH):
            if sentence == waiting:
                characters += len(sentence)
                waiting = next(english, None)
            else:
                sentences.append(sentence)
        paragraphs += [" ".join(sentences)] if sentences else []
    if waiting is not None:
        return Refused((refused("kept", f"{waiting[:60]!r} is not a sentence of the source"),))
    if characters > most * len(source):
        return Refused((refused("kept", f"{characters / len(source):.0%} of it is in English"),))
    number, rest, lines = 0, [], []
    for line in text.split("\n"):
        if line.strip():
            number += 1
            if number - 1 in numbers:
                continue
            lines.append(number - 1)
        rest.append(line)
    return _Translated("\n\n".join(paragraphs), "\n".join(rest).strip("\n"), tuple(lines))


def _doubts(translated: _Translated, judgement: Judgement, target: Language) -> Iterator[Doubt]:
    """The findings that point at sentences, each with the line of the whole text and the English that belongs to it."""
    lines = _lines_by_sentence(translated, target)
    sentences = [sentence for line in translated.source.split("\n") for sentence in split(line, ENGLISH)]
    for finding in judgement.findings:
        if finding.sentence is None or finding.refuses:
            continue
        if finding.missing:
            # A reader sees what is missing beside the sentence before it.
            bead = next(bead for bead in judgement.beads if bead.source <= finding.sentence < bead.source_end)
            sentence, original = max(bead.text - bead.is_gap, 0), sentences[finding.sentence]
        else:
            bead = next(bead for bead in judgement.beads if bead.text <= finding.sentence < bead.text_end)
            sentence, original = finding.sentence, " ".join(sentences[bead.source : bead.source_end])
        yield Doubt(lines[sentence], finding.rule, finding.evidence, original)


def _lines_by_sentence(translated: _Translated, target: Language) -> list[int]:
    """Of each sentence of what is translated, in which line of the whole text it stands."""
    return [
        number
        for number, line in zip(translated.lines, _lines(translated.text), strict=True)
        for _ in split(line, target.sentence_ends)
    ]


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]
