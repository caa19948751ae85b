"""`digest.md`: the digest in GitHub Flavored Markdown (https://github.github.com/gfm/).

Strangers' text is escaped whole, line starts included; only an address that may be a link becomes one, visibly.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from shared.digest.formats.format import Format
from shared.digest.view import PaperView, Sentence, View
from shared.text.links import split_links

# Any ASCII punctuation may be escaped (https://github.github.com/gfm/#backslash-escapes). Left alone is what means
# nothing within a line. A colon makes an address or an emoji only in company.
_PUNCTUATION = re.compile(r"([\\`*_\[\]<>|~@&$]|:(?=//|[\w+-]+:))")
_LINE_START = re.compile(r"^(\d+)(?=[.)])|^(?=[-+=#])")


def render_markdown(view: View) -> bytes:
    """The digest as Markdown, in UTF-8."""
    return ("\n".join(_document(view)).rstrip("\n") + "\n").encode()


def _document(view: View) -> Iterator[str]:
    words = view.words
    yield from (f"# {escape(view.title)}", "")
    if view.digest.is_sample:
        yield from (f"**{escape(words('sample'))}**", "")
    facts = (view.dates, words("papers", count=len(view.papers)), view.state, view.updated)
    yield from (" · ".join(escape(fact) for fact in facts if fact), "")
    yield from (f"{escape(words('source'))}: <{view.digest.source}>", "")
    told = (view.missing, view.translator, view.marked, view.summaries)
    yield from (f"> {escape(line)}  " for line in told if line)
    yield from ("", f"## {escape(words('contents'))}", "")
    for entry in view.papers:
        untranslated = f" ({escape(words('state_none'))})" if entry.missing else ""
        line = f"\\\n   {_text(entry.summary)}" if entry.summary else ""
        yield f"{entry.paper.rank}. [{escape(entry.title)}](#{entry.paper.id}){untranslated}{line}"
    for entry in view.papers:
        yield from _paper(entry, view)


def _paper(entry: PaperView, view: View) -> Iterator[str]:
    words = view.words
    yield from ("", f'<a id="{entry.paper.id}"></a>', "", f"## {entry.paper.rank}. {escape(entry.title)}", "")
    if entry.original_title:
        yield from (f"*{escape(entry.original_title)}*", "")
    if entry.authors:
        yield from (f"{escape(words('authors'))}: {escape(', '.join(entry.authors))}", "")
    links = [f"[{escape(name)}](<{address}>)" for address, name in entry.links]
    votes = [] if entry.paper.upvotes is None else [escape(words("upvotes", count=entry.paper.upvotes))]
    stars = [] if entry.stars is None else [f"★ {entry.stars}"]
    yield from (" · ".join(votes + stars + links), "")
    if entry.summary:
        yield from (f"**{escape(words('summary'))}**\\\n{_text(entry.summary)}", "")
    if entry.missing:
        yield from (f"> **{escape(entry.missing)}**", "")
    for paragraph in entry.translation:
        yield from _paragraph(paragraph)
    if entry.translation:
        yield from ("<details>", f"<summary>{escape(words('original'))}</summary>", "")
    for original in entry.original or ((words("no_abstract"),),):
        yield from (_text(" ".join(original)), "")
    if entry.translation:
        yield from ("</details>", "")
    if entry.keywords:
        yield from (f"{escape(words('keywords'))}: {escape(', '.join(entry.keywords))}", "")


def _paragraph(sentences: Iterable[Sentence]) -> Iterator[str]:
    """One sentence a line; a marked one is a quotation of its own, with its note and its English."""
    for marked, group in groupby(sentences, key=lambda sentence: bool(sentence.mark)):
        if not marked:
            yield from ("\\\n".join(_text(sentence.text) for sentence in group), "")
            continue
        for sentence in group:
            lines = filter(None, [_text(sentence.text), f"*{escape(sentence.note)}*", _text(sentence.original)])
            yield from ("> " + "\\\n> ".join(lines), "")


def _text(line: str) -> str:
    """A line of an abstract: its addresses as links, all else escaped."""
    pieces = (f"<{address}>" if address else _PUNCTUATION.sub(r"\\\1", text) for text, address in split_links(line))
    return _at_line_start("".join(pieces))


def escape(line: str) -> str:
    """A line in which no character means anything to Markdown."""
    return _at_line_start(_PUNCTUATION.sub(r"\\\1", line))


def _at_line_start(line: str) -> str:
    return _LINE_START.sub(r"\1\\", line)


FORMAT = Format("md", "text/markdown; charset=utf-8", "Markdown", render_markdown)
