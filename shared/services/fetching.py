"""What the fetch function's services work with: ticks, requests, and the beginning and sending that both need."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.ledger.store import Reader, Store
from shared.notices.incident_mail import Tell
from shared.papers import Paper
from shared.periods import Period
from shared.queues import Queue
from shared.settings import Settings

PapersReader = Callable[[str, Period, int, bool], tuple[Paper, ...]]
"""Base address, period, how many, whether fewer are believed → the papers. Raises SourceError.

In the function it is `shared.huggingface.source.top_papers`.
"""


PaperReader = Callable[[str, str], Paper]
"""Base address, arXiv id → the paper. Raises SourceError."""


@dataclass(frozen=True)
class Fetching:
    """The deployment as the fetch function sees it: its settings, ledger and queues, and its way to Hugging Face.

    `papers` is the queue that translate reads, `digests` the one that aggregate reads. `old` is the ledger that this
    one takes over. `dead_papers` is the dead-letter queue of `papers`, and `tell` tells an operator; None are there
    where nobody would look.
    """

    settings: Settings
    store: Store
    papers: Queue
    digests: Queue
    read_papers: PapersReader
    read_paper: PaperReader
    old: Reader | None = None
    dead_papers: Queue | None = None
    tell: Tell | None = None
