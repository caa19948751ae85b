"""`digest.txt`: the layout of the script that chorok succeeds, to the byte, and its reader.

It is the one rendering where an error stands in a translation's place, so it is also the one with a reader that knows
every such line, in files of any age. A line of a title, abstract or translation that looks like a line of the layout is
written with one more space before it, and read with one less: no text can pass itself off as structure. So is a line
that looks like a mark, which stands below a sentence that is doubtful or kept in English and is no part of the text.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count, pairwise

from shared.digest.formats.format import Format
from shared.digest.model import Digest, DigestPaper, Failed, Pending, Translated
from shared.doubts import MISSING, Doubt, Kept, marks
from shared.errors import UsageError
from shared.failures import NETWORK_CODE
from shared.languages.table import find_language
from shared.ledger.keys import SAMPLE
from shared.ledger.records import PERSON
from shared.papers import is_arxiv_id
from shared.text.display import displayable, one_line
from shared.text.mask import with_addresses_apart

TEXT = "text/plain; charset=utf-8"
"""The media type of plain text."""

MARKED = "marked"
"""The rule of a mark that was read from a file: which rule it was, no reader of the file is shown."""

_WEEK, _MONTH, _DAY, _SAMPLE = "주간", "월간", "일간", "견본"
_ERROR = "번역 중 오류 발생: "
_UNEXPECTED_ERROR = "번역 중 예상치 못한 오류 발생: "
_PENDING = "번역 대기 중입니다."
_ITEM_ERROR = "항목 처리 중 오류 발생: "
_ABSTRACT = "## Abstract (Original)"
_DOUBTFUL = "※ 이 문장은 번역이 정확하지 않거나 빠진 내용이 있을 수 있습니다."
_LACKING = "※ 여기에서 한 문장의 번역이 빠졌을 수 있습니다."
_KEPT = "※ 이 문장은 번역하지 못해 원문을 그대로 두었습니다."
_ORIGINAL = " 원문: "

_TITLE_LINE = re.compile(
    rf"Hugging Face (?:{_WEEK}|{_MONTH}|{_DAY}|{_SAMPLE}) 인기 논문 Top ([1-9][0-9]{{0,3}}) \(([^()]+)\) - 번역본"
)
_HEADING = re.compile(r"--- (\d{1,4})\. ")
_FAILED_ITEM = re.compile(r"--- \d{1,4}\. 항목 처리 실패 ---")
_LINK = re.compile(r"Link: https://huggingface\.co/papers/(\S+)")
_TRANSLATION = re.compile(r"## 초록 \(([^()]+)\)")
_MISSING = (_ERROR, _UNEXPECTED_ERROR, _PENDING)
_DOUBT = re.compile(rf"({re.escape(_DOUBTFUL)}|{re.escape(_LACKING)})(?:{_ORIGINAL}(.*))?")
_BEGINNINGS = (_ABSTRACT, "## 초록 (", _ITEM_ERROR, *_MISSING, _DOUBTFUL, _LACKING, _KEPT)
_STRUCTURE = rf"(?:--- \d+\. |Link: |{'|'.join(map(re.escape, _BEGINNINGS))})"
_EMPTY_LINES = re.compile(r"\s*\n\s*\n")
_GUARDED = re.compile(rf"^(?= *{_STRUCTURE})", re.MULTILINE)
_GUARD = re.compile(rf"^ (?= *{_STRUCTURE})", re.MULTILINE)


@dataclass(frozen=True)
class TextPaper:
    """A paper as a text digest shows it. What the file does not hold, or holds only a part of, is "".

    `doubts` and `kept` are about sentences of the translation; their rule is `MARKED`, or `MISSING`.
    """

    rank: int
    id: str = ""
    title: str = ""
    abstract: str = ""
    translation: str = ""
    doubts: tuple[Doubt, ...] = ()
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True)
class TextDigest:
    """A text digest read back. `period` is "" for the sample, `language` an English name, "" where no heading has it.

    Fewer papers than `top` mean that the file was cut, or that the source had no more.
    """

    period: str
    top: int
    language: str
    papers: tuple[TextPaper, ...]


def render_text(digest: Digest) -> bytes:
    """The digest in the user's layout, in UTF-8.

    A head line names the engine as soon as anything is translated; the sample says so in its first line.
    """
    return "".join(_render(digest)).encode()


def parse_text(body: bytes) -> TextDigest:
    """A digest in the user's layout, read back: CRLF, a byte order mark and a missing end are taken as they come.

    Raises UsageError where `body` is not such a digest.
    """
    try:
        # The decoder keeps back a character that the end of a truncated file cuts in two.
        content = codecs.getincrementaldecoder("utf-8-sig")().decode(body)
    except UnicodeDecodeError as error:
        raise UsageError(f"This is not a digest: it is not UTF-8 text ({error}).") from error
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    head = _TITLE_LINE.fullmatch(content.partition("\n")[0].strip())
    if head is None:
        raise UsageError(
            'This is not a digest: its first line is not "Hugging Face 주간 인기 논문 Top … (…) - 번역본".'
        )
    # What follows the last line end is a line that was cut: half an id is another paper's id.
    lines = content.split("\n")[:-1]
    blocks = [lines[start:end] for start, end in pairwise([*_starts(lines), len(lines)])]
    ended = content.endswith("\n\n")
    papers = tuple(_parse_paper(block, ended=ended or block is not blocks[-1]) for block in blocks)
    headings = (match for line in lines if (match := _TRANSLATION.fullmatch(line)))
    return TextDigest(
        period="" if head[2] == SAMPLE else head[2],
        top=int(head[1]),
        language=next((match[1] for match in headings), ""),
        papers=papers,
    )


def _render(digest: Digest) -> Iterator[str]:
    yield f"Hugging Face {_kind(digest)} 인기 논문 Top {digest.top} ({digest.period or digest.run}) - 번역본\n"
    yield f"출처: {digest.source}\n"
    if digest.engines:
        yield f"번역: {', '.join(map(_engine, digest.engines))}\n"
    yield "\n"
    heading = f"## 초록 ({find_language(digest.language).name})"
    for paper in digest.papers:
        title = _guarded(_EMPTY_LINES.sub("\n", displayable(paper.title)))
        yield f"--- {paper.rank}. {title} ---\nLink: {paper.links.page}\n\n"
        yield f"{_ABSTRACT}\n{_guarded(paper.abstract)}\n\n"
        yield f"{heading}\n{_translation(paper)}\n\n"


def _kind(digest: Digest) -> str:
    if digest.is_sample:
        return _SAMPLE
    return {8: _WEEK, 7: _MONTH}.get(len(digest.period), _DAY)


def _engine(engine: str) -> str:
    return "사람" if engine == PERSON else f"기계 번역 ({one_line(engine)})"


def _guarded(text: str) -> str:
    return _GUARDED.sub(" ", displayable(text).strip())


def _translation(paper: DigestPaper) -> str:
    match paper.translation:
        case Translated():
            return "\n".join(_marked(paper.translation))
        case Pending():
            return _PENDING
        case Failed(code=code, attempts=attempts) if code == NETWORK_CODE:
            return f"{_ERROR}{attempts}번의 시도 후에도 네트워크 연결에 실패했습니다."
        case Failed(code=code, cause=cause):
            return f"{_ERROR}{one_line(cause)} ({code})"


def _marked(translation: Translated) -> Iterator[str]:
    """The lines of a translation, below each sentence that is doubtful or kept a line that says so."""
    marked, number = marks(translation.doubts, translation.kept), count()
    for line in _guarded(with_addresses_apart(translation.text)).split("\n"):
        yield line
        match marked.get(next(number)) if line.strip() else None:
            case Kept():
                yield _KEPT
            case Doubt(rule=rule, original=original):
                yield (_LACKING if rule == MISSING else _DOUBTFUL) + (
                    _ORIGINAL + one_line(original) if original else ""
                )


def _starts(lines: list[str]) -> Iterator[int]:
    """Where papers begin: at a heading of a higher rank than before whose title ends before a link, or is cut."""
    rank = 0
    for number, line in enumerate(lines):
        heading = _HEADING.match(line)
        if heading and int(heading[1]) > rank and (_is_failed_item(lines[number:]) or _title_end(lines[number:])):
            rank = int(heading[1])
            yield number


def _title_end(lines: list[str]) -> int | None:
    """How many lines the title that begins `lines` has, all of them where the file ends in it, or None for no title."""
    for number, line in enumerate(lines, start=1):
        if number == len(lines) or (line.endswith(" ---") and lines[number].startswith("Link: ")):
            return number
        if not line or (number > 1 and re.match(_STRUCTURE, line)):
            return None
    return None


def _is_failed_item(lines: list[str]) -> bool:
    return _FAILED_ITEM.fullmatch(lines[0]) is not None and all(line.startswith(_ITEM_ERROR) for line in lines[1:2])


def _parse_paper(block: list[str], *, ended: bool) -> TextPaper:
    rank, _, first = block[0].removeprefix("--- ").partition(". ")
    title_end = _title_end(block)
    if _is_failed_item(block) or title_end is None or title_end == len(block):
        return TextPaper(int(rank))
    title = "\n".join([first, *block[1:title_end]]).removesuffix(" ---")
    link = _LINK.fullmatch(block[title_end])
    paper = TextPaper(int(rank), link[1] if link and is_arxiv_id(link[1]) else "", _unguarded(title))
    body = block[title_end:]
    translation_at = next((number for number, line in enumerate(body) if _TRANSLATION.fullmatch(line)), None)
    # Without the translation's heading the abstract is not known to be whole.
    if translation_at is None or _ABSTRACT not in body[:translation_at]:
        return paper
    abstract = "\n".join(body[body.index(_ABSTRACT) + 1 : translation_at])
    translation = "\n".join(body[translation_at + 1 :]).strip("\n")
    paper = replace(paper, abstract=_unguarded(abstract))
    return paper if not ended or translation.startswith(_MISSING) else _with_translation(paper, translation)


def _with_translation(paper: TextPaper, body: str) -> TextPaper:
    """The paper with the translation that `body` holds, and apart from it what its marks say of the sentences."""
    lines: list[str] = []
    doubts: list[Doubt] = []
    kept: list[Kept] = []
    sentence = -1
    for line in body.split("\n"):
        if sentence >= 0 and line == _KEPT:
            kept.append(Kept(sentence, MARKED, ""))
        elif sentence >= 0 and (doubt := _DOUBT.fullmatch(line)):
            doubts.append(Doubt(sentence, MISSING if doubt[1] == _LACKING else MARKED, "", doubt[2] or ""))
        else:
            lines.append(line)
            sentence += bool(line.strip())
    return replace(paper, translation=_unguarded("\n".join(lines)), doubts=tuple(doubts), kept=tuple(kept))


def _unguarded(text: str) -> str:
    return _GUARD.sub("", text).strip()


FORMAT = Format("txt", TEXT, "text_file", lambda view: render_text(view.digest))
