"""chorok installed from its wheel, in an environment of its own, works from any folder, with no clone."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.bundling import ROOT
from tests.skips import skip

PACKAGES = ("cli", "functions", "infra", "shared")
LOCKED = ("export", "--frozen", "--no-dev", "--no-emit-project", "--no-hashes", "--no-header", "--no-annotate")


def uv(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "uv", *arguments], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        skip("registry", f"uv {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    uv("build", "--quiet", "--wheel", "--out-dir", str(folder))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds the wheel and what it asks for, in the versions of the lock file."""
    folder = tmp_path_factory.mktemp("installed")
    locked = folder / "locked.txt"
    locked.write_text(uv(*LOCKED))
    environment = folder / "environment"
    uv("venv", "--quiet", "--python", sys.executable, str(environment))
    python = environment / "bin" / "python"
    uv("pip", "install", "--quiet", "--python", str(python), "--constraint", str(locked), str(wheel))
    return python.parent


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder far from any clone, with packages and modules that must never be imported: each ends the process."""
    folder = tmp_path / "elsewhere"
    for package in PACKAGES:
        (folder / package).mkdir(parents=True)
        (folder / package / "__init__.py").write_text("raise SystemExit('imported from the working directory')")
    for module in ("aws_cdk", "click", "compileall", "json", "uv"):
        (folder / f"{module}.py").write_text("raise SystemExit('imported from the working directory')")
    return folder


def run(command: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return subprocess.run(
        command, cwd=folder, env=kept | {"HOME": str(home)} | environment, capture_output=True, text=True
    )


def contents(folder: Path) -> Mapping[Path, int]:
    """The files below `folder` and when each was changed, but for the bytecode that Python itself keeps."""
    return {
        path: path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    files = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert files <= set(zipfile.ZipFile(wheel).namelist())
    assert {Path(file).suffix for file in files} >= {".py", ".json", ".csv", ".html", ".css", ".js", ".txt"}


def test_the_command_answers_from_any_folder(programs: Path, elsewhere: Path) -> None:
    version = run([str(programs / "chorok"), "--version"], elsewhere)
    manual = run([str(programs / "chorok"), "--help"], elsewhere)

    assert (version.returncode, version.stdout) == (0, "chorok, version 0.1.0\n")
    assert manual.returncode == 0
    assert "redrive" in manual.stdout


def test_the_cloud_comes_up_from_any_folder_and_nothing_is_written_to_the_installation(
    programs: Path, elsewhere: Path
) -> None:
    before = contents(programs.parent)
    chorok = str(programs / "chorok")

    # The engine is an address where nobody answers: no model is fetched for a cloud that only has to start.
    up = run([chorok, "up"], elsewhere, AWS_ENDPOINT_URL_TRANSLATE="http://127.0.0.1:9")
    try:
        looked = run([chorok, "status", "--json"], elsewhere)
    finally:
        down = run([chorok, "down"], elsewhere)

    assert up.returncode == 0, up.stderr
    assert "PapersQueue" in up.stdout
    assert looked.returncode == 0, looked.stderr
    assert down.stdout == "stopped\n"
    assert contents(programs.parent) == before
