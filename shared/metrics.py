"""The metrics that the functions report and the alarms watch, by one name each, in one namespace.

The names of the stack and of the function are their dimensions, and so part of which metric it is.

Every count is reported as it happens, and by every tick `TICKS_DONE`, whose absence is news too, and what it saw.
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
    TICKS_DONE = "TicksDone"
    INCIDENTS_OPEN = "IncidentsOpen"
    DIGESTS_OVERDUE = "DigestsOverdue"
    DIGESTS_PARTIAL = "DigestsPartial"
    DIGESTS_COMPLETE = "DigestsComplete"
