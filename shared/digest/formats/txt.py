"""`digest.txt`: the layout of the script that chorok succeeds, to the byte."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from shared.digest import text_layout as layout
from shared.digest.formats.format import Format
from shared.digest.model import Digest, DigestPaper, Failed, Pending, Translated
from shared.doubts import MISSING, Doubt, Kept, marks
from shared.failures import NETWORK_CODE
from shared.languages.table import find_language
from shared.ledger.records import PERSON
from shared.text.display import displayable, one_line
from shared.text.mask import with_addresses_apart

TEXT = "text/plain; charset=utf-8"
"""The media type of plain text."""

_EMPTY_LINES = re.compile(r"\s*\n\s*\n")


def render_text(digest: Digest) -> bytes:
    """The digest in the user's layout, in UTF-8.

    A head line names the engine as soon as anything is translated; the sample says so in its first line.
    """
    return render_between(digest, {}, engines_line(digest.engines))


def render_between(digest: Digest, unread: Mapping[int, str], engines: str) -> bytes:
    """As `render_text`, with `unread` lines at their ranks, between the papers, and `engines` as the head's line."""
    return "".join(_render(digest, sorted(unread.items()), engines)).encode()


def engines_line(engines: Sequence[str]) -> str:
    """How the head names what translated the papers."""
    return ", ".join("사람" if engine == PERSON else f"기계 번역 ({one_line(engine)})" for engine in engines)


def _render(digest: Digest, unread: Sequence[tuple[int, str]], engines: str) -> Iterator[str]:
    yield f"Hugging Face {_kind(digest)} 인기 논문 Top {digest.top} ({digest.period or digest.run}) - 번역본\n"
    yield f"출처: {digest.source}\n"
    if engines:
        yield f"{layout.ENGINES}{engines}\n"
    yield "\n"
    blocks = [(paper.rank, _paper(digest.language, paper)) for paper in digest.papers]
    for _, block in sorted([*blocks, *((rank, f"{displayable(lines)}\n\n") for rank, lines in unread)]):
        yield block


def _paper(language: str, paper: DigestPaper) -> str:
    title = _guarded(_EMPTY_LINES.sub("\n", displayable(paper.title)))
    return (
        f"--- {paper.rank}. {title} ---\n{layout.LINK}{paper.links.page}\n\n"
        f"{layout.ABSTRACT}\n{_guarded(paper.abstract)}\n\n"
        f"{layout.TRANSLATION}{find_language(language).name})\n{_translation(paper)}\n\n"
    )


def _kind(digest: Digest) -> str:
    if digest.is_sample:
        return layout.SAMPLE_WEEK
    return {8: layout.WEEK, 7: layout.MONTH}.get(len(digest.period), layout.DAY)


def _guarded(text: str) -> str:
    return layout.guarded(displayable(text).strip())


def _translation(paper: DigestPaper) -> str:
    match paper.translation:
        case Translated():
            return "\n".join(_marked(paper.translation))
        case Pending():
            return layout.PENDING
        case Failed(code=code, attempts=attempts) if code == NETWORK_CODE:
            return f"{layout.ERROR}{attempts}번의 시도 후에도 네트워크 연결에 실패했습니다."
        case Failed(code=code, cause=cause):
            return f"{layout.ERROR}{one_line(cause)} ({code})"


def _marked(translation: Translated) -> Iterator[str]:
    """The lines of a translation, below each sentence that is doubtful or kept a line that says so."""
    marked, number = marks(translation.doubts, translation.kept), count()
    for line in _guarded(with_addresses_apart(translation.text)).split("\n"):
        yield line
        match marked.get(next(number)) if line.strip() else None:
            case Kept():
                yield layout.KEPT
            case Doubt(rule=rule, original=original):
                yield (layout.LACKING if rule == MISSING else layout.DOUBTFUL) + (
                    layout.ORIGINAL + one_line(original) if original else ""
                )


FORMAT = Format("txt", TEXT, "text_file", lambda view: render_text(view.digest))
