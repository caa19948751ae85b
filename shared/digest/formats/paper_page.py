"""The page of one paper beside its digest, for whoever is sent a link to it: people, search engines, and Zotero.

It follows from the digest, and where the site's address is known, from that. A paper of a week may stand in days and
months as well: the page to find is the week's. What machines read in it is JSON-LD
(https://schema.org/ScholarlyArticle), the tags of
https://scholar.google.com/intl/en/scholar/inclusion.html#indexing, and https://ogp.me.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from shared.digest.formats.html import AUTHORS_SHOWN, HTML, KEYWORDS_SHOWN
from shared.digest.formats.md import escape
from shared.digest.templating import policy_with, render
from shared.digest.view import PaperView, View
from shared.ledger.file import File
from shared.ledger.keys import paper_page
from shared.periods import PeriodKind, parse_period

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T.*", re.DOTALL)
_IN_BIBTEX = re.compile(r"([&%$#_])")
_NOT_IN_BIBTEX = re.compile(r"[\\{}~^\"]")
_IN_SCRIPT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def paper_pages(view: View, site: str, weeks: Mapping[str, str]) -> dict[str, File]:
    """A page for each paper, by its name; for `site` and `weeks` see `renderings`."""
    period = view.digest.period
    is_week = bool(period) and parse_period(period).kind is PeriodKind.WEEK

    def canonical(paper: str) -> str:
        run = view.digest.run if is_week else weeks.get(paper, "")
        # Search engines take an absolute address alone for one that is to be found.
        return f"{site}{run}/{view.digest.language}/{paper_page(paper)}" if site and run else ""

    return {
        paper_page(entry.paper.id): File(_render(view, entry, canonical(entry.paper.id)), HTML) for entry in view.papers
    }


def _render(view: View, entry: PaperView, canonical: str) -> bytes:
    date = _DATE.fullmatch(entry.paper.published)
    data = _data(view, entry, "-".join(date.groups()) if date else "")
    return render(
        "paper.html",
        view=view,
        entry=entry,
        words=view.words,
        title=entry.title,
        description=entry.summary or (entry.translation[0][0].text if entry.translation else view.title),
        feed=f"../../{view.digest.language}/",
        folded=AUTHORS_SHOWN,
        most_keywords=KEYWORDS_SHOWN,
        date="/".join(date.groups()) if date else "",
        canonical=canonical,
        data=data,
        policy=policy_with(data),
        bibtex=_bibtex(entry, date[1] if date else ""),
        markdown=_markdown(entry),
    )


def _data(view: View, entry: PaperView, date: str) -> Markup:
    paper = entry.paper
    content: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": entry.title,
        "alternativeHeadline": entry.original_title,
        "inLanguage": view.digest.language if entry.translation else "en",
        "author": [{"@type": "Person", "name": name} for name in entry.authors],
        "datePublished": date,
        "abstract": " ".join(sentence.text for paragraph in entry.translation for sentence in paragraph),
        "keywords": ", ".join(entry.keywords),
        "identifier": f"arXiv:{paper.id}",
        "sameAs": [paper.links.arxiv, paper.links.page],
    }
    told = {name: value for name, value in content.items() if value}
    # Nothing in it can end the element that it stands in, nor begin another or a comment.
    return Markup(json.dumps(told, ensure_ascii=False).translate(_IN_SCRIPT))  # noqa: S704


def _bibtex(entry: PaperView, year: str) -> str:
    fields = {
        "title": f"{{{_of_bibtex(entry.original_title or entry.title)}}}",
        "author": " and ".join(map(_of_bibtex, entry.authors)),
        "year": year,
        "eprint": entry.paper.id,
        "archivePrefix": "arXiv",
        "url": entry.paper.links.arxiv,
    }
    lines = (f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return "\n".join((f"@misc{{arxiv:{entry.paper.id},", ",\n".join(lines), "}"))


def _of_bibtex(text: str) -> str:
    return _IN_BIBTEX.sub(r"\\\1", _NOT_IN_BIBTEX.sub("", text))


def _markdown(entry: PaperView) -> str:
    line = f" — {escape(entry.summary)}" if entry.summary else ""
    return f"[{escape(entry.title)}]({entry.paper.links.arxiv}){line}"
