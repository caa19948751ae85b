"""The cloud's asset: every locked dependency for arm64, and our packages with their data, without Docker."""

import tomllib
from pathlib import Path

import pytest

from infra.bundling import ROOT, bundle_for_cloud, bundle_for_host
from shared.errors import CloudError
from tests.skips import skip

ARM64 = 0xB7
"""The machine number of AArch64 in an ELF header (https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html)."""


@pytest.fixture(scope="module")
def asset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle") / "asset"
    folder.mkdir()
    try:
        bundle_for_cloud(folder)
    except CloudError as error:
        skip("registry", f"the wheels for arm64 cannot be had: {error}")
    return folder


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


@pytest.mark.parametrize("data", ["languages/ko/strings.json", "digest/templates/digest.html", "services/sample.json"])
def test_the_data_that_the_functions_read_is_in_the_asset(tmp_path: Path, data: str) -> None:
    bundle_for_host(tmp_path)

    assert (tmp_path / "shared" / data).is_file()
