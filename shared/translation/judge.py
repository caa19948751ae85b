"""The judge: whether a text can be the translation of a source, and which of its sentences are doubtful.

It looks at form: what must be in a faithful translation, and what can be in none. What is certain refuses a text, what
is likely makes it doubtful. It is measured on real abstracts and on damaged ones (`make eval`). Every rule's time grows
with its input, not with its square; and nothing is read that no engine would be asked for.
Whoever changes what is found raises the version in `judge_version.py`.
"""

from dataclasses import dataclass
from functools import lru_cache

from shared.languages.table import Language
from shared.text.align import Bead
from shared.text.finding import Finding, Verdict, refused
from shared.translation.rules import figures, form, lost_names, safety, senses, stretches
from shared.translation.rules.case import Case, Rule

MOST_CHARACTERS = 20_000
"""The longest source that is judged: ten times the longest abstract that arXiv takes (1,920 characters)."""
MOST_TIMES = 4
"""How many times its source's length a text may have before it is not read at all."""
_LEAST_TEXT = 1_000
"""Characters of a text that are always read: a short title has no steady ratio."""

_REMEMBERED = 64
"""So many judgements are remembered: more than are asked for about one paper."""

_SAFETY: tuple[Rule, ...] = (
    safety.empty,
    safety.errors,
    safety.leaked_markup,
    safety.characters,
    safety.source_itself,
    safety.strangers,
)
_RULES: tuple[Rule, ...] = (
    form.wrappers,
    form.copied,
    form.script,
    form.foreign_script,
    form.length,
    form.loops,
    form.unfinished,
    form.twice,
    form.empty_brackets,
    stretches.stretches,
    figures.numbers,
    figures.units,
    figures.order,
    lost_names.names,
    lost_names.masks,
    lost_names.terms,
    senses.senses,
)


@dataclass(frozen=True)
class Judgement:
    """The verdict on a text, which is that of its worst finding, and all findings.

    `beads` say which sentences of the text belong to which of the source; there are none where it was not compared.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    beads: tuple[Bead, ...] = ()


def judge(source: str, text: str, target: Language) -> Judgement:
    """Judge `text`, finished in style, as a translation of the cleaned `source`, be it a title or an abstract."""
    case = Case(source, text, target)
    findings = _too_long(case) or _found(case, _SAFETY)
    if findings:
        return Judgement(Verdict.REFUSED, findings)
    findings = _found(case, _RULES)
    if any(finding.refuses for finding in findings):
        return Judgement(Verdict.REFUSED, findings, case.beads)
    return Judgement(Verdict.DOUBTFUL if findings else Verdict.PASSED, findings, case.beads)


@lru_cache(maxsize=_REMEMBERED)
def judge_once(source: str, text: str, target: Language) -> Judgement:
    """What `judge` says, remembered: drafts, appeals and the door ask of one paper's texts up to nine times."""
    return judge(source, text, target)


def examine_safety(source: str, text: str, target: Language) -> tuple[Finding, ...]:
    """What no text may be, a person's neither.

    That is nothing at all, the text of an error, markup of ours, control characters, the source itself, and what has no
    letter of the language.
    """
    case = Case(source, text, target)
    return _too_long(case) or _found(case, _SAFETY)


def _found(case: Case, rules: tuple[Rule, ...]) -> tuple[Finding, ...]:
    return tuple(finding for rule in rules for finding in rule(case))


def _too_long(case: Case) -> tuple[Finding, ...]:
    source, text = len(case.source), len(case.text)
    if source <= MOST_CHARACTERS and text <= max(MOST_TIMES * source, _LEAST_TEXT):
        return ()
    return (refused("length", f"{text:,} characters for {source:,} are not read"),)
