"""The sample week: ten landmark papers, so that the first digest needs no network, no model and no account.

Ids, titles, authors, dates and code addresses are those of arXiv (https://arxiv.org/abs/<id>). The abstracts are
summaries written for this project. Their translations were written by a person, one sentence a line, and lie in
`sample.json` in the language's folder.
"""

from dataclasses import dataclass
from importlib.resources import files

import msgspec

from shared.languages.table import codes
from shared.ledger.records import Memory
from shared.papers import Paper


@dataclass(frozen=True)
class _Translation:
    title: str
    abstract: tuple[str, ...]


def sample_papers() -> tuple[Paper, ...]:
    """The ten papers in rank order. They have no upvotes: nobody voted on this week."""
    return msgspec.json.decode(files("shared.services").joinpath("sample.json").read_bytes(), type=tuple[Paper, ...])


def sample_memory() -> tuple[Memory, ...]:
    """A person's translation of every title and every abstract, in each language there is.

    Sources are clean: they stand here as they stand in `sample_papers`.
    """
    return tuple(
        Memory(language, source, text, engine="person", origin="person")
        for language in codes()
        for paper, translation in _translated(language)
        for source, text in ((paper.title, translation.title), (paper.abstract, "\n".join(translation.abstract)))
    )


def _translated(language: str) -> tuple[tuple[Paper, _Translation], ...]:
    """Each paper with its translation; nothing for a language whose folder has no sample."""
    file = files("shared.languages").joinpath(language, "sample.json")
    if not file.is_file():
        return ()
    by_id = msgspec.json.decode(file.read_bytes(), type=dict[str, _Translation])
    return tuple((paper, by_id[paper.id]) for paper in sample_papers())
