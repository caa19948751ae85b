"""The metrics that the functions report and the alarms watch, by one name each, in one namespace.

The names of the stack and of the function are their dimensions, and so part of which metric it is.

Every count is reported as it happens; `DIGESTS_OVERDUE` by every tick, so that its absence is news too.
"""

from enum import StrEnum

NAMESPACE = "chorok"


class Metric(StrEnum):
    """What is counted, each in units of its own name."""

    PAPERS_EXPECTED = "PapersExpected"
    PAPERS_TRANSLATED = "PapersTranslated"
    PAPERS_FAILED = "PapersFailed"
    CHARACTERS_BILLED = "CharactersBilled"
    MEMORY_HITS = "MemoryHits"
    TRANSLATE_THROTTLED = "TranslateThrottled"
    BUDGET_EXCEEDED = "BudgetExceeded"
    SOURCE_UNREADABLE = "SourceUnreadable"
    DIGESTS_OVERDUE = "DigestsOverdue"
    DIGESTS_PARTIAL = "DigestsPartial"
    DIGESTS_COMPLETE = "DigestsComplete"
