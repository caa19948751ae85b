"""The functions' asset, built without Docker: our packages, and what they import.

In the cloud the asset holds every dependency as a wheel for arm64, by hash from `infra/requirements.txt`, which is the
lock file's export of the group `functions`. The embedded cloud runs the functions with this very interpreter, which has
them installed: there the asset is our packages alone, so that nothing needs the network after the first install.

Everything that is read here lies in the packages themselves, so an installed chorok works as a clone does; nothing is
written there, and nothing is imported from the working directory.

The functions run on the Python version that builds them: the one that the tests ran on.
"""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from shared.errors import CloudError

ROOT = Path(__file__).parent.parent
"""The folder of our packages: a clone, or an environment's site-packages."""
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
PACKAGES = ("functions", "shared")
RUNTIMES = ((3, 11), (3, 12), (3, 13), (3, 14))
"""https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"""
_PLATFORM = "aarch64-manylinux_2_28"
"""Lambda's Amazon Linux 2023 has glibc 2.34; a bare architecture would let uv pick wheels for an older one."""


def python_version() -> str:
    """The version of Python, as `3.13`, for which assets are built. Raises CloudError where Lambda has no such one."""
    if sys.version_info[:2] not in RUNTIMES:
        known = ", ".join(f"{major}.{minor}" for major, minor in RUNTIMES)
        raise CloudError(f"Lambda has no runtime for Python {sys.version.split()[0]}. Install chorok on {known}.")
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def bundle_for_host(folder: Path) -> None:
    """Put our packages into `folder`, for this interpreter."""
    for source in _sources(*PACKAGES):
        target = folder / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        # Only the content: an installation that nobody may write to would make an asset that nobody may write to.
        shutil.copyfile(source, target)


def bundle_for_cloud(folder: Path) -> None:
    """Put our packages and every locked dependency for arm64 into `folder`. Raises CloudError where uv fails."""
    bundle_for_host(folder)
    _python(
        *("uv", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"),
        *("--python-platform", _PLATFORM, "--python-version", python_version()),
        *("--target", str(folder), "--requirement", str(REQUIREMENTS)),
    )
    # Checked by hash and never by time: S3 and Lambda keep no modification times, and a stale check costs the start.
    _python("compileall", "-q", "-j", "0", "-s", str(folder), "--invalidation-mode", "unchecked-hash", str(folder))


def inputs_hash() -> str:
    """A sha256 over everything an assembly is made of: this Python, CDK, our sources and the requirements."""
    digest = hashlib.sha256(f"{sys.version}\0{version('aws-cdk-lib')}\0".encode())
    for path in _sources(*PACKAGES, "infra"):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources(*packages: str) -> Iterator[Path]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*")):
            if path.is_file() and "__pycache__" not in path.relative_to(ROOT).parts:
                yield path


def _python(module: str, *arguments: str) -> None:
    """Run a module of this environment, and none of the working directory (-P). Raises CloudError where it fails."""
    command = [sys.executable, "-P", "-m", module, *arguments]
    # uv reads the configuration of the directory that it runs in, and of those above.
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()
        raise CloudError(f"{module} {arguments[0]} failed, so the functions' asset was not built: {said}")
