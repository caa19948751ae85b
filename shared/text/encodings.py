"""Text files as editors in Korea leave them: which encoding one is in, and what it says."""

import codecs

_MARKED = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = ("utf-8", "cp949")
"""CP949 is what Windows calls EUC-KR and holds all of it; hardly any Korean text in it is UTF-8 too."""


def is_marked(body: bytes) -> bool:
    """Whether `body` begins with a byte order mark."""
    return any(body.startswith(mark) for mark, _ in _MARKED)


def line_end(body: bytes) -> str:
    """How lines end in a text file: as Windows ends them wherever it does so once."""
    return "\r\n" if any("\r\n".encode(encoding) in body for _, encoding in _MARKED) else "\n"


def decoded(body: bytes) -> str:
    r"""What a text file says, with `\n` for every line end.

    It is UTF-8 or UTF-16 where it says so by a mark, else UTF-8 or CP949. A character that the end of a file cuts in
    two is left out. Raises ValueError where it is none of these.

    >>> decoded("초록\r\n".encode("euc-kr"))
    '초록\n'
    """
    encodings = [(body.removeprefix(mark), encoding) for mark, encoding in _MARKED if body.startswith(mark)]
    for content, encoding in encodings or [(body, encoding) for encoding in _UNMARKED]:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(content)
        except UnicodeDecodeError:
            continue
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise ValueError("it is text in neither UTF-8 nor UTF-16 nor CP949")
