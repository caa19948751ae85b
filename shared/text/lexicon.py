"""A short list of English words with their renderings, by which sentences that belong together find each other."""

import re
from functools import cached_property

_ENGLISH = re.compile(r"[a-z]{3,}(?:-[a-z]+)*")
_RUN = re.compile(r"[^\W\d_A-Za-z]{2,}")


class Lexicon:
    """Rows of English stems and of renderings in one language, each `stem stem: rendering rendering`, one a line.

    A stem stands for every English word that begins with it, the longest one deciding; a rendering for what holds it.

    >>> lexicon = Lexicon("model: 모델\\noptimi: 최적")
    >>> sorted(lexicon.rows_of("We optimise models.")), sorted(lexicon.renderings_in("최적화된 모델"))
    ([0, 1], ['모델', '최적'])
    """

    def __init__(self, table: str) -> None:
        rows = [line.partition(":") for line in table.strip().split("\n")]
        self._stems = {stem: number for number, (english, _, _) in enumerate(rows) for stem in english.split()}
        self.renderings = tuple(tuple(row.split()) for _, _, row in rows)
        """By row."""

    @cached_property
    def rows(self) -> dict[str, frozenset[int]]:
        """The rows of each rendering."""
        found: dict[str, frozenset[int]] = {}
        for number, renderings in enumerate(self.renderings):
            for rendering in renderings:
                found[rendering] = found.get(rendering, frozenset()) | {number}
        return found

    def rows_of(self, sentence: str) -> set[int]:
        """The rows whose English occurs in a sentence."""
        found = set()
        for word in _ENGLISH.findall(sentence.lower()):
            for part in {word, *word.split("-")} if "-" in word else (word,):
                row = self._row(part)
                if row is not None:
                    found.add(row)
        return found

    def renderings_in(self, sentence: str) -> set[str]:
        """The renderings of two letters or more that a sentence holds; of overlapping ones the longest."""
        found = set()
        known, lengths = self.rows, self._lengths
        for run in _RUN.finditer(sentence):
            start, end = run.span()
            while start < end - 1:
                for length in lengths:
                    if (form := sentence[start : start + length]) in known:
                        found.add(form)
                        start += length
                        break
                else:
                    start += 1
        return found

    @cached_property
    def _lengths(self) -> list[int]:
        return sorted({len(form) for form in self.rows if len(form) > 1}, reverse=True)

    @cached_property
    def _bounds(self) -> tuple[int, int]:
        return min(map(len, self._stems)), max(map(len, self._stems))

    def _row(self, word: str) -> int | None:
        shortest, longest = self._bounds
        for end in range(min(len(word), longest), shortest - 1, -1):
            row = self._stems.get(word[:end])
            if row is not None:
                return row
        return None
