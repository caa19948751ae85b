"""The translation memory's keys: two texts share a key only where one's translation may stand for the other's."""

import hashlib
import json

from shared.languages.glossary import Glossary, load_glossary
from shared.languages.table import Language

PIPELINE_VERSION = 2
"""Raised whenever the pipeline makes another text of the same answer: entries of older versions are not found."""


def memory_key(source: str, target: Language, engine: str, glossary: Glossary | None = None) -> str:
    """The key of an engine's translation of the cleaned `source`, as 64 hexadecimal digits.

    `engine` is what results call the engine, or both joined by "+" where there is a second one. Of `glossary` (the
    language's own unless given) only the entries that occur in `source` count, so that another glossary changes the
    keys of what it touches and no others.
    """
    entries = (glossary or load_glossary(target)).occurring(source)
    terms = sorted([entry.headword, entry.preferred, *entry.mended, entry.gloss] for entry in entries)
    return _hash(["engine", PIPELINE_VERSION, target.code, target.formality, engine, source, terms])


def person_key(source: str, target: Language) -> str:
    """The key of a person's translation of the cleaned `source`. Look it up first: it stands above every engine's."""
    return _hash(["person", target.code, source])


def _hash(parts: list[object]) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
