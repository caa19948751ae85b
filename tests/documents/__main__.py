"""Writes the documents that say what the code says: `python -m tests.documents`."""

from tests.conftest import ROOT
from tests.documents.generated import generated

if __name__ == "__main__":
    for name, text in generated(ROOT).items():
        (ROOT / name).write_text(text, encoding="utf-8")
