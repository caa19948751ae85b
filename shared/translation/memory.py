"""The translation memory's keys: two texts share a key only where one's translation may stand for the other's."""

import hashlib
import json
from collections.abc import Iterable

from shared.languages import Language

PIPELINE_VERSION = 1
"""Raised whenever the pipeline makes another text of the same answer: entries of older versions are not found."""


def memory_key(source: str, target: Language, engine: str, glossary: Iterable[tuple[str, str]] = ()) -> str:
    """The key of an engine's translation, as 64 hexadecimal digits.

    `source` is cleaned; `engine` names the engine with its version; `glossary` holds term and translation of the
    entries that occur in `source`, in any order, so that another glossary changes only the keys of what it touches.
    """
    parts = ["engine", PIPELINE_VERSION, target.code, target.formality, engine, source, sorted(set(glossary))]
    return _hash(parts)


def person_key(source: str, target: Language) -> str:
    """The key of a person's translation of the cleaned `source`. Look it up first: it stands above every engine's."""
    return _hash(["person", target.code, source])


def _hash(parts: list[object]) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
