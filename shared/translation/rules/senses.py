"""Directions and negations, counted stretch by stretch: what the text says more often than the source explains.

Form shows meaning only in part. These are the costliest rules, so they count words instead of looking for them, and the
English words that explain one are many.
"""

from collections.abc import Iterator

from shared.text.finding import Finding, doubted
from shared.translation.rules.case import Case


def senses(case: Case) -> Iterator[Finding]:
    """감소 where nothing falls, 않 where nothing is denied, and a denial of the source that the text does not have."""
    words = case.target.pack.words
    if words is None:
        return
    for bead, source, text in case.stretches():
        if bead.is_gap or bead.is_surplus:
            continue
        for sense in words.senses:
            said = len(sense.said.findall(text))
            if said and len(sense.explained.findall(source)) < said:
                yield doubted("direction", f"{sense.name} is not what the source says", bead.text)
        denied = words.denied.search(source)
        if denied and not words.denial.search(text):
            yield doubted("negation", f"{denied.group()!r} of the source is missing", bead.text)
