"""The cloud assembly of the stack for the embedded cloud, synthesised once for each set of inputs.

Synthesis takes five to ten seconds, most of them for loading CDK, so an assembly is kept in the user's cache and used
again while settings, sources and requirements are the same.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from infra.bundling import inputs_hash
from infra.places import cache_folder
from shared.errors import CloudError
from shared.settings import Settings

STACK = Settings().name
CONTEXT_PREFIX = "chorok:"
TARGET = "target"
_KEPT = 8


def synthesize(settings: Mapping[str, str]) -> Path:
    """The folder of the assembly for the host with these settings, by name and text. Raises CloudError."""
    context = {CONTEXT_PREFIX + name: text for name, text in settings.items()} | {CONTEXT_PREFIX + TARGET: "host"}
    key = hashlib.sha256((inputs_hash() + json.dumps(context, sort_keys=True)).encode()).hexdigest()[:16]
    assemblies = cache_folder(os.environ, "assemblies")
    folder = assemblies / key
    if not folder.is_dir():
        assemblies.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=assemblies) as scratch:
            fresh = Path(scratch) / "assembly"
            _run_app(fresh, context)
            try:
                fresh.rename(folder)
            except OSError:
                # Another process finished the same assembly first: equal inputs, so it is as good.
                if not folder.is_dir():
                    raise
        _prune(assemblies)
    os.utime(folder)
    return folder


def _run_app(folder: Path, context: Mapping[str, str]) -> None:
    # The protocol by which the cdk command runs an app.
    environment = os.environ | {"CDK_OUTDIR": str(folder), "CDK_CONTEXT_JSON": json.dumps(context)}
    # -P: nothing is imported from the working directory.
    command = [sys.executable, "-P", "-m", "infra.app"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"it ended with status {done.returncode}"]
        raise CloudError(f"The stack could not be synthesised: {lines[-1].removeprefix('chorok: ')}")


def _prune(assemblies: Path) -> None:
    folders = sorted(
        (path for path in assemblies.iterdir() if not path.name.startswith("tmp")),
        key=lambda path: path.stat().st_mtime,
    )
    for old in folders[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
