"""The cloud's assets: what each function imports, for arm64, the same bytes wherever they are built."""

import ast
import os
import platform
import re
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import bundling
from infra.app import build
from infra.bundling import FUNCTIONS, REQUIREMENTS, ROOT, SERVICES, bundle_for_cloud, bundle_for_host
from shared.errors import CloudError
from tests.imports import modules_of
from tests.skips import skip

ARM64 = 0xB7
"""The machine number of AArch64 in an ELF header (https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html)."""
GLIBC = 34
"""Lambda's Amazon Linux 2023 has glibc 2.34."""
MOST_BYTES = 25_000_000

Assets = dict[str, Path]


def bundled_in(folder: Path, function: str, python: str | None = sys.executable) -> Path:
    # This Python compiles it: what matters here is the same for each version.
    try:
        bundle_for_cloud(function, folder, python)
    except CloudError as error:
        skip("registry", f"the wheels for arm64 cannot be had: {error}")
    return folder


@pytest.fixture(scope="module")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Assets:
    folder = tmp_path_factory.mktemp("bundle")
    return {function: bundled_in(folder / function, function) for function in FUNCTIONS}


@pytest.fixture(scope="module")
def assets_of_another(tmp_path_factory: pytest.TempPathFactory) -> Assets:
    """The same, built by a user who lets nobody read his files."""
    folder = tmp_path_factory.mktemp("a folder with another name")
    before = os.umask(0o077)
    try:
        return {function: bundled_in(folder / function, function) for function in FUNCTIONS}
    finally:
        os.umask(before)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_same_commit_makes_the_same_asset_in_any_folder_and_under_any_umask(
    assets: Assets, assets_of_another: Assets, function: str
) -> None:
    first, second = everything_in(assets[function]), everything_in(assets_of_another[function])

    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []


def everything_in(folder: Path) -> dict[Path, tuple[int, float, bytes]]:
    """Mode, time and content of each file and folder below `folder`."""
    return {
        path.relative_to(folder): (status.st_mode, status.st_mtime, path.read_bytes() if path.is_file() else b"")
        for path in folder.rglob("*")
        for status in [path.stat()]
    }


def test_lambda_may_read_every_file_and_none_is_one_with_that_of_the_package_cache(assets_of_another: Assets) -> None:
    for path in (path for asset in assets_of_another.values() for path in asset.rglob("*")):
        status = path.stat()

        assert stat.S_IMODE(status.st_mode) == (0o755 if path.is_dir() else 0o644)
        assert path.is_dir() or status.st_nlink == 1


@pytest.mark.parametrize("function", FUNCTIONS)
def test_everything_compiled_is_for_the_runtime(assets: Assets, function: str) -> None:
    libraries = list(assets[function].rglob("*.so*"))

    assert libraries
    for path in libraries:
        content = path.read_bytes()
        assert content[:4] == b"\x7fELF"
        assert int.from_bytes(content[18:20], "little") == ARM64
        assert path.name.endswith((".cpython-314-aarch64-linux-gnu.so", ".abi3.so"))
        assert max(int(minor) for minor in re.findall(rb"\bGLIBC_2\.(\d+)", content)) <= GLIBC


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_wheel_is_for_the_runtime(assets: Assets, function: str) -> None:
    tags = [
        (path.parent.name, tag)
        for path in assets[function].glob("*.dist-info/WHEEL")
        for tag in re.findall(r"^Tag: (\S+)$", path.read_text(), re.MULTILINE)
    ]

    assert tags
    usable = {
        name
        for name, tag in tags
        if re.fullmatch(r"(py2\.py3|py3)-none-any|(cp314-cp314|cp3\d+-abi3)-.*(aarch64|any)", tag)
    }
    assert {name for name, _ in tags} - usable == set()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_an_asset_holds_nothing_that_no_function_uses(assets: Assets, function: str) -> None:
    asset = assets[function]

    assert {path.suffix for path in asset.rglob("*")}.isdisjoint({".c", ".h", ".pxd", ".pyi", ".pyx"})
    assert not (asset / "bin").exists()
    assert not list(asset.glob("*.dist-info/RECORD"))
    assert {path.name for path in asset.glob("botocore/data/*") if path.is_dir()} == SERVICES[function]
    assert {path.name for path in (asset / "functions").iterdir() if path.is_dir()} - {"__pycache__"} == {function}
    assert sum(path.stat().st_size for path in asset.rglob("*") if path.is_file()) < MOST_BYTES


