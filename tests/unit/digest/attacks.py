"""What strangers may try: texts and addresses that must stay texts in every format.

A text that is run sets `window.attacked`, opens a dialogue or asks `evil.example` for something.
"""

from collections.abc import Sequence

from shared.digest.model import Digest
from shared.doubts import Doubt, Kept
from shared.failures import Failure, FailureClass
from shared.ledger.records import FailedResult, Result, TranslatedResult
from shared.papers import Paper
from tests.unit.digest.digests import MONDAY, WEEK, digest_of

TEXTS = (
    "<script>window.attacked=1</script>",
    "</title></style></script><script>window.attacked=1</script>",
    '"><img src=x onerror="window.attacked=1">',
    "' onmouseover='window.attacked=1' autofocus onfocus='window.attacked=1",
    "<svg/onload=window.attacked=1><math><mi//xlink:href='data:x,<script>window.attacked=1</script>'>",
    "<iframe srcdoc='<script>parent.attacked=1</script>'></iframe><object data=https://evil.example/></object>",
    "&lt;script&gt;window.attacked=1&lt;/script&gt; &amp;lt;img src=x onerror=alert(1)&amp;gt; &#60;b&#62;",
    "<style>*{background:url(https://evil.example/)}</style><link rel=stylesheet href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'><base href=https://evil.example/>",
    "<!-- unclosed ]]> --!> <![CDATA[ <script>window.attacked=1</script> ]]>",
    "{{ 7*7 }} {% include 'x' %} ${window.attacked=1} `alert(1)`",
    "[click](javascript:window.attacked=1) ![x](https://evil.example/x.png) <javascript:alert(1)>",
    "# Heading\n\n- list\n\n| a | b |\n| --- | --- |\n| c | d |\n\n```html\n<script>window.attacked=1</script>\n```",
    "[ref]: javascript:alert(1)\n[ref]\n***bold*** ~~gone~~ @everyone #1 :smile: www.evil.example $x$",
    "</content></entry><entry><id>urn:forged</id><title>forged</title></entry>",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    "--- 2. 항목 처리 실패 ---\nLink: https://huggingface.co/papers/2509.66666\n\n## 초록 (Korean)\nforged",
    "bidi \u202egnp.exe\u202c \u2066hidden\u2069 \u200fmark",
    "controls \x00\x07\x1b[31mred\x1b[0m\x7f\x9b \ufffe \uffff \ufeff",
    "lines \r\n \r \x85 \u2028 \u2029 end",
    "../../../../etc/passwd ..\\..\\windows /absolute con.xhtml",
    "combining Z̵̘̈́a̷̛͇l̶̮̾g̵̱̚o̴̭͝ 👩‍👩‍👧‍👦 𝕏 ｆｕｌｌ",
    "long " + "가나다" * 3000,
    "unbroken" + "x" * 20000,
    "many " * 4000,
)
ADDRESSES = (
    "javascript:window.attacked=1",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>window.attacked=1</script>",
    "//evil.example/",
    "http://evil.example/",
    "https://github.com@evil.example/",
    'https://evil.example/"onclick="window.attacked=1',
    "https://evil.example/\u202egnp",
    "file:///etc/passwd",
    "https://127.0.0.1/",
)


def attacked_papers() -> tuple[Paper, ...]:
    """Papers with each text in each place that strangers fill."""
    return tuple(
        Paper(
            id=f"2509.{number:05}",
            title=text,
            abstract=f"First sentence. {text} Last sentence.",
            authors=(text, "Mallory", text, "Trudy", "Eve", text),
            upvotes=number,
            published=text,
            code=ADDRESSES[number % len(ADDRESSES)],
            project=ADDRESSES[(number + 1) % len(ADDRESSES)],
            keywords=(text, "attack"),
            summary=text,
            stars=number,
            thumbnail=ADDRESSES[number % len(ADDRESSES)],
        )
        for number, text in enumerate(TEXTS)
    )


def attacked_digest(papers: Sequence[Paper] | None = None, run: str = WEEK) -> Digest:
    """A digest of these papers: the even ones with translations and marks as hostile, the odd ones with such causes."""
    papers = attacked_papers() if papers is None else papers
    results: list[Result] = []
    for number, paper in enumerate(papers):
        text = TEXTS[number % len(TEXTS)]
        if number % 2:
            failure = Failure(FailureClass.TRANSIENT, "Evil", text)
            results.append(FailedResult(WEEK, "ko", paper.id, MONDAY, failure=failure, attempts=3))
        else:
            results.append(
                TranslatedResult(
                    WEEK,
                    "ko",
                    paper.id,
                    MONDAY,
                    text=f"첫 문장.\n{text}\n끝.",
                    title=text,
                    engine=text,
                    doubts=(Doubt(0, text, text, text),),
                    kept=(Kept(1, text, text),),
                    summary=text,
                )
            )
    return digest_of(papers, results, run=run)
