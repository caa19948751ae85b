"""The cloud's asset: every locked dependency for arm64, and our packages with their data, without Docker."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from infra.bundling import PACKAGES, REQUIREMENTS, ROOT, bundle_for_cloud, bundle_for_host
from shared.errors import CloudError
from tests.skips import skip

ARM64 = 0xB7
"""The machine number of AArch64 in an ELF header (https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html)."""


EXPORT = ("export", "--frozen", "--only-group", "functions", "--no-header", "--no-annotate", "--quiet")


def bundled_in(scratch: Path) -> Path:
    folder = scratch / "asset"
    folder.mkdir()
    try:
        bundle_for_cloud(folder)
    except CloudError as error:
        skip("registry", f"the wheels for arm64 cannot be had: {error}")
    return folder


@pytest.fixture(scope="module")
def asset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundled_in(tmp_path_factory.mktemp("bundle"))


def test_everything_compiled_is_for_arm64(asset: Path) -> None:
    libraries = list(asset.rglob("*.so"))

    assert libraries
    assert {int.from_bytes(path.read_bytes()[18:20], "little") for path in libraries} == {ARM64}


def test_versions_are_those_of_the_lock_file_and_nothing_of_the_command_line_comes_along(asset: Path) -> None:
    locked = {
        f"{package['name'].replace('-', '_')}-{package['version']}"
        for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    }

    bundled = {path.name.removesuffix(".dist-info") for path in asset.glob("*.dist-info")}

    assert {name.split("-")[0] for name in bundled} >= {"boto3", "msgspec", "selectolax", "requests", "jinja2"}
    assert bundled <= locked
    assert not {name.split("-")[0] for name in bundled} & {"aws_cdk_lib", "ministack", "pytest", "fxtranslate"}


def test_bytecode_is_checked_by_hash_never_by_time(asset: Path) -> None:
    compiled = next((asset / "shared").rglob("*.pyc"))

    # Bit 0: hash-based; bit 1, whether the source is checked at import, is off (https://peps.python.org/pep-0552/).
    assert int.from_bytes(compiled.read_bytes()[4:8], "little") == 0b01


def test_the_same_commit_makes_the_same_asset_wherever_it_is_built(asset: Path, tmp_path: Path) -> None:
    again = bundled_in(tmp_path)

    first, second = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (asset, again)
    )

    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []


def test_the_requirements_are_those_of_the_lock_file() -> None:
    """When this fails: make lock."""
    exported = subprocess.run(
        [sys.executable, "-m", "uv", *EXPORT], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    assert REQUIREMENTS.read_text() == exported
    assert "--hash=sha256:" in exported


def test_the_command_has_all_that_the_functions_need() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())

    command = {re.split(r"[<>=]", requirement)[0] for requirement in project["project"]["dependencies"]}

    assert set(project["dependency-groups"]["functions"]) < command


def test_whatever_the_functions_import_is_in_the_asset(asset: Path) -> None:
    imported = {
        name.split(".")[0]
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        for name in names_imported_by(node)
    }
    foreign = {name for name in imported - sys.stdlib_module_names if not name.startswith("types_")}

    assert foreign >= {"boto3", "jinja2", "sentencex"}
    assert {name for name in foreign if not (asset / name).exists()} == set()


def names_imported_by(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


@pytest.mark.parametrize("data", ["languages/ko/strings.json", "digest/templates/digest.html", "services/sample.json"])
def test_the_data_that_the_functions_read_is_in_the_asset(tmp_path: Path, data: str) -> None:
    bundle_for_host(tmp_path)

    assert (tmp_path / "shared" / data).is_file()
