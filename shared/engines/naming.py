"""What the names of engines mean, as settings and results write them; what answers to them stands in `by_name`.

This knows no AWS: whoever only has to say which engine made something need not carry the clients of all.

    bedrock:<id or ARN>    a model or an inference profile of Amazon Bedrock
    chat:<model>           on the embedded cloud: a model behind an OpenAI-compatible address
    anything else          what answers TranslateText: Amazon Translate, or the local endpoint with a model of that name
"""

import re
from dataclasses import dataclass

from shared.errors import SettingsError

BEDROCK, CHAT = "bedrock", "chat"
_CHAT_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}")
"""Names such as qwen2.5:7b and meta-llama/Llama-3.1-8B-Instruct. They become part of an address, and are shown."""


@dataclass(frozen=True)
class Model:
    """What Converse is asked for: a foundation model, or an inference profile of one or more regions.

    `name` is what the setting says, an id or an ARN. `profile` is "" for a model, else the kind of profile as ARNs have
    it; `partition`, `region` and `account` are "" where `name` is an id. `foundation` is the model behind a profile,
    and "" where the profile's name does not tell.
    """

    name: str
    profile: str
    foundation: str
    partition: str = ""
    region: str = ""
    account: str = ""

    @property
    def id(self) -> str:
        """The id alone: an ARN holds the account's number as well, which is nobody's business."""
        return self.name.rpartition("/")[2]


_ID = r"[a-z0-9][a-z0-9-]{0,62}(?:[.:][a-z0-9-]{1,63}){1,6}"
_FOUNDATION = re.compile(_ID)
_ARN = re.compile(
    rf"""
    arn:(?P<partition>aws(?:-[a-z]+){{0,3}}):bedrock:(?P<region>[a-z0-9-]{{1,20}}):
    (?:
        (?P<account>[0-9]{{12}}):(?P<profile>inference-profile|application-inference-profile)/(?P<id>[a-zA-Z0-9.:-]{{1,200}})
      | :foundation-model/(?P<model>{_ID})
    )
    """,
    re.VERBOSE,
)
"""Both as in the service model's ConversationalModelId, of the kinds that translate text."""
_ACROSS_REGIONS = re.compile(r"(?:us|us-gov|eu|apac|au|jp|ca|global)\.(.+)")
"""How the ids of AWS's own inference profiles begin
(https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html)."""


def model_of(name: str) -> Model:
    """The model or inference profile called `name`, an id or an ARN. Raises SettingsError for anything else.

    >>> model_of("us.amazon.nova-lite-v1:0").foundation
    'amazon.nova-lite-v1:0'
    """
    if _FOUNDATION.fullmatch(name):
        across = _ACROSS_REGIONS.fullmatch(name)
        return Model(name, "inference-profile" if across else "", across[1] if across else name)
    match = _ARN.fullmatch(name)
    if match is None:
        raise SettingsError(
            f"{name!r} is no model or inference profile of Amazon Bedrock: write its id, such as"
            " us.amazon.nova-lite-v1:0, or its ARN."
        )
    partition, region, account, profile = (match[part] or "" for part in ("partition", "region", "account", "profile"))
    across = _ACROSS_REGIONS.fullmatch(match["id"] or "")
    foundation = match["model"] or (across[1] if across and profile == "inference-profile" else "")
    return Model(name, profile, foundation, partition, region, account)


def kind_of(name: str) -> tuple[str, str]:
    """The kind of an engine's name, "" where it answers TranslateText, and what follows. Raises SettingsError."""
    prefix, colon, rest = name.partition(":")
    if not colon:
        return "", name
    if prefix not in (BEDROCK, CHAT):
        raise SettingsError(f"There is no engine {name!r}: write {BEDROCK}: and a model's id, or {CHAT}: and its name.")
    return prefix, rest


def credit(name: str) -> str:
    """How results call the engine `name`: without what only its deployment needs to know.

    Raises SettingsError where nothing can have that name.

    >>> credit("bedrock:arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0")
    'bedrock:us.amazon.nova-lite-v1:0'
    """
    kind, rest = kind_of(name)
    if kind == BEDROCK:
        return f"{BEDROCK}:{model_of(rest).id}"
    if kind == CHAT and not _CHAT_MODEL.fullmatch(rest):
        raise SettingsError(f"{rest!r} is no name of a chat model: letters, digits and ._:/@+- make one.")
    return name
