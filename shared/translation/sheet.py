"""A paper as a text file that a person corrects in any editor: each English sentence, and below it its translation.

    # [title] We train agents
    에이전트 훈련하기

    # [1] Our agents are small.
    우리 에이전트는 작습니다.

Lines that begin with # are not read, but for the number in brackets, which says to what the lines below it belong. What
nobody has changed stays as it is, to the character.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from shared.doubts import Kept
from shared.errors import UsageError
from shared.languages.table import Language
from shared.text.display import one_line
from shared.translation.parallel import Passage
from shared.translation.styling import compose, one_sentence_a_line, said

_TITLE = "title"
_HEADER = re.compile(r"# \[(title|[1-9][0-9]{0,4})\](?: .*)?")
LEFT = "left-in-english"
"""The rule of a sentence that a person left in English where no translation was."""
_HEAD = """\
# {name}
#
# Below each English sentence stands its {language}. Correct it, save, and close the editor; unchanged, nothing happens.
# Lines that begin with # are not read. Leave the numbers in brackets where they are.
"""
_EMPTY = """\
# A sentence with nothing below it stays in English. Where another line says it too, delete its line with the number.
"""


@dataclass(frozen=True)
class Sheet:
    """What the file is about: a cleaned title and its translation ("" for none), and the abstract's passages.

    `kept` are the lines of the abstract's text that stay in English. Of a paper without a translation no passage has
    lines. `remarks` are shown at the passage of their place.
    """

    title: str
    translated_title: str
    passages: tuple[Passage, ...]
    kept: tuple[Kept, ...] = ()
    remarks: Mapping[int, Sequence[str]] | None = None

    @property
    def is_untranslated(self) -> bool:
        """Whether there is no translation of the abstract at all."""
        return not any(passage.lines for passage in self.passages)


@dataclass(frozen=True)
class Edited:
    """What a person wrote: a title and a text, each None where it is unchanged; `kept` are the text's English lines."""

    title: str | None
    text: str | None
    kept: tuple[Kept, ...] = ()


def write_sheet(sheet: Sheet, name: str, target: Language) -> str:
    """The file; `name` says which paper it is."""
    return "".join(_written(sheet, name, target))


def read_sheet(body: bytes, sheet: Sheet, target: Language) -> Edited:
    """What a person has made of the file of this `sheet`.

    Raises UsageError where it is not UTF-8, or where text stands above the first number.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"It is not UTF-8 ({error.reason}): save it as UTF-8.") from error
    typed = _typed(text)
    title = " ".join(typed.get(_TITLE, [sheet.translated_title]))
    is_same = said(title) == said(sheet.translated_title)
    edited = Edited(None if is_same else said(title), None)
    paragraphs: dict[int, list[str]] = {}
    kept: list[Kept] = []
    changed = False
    number = 0
    for place, passage in enumerate(sheet.passages, start=1):
        found = typed.get(str(place))
        lines, english = _read(found, passage, sheet, target)
        changed = changed or (lines != passage.lines and not english)
        if english:
            kept += (_mark(sheet, passage, number + offset) for offset in range(len(lines)))
        number += len(lines)
        paragraphs.setdefault(passage.paragraph, []).extend(lines)
    if not changed:
        return edited
    written = "\n\n".join("\n".join(lines) for lines in paragraphs.values() if lines)
    return replace(edited, text=written, kept=tuple(kept))


def _written(sheet: Sheet, name: str, target: Language) -> Iterator[str]:
    yield _HEAD.format(name=one_line(name), language=target.name)
    if sheet.is_untranslated or any(passage.kept for passage in sheet.passages):
        yield _EMPTY
    if sheet.title:
        yield f"\n# [{_TITLE}] {one_line(sheet.title)}\n"
        yield from _guarded([sheet.translated_title])
    paragraph = 0
    for place, passage in enumerate(sheet.passages, start=1):
        yield "\n" if passage.paragraph == paragraph else "\n#\n\n"
        paragraph = passage.paragraph
        yield f"# [{place}] {one_line(' '.join(passage.source)) or '(nothing in English)'}\n"
        for remark in (sheet.remarks or {}).get(place - 1, ()):
            yield f"#     {one_line(remark)}\n"
        yield from _guarded(() if passage.kept else passage.lines)


def _guarded(lines: Iterable[str]) -> Iterator[str]:
    """The lines as text, so that none of them can be taken for one that is not read."""
    for line in map(one_line, lines):
        if line:
            yield f"{' ' * line.startswith('#')}{line}\n"


def _typed(text: str) -> dict[str, list[str]]:
    """The lines below each number that is there. A number that is gone gives its lines to the one before."""
    typed: dict[str, list[str]] = {}
    below: list[str] | None = None
    for line in re.split(r"\r\n?|\n", text):
        if line.startswith("#"):
            header = _HEADER.fullmatch(line)
            below = typed.setdefault(header[1], []) if header else below
        elif line.strip():
            if below is None:
                raise UsageError(
                    f"{one_line(line)[:60]!r} stands above the first number in brackets: put it below one."
                )
            below.append(line.strip())
    return typed


def _read(found: list[str] | None, passage: Passage, sheet: Sheet, target: Language) -> tuple[tuple[str, ...], bool]:
    """The lines of a passage now, given those `found` below its number, and whether they are in English."""
    if found is None:
        return (), False
    if not found:
        if passage.kept:
            return passage.lines, True
        return (passage.source, True) if sheet.is_untranslated else ((), False)
    if not passage.kept and [*map(said, found)] == [*map(said, passage.lines)]:
        return passage.lines, False
    written = one_sentence_a_line(compose("\n".join(found)), target)
    return tuple(line for line in written.split("\n") if line), False


def _mark(sheet: Sheet, passage: Passage, number: int) -> Kept:
    """Why the line is in English: as it was known before, or because a person left it."""
    why = next((mark for mark in sheet.kept if mark.sentence in passage.places), None)
    return Kept(number, why.rule, why.evidence) if why else Kept(number, LEFT, "")
