"""The page of a digest: `digest.html`, one file that loads nothing and leads to no other page, and `index.html`, which
stands in the archive and leads on from there."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from shared.digest.archive_entries import Around
from shared.digest.formats.format import Format
from shared.digest.templating import environment, render
from shared.digest.view import PaperView, Sentence, View

HTML = "text/html; charset=utf-8"
"""The media type of every page."""
AUTHORS_SHOWN = 5
KEYWORDS_SHOWN = 5


@dataclass(frozen=True)
class Row:
    """Sentences of a translation, and those of the original that stand beside them on a wide screen."""

    sentences: tuple[Sentence, ...]
    beside: tuple[str, ...]
    begins: bool = False
    """Whether a paragraph begins here that is not the first."""
    first: int = 1
    """Which sentence of the translation the first one here is: in an address it names the sentence."""


def render_page(view: View, around: Around | None = None) -> bytes:
    """The digest as a page, in UTF-8; with `around`, it leads to the archive, its neighbours and other languages."""
    return render(
        "digest.html",
        view=view,
        words=view.words,
        title=view.title,
        description=view.description,
        around=around,
        feed=f"../../{view.digest.language}/" if around else "",
        folded=AUTHORS_SHOWN,
        most_keywords=KEYWORDS_SHOWN,
    )


def _rows(entry: PaperView) -> Iterator[Row]:
    first = 1
    for row in _paired(entry):
        yield replace(row, first=first)
        first += len(row.sentences)


def _paired(entry: PaperView) -> Iterator[Row]:
    """Sentence beside sentence where both sides have as many; else paragraph beside paragraph; else as wholes."""
    ours, theirs = entry.translation, entry.original
    flat = tuple(chain(*theirs))
    if sum(map(len, ours)) == len(flat):
        originals = iter(flat)
        for paragraph_number, paragraph in enumerate(ours):
            for number, sentence in enumerate(paragraph):
                yield Row((sentence,), (next(originals),), begins=number == 0 < paragraph_number)
    elif len(ours) == len(theirs):
        for number, (paragraph, original) in enumerate(zip(ours, theirs, strict=True)):
            yield Row(paragraph, original, begins=number > 0)
    else:
        yield Row(tuple(chain(*ours)), flat)


environment.filters["rows"] = _rows

FORMAT = Format("html", HTML, "HTML", render_page)
