"""Results as a test expects them: of one kind, or the test fails."""

from shared.ledger.records import FailedResult, Result, TranslatedResult


def translation(result: Result | None) -> TranslatedResult:
    """The result, which is a translation."""
    assert isinstance(result, TranslatedResult)
    return result


def failure(result: Result | None) -> FailedResult:
    """The result, which is a failure."""
    assert isinstance(result, FailedResult)
    return result
