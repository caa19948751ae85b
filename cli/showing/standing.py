"""How an edition stands: what meters and tables show of it."""

from dataclasses import dataclass

from shared.editions import Edition
from shared.ledger.records import FailedResult, Manifest, Result, TranslatedResult


@dataclass(frozen=True)
class Standing:
    """How an edition stands: its manifest, the results that are there, and the papers that may change.

    Papers in `unread` have a new result, which nobody has read yet.
    """

    manifest: Manifest
    edition: Edition
    results: dict[str, Result]
    awaited: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()

    @property
    def expected(self) -> int:
        """How many papers the digest is to hold."""
        return self.manifest.expected

    @property
    def translated(self) -> int:
        """How many papers have a translation."""
        return sum(isinstance(result, TranslatedResult) for result in self.results.values())

    @property
    def failed(self) -> int:
        """How many papers have failed for good, as far as is known."""
        failed = (paper for paper, result in self.results.items() if isinstance(result, FailedResult))
        return sum(paper not in self.awaited for paper in failed)

    @property
    def is_complete(self) -> bool:
        """Whether every paper is translated, or a person leaves it at that it is not."""
        papers = self.manifest.papers
        return len(papers) == self.expected and all(
            paper.id in self.results and self.results[paper.id].answers(None) for paper in papers
        )
