"""The entries of Hugging Face's paper lists: the same in the page's data block and in the API's answer.

Keys come and go there, so only those a digest needs are required; the rest is taken where it is of use. One odd entry
costs one entry. Where it names its paper, that paper keeps its rank and says what is wrong with it. Where it does not
(a promotion, no paper, an id of another kind), the next entry takes its place, even among the first: a paper without
an arXiv id can be neither linked, nor kept, nor translated.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.errors import PageUnreadable
from shared.papers import LONGEST_ABSTRACT, LONGEST_SUMMARY, LONGEST_TITLE, Paper, is_arxiv_id

MOST_ENTRIES = 5_000
"""A week has about 100."""

_NEEDED = ("title", "summary")
_MOST_AUTHORS, _LONGEST_NAME = 4_000, 200
_MOST_KEYWORDS, _LONGEST_KEYWORD = 100, 100
_LONGEST_ADDRESS = 2_000
_LONGEST_TIMESTAMP = 40
_MOST_COUNTED = 1_000_000
_LONGEST_NUMBER = 15
_HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")

Facts = Mapping[str, object]
"""What one entry says under `paper`, and its `thumbnail`, which stands beside that."""


@dataclass(frozen=True)
class Listing:
    """The papers of a list in their order, each once.

    `nameless` entries named no paper. `odd` counts these, those that named a paper again, and the papers that
    `first` left out and that are not as they should be.
    """

    papers: tuple[Paper, ...]
    nameless: int = 0
    odd: int = 0

    def first(self, top: int) -> "Listing":
        """The first `top` papers alone."""
        return Listing(self.papers[:top], self.nameless, self.odd + sum(map(_is_odd, self.papers[top:])))


def decode_json(text: str) -> object:
    """What JSON says. Half characters stay in their strings, and a number that cannot be a count of votes is None.

    Raises ValueError where it is no JSON, or nested beyond any depth.

    >>> decode_json('["\\ud83d", 7, 1e999, NaN]')
    ['\\ud83d', 7, None, None]
    """
    try:
        return json.loads(text, strict=False, parse_int=_whole, parse_float=_nothing, parse_constant=_nothing)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def facts_of(entry: object) -> Facts | None:
    """What a decoded entry says of its paper, or None where it names no paper by an arXiv id."""
    if not isinstance(entry, dict) or not isinstance(facts := entry.get("paper"), dict):
        return None
    identity = facts.get("id")
    known = isinstance(identity, str) and is_arxiv_id(identity)
    return facts | {"thumbnail": entry.get("thumbnail")} if known else None


def identities(entries: Sequence[object]) -> frozenset[str]:
    """The ids of the papers that decoded entries name."""
    return frozenset(str(facts["id"]) for entry in entries if (facts := facts_of(entry)) is not None)


def read_entries(entries: object, where: str) -> Listing:
    """The papers of the decoded `entries`. `where` begins the messages of errors.

    Of several entries for one paper the first counts, or the first with which nothing is wrong, at the first's rank.
    Raises PageUnreadable where `entries` is not a list or too long, or where nothing in it has the form of a paper.
    """
    if not isinstance(entries, list):
        raise PageUnreadable(f"{where} holds no list of papers: its form has changed, or this is another answer.")
    if len(entries) > MOST_ENTRIES:
        raise PageUnreadable(f"{where} lists more than {MOST_ENTRIES:,} papers, so it is not a period's list.")
    known = [facts for entry in entries if (facts := facts_of(entry)) is not None]
    if entries and not known:
        raise PageUnreadable(f"{where} has no paper with an arXiv id in any of its entries: its form has changed.")
    for key in _NEEDED:
        # One paper may lack a text and stays; when all do, the form has changed and nothing can be trusted.
        if known and not any(isinstance(facts.get(key, 0), str | None) for facts in known):
            raise PageUnreadable(f"{where} gives no paper a {key!r}: its form has changed.")
    papers: dict[str, Paper] = {}
    for paper in map(paper_of, known):
        held = papers.get(paper.id)
        if held is None or (_is_odd(held) and not _is_odd(paper)):
            papers[paper.id] = paper
    return Listing(tuple(papers.values()), nameless=len(entries) - len(known), odd=len(entries) - len(papers))


def _is_odd(paper: Paper) -> bool:
    return bool(paper.odd or paper.missing_text) or paper.upvotes is None


def paper_of(facts: Facts) -> Paper:
    """The paper that an entry's facts, with an arXiv id among them, describe."""
    title, abstract = _needed(facts, "title", LONGEST_TITLE), _needed(facts, "summary", LONGEST_ABSTRACT)
    return Paper(
        id=str(facts["id"]),
        title=_text(title, LONGEST_TITLE),
        abstract=_text(abstract, LONGEST_ABSTRACT),
        authors=_authors(facts.get("authors")),
        upvotes=_count(facts.get("upvotes")),
        published=_whole_text(facts.get("publishedAt"), _LONGEST_TIMESTAMP),
        code=_whole_text(facts.get("githubRepo"), _LONGEST_ADDRESS),
        project=_whole_text(facts.get("projectPage"), _LONGEST_ADDRESS),
        keywords=_texts(facts.get("ai_keywords"), _MOST_KEYWORDS, _LONGEST_KEYWORD),
        odd=_oddity("a title", title) or _oddity("an abstract", abstract) or _excess(abstract),
        # A summary that was cut would say something else.
        summary=_whole_text(facts.get("ai_summary"), LONGEST_SUMMARY),
        stars=_count(facts.get("githubStars")),
        thumbnail=_whole_text(facts.get("thumbnail"), _LONGEST_ADDRESS),
    )


def _needed(facts: Facts, key: str, longest: int) -> object:
    """A title or abstract as it stands; but nothing is too long because of the space around it."""
    value = facts.get(key)
    return value.strip() if isinstance(value, str) and len(value) > longest else value


def _oddity(name: str, value: object) -> str:
    """Why a title or abstract cannot be translated; one that is missing is not odd."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return f"{name} that is not text"
    return f"{name} with half a character in it" if _HALF_CHARACTER.search(value) else ""


def _excess(abstract: object) -> str:
    if not isinstance(abstract, str) or len(abstract) <= LONGEST_ABSTRACT:
        return ""
    return f"an abstract of {len(abstract):,} characters; at most {LONGEST_ABSTRACT:,} are translated"


def _count(value: object) -> int | None:
    """A number of votes or stars."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_COUNTED else None


def _authors(value: object) -> tuple[str, ...]:
    """The names of the authors that Hugging Face shows."""
    authors = value if isinstance(value, list) else []
    names = [author.get("name") for author in authors if isinstance(author, dict) and not author.get("hidden")]
    return _texts(names, _MOST_AUTHORS, _LONGEST_NAME)


def _texts(value: object, most: int, longest: int) -> tuple[str, ...]:
    texts = [text for item in value if (text := _text(item, longest))] if isinstance(value, list) else []
    return tuple(texts) if len(texts) <= most else (*texts[: most - 1], "…")


def _text(value: object, longest: int) -> str:
    """A text that can be encoded, of at most `longest` characters, and with a "…" at its end where it was longer."""
    text = value if isinstance(value, str) else ""
    text = text if len(text) <= longest else text[: longest - 1] + "…"
    return text if text.isascii() else _HALF_CHARACTER.sub("\ufffd", text)


def _whole_text(value: object, longest: int) -> str:
    """A text that is of no use when it is cut or mended, such as an address, or ""."""
    text = _text(value, longest)
    return text if text == value else ""


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else None


def _nothing(_: str) -> None:
    return None
