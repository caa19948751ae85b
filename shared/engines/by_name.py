"""The table of engines: what a name in the setting `engines` stands for.

    bedrock:<id or ARN>    a model or an inference profile of Amazon Bedrock
    chat:<model>           on the embedded cloud: a model behind an OpenAI-compatible address
    anything else          what answers TranslateText: Amazon Translate, or the local endpoint with a model of that name

Another engine is a file beside this one, a row here, and what the function may do in `infra/stack.py`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from shared.engines.amazon import amazon_engine, translate_client
from shared.engines.bedrock import bedrock_client, bedrock_engine, envelope, instructions, model_of
from shared.engines.protocol import Advised, Complaint
from shared.engines.terminology import terminology_of
from shared.errors import SettingsError
from shared.failures import BEDROCK_FAILURES, CHAT_FAILURES
from shared.languages.glossary import load_glossary
from shared.languages.table import Language

BEDROCK, CHAT = "bedrock", "chat"
_CHAT_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}")
"""Names such as qwen2.5:7b and meta-llama/Llama-3.1-8B-Instruct. They become part of an address, and are shown."""


@dataclass(frozen=True)
class _Kind:
    """One kind of engine, by what follows the colon of its name: the engine, and what results call it.

    `credit` raises SettingsError where nothing has such a name. `prompt` is what is sent beside a text, in characters.
    """

    engine: Callable[[str, Language], Advised]
    credit: Callable[[str], str]
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


def credit(name: str) -> str:
    """How results call the engine `name`: without what only its deployment needs to know.

    Raises SettingsError where nothing can have that name.

    >>> credit("bedrock:arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0")
    'bedrock:us.amazon.nova-lite-v1:0'
    """
    kind, rest = _kind(name)
    return kind.credit(rest)


def _kind(name: str) -> tuple[_Kind, str]:
    prefix, colon, rest = name.partition(":")
    if not colon:
        return _TRANSLATE_TEXT, name
    if prefix not in _KINDS:
        raise SettingsError(f"There is no engine {name!r}: write {BEDROCK}: and a model's id, or {CHAT}: and its name.")
    return _KINDS[prefix], rest


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


def _credit_chat(name: str) -> str:
    if not _CHAT_MODEL.fullmatch(name):
        raise SettingsError(f"{name!r} is no name of a chat model: letters, digits and ._:/@+- make one.")
    return f"{CHAT}:{name}"


_TRANSLATE_TEXT = _Kind(_translate_text, lambda name: name, _no_prompt)
_KINDS = {
    BEDROCK: _Kind(_bedrock, lambda name: f"{BEDROCK}:{model_of(name).id}", _prompt),
    CHAT: _Kind(_chat, _credit_chat, _prompt),
}
