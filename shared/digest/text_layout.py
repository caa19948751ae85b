"""The layout of `digest.txt`, which its writer and its reader share: the layout of the script that chorok succeeds.

A line of a title, abstract or translation that looks like a line of the layout is written with one more space before
it, and read with one less: no text can pass itself off as structure. So is a line that looks like a mark, which stands
below a sentence that is doubtful or kept in English and is no part of the text.
"""

import re

WEEK, MONTH, DAY, SAMPLE_WEEK = "주간", "월간", "일간", "견본"
ENGINES = "번역: "
ERROR = "번역 중 오류 발생: "
UNEXPECTED_ERROR = "번역 중 예상치 못한 오류 발생: "
PENDING = "번역 대기 중입니다."
ITEM_ERROR = "항목 처리 중 오류 발생: "
LINK = "Link: "
ABSTRACT = "## Abstract (Original)"
HEADING = "## 초록"
TRANSLATION = f"{HEADING} ("
DOUBTFUL = "※ 이 문장은 번역이 정확하지 않거나 빠진 내용이 있을 수 있습니다."
LACKING = "※ 여기에서 한 문장의 번역이 빠졌을 수 있습니다."
KEPT = "※ 이 문장은 번역하지 못해 원문을 그대로 두었습니다."
ORIGINAL = " 원문: "

_BEGINNINGS = (LINK, ABSTRACT, HEADING, ITEM_ERROR, ERROR, UNEXPECTED_ERROR, PENDING, DOUBTFUL, LACKING, KEPT)
_STRUCTURE = rf"(?:--- \d+\. |{'|'.join(map(re.escape, _BEGINNINGS))})"
_GUARDED = re.compile(rf"^(?= *{_STRUCTURE})", re.MULTILINE)
_GUARD = re.compile(rf"^ (?= *{_STRUCTURE})", re.MULTILINE)


def is_structure(line: str) -> bool:
    """Whether `line` is one of the layout's."""
    return re.match(_STRUCTURE, line) is not None


def guarded(text: str) -> str:
    """`text` without a line that looks like the layout's."""
    return _GUARDED.sub(" ", text)


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return _GUARD.sub("", text)
