"""The table of engines: what answers to a name in the setting `engines`; `naming` says what such names mean.

Another engine is a file beside this one, a row here and its prefix there, and what the function may do in
`infra/permissions.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from shared.engines.amazon import amazon_engine, translate_client
from shared.engines.bedrock import bedrock_client, bedrock_engine, envelope, instructions
from shared.engines.naming import BEDROCK, CHAT, kind_of
from shared.engines.protocol import Advised, Complaint
from shared.engines.terminology import terminology_of
from shared.failures import BEDROCK_FAILURES, CHAT_FAILURES
from shared.languages.glossary import load_glossary
from shared.languages.table import Language


@dataclass(frozen=True)
class _Kind:
    """One kind of engine; `prompt` is what is sent beside a text, in characters."""

    engine: Callable[[str, Language], Advised]
    prompt: Callable[[str, Language, Sequence[Complaint]], int]


def find_engine(name: str, target: Language) -> Advised:
    """The engine called `name`, from English into `target`. Raises SettingsError where there can be none.

    One that answers TranslateText cannot be told what was wrong: it is asked for the text alone.
    """
    kind, rest = _kind(name)
    return kind.engine(rest, target)


def prompt_of(name: str, target: Language) -> Callable[[str, Sequence[Complaint]], int]:
    """How many characters the engine called `name` sends beside a text and what was wrong with it."""
    kind, _ = _kind(name)
    return lambda text, complaints: kind.prompt(text, target, complaints)


def _kind(name: str) -> tuple[_Kind, str]:
    kind, rest = kind_of(name)
    return _KINDS[kind], rest


_translate_client = cache(translate_client)
_bedrock_client = cache(bedrock_client)


def _translate_text(_name: str, target: Language) -> Advised:
    engine = amazon_engine(_translate_client(), target, terminology_of(load_glossary(target)))
    return lambda text, complaints=(): engine(text)  # noqa: ARG005 - it cannot be told what was wrong


def _no_prompt(_text: str, _target: Language, _complaints: Sequence[Complaint]) -> int:
    return 0


def _prompt(text: str, target: Language, complaints: Sequence[Complaint]) -> int:
    return len(instructions(text, target, complaints)) + len(envelope(text, complaints)) - len(text)


def _bedrock(name: str, target: Language) -> Advised:
    return bedrock_engine(_bedrock_client(), name, target, "Amazon Bedrock", BEDROCK_FAILURES)


def _chat(name: str, target: Language) -> Advised:
    return bedrock_engine(_bedrock_client(), name, target, "the chat model", CHAT_FAILURES)


_KINDS = {"": _Kind(_translate_text, _no_prompt), BEDROCK: _Kind(_bedrock, _prompt), CHAT: _Kind(_chat, _prompt)}
