"""What the translate function may do for the sake of its engines: Amazon Translate where a language asks it, a model
where a setting names it, and neither where not.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import infra.app  # noqa: F401 - first: it tells jsii where node is

import aws_cdk as cdk  # isort: skip
from aws_cdk import assertions  # isort: skip
from aws_cdk import aws_iam as iam  # isort: skip
from aws_cdk import aws_lambda as lambda_  # isort: skip
from cdk_nag import AwsSolutionsChecks  # isort: skip

from infra.permissions import allow_engines
from shared.errors import SettingsError
from shared.settings import Settings

PROFILE = "us.amazon.nova-lite-v1:0"
THERE = "arn:aws:bedrock:eu-west-1:111122223333"


def flat(value: Any) -> Any:
    """A part of a template with its references written as ${Name}."""
    if isinstance(value, dict):
        if "Fn::Join" in value:
            return "".join(map(flat, value["Fn::Join"][1]))
        if "Ref" in value:
            return f"${{{value['Ref'].removeprefix('AWS::')}}}"
        return {name: flat(part) for name, part in value.items()}
    return value


def through(profile: str) -> dict[str, Any]:
    return {"ArnLike": {"bedrock:InferenceProfileArn": profile}}


HERE = "arn:${Partition}:bedrock:${Region}:${AccountId}"


TRANSLATE = {
    "translate:TranslateText": "*",
    "translate:ImportTerminology": "arn:${Partition}:translate:${Region}:${AccountId}:terminology/chorok-*",
}

CASES: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "amazon-translate": [],
    "chat:qwen2.5:7b": [],
    "bedrock:amazon.nova-lite-v1:0": [
        ("arn:${Partition}:bedrock:${Region}::foundation-model/amazon.nova-lite-v1:0", {}),
    ],
    f"bedrock:{PROFILE}": [
        (f"{HERE}:inference-profile/{PROFILE}", {}),
        (
            "arn:${Partition}:bedrock:*::foundation-model/amazon.nova-lite-v1:0",
            through(f"{HERE}:inference-profile/{PROFILE}"),
        ),
    ],
    f"bedrock:{THERE}:inference-profile/{PROFILE}": [
        (f"{THERE}:inference-profile/{PROFILE}", {}),
        (
            "arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0",
            through(f"{THERE}:inference-profile/{PROFILE}"),
        ),
    ],
    f"bedrock:{THERE}:application-inference-profile/a1b2c3": [
        (f"{THERE}:application-inference-profile/a1b2c3", {}),
        ("arn:aws:bedrock:*::foundation-model/*", through(f"{THERE}:application-inference-profile/a1b2c3")),
    ],
}
"""Which models each engine may be asked for: resources, and under which condition."""


def translate_of(stack: cdk.Stack) -> lambda_.Function:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    runtime, code = lambda_.Runtime.PYTHON_3_13, lambda_.Code.from_inline("pass")
    return lambda_.Function(stack, "Translate", runtime=runtime, handler="a.b", code=code, role=role)


@pytest.fixture(scope="module")
def synthesised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two stacks for each case, named by its number, with the report of its findings."""
    folder = tmp_path_factory.mktemp("assembly")
    app = cdk.App(outdir=str(folder))
    for number, engine in enumerate(CASES):
        embedded = engine.startswith("chat")
        first = Settings(engines=(f"ko={engine}", f"ja={engine}"), embedded=embedded)
        second = Settings(second_engine=engine, embedded=embedded)
        for name, settings in (("First", first), ("Second", second)):
            allow_engines(translate_of(cdk.Stack(app, f"{name}{number}")), settings)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    # It fails for the runtime's version, which is not what is looked at.
    with suppress(RuntimeError):
        app.synth()
    return folder


@pytest.mark.parametrize("engine", CASES)
@pytest.mark.parametrize("setting", ["First", "Second"])
def test_a_setting_allows_its_own_model_and_nothing_else(synthesised: Path, setting: str, engine: str) -> None:
    template = json.loads((synthesised / f"{setting}{list(CASES).index(engine)}.template.json").read_text())

    statements = [
        (statement["Action"], flat(statement["Resource"]), flat(statement.get("Condition", {})))
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::IAM::Policy"
        for statement in resource["Properties"]["PolicyDocument"]["Statement"]
    ]

    # In a setting for a second engine, the first is Amazon Translate.
    asked = TRANSLATE if setting == "Second" or engine == "amazon-translate" else {}
    models = [("bedrock:InvokeModel", *allowance) for allowance in CASES[engine]]
    assert statements == models + [(action, resource, {}) for action, resource in asked.items()]


@pytest.mark.parametrize(
    ("languages", "engines", "asks"),
    [
        (("ko", "ja"), ("ko=bedrock:amazon.nova-lite-v1:0", "ja=bedrock:amazon.nova-lite-v1:0"), False),
        (("ko", "ja"), ("ko=bedrock:amazon.nova-lite-v1:0",), True),
        (("ko",), ("ko=bedrock:amazon.nova-lite-v1:0", "ja=amazon-translate"), True),
    ],
)
def test_amazon_translate_is_allowed_where_a_language_has_no_model(
    languages: tuple[str, ...], engines: tuple[str, ...], asks: bool
) -> None:
    stack = cdk.Stack(cdk.App(), "Stack")
    allow_engines(translate_of(stack), Settings(languages=languages, engines=engines))

    template = json.dumps(assertions.Template.from_stack(stack).to_json())

    assert ("translate:TranslateText" in template) is asks
    assert ("translate:ImportTerminology" in template) is asks


def test_every_wildcard_has_its_reason(synthesised: Path) -> None:
    report = json.loads((synthesised / "validation-report.json").read_text())

    (checks,) = (plugin for plugin in report["pluginReports"] if plugin["pluginName"] == "AwsSolutions")

    assert not [violation for violation in checks["violations"] if "IAM5" in json.dumps(violation)]
    assert "IAM5" in json.dumps(checks["suppressedViolations"])


@pytest.mark.parametrize("engine", ["bedrok:amazon.nova", "bedrock:nova", "bedrock:amazon.*", "chat:qwen2.5:7b"])
def test_an_engine_that_cannot_be_is_refused_when_the_stack_is_made(engine: str) -> None:
    translate = translate_of(cdk.Stack(cdk.App(), "Stack"))

    with pytest.raises(SettingsError):
        allow_engines(translate, Settings(engines=(f"ko={engine}",)))
    with pytest.raises(SettingsError):
        allow_engines(translate, Settings(second_engine=engine))
