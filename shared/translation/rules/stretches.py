"""What the alignment shows: sentences that are missing, too many, or another paper's.

A stretch is a bead of the alignment (`shared.text.align.Bead`).
"""

from collections.abc import Iterator

from shared.text.finding import Finding, Verdict, doubted, refused
from shared.translation.rules.case import Case

_UNFIT = -9.0
"""Below this, a stretch speaks against belonging together: three in 4,100 of right ones are below -3."""
_FEW_BITS = 6
"""A sentence with fewer bits of trace is not judged by them."""
_SENTENCES_TO_TELL_A_PAPER = 3


def stretches(case: Case) -> Iterator[Finding]:
    """Sentences without a counterpart; a text of which half the stretches do not fit is another paper's."""
    beads = case.beads
    unfit = [bead for bead in beads if not bead.is_gap and not bead.is_surplus and bead.fit < _UNFIT]
    lost = sum(bead.source_end - bead.source for bead in beads if bead.is_gap or bead in unfit)
    added = sum(bead.text_end - bead.text for bead in beads if bead.is_surplus or bead in unfit)
    count, text_count = len(case.source_sentences), len(case.sentences)
    if lost and count >= _SENTENCES_TO_TELL_A_PAPER and (lost + added) * 2 > count + text_count:
        yield refused(
            "other-paper", f"{lost} of {count} sentences are not there, {added} of {text_count} belong to none"
        )
        return
    for bead in beads:
        if bead.is_gap:
            yield _missing(case, bead.source)
        elif bead.is_surplus:
            yield _surplus(case, bead.text)
        elif bead in unfit:
            yield doubted("unfit", f"hardly anything of its source is in {case.sentences[bead.text][:60]!r}", bead.text)
    yield from _within(case)


def _within(case: Case) -> Iterator[Finding]:
    """Of sentences that were taken together, those to which nothing on the other side speaks."""
    source, text = case.traces
    for bead in case.beads:
        if bead.source_end - bead.source == 1 and bead.text_end - bead.text > 1:
            explained = source[bead.source].explained
            for index in range(bead.text, bead.text_end):
                if text[index].own.bit_count() >= _FEW_BITS and not text[index].own & explained:
                    yield _surplus(case, index)
        if bead.text_end - bead.text == 1 and bead.source_end - bead.source > 1:
            explained = text[bead.text].explained
            for index in range(bead.source, bead.source_end):
                own = source[index].own
                if own.bit_count() >= _FEW_BITS and (own & explained).bit_count() * 3 < own.bit_count():
                    yield _missing(case, index)


def _missing(case: Case, sentence: int) -> Finding:
    evidence = f"nothing stands for {case.source_sentences[sentence][:60]!r}"
    return Finding("missing", Verdict.DOUBTFUL, evidence, sentence, missing=True)


def _surplus(case: Case, sentence: int) -> Finding:
    return doubted("surplus", f"nothing in the source stands behind {case.sentences[sentence][:60]!r}", sentence)
