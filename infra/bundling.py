"""The functions' asset, built without Docker: our packages, and what they import, from the lock file.

In the cloud the asset holds every dependency as a wheel for arm64, by hash from `uv.lock`. The embedded cloud runs the
functions with this very interpreter, whose installed packages come from the same lock file: there the asset is our
packages alone, so that nothing needs the network after the first install.

The functions run on the Python version that builds them: the one that the tests ran on.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from shared.errors import CloudError

ROOT = Path(__file__).parent.parent
PACKAGES = ("functions", "shared")
RUNTIMES = ((3, 11), (3, 12), (3, 13), (3, 14))
"""https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"""
_PLATFORM = "aarch64-manylinux_2_28"
"""Lambda's Amazon Linux 2023 has glibc 2.34; a bare architecture would let uv pick wheels for an older one."""
_EXPORT_FLAGS = ("--frozen", "--no-dev", "--no-emit-project", "--no-header", "--no-annotate", "--quiet")


def python_version() -> str:
    """The version of Python, as `3.13`, for which assets are built. Raises CloudError where Lambda has no such one."""
    if sys.version_info[:2] not in RUNTIMES:
        known = ", ".join(f"{major}.{minor}" for major, minor in RUNTIMES)
        raise CloudError(f"Lambda has no runtime for Python {sys.version.split()[0]}. Make .venv with one of {known}.")
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def bundle_for_host(folder: Path) -> None:
    """Put our packages into `folder`, for this interpreter."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))


def bundle_for_cloud(folder: Path) -> None:
    """Put our packages and every locked dependency for arm64 into `folder`. Raises CloudError where uv fails."""
    bundle_for_host(folder)
    requirements = folder.with_suffix(".txt")
    _uv("export", *_EXPORT_FLAGS, "--output-file", str(requirements))
    _uv(
        *("pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"),
        *("--python-platform", _PLATFORM, "--python-version", python_version()),
        *("--target", str(folder), "--requirement", str(requirements)),
    )
    # Checked by hash and never by time: S3 and Lambda keep no modification times, and a stale check costs the start.
    compiled = ("-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash", str(folder))
    subprocess.run([sys.executable, *compiled], check=True)  # noqa: S603


def inputs_hash() -> str:
    """A sha256 over everything an assembly is made of: our sources and the lock file."""
    digest = hashlib.sha256(sys.version.encode())
    files = [path for package in (*PACKAGES, "infra") for path in sorted((ROOT / package).rglob("*")) if path.is_file()]
    for path in [*files, ROOT / "uv.lock", ROOT / "cdk.json"]:
        if "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _uv(*arguments: str) -> None:
    command = [sys.executable, "-m", "uv", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise CloudError(f"uv {arguments[0]} failed, so the functions' asset was not built: {done.stderr.strip()}")
