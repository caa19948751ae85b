"""The door: the one function through which a text becomes a translation, whoever brings it.

An engine, the translation memory, a person's import and an old digest all bring their texts here. A person's is refused
only for what no text may be; every other text has to pass the whole judge.
"""

from dataclasses import InitVar, dataclass

from shared.languages.table import Language
from shared.text.finding import Finding
from shared.translation.judge import examine_safety, judge

_KEY = object()


@dataclass(frozen=True)
class Accepted:
    """A text that is a translation, with the judge's doubts. Only `accept` can make one."""

    text: str
    findings: tuple[Finding, ...]
    key: InitVar[object]

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


def accept(source: str, text: str, target: Language, *, by_person: bool = False) -> Accepted | Refused:
    """Judge `text` as a translation of the cleaned `source`, be it a title or an abstract."""
    findings = examine_safety(source, text, target) if by_person else judge(source, text, target).findings
    if any(finding.refuses for finding in findings):
        return Refused(findings)
    return Accepted(text, findings, _KEY)
