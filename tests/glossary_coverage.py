"""How much of what papers talk about the Korean glossary covers: `python -m tests.glossary_coverage`.

The measure is the list of keywords that Hugging Face gave to papers, each with how often it was given. A keyword is
covered where an entry is that keyword, whole; an acronym in brackets behind it is not part of it.
"""

import json
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.languages.glossary import Glossary, load_glossary
from shared.languages.table import find_language
from tests.conftest import ROOT

KEYWORDS = Path("glossary") / "ai_keywords_frequency_top3000.json"


@dataclass(frozen=True)
class Coverage:
    """Mentions of keywords: all, those of terms with a translation, and those of terms that stay English."""

    mentions: int
    translated: int
    stays_english: int
    missing: tuple[tuple[str, int], ...]

    @property
    def share(self) -> float:
        """The covered part of all mentions, terms that stay English included."""
        return (self.translated + self.stays_english) / self.mentions

    @property
    def share_translated(self) -> float:
        """The part of the mentions, without those of terms that stay English, that has a translation."""
        return self.translated / (self.mentions - self.stays_english)


def measure(glossary: Glossary, keywords: Sequence[tuple[str, int]]) -> Coverage:
    """How many of the mentions of `keywords` are of terms in `glossary`."""
    counts = {True: 0, False: 0}
    missing = []
    for keyword, count in keywords:
        entry = glossary.lookup(bare(keyword))
        if entry:
            counts[entry.stays_english] += count
        else:
            missing.append((keyword, count))
    return Coverage(sum(count for _, count in keywords), counts[False], counts[True], tuple(missing))


def bare(keyword: str) -> str:
    """The keyword without an acronym in brackets."""
    return re.sub(r"\s*\([^)]*\)", "", keyword).strip()


def keywords_in(folder: Path) -> list[tuple[str, int]]:
    """The keywords and their mentions, as the folder of shared data holds them."""
    return [(keyword, count) for keyword, count in json.loads((folder / KEYWORDS).read_text(encoding="utf-8"))]


def main() -> None:
    """Print the coverage, the terms that stay English, and the most mentioned ones that are missing."""
    folder = Path(os.environ.get("CHOROK_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / KEYWORDS).is_file():
        sys.exit(f"There is no {folder / KEYWORDS}. Set CHOROK_SHARED_DATA to the folder of shared data.")
    glossary = load_glossary(find_language("ko"))
    coverage = measure(glossary, keywords_in(folder))
    names = [entry.headword for entry in glossary.entries if entry.stays_english]
    sys.stdout.write(
        f"entries           {len(glossary.entries):6,}\n"
        f"  translated      {len(glossary.entries) - len(names):6,}\n"
        f"  stay English    {len(names):6,}\n"
        f"mentions          {coverage.mentions:6,}\n"
        f"  translated      {coverage.translated:6,}  {coverage.translated / coverage.mentions:6.1%}\n"
        f"  stay English    {coverage.stays_english:6,}  {coverage.stays_english / coverage.mentions:6.1%}\n"
        f"covered, with terms that stay English     {coverage.share:6.1%}\n"
        f"covered, without them on either side      {coverage.share_translated:6.1%}\n"
        f"\nstay English: {', '.join(names)}\n"
        f"\nmissing most: {', '.join(f'{keyword} ({count})' for keyword, count in coverage.missing[:20])}\n"
    )


if __name__ == "__main__":
    main()
