"""Repair: what is found in single sentences is mended there, and the rest of the text stays as it is.

What is too much is taken out; what is missing or damaged is asked for again, on its own and in other ways of hiding
masks. A stretch is replaced only by one with fewer findings, and never at the cost of the rest.
"""

from collections.abc import Callable, Sequence

from shared.languages.table import Language
from shared.text.finding import Finding
from shared.text.mask import NONE, SPANS, SPANS_AND_NUMBERS, WORDS, Masking
from shared.translation.draft import Draft, Examined, Stretch, examine

Ask = Callable[[Stretch, Masking], Sequence[Sequence[str]] | None]
"""The lines that an engine makes of each sentence of a stretch's source; None where all of them were asked for so
before, or cannot be afforded."""

_MASKINGS = (SPANS, SPANS_AND_NUMBERS, WORDS, NONE)
_FIRST = {"number": SPANS_AND_NUMBERS, "unit": SPANS_AND_NUMBERS, "mask": WORDS, "address": WORDS}
"""The most promising way of hiding masks, by what is wrong."""
_TOO_MUCH = frozenset({"surplus", "twice", "error-text", "wrapper", "remark"})


def repair(draft: Draft, target: Language, ask: Ask) -> Draft:
    """`draft`, mended as far as asking again mends it. A stretch that is only doubtful is asked for once."""
    draft = _without_surplus(draft, target)
    found = examine(draft, target)
    tried: set[tuple[tuple[str, ...], str]] = set()
    asked: set[str] = set()
    while attempt := _next(draft, found, tried, asked):
        place, masking = attempt
        stretch = draft.stretches[place]
        tried.add((stretch.source, masking.name))
        answers = ask(stretch, masking)
        if answers is None:
            continue
        asked |= set(stretch.source)
        lines = [line for answer in answers for line in answer]
        mended = better(draft, place, lines, target) if lines else draft
        if mended is draft and len(answers) > 1 and all(answers):
            # Taken apart, what is wrong may be one sentence of these alone.
            apart = draft.split(place, answers)
            mended = apart if examine(apart, target).weight() <= found.weight() else draft
        if mended is not draft:
            draft, found = mended, examine(mended, target)
    return _without_surplus(draft, target)


def better(draft: Draft, place: int, lines: Sequence[str], target: Language, *, second: bool = False) -> Draft:
    """The draft with `lines` at `place` where that leaves fewer findings there, and no more in all; else `draft`."""
    candidate = draft.with_lines(place, lines, second=second)
    now, then = examine(draft, target), examine(candidate, target)
    return candidate if then.weight(place) < now.weight(place) and then.weight() <= now.weight() else draft


def keep(draft: Draft, target: Language) -> Draft:
    """The draft with English in the place of whatever is refused. What speaks of the whole is left as it is."""
    for _ in draft.stretches:
        refusals = {
            place: refusal
            for place, findings in examine(draft, target).by_place.items()
            if (refusal := next((finding for finding in findings if finding.refuses), None))
        }
        if not refusals:
            break
        for place, refusal in refusals.items():
            draft = draft.keeping(place, refusal)
    return draft


def _next(
    draft: Draft, found: Examined, tried: set[tuple[tuple[str, ...], str]], asked: set[str]
) -> tuple[int, Masking] | None:
    """The stretch to ask for next, what is refused first, and how; None where nothing is left to try."""
    for place in sorted(found.by_place, key=lambda place: (-found.weight(place)[0], place)):
        source = draft.stretches[place].source
        if not source or (asked.issuperset(source) and not found.weight(place)[0]):
            continue
        for masking in _promising(found.by_place[place]):
            if (source, masking.name) not in tried:
                return place, masking
    return None


def _promising(findings: Sequence[Finding]) -> tuple[Masking, ...]:
    first = [_FIRST[finding.rule] for finding in findings if finding.rule in _FIRST]
    return tuple(dict.fromkeys((*first[:1], *_MASKINGS)))


def _without_surplus(draft: Draft, target: Language) -> Draft:
    """The draft without what nothing in the source stands behind, and without what stands there twice."""
    for place, findings in sorted(examine(draft, target).by_place.items(), reverse=True):
        stretch = draft.stretches[place]
        if _TOO_MUCH.isdisjoint(finding.rule for finding in findings):
            continue
        if not stretch.source:
            draft = better(draft, place, (), target)
            continue
        for gone in reversed(range(len(stretch.lines))):
            lines = (*stretch.lines[:gone], *stretch.lines[gone + 1 :])
            if lines and (mended := better(draft, place, lines, target)) is not draft:
                draft = mended
                break
    return draft
