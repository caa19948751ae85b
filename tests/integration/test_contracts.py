"""`make check` refuses an import that points up: the rooms of docs/architecture.md are held, not only drawn."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")
TURNED = {
    "a text transform that uses the ledger": ("shared/text/clean.py", "import shared.ledger.keys"),
    "a language that uses the translation": ("shared/languages/table.py", "import shared.translation.memory_keys"),
    "the domain that uses the command": ("shared/papers.py", "import cli.main"),
    "a function that uses the stack": ("functions/fetch/handler.py", "import infra.stack"),
    "a pure module that calls AWS": ("shared/digest/view.py", "import boto3"),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in ("cli", "functions", "infra", "shared"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def linted(project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINT, "--no-cache"], cwd=project, capture_output=True, text=True, check=False)


def test_the_project_as_it_is_keeps_its_contracts(project: Path) -> None:
    assert linted(project).returncode == 0


@pytest.mark.parametrize("arrow", TURNED)
def test_an_arrow_that_is_turned_round_is_refused(project: Path, arrow: str) -> None:
    name, line = TURNED[arrow]
    module = project / name
    source = module.read_text(encoding="utf-8")
    module.write_text(f"{source}\n{line}\n", encoding="utf-8")

    done = linted(project)

    module.write_text(source, encoding="utf-8")
    assert done.returncode == 1
    assert "BROKEN" in done.stdout
