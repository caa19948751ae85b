"""The functions' assets, built without Docker: our packages, and what each function imports.

In the cloud each function has an asset of its own, with every dependency as a wheel for arm64, by hash from
`infra/requirements/`: the lock file's export of the group that is named as the function. The embedded cloud runs the
functions with this very interpreter, which has them installed: there the one asset is our packages alone, so that
nothing needs the network after the first install.

One commit makes one asset, whoever builds it and wherever: what depends on the folder, the time, the umask or the
order of a hash is left out or fixed. Only whether there is bytecode depends on the machine (`bytecode_python`).

Everything that is read here lies in the packages themselves, so an installed chorok works as a clone does; nothing is
written there, and nothing is imported from the working directory.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from shared.errors import CloudError

ROOT = Path(__file__).parent.parent
"""The folder of our packages: a clone, or an environment's site-packages."""
REQUIREMENTS = Path(__file__).with_name("requirements")
VERSION = "3.14"
"""The functions' Python in the cloud: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html."""
SERVICES = {
    "fetch": frozenset({"s3", "sns", "sqs", "ssm"}),
    "translate": frozenset({"bedrock-runtime", "s3", "sqs", "translate"}),
    "aggregate": frozenset({"s3", "sns", "sqs", "ssm"}),
}
"""The functions, and the AWS services that each calls: of the other 400, botocore's models are left out."""
FUNCTIONS = tuple(SERVICES)
_PLATFORM = "aarch64-manylinux_2_28"
"""Lambda's Amazon Linux 2023 has glibc 2.34; a bare architecture would let uv pick wheels for an older one."""
_TASK = "/var/task"
"""Where Lambda unpacks an asset, and so what a traceback names."""
_UNUSED_SUFFIXES = frozenset({".c", ".h", ".pxd", ".pxi", ".pyi", ".pyx"})
"""What only compilers and type checkers read."""
_UNUSED_UTILITIES = (
    *("auth_alpha", "circuit_breaker", "data_masking", "feature_flags", "idempotency", "kafka", "parameters", "parser"),
    *("streaming", "validation"),
)
_UNUSED_PARTS = (
    *("bin", ".lock", "*.dist-info/RECORD"),
    *("boto3/data", "botocore/data/*/*/examples-1.json", "aws_lambda_powertools/event_handler"),
    *(f"aws_lambda_powertools/utilities/{part}" for part in _UNUSED_UTILITIES),
)
"""Programs, uv's own files, which differ from machine to machine, and the large parts that nothing here imports."""
_EPOCH = 315_532_800
"""The first time that a zip archive can hold, 1980, in seconds since 1970."""


def bundle_for_host(folder: Path) -> None:
    """Put our packages into `folder`, for this interpreter."""
    for source in _sources("functions", "shared"):
        _copy(source, folder)


def bundle_for_cloud(function: str, folder: Path, python: str | None) -> None:
    """Put `function` and every locked dependency for arm64 into `folder`, with bytecode where `python` can compile it.

    Raises CloudError where uv fails.
    """
    for source in _sources(f"functions/{function}", "shared"):
        _copy(source, folder)
    for source in (ROOT / "functions").glob("*.py"):
        _copy(source, folder)
    _run(
        *(sys.executable, "-P", "-m", "uv", "pip", "install", "--quiet"),
        *("--no-deps", "--require-hashes", "--only-binary", ":all:", "--link-mode", "copy"),
        *("--python-platform", _PLATFORM, "--python-version", VERSION),
        *("--target", str(folder), "--requirement", str(REQUIREMENTS / f"{function}.txt")),
    )
    _leave_out_unused(folder, SERVICES[function])
    if python is not None:
        # Checked by hash and never by time: S3 and Lambda keep no modification times, and a check costs the start.
        _run(
            *(python, "-P", "-s", "-m", "compileall", "-q", "-j", "0", "-s", str(folder), "-p", _TASK),
            *("--invalidation-mode", "unchecked-hash", str(folder)),
        )
    _fix_times_and_modes(folder)


def bytecode_python() -> str | None:
    """A Python of the functions' version, which alone writes bytecode that they can read; None where there is none."""
    found = subprocess.run(  # noqa: S603 - our own uv
        [
            *(sys.executable, "-P", "-m", "uv", "python", "find", "--no-project", "--no-python-downloads"),
            f"cpython@{VERSION}",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() if found.returncode == 0 else None


def inputs_hash() -> str:
    """A sha256 over everything an assembly is made of: this Python, CDK, our sources and the requirements."""
    digest = hashlib.sha256(f"{sys.version}\0{version('aws-cdk-lib')}\0".encode())
    for path in _sources("functions", "shared", "infra"):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _copy(source: Path, folder: Path) -> None:
    target = folder / source.relative_to(ROOT)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Only the content: an installation that nobody may write to would make an asset that nobody may write to.
    shutil.copyfile(source, target)


def _leave_out_unused(folder: Path, services: frozenset[str]) -> None:
    parts = [path for part in _UNUSED_PARTS for path in folder.glob(part)]
    sources = [path for path in folder.rglob("*") if path.suffix in _UNUSED_SUFFIXES]
    models = [path for path in folder.glob("botocore/data/*") if path.is_dir() and path.name not in services]
    for path in (*sources, *parts, *models):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _fix_times_and_modes(folder: Path) -> None:
    """Have every file readable for Lambda's own user, and as old as any other, whatever this user's umask and clock."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (_EPOCH, _EPOCH))


def _sources(*packages: str) -> Iterator[Path]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*")):
            if path.is_file() and "__pycache__" not in path.relative_to(ROOT).parts:
                yield path


def _run(*command: str) -> None:
    """Run a program, and let it import nothing of the working directory. Raises CloudError where it fails."""
    # Sets are written into bytecode in the order of their hashes.
    environment = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    environment["PYTHONHASHSEED"] = "0"
    # uv reads the configuration of the directory that it runs in, and of those above.
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()
        raise CloudError(f"{Path(command[0]).name} failed, so the functions' asset was not built: {said}")
