"""TranslateText on loopback: answers from the phrasebook, fails as told, and knows when nobody calls any more."""

import threading
import time
from collections import Counter

from infra.embedded.cloud import client
from infra.engine.wire import Answer, Request
from infra.loopback.key import AccessKey
from shared.engines.terminology import terminology_of
from shared.languages.glossary import load_glossary
from shared.languages.table import find_language
from tests.chaos.money import TRANSLATED
from tests.chaos.phrasebook import LANGUAGES, PAIRS, Phrasebook
from tests.fakes.faults import Rule
from tests.fakes.translate import FakeTranslate

FAULTS = (
    Rule(share=0.30, code="ThrottlingException"),
    Rule(share=0.07, code="ServiceUnavailableException"),
    # A broken proxy answers without a code.
    Rule(share=0.03, code="", status=502),
    Rule(share=0.05, fault="cut"),
    Rule(share=0.05, fault="lose"),
)
"""Throttling 30 %, 5xx 10 %, and answers that do not arrive."""
HANG = Rule(share=0.3, fault="hang", times=2)
"""Each holds a function for as long as its client waits, so there are only so many, and early."""
REFUSALS = ("ThrottlingException", "UnsupportedLanguagePairException")
"""What one paper each is answered until somebody redrives."""
INJECTED = frozenset({*REFUSALS, *(rule.code or str(rule.status) for rule in FAULTS if rule.fault == "error")})
"""The outcomes of calls that get such an error."""

READ_TIMEOUT_SECONDS = 25.0
"""How long the translate function waits for an answer (`shared.engines.amazon.translate_client`)."""
_SENTENCE_SECONDS = 0.03


class Engine(FakeTranslate):
    """The endpoint. Each call takes as long as its sentences do, so that there is time to kill its caller."""

    def __init__(self, phrasebook: Phrasebook) -> None:
        def translate(sentence: str, pair: str) -> str:
            time.sleep(_SENTENCE_SECONDS)
            return phrasebook.translate(sentence, pair)

        super().__init__(translate, PAIRS)
        self._state = threading.Lock()
        self._busy_until = 0.0

    def import_glossaries(self) -> None:
        """Import them, as every deployment has but a new one: a call that names a missing one is made again."""
        for code in LANGUAGES:
            terminology = terminology_of(load_glossary(find_language(code)))
            if terminology is not None:
                client("translate", self.address, AccessKey("any", "any")).import_terminology(
                    Name=terminology.name,
                    MergeStrategy="OVERWRITE",
                    TerminologyData={"File": terminology.file, "Format": "CSV", "Directionality": "UNI"},
                )

    def answer(self, request: Request) -> Answer | None:
        """As the base class, noting how long the caller is busy with this call at least."""
        self._note()
        answer = super().answer(request)
        self._note()
        return answer

    def hang(self) -> None:
        """As the base class, noting how long the caller waits."""
        self._note(READ_TIMEOUT_SECONDS)
        super().hang()

    def quiet(self, seconds: float) -> bool:
        """Whether for so long no call has begun, ended, or been given up by its caller."""
        with self._state:
            return time.monotonic() > self._busy_until + seconds

    def translated(self) -> Counter[tuple[str, str]]:
        """How often each paper was translated, by language and title, whether or not the answer was of use."""
        answered = (call for call in self.calls if call.outcome == TRANSLATED)
        return Counter((call.target, call.text.partition("\n\n")[0]) for call in answered)

    def _note(self, seconds: float = 0.0) -> None:
        with self._state:
            self._busy_until = max(self._busy_until, time.monotonic() + seconds)
