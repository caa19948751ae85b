"""`digest.txt` read back, in files of any age: also what the script before chorok wrote where it could not go on.

It is the one rendering where an error stands in a translation's place, so its reader knows the lines that always mean
one. Whether anything else that stands there is a translation is for the door to say.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from shared.digest import text_layout as layout
from shared.doubts import MISSING, Doubt, Kept
from shared.errors import UsageError
from shared.ledger.keys import SAMPLE
from shared.papers import ARXIV_ID
from shared.text.encodings import decoded

MARKED = "marked"
"""The rule of a mark that was read from a file: which rule it was, no reader of the file is shown."""

_KINDS = "|".join((layout.WEEK, layout.MONTH, layout.DAY, layout.SAMPLE_WEEK))
_TITLE_LINE = re.compile(rf"Hugging Face (?:{_KINDS}) 인기 논문 Top ([1-9][0-9]{{0,3}}) \(([^()]+)\) - 번역본")
_HEAD_LINES = 3
_HEADING = re.compile(r"--- ([0-9]{1,4})\. ")
_FAILED_ITEM = re.compile(r"--- [0-9]{1,4}\. 항목 처리 실패 ---")
_LINK = re.compile(
    rf"{layout.LINK}\s*https://huggingface\.co/papers/(?P<id>{ARXIV_ID.pattern})(?:v[0-9]+)?(?:[/?#]\S*)?\s*"
)
_TRANSLATION = re.compile(rf"{re.escape(layout.HEADING)}\s*(?:\(([^()]+)\))?\s*")
_UNNAMED = "Korean"
"""The language of a heading that names none: it is a Korean word."""
_MISSING = (layout.ERROR, layout.UNEXPECTED_ERROR, layout.PENDING)
_DOUBT = re.compile(rf"({re.escape(layout.DOUBTFUL)}|{re.escape(layout.LACKING)})(?:{re.escape(layout.ORIGINAL)}(.*))?")
_JAMO = re.compile("[\u1100-\u11ff]+")


@dataclass(frozen=True)
class TextPaper:
    """A paper as a text digest shows it. What the file does not hold, or holds only a part of, is "".

    `doubts` and `kept` are about sentences of the translation; their rule is `MARKED`, or `MISSING`. Where nothing says
    which paper it is, `unread` are the lines that stand at its rank.
    """

    rank: int
    id: str = ""
    title: str = ""
    abstract: str = ""
    translation: str = ""
    doubts: tuple[Doubt, ...] = ()
    kept: tuple[Kept, ...] = ()
    unread: str = ""


@dataclass(frozen=True)
class TextDigest:
    """A text digest read back. `period` is "" for the sample, `language` an English name, "" where no heading has it.

    Fewer papers than `top` mean that the file was cut, or that the source had no more. `engines` is what the head says
    of what translated the papers, "" for nothing.
    """

    period: str
    top: int
    language: str
    papers: tuple[TextPaper, ...]
    engines: str = ""


def parse_text(body: bytes) -> TextDigest:
    """A digest in the user's layout, read back.

    Empty lines before it, another encoding, CRLF, a byte order mark and a missing end are taken as they come. Raises
    UsageError where `body` is not such a digest.
    """
    try:
        content = decoded(body).lstrip("\ufeff\n\t ")
    except ValueError as error:
        raise UsageError(f"This is not a digest: {error}.") from error
    if _JAMO.search(content.partition("\n")[0]):
        # macOS takes syllables apart; only they are put together, and every other letter stays as it is.
        content = _JAMO.sub(lambda syllables: unicodedata.normalize("NFC", syllables[0]), content)
    head = _TITLE_LINE.fullmatch(content.partition("\n")[0].strip())
    if head is None:
        raise UsageError(
            'This is not a digest: its first line is not "Hugging Face 주간 인기 논문 Top … (…) - 번역본".'
        )
    # What follows the last line end is a line that was cut: half an id is another paper's id.
    lines = content.split("\n")[:-1]
    blocks = [lines[start:end] for start, end in pairwise([*_starts(lines, int(head[1])), len(lines)])]
    ended = content.endswith("\n\n")
    papers = tuple(_parse_paper(block, is_last=block is blocks[-1], ended=ended) for block in blocks)
    headings = [match[1] for line in lines if (match := _TRANSLATION.fullmatch(line))]
    named = (line for line in lines[1:_HEAD_LINES] if line.startswith(layout.ENGINES))
    return TextDigest(
        period="" if head[2] == SAMPLE else head[2],
        top=max([int(head[1]), *(paper.rank for paper in papers)]),
        language=next(filter(None, headings), _UNNAMED if headings else ""),
        papers=papers,
        engines=next(named, "").removeprefix(layout.ENGINES).strip(),
    )


def _starts(lines: list[str], top: int) -> Iterator[int]:
    """Where papers begin: at a heading of a higher rank than before whose title ends before a link, or is cut.

    Beyond the `top` that the head names, only the next rank is one: the script could be told to read more papers.
    """
    rank = 0
    for number, line in enumerate(lines):
        heading = _HEADING.match(line)
        if heading is None or not rank < int(heading[1]) <= max(top, rank + 1):
            continue
        if _is_failed_item(lines, number) or _title_end(lines, number):
            rank = int(heading[1])
            yield number


def _title_end(lines: list[str], start: int = 0) -> int | None:
    """Where the title that begins at `start` ends: before its link, or where the file ends in it; None for no title."""
    empty = False
    for end in range(start + 1, len(lines) + 1):
        line = lines[end - 1]
        if end > start + 1 and layout.is_structure(line):
            return None
        empty = empty or not line
        if end == len(lines):
            return None if empty else end
        if line.endswith(" ---") and lines[end].startswith(layout.LINK):
            return end
    return None


def _is_failed_item(lines: list[str], start: int = 0) -> bool:
    """Whether at `start` stands what the script wrote where it gave a paper up."""
    return _FAILED_ITEM.fullmatch(lines[start]) is not None and all(
        line.startswith(layout.ITEM_ERROR) for line in lines[start + 1 : start + 2]
    )


def _parse_paper(block: list[str], *, is_last: bool, ended: bool) -> TextPaper:
    rank, _, first = block[0].removeprefix("--- ").partition(". ")
    unread = "\n".join(block).rstrip()
    title_end = _title_end(block)
    if _is_failed_item(block) or title_end is None:
        return TextPaper(int(rank), unread=unread)
    title = "\n".join([first, *block[1:title_end]])
    # A title that was cut names no paper.
    title = layout.unguarded(title.removesuffix(" ---")).strip() if title.endswith(" ---") else ""
    link = _LINK.fullmatch(block[title_end]) if title_end < len(block) else None
    if link is None:
        return TextPaper(int(rank), title=title, unread=unread)
    body = block[title_end:]
    given_up = next((number for number in range(len(body)) if _is_failed_item(body, number)), len(body))
    is_whole = given_up < len(body) or not is_last
    return _with_texts(TextPaper(int(rank), link["id"], title), body[:given_up], is_whole=is_whole, ended=ended)


def _with_texts(paper: TextPaper, body: list[str], *, is_whole: bool, ended: bool) -> TextPaper:
    """The paper with the texts in `body`: all there is of it if that `is_whole`, else what a file has before its end.

    Where the file does not end as it should, with an empty line, its last text was cut.
    """
    translation_at = next((number for number, line in enumerate(body) if _TRANSLATION.fullmatch(line)), None)
    if layout.ABSTRACT not in body[:translation_at] or (translation_at is None and not is_whole):
        return paper
    abstract = "\n".join(body[body.index(layout.ABSTRACT) + 1 : translation_at])
    paper = replace(paper, abstract=layout.unguarded(abstract).strip())
    translation = "" if translation_at is None else "\n".join(body[translation_at + 1 :]).strip("\n")
    return _with_translation(paper, translation) if is_whole or ended else paper


def _with_translation(paper: TextPaper, body: str) -> TextPaper:
    """The paper with the translation that `body` holds, and apart from it what its marks say of the sentences."""
    if body.startswith(_MISSING):
        return paper
    lines: list[str] = []
    doubts: list[Doubt] = []
    kept: list[Kept] = []
    sentence = -1
    for line in body.split("\n"):
        if sentence >= 0 and line == layout.KEPT:
            kept.append(Kept(sentence, MARKED, ""))
        elif sentence >= 0 and (doubt := _DOUBT.fullmatch(line)):
            doubts.append(Doubt(sentence, MISSING if doubt[1] == layout.LACKING else MARKED, "", doubt[2] or ""))
        else:
            lines.append(line)
            sentence += bool(line.strip())
    translation = layout.unguarded("\n".join(lines)).strip()
    return replace(paper, translation=translation, doubts=tuple(doubts), kept=tuple(kept))
