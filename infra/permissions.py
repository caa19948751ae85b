"""What the translate function may do for the sake of its engines, and of no others.

Who calls an inference profile needs the profile itself, and its foundation model in every region to which the profile
may lead: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html. Which regions these are
AWS decides and changes, so they are left open; the condition leaves the model within reach through that profile alone.
"""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from infra.acknowledgements import acknowledge_profile, acknowledge_translate
from shared.engines.naming import BEDROCK, CHAT, Model, credit, kind_of, model_of
from shared.engines.terminology import PREFIX
from shared.errors import SettingsError
from shared.settings import Settings

_ACTION = "bedrock:InvokeModel"
"""What Converse asks for: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html."""


def allow_engines(translate: lambda_.Function, settings: Settings) -> None:
    """Let `translate` call what `settings` names as engines, and Amazon Translate where a language has none.

    Raises SettingsError where a name cannot be an engine's.
    """
    named = [
        *map(settings.engine, settings.languages),
        *(entry.partition("=")[2] for entry in settings.engines),
        settings.second_engine,
    ]
    kinds = set()
    for name in dict.fromkeys(filter(None, named)):
        credit(name)
        kind, rest = kind_of(name)
        kinds.add(kind)
        if kind == CHAT and not settings.embedded:
            raise SettingsError(f"{name!r} is set as an engine: a chat model translates on the embedded cloud alone.")
        if kind == BEDROCK:
            _allow_model(translate, model_of(rest))
    if not kinds <= {BEDROCK, CHAT}:
        _allow_amazon_translate(translate)


def _allow_amazon_translate(translate: lambda_.Function) -> None:
    terminologies = Stack.of(translate).format_arn(
        service="translate", resource="terminology", resource_name=f"{PREFIX}*"
    )
    for action, resource in (("TranslateText", "*"), ("ImportTerminology", terminologies)):
        translate.add_to_role_policy(iam.PolicyStatement(actions=[f"translate:{action}"], resources=[resource]))
    acknowledge_translate(translate)


def _allow_model(translate: lambda_.Function, model: Model) -> None:
    stack = Stack.of(translate)
    if not model.profile:
        translate.add_to_role_policy(
            iam.PolicyStatement(actions=[_ACTION], resources=[_foundation(stack, model, model.region or stack.region)])
        )
        return
    profile = stack.format_arn(
        service="bedrock",
        resource=model.profile,
        resource_name=model.id,
        partition=model.partition or None,
        region=model.region or None,
        account=model.account or None,
    )
    behind = _foundation(stack, model, "*")
    translate.add_to_role_policy(iam.PolicyStatement(actions=[_ACTION], resources=[profile]))
    translate.add_to_role_policy(
        iam.PolicyStatement(
            actions=[_ACTION],
            resources=[behind],
            conditions={"ArnLike": {"bedrock:InferenceProfileArn": profile}},
        )
    )
    acknowledge_profile(translate, behind)


def _foundation(stack: Stack, model: Model, region: str) -> str:
    """The ARN of the model itself; of any model where the profile's name does not tell which it is."""
    return stack.format_arn(
        service="bedrock",
        resource="foundation-model",
        resource_name=model.foundation or "*",
        partition=model.partition or None,
        region=region,
        account="",
    )
