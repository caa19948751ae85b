"""Which judge and engines make results now, and which of the results before them they may do better."""

from shared.engines.naming import credit
from shared.failures import MENDED_BY_OTHERS
from shared.ledger.records import PERSON, FailedResult, Result
from shared.makers import Makers
from shared.settings import Settings
from shared.translation.judge_version import JUDGE_VERSION

_ON_DOUBTS = "doubts"


def engines_set(settings: Settings, language: str) -> str:
    """The engines that are set for a language, as results call them, joined by "+"."""
    return "+".join(map(credit, filter(None, (settings.engine(language), settings.second_engine))))


def present_makers(settings: Settings, language: str) -> Makers:
    """Who makes results in a language now. Raises SettingsError where a setting names no engine."""
    engines = engines_set(settings, language)
    asks_on_doubts = settings.second_engine and settings.second_engine_on_doubts
    return Makers(JUDGE_VERSION, f"{engines}+{_ON_DOUBTS}" if asks_on_doubts else engines)


def is_worth_asking(held: Result | None, makers: Makers) -> bool:
    """Whether `makers` may do better than what is held: they are others, and a sentence or all of it is not right.

    What a person has written or accepted is final. A failure does not say who made it: who asks for it has to know that
    they are others.
    """
    if held is None or held.accepted:
        return False
    if isinstance(held, FailedResult):
        return held.failure.code in MENDED_BY_OTHERS
    return held.engine != PERSON and bool(held.doubts or held.kept) and held.makers != makers
