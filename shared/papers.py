"""A paper as Hugging Face lists it, and the identity it keeps everywhere: its arXiv id."""

import re
from dataclasses import dataclass

ARXIV_ID = re.compile(r"(?:(?:0[7-9]|1[0-4])[0-9]{2}\.[0-9]{4}|(?:1[5-9]|[2-9][0-9])[0-9]{2}\.[0-9]{5})")
"""arXiv's scheme since April 2007, without a version: four digits behind the month until 2014, five since then.

Source: https://info.arxiv.org/help/arxiv_identifier.html. An id that has lost a digit is no other paper's.
"""

LONGEST_TITLE = 1_000
LONGEST_ABSTRACT = 20_000
LONGEST_SUMMARY = 1_000
"""In characters. Real titles have up to 200, real abstracts up to 2,000, real summaries up to 300."""

HUGGING_FACE = "https://huggingface.co"
"""The canonical address of the source, whatever mirror the papers were read from."""


def is_arxiv_id(text: str) -> bool:
    """Whether `text` is an arXiv id, whole: only then may it become part of an S3 key or a link."""
    return ARXIV_ID.fullmatch(text) is not None


@dataclass(frozen=True)
class Paper:
    """One paper as the source gives it: no text is cleaned, titles may hold line breaks. Only what is too long is cut,
    where a "…" shows it, and every text can be encoded.

    `odd` names what the source gives in place of a title and abstract that can be translated, "" for nothing.
    `upvotes` is None where the source does not say; `published` is an ISO 8601 timestamp or "".
    `code` and `project` are addresses that strangers typed: allow-list them before they become links. `summary` is the
    sentence in which an AI of Hugging Face says what the paper is about, "" where there is none; `stars` are those that
    the code had on GitHub when the papers were fetched, None where the source does not say. `thumbnail` is the address
    of the paper's own card at Hugging Face, or "": allow-list it as well.
    """

    id: str
    title: str
    abstract: str
    authors: tuple[str, ...] = ()
    upvotes: int | None = None
    published: str = ""
    code: str = ""
    project: str = ""
    keywords: tuple[str, ...] = ()
    odd: str = ""
    summary: str = ""
    stars: int | None = None
    thumbnail: str = ""

    @property
    def page(self) -> str:
        """The paper's canonical page on Hugging Face."""
        return f"{HUGGING_FACE}/papers/{self.id}"

    @property
    def missing_text(self) -> str:
        """Which text a translation would need and this paper lacks: "title", "abstract" or ""."""
        if not self.title.strip():
            return "title"
        return "" if self.abstract.strip() else "abstract"
