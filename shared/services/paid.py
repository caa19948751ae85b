"""What engines were paid for in the life of one message, kept in the ledger, so that a later receive pays once only.

There is one object a paper below `answers/`, and its next message writes over it, so that nothing grows. It is written
after each answer and read only where a message comes again. The memory is another thing: it holds finished texts, and
for good.
"""

from shared.editions import Edition
from shared.engines.protocol import EngineAnswer
from shared.ledger import keys
from shared.ledger.records import PaidAnswer, PaidAnswers
from shared.ledger.store import Store
from shared.translation.ask import Answered


class Paid(dict[str, Answered]):
    """The answers by the hash of their request. `characters` are those paid for since this was made."""

    def __init__(self, store: Store, edition: Edition, paper: str, message: str) -> None:
        super().__init__()
        self.characters = 0
        self._store, self._key, self._message = store, keys.answers(edition, paper), message

    def recall(self) -> None:
        """Get what earlier receives of the same message were answered."""
        held = self._store.record(self._key, PaidAnswers)
        if held is not None and held.message == self._message:
            for request, paid in held.answers.items():
                super().__setitem__(request, Answered(EngineAnswer(paid.text, paid.terminologies), paid.characters))

    def __setitem__(self, request: str, answered: Answered) -> None:
        """Keep an answer that was just paid for."""
        super().__setitem__(request, answered)
        self.characters += answered.characters
        answers = {
            request: PaidAnswer(paid.answer.text, paid.characters, paid.answer.terminologies)
            for request, paid in self.items()
        }
        # Unconditional: where a message is delivered twice at once, each delivery has paid for its own answers.
        self._store.write_record(self._key, PaidAnswers(self._message, answers))
