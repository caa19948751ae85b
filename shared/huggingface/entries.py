"""One entry of Hugging Face's paper lists: the same in the page's data block and in the API's answer.

Keys come and go there, so only those a digest needs are required; the rest is taken where it is of use.
"""

from collections.abc import Iterable, Mapping

from shared.errors import PageUnreadable
from shared.papers import Paper, is_arxiv_id

_NEEDED = ("title", "summary")

Facts = Mapping[str, object]
"""What one entry says under `paper`."""


def read_entries(entries: object, where: str) -> tuple[Facts, ...]:
    """What each of the decoded `entries` says of its paper, in order. `where` begins the messages of errors.

    Raises PageUnreadable where `entries` is no list, an entry holds no paper, or a needed key is nowhere to be found.
    """
    if not isinstance(entries, list):
        raise PageUnreadable(f"{where} holds no list of papers: its form has changed, or this is no such answer.")
    facts = tuple(_facts(entry, rank, where) for rank, entry in enumerate(entries, 1))
    for key in _NEEDED:
        # One paper may lack a text and stays; when all do, the form has changed and nothing can be trusted.
        if facts and not any(key in fact for fact in facts):
            raise PageUnreadable(f"{where} gives no paper a {key!r}: its form has changed.")
    return facts


def read_papers(facts: Iterable[Facts], where: str) -> tuple[Paper, ...]:
    """The papers in order, each once: of several entries with one id the first counts.

    Raises PageUnreadable for an id that is no arXiv id, and for a title or abstract that is no text.
    """
    papers: dict[str, Paper] = {}
    for rank, fact in enumerate(facts, 1):
        paper = _paper(fact, f"{where}, entry {rank}:")
        papers.setdefault(paper.id, paper)
    return tuple(papers.values())


def _facts(entry: object, rank: int, where: str) -> Facts:
    fact = entry.get("paper") if isinstance(entry, dict) else None
    if not isinstance(fact, dict):
        raise PageUnreadable(f"{where}, entry {rank}: there is no paper in it. The list's form has changed.")
    return fact


def _paper(fact: Facts, where: str) -> Paper:
    identity = fact.get("id")
    if not isinstance(identity, str) or not is_arxiv_id(identity):
        raise PageUnreadable(f"{where} {str(identity)[:40]!r} is no arXiv id. The list is damaged or has changed.")
    upvotes = fact.get("upvotes")
    return Paper(
        id=identity,
        title=_needed_text(fact, "title", where),
        abstract=_needed_text(fact, "summary", where),
        authors=_authors(fact.get("authors")),
        upvotes=upvotes if isinstance(upvotes, int) and not isinstance(upvotes, bool) else None,
        published=_text(fact.get("publishedAt")),
        code=_text(fact.get("githubRepo")),
        project=_text(fact.get("projectPage")),
        keywords=_texts(fact.get("ai_keywords")),
    )


def _needed_text(fact: Facts, key: str, where: str) -> str:
    value = fact.get(key)
    if value is not None and not isinstance(value, str):
        raise PageUnreadable(f"{where} its {key!r} is no text. The list's form has changed.")
    return value or ""


def _authors(value: object) -> tuple[str, ...]:
    """The names of the authors that Hugging Face shows."""
    authors = value if isinstance(value, list) else []
    return _texts([author.get("name") for author in authors if isinstance(author, dict) and not author.get("hidden")])


def _texts(value: object) -> tuple[str, ...]:
    return tuple(filter(None, map(_text, value))) if isinstance(value, list) else ()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
