"""How papers come back after a failure that is ours, once somebody has mended the deployment.

Nobody tells a tick that a permission or a key is there again, so it finds out: it sends one paper of each language, and
when an engine has answered later than the last such failure, all the others. What is asked is the ledger alone.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from shared.failures import FailureClass
from shared.ledger.records import Result, TranslatedResult
from shared.services.causes import Look
from shared.services.dispatch import dispatch
from shared.services.events import Dispatch
from shared.services.fetching import Fetching


def recover(fetching: Fetching, looks: Sequence[Look], time: datetime) -> Iterator[Dispatch]:
    """Send again, at a tick at `time`, what failed because the deployment was wrong. Raises DispatchError."""
    by_language: dict[str, list[Look]] = defaultdict(list)
    for seen in looks:
        by_language[seen.edition.language].append(seen)
    for of_language in by_language.values():
        stuck = [seen for seen in of_language if seen.stuck]
        all_at_once = _answers_again(of_language)
        # The newest edition's first paper: it is the one that readers wait for.
        for seen in stuck if all_at_once else stuck[-1:]:
            papers = [result.paper for result in seen.stuck]
            wanted = papers if all_at_once else papers[:1]
            yield dispatch(fetching, seen.manifest, seen.edition.language, time, wanted)


def _answers_again(looks: Sequence[Look]) -> bool:
    """Whether an engine has answered into this language since the last failure that is ours."""
    failures = [result.time for seen in looks for result in seen.stuck]
    answers = [result.time for seen in looks for result in seen.results.values() if _is_answered(result)]
    return bool(failures and answers) and max(answers) > max(failures)


def _is_answered(result: Result) -> bool:
    """Whether an engine gave this result: neither the memory nor a person, nor no engine at all."""
    if isinstance(result, TranslatedResult):
        return result.characters > 0
    return result.failure.kind is FailureClass.PERMANENT and result.attempts > 0
