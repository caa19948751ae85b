"""`digest.md`: the digest in GitHub Flavored Markdown (https://github.github.com/gfm/).

Strangers' text is escaped whole, line starts included; only an address that may be a link becomes one, visibly.
"""

import re
from collections.abc import Iterator

from shared.digest.model import Digest
from shared.digest.view import PaperView, View, view
from shared.text.links import split_links

# Any ASCII punctuation may be escaped (https://github.github.com/gfm/#backslash-escapes). Left alone is what means
# nothing within a line. A colon makes an address or an emoji only in company.
_PUNCTUATION = re.compile(r"([\\`*_\[\]<>|~@&$]|:(?=//|[\w+-]+:))")
_LINE_START = re.compile(r"^(\d+)(?=[.)])|^(?=[-+=#])")


def render_markdown(digest: Digest) -> bytes:
    """The digest as Markdown, in UTF-8."""
    return ("\n".join(_document(view(digest))).rstrip("\n") + "\n").encode()


def _document(page: View) -> Iterator[str]:
    words = page.words
    yield from (f"# {_escape(page.title)}", "")
    if page.digest.is_sample:
        yield from (f"**{_escape(words('sample'))}**", "")
    facts = (page.dates, words("papers", count=len(page.papers)), page.state, page.updated)
    yield from (" · ".join(_escape(fact) for fact in facts if fact), "")
    yield from (f"{_escape(words('source'))}: <{page.digest.source}>", "")
    yield from (f"> {_escape(line)}  " for line in (page.missing, page.translator) if line)
    yield from ("", f"## {_escape(words('contents'))}", "")
    yield from (f"{entry.paper.rank}. [{_escape(entry.title)}](#{entry.paper.id})" for entry in page.papers)
    for entry in page.papers:
        yield from _paper(entry, page)


def _paper(entry: PaperView, page: View) -> Iterator[str]:
    words = page.words
    yield from ("", f'<a id="{entry.paper.id}"></a>', "", f"## {entry.paper.rank}. {_escape(entry.title)}", "")
    if entry.original_title:
        yield from (f"*{_escape(entry.original_title)}*", "")
    if entry.authors:
        yield from (f"{_escape(words('authors'))}: {_escape(', '.join(entry.authors))}", "")
    links = [f"[{_escape(name)}](<{address}>)" for address, name in entry.links]
    votes = [] if entry.paper.upvotes is None else [_escape(words("upvotes", count=entry.paper.upvotes))]
    yield from (" · ".join(votes + links), "")
    if entry.missing:
        yield from (f"> **{_escape(entry.missing)}**", "")
    for paragraph in entry.translation:
        yield from ("\\\n".join(_text(sentence) for sentence in paragraph), "")
    if entry.translation:
        yield from ("<details>", f"<summary>{_escape(words('original'))}</summary>", "")
    for original in entry.original or ((words("no_abstract"),),):
        yield from (_text(" ".join(original)), "")
    if entry.translation:
        yield from ("</details>", "")
    if entry.keywords:
        yield from (f"{_escape(words('keywords'))}: {_escape(', '.join(entry.keywords))}", "")


def _text(line: str) -> str:
    """A line of an abstract: its addresses as links, all else escaped."""
    pieces = (f"<{address}>" if address else _PUNCTUATION.sub(r"\\\1", text) for text, address in split_links(line))
    return _at_line_start("".join(pieces))


def _escape(line: str) -> str:
    return _at_line_start(_PUNCTUATION.sub(r"\\\1", line))


def _at_line_start(line: str) -> str:
    return _LINE_START.sub(r"\1\\", line)