def test_versions_are_those_of_the_lock_file_and_nothing_of_the_command_line_comes_along(assets: Assets) -> None:
    locked = {
        f"{package['name'].replace('-', '_')}-{package['version']}"
        for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    }

    bundled = {path.name.removesuffix(".dist-info") for asset in assets.values() for path in asset.glob("*.dist-info")}

    assert bundled <= locked
    assert not {name.split("-")[0] for name in bundled} & {"aws_cdk_lib", "ministack", "pytest", "fxtranslate"}


def test_bytecode_is_checked_by_hash_never_by_time_and_names_the_files_as_lambda_has_them(assets: Assets) -> None:
    compiled = next((assets["translate"] / "shared").glob("**/settings.*.pyc")).read_bytes()

    # Bit 0: hash-based; bit 1, whether the source is checked at import, is off (https://peps.python.org/pep-0552/).
    assert int.from_bytes(compiled[4:8], "little") == 0b01
    assert b"/var/task/shared/settings.py" in compiled


def test_synthesis_says_that_there_is_no_bytecode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.app.bytecode_python", lambda: None)
    monkeypatch.setattr("infra.app.bundle_for_cloud", lambda function, folder, python: folder.mkdir())

    build(tmp_path, {}).synth()

    assert "the assets hold no bytecode" in (tmp_path / "Chorok.metadata.json").read_text()
    assert "AwsSolutions" in (tmp_path / "validation-report.json").read_text(), "and cdk-nag has looked at the stack"


def test_a_command_that_uploads_nothing_builds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the cdk command says it where it is to list, or to destroy."""
    monkeypatch.setattr("infra.app.bundle_for_cloud", lambda *_: pytest.fail("an asset was built"))

    build(tmp_path, {"aws:cdk:bundling-stacks": []}).synth()  # type: ignore[dict-item]

    assert (tmp_path / "Chorok.template.json").exists()
    assert list(tmp_path.glob("asset.*")) == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_requirements_are_those_of_the_lock_file(function: str) -> None:
    """When this fails: make lock."""
    export = ("export", "--frozen", "--only-group", function, "--no-header", "--no-annotate", "--quiet")

    exported = subprocess.run(
        [sys.executable, "-m", "uv", *export], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    assert (REQUIREMENTS / f"{function}.txt").read_text() == exported
    assert "--hash=sha256:" in exported


def test_the_command_has_all_that_the_functions_need() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())

    command = {re.split(r"[<>=]", requirement)[0] for requirement in project["project"]["dependencies"]}

    for group in ("functions", *FUNCTIONS):
        assert {name for name in project["dependency-groups"][group] if isinstance(name, str)} < command


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_finds_in_its_asset_whatever_it_imports(
    tmp_path: Path, function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same asset, but for this Python and this machine, and with nothing else to import from."""
    monkeypatch.setattr(bundling, "VERSION", f"{sys.version_info.major}.{sys.version_info.minor}")
    monkeypatch.setattr(bundling, "_PLATFORM", f"{platform.machine()}-manylinux_2_28")
    folder = bundled_in(tmp_path / "asset", function, python=None)
    imported = sorted({name for module in modules_of(function) for name in imports_of(module)})

    done = subprocess.run(
        [*(sys.executable, "-I", "-S", "-B", "-W", "error", "-c", TRIAL, folder), *imported, "--", *SERVICES[function]],
        capture_output=True,
        text=True,
        env={"AWS_DEFAULT_REGION": "us-east-1"},
    )

    assert list(folder.rglob("*.pyc")) == [], "no Python of the runtime was there to compile them"
    assert done.returncode == 0, done.stderr


TRIAL = """
import importlib, sys
folder, *arguments = sys.argv[1:]
sys.path.insert(0, folder)
modules, services = arguments[: arguments.index("--")], arguments[arguments.index("--") + 1 :]
for module in modules:
    importlib.import_module(module)
for service in services:
    importlib.import_module("boto3").client(service)
"""


@pytest.mark.parametrize("function", FUNCTIONS)
def test_an_asset_has_the_models_of_the_services_that_its_function_calls(function: str) -> None:
    called = {
        service
        for module in modules_of(function)
        for service in re.findall(r"\bclient\(\s*\"([a-z0-9-]+)\"", module.read_text())
    }

    assert called == SERVICES[function]


def imports_of(module: Path) -> Iterator[str]:
    """The modules that a file imports when it runs: not those that it only needs for its types."""
    tree = ast.parse(module.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("data", ["languages/ko/strings.json", "digest/templates/digest.html", "services/sample.json"])
def test_the_data_that_the_functions_read_is_in_the_asset(tmp_path: Path, data: str) -> None:
    bundle_for_host(tmp_path)

    assert (tmp_path / "shared" / data).is_file()
