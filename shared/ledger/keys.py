"""The one place that knows the S3 keys. Every part of a key is validated before it becomes one."""

import re

from shared.errors import LedgerError
from shared.papers import is_arxiv_id

# Not \d, which takes the digits of every script: one week would have many names.
_PERIOD = r"[0-9]{4}-(?:W[0-9]{2}|[0-9]{2}(?:-[0-9]{2})?)"
SAMPLE = "sample"
"""The run, and the source, of the bundled sample week."""
_RUN = re.compile(rf"{SAMPLE}|{_PERIOD}(?:-healed-[0-9a-f]{{8}})?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")
_HASH = re.compile(r"[0-9a-f]{64}")
_RENDERING = re.compile(r"digest\.[a-z0-9]+")
_ARCHIVE_FILE = re.compile(r"[a-z0-9-]+(?:\.[A-Za-z]+)?\.[a-z]+")

RUNS = "runs/"
_REQUESTED = re.compile(rf"{RUNS}(?P<run>{_RUN.pattern})/(?P<language>{_LANGUAGE.pattern})/requested\.json")
RESULTS = "results/"
"""The prefix whose object-created events wake aggregate."""
MEMORY = "memory/"
DIGESTS = "digests/"


def manifest(run: str) -> str:
    """The papers of a run."""
    return f"{RUNS}{_run(run)}/manifest.json"


def requested(run: str, language: str) -> str:
    """That a language is wanted of a run."""
    return f"{RUNS}{_run(run)}/{_language(language)}/requested.json"


def dispatched(run: str, language: str) -> str:
    """That all messages of a run and language are out."""
    return f"{RUNS}{_run(run)}/{_language(language)}/dispatched.json"


def announced(run: str, language: str, state: str) -> str:
    """That the digest's being `complete` or `partial` has been told."""
    if state not in ("complete", "partial"):
        raise LedgerError(f"{state!r} is no state that is announced.")
    return f"{RUNS}{_run(run)}/{_language(language)}/announced-{state}.json"


def results(run: str, language: str) -> str:
    """The prefix of all results of a run and language."""
    return f"{RESULTS}{_run(run)}/{_language(language)}/"


def result(run: str, language: str, paper: str) -> str:
    """The result of one paper."""
    if not is_arxiv_id(paper):
        raise LedgerError(f"{paper!r} is no arXiv id.")
    return f"{results(run, language)}{paper}.json"


def memories(language: str) -> str:
    """The prefix of all that is remembered in a language."""
    return f"{MEMORY}{_language(language)}/"


def memory(language: str, digest: str) -> str:
    """A remembered translation, by the sha256 of what went in, as 64 hexadecimal digits."""
    if _HASH.fullmatch(digest) is None:
        raise LedgerError(f"{digest!r} is no sha256.")
    return f"{memories(language)}{digest}.json"


def digests(run: str, language: str) -> str:
    """The prefix of a digest and its renderings."""
    return f"{DIGESTS}{_run(run)}/{_language(language)}/"


def digest(run: str, language: str, name: str) -> str:
    """A digest or one of its renderings: `digest.json`, `digest.txt` and so on."""
    if _RENDERING.fullmatch(name) is None:
        raise LedgerError(f"{name!r} is no rendering of a digest.")
    return f"{digests(run, language)}{name}"


def archives(language: str) -> str:
    """The prefix of a language's archive."""
    return f"{DIGESTS}{_language(language)}/"


def archive(language: str, name: str) -> str:
    """A file of a language's archive: `archive.json`, `index.html` and so on."""
    if _ARCHIVE_FILE.fullmatch(name) is None:
        raise LedgerError(f"{name!r} is no file of an archive.")
    return f"{archives(language)}{name}"


def parse_result(key: str) -> tuple[str, str, str]:
    """Run, language and paper of a result's key. Raises LedgerError for any other key."""
    prefix, _, rest = key.partition("/")
    parts = rest.split("/")
    if prefix + "/" != RESULTS or len(parts) != 3 or not parts[2].endswith(".json"):
        raise LedgerError(f"{key!r} is no result's key.")
    run, language, paper = parts[0], parts[1], parts[2].removesuffix(".json")
    if result(run, language, paper) != key:
        raise LedgerError(f"{key!r} is no result's key.")
    return run, language, paper


def parse_requested(key: str) -> tuple[str, str] | None:
    """Run and language of the key of a `requested.json`, or None for any other key."""
    match = _REQUESTED.fullmatch(key)
    return None if match is None else (match["run"], match["language"])


def is_run(text: str) -> bool:
    """Whether `text` names a run."""
    return _RUN.fullmatch(text) is not None


def _run(run: str) -> str:
    if not is_run(run):
        raise LedgerError(f"{run!r} is no run. Runs are called 2025-W37, 2025-09, 2025-09-12 or sample.")
    return run


def _language(language: str) -> str:
    if _LANGUAGE.fullmatch(language) is None:
        raise LedgerError(f"{language!r} is no language code.")
    return language
