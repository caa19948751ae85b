"""Whoever follows the documents to the letter gets where they say."""

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.documents.faults import faults
from tests.documents.generated import generated

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("name", generated(ROOT))
def test_a_document_that_is_written_from_the_code_says_what_the_code_says(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == generated(ROOT)[name], "run `make documents`"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_setting_and_link_of_a_document_is_there(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert faults(path, ROOT, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "```sh\nchorok rerun\n```",
        "```sh\nchorok run --langs ko   # two languages\n```",
        "```sh\nchorok run --week 2025-37\n```",
        "```sh\nCHOROK_MODELS=models chorok run --lang klingon\n```",
        "```sh\nchorok memory exprot memory.tmx\n```",
        "the line `chorok status --stacks Chorok` in a sentence",
        "| table |\n|---|\n| `chorok redrive --every` |",
        "```sh\nmake everything\n```",
        "```sh\nnpx aws-cdk@2 deploy -c chorok:tops=3\n```",
        "```sh\nnpx aws-cdk@2 deploy \\\n  -c chorok:top=none\n```",
        "```sh\naws sqss receive-message\n```",
        "```sh\naws sqs receive-messages\n```",
        "```sh\naws sqs receive-message --queue-name x | head\n```",
        "[a file](docs/nowhere.md)",
        "[a heading](docs/runbook.md#nowhere)",
        "[a heading of this page](#nowhere)",
        "![a picture](docs/nowhere.png)",
        "[a place](http://example.org)",
    ],
)
def test_a_mistake_in_a_document_is_noticed(wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert len(faults(ROOT / "README.md", ROOT, f"# Title\n\n{wrong}\n")) == 1
