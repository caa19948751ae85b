"""The one place that knows the S3 keys. Every part of a key is validated before it becomes one."""

import re
from collections.abc import Iterable
from typing import Final

from shared.editions import Edition
from shared.errors import InvalidKey
from shared.makers import Makers
from shared.papers import is_arxiv_id

# Not \d, which takes the digits of every script: one week would have many names.
_PERIOD = r"[0-9]{4}-(?:W[0-9]{2}|[0-9]{2}(?:-[0-9]{2})?)"
SAMPLE = "sample"
"""The run, and the source, of the bundled sample week."""
_HEALED = "-healed-"
_RUN = re.compile(rf"{SAMPLE}|{_PERIOD}(?:{_HEALED}[0-9a-f]{{8}})?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")
_HASH = re.compile(r"[0-9a-f]{64}")
PAGE: Final = "index.html"
"""The page of a digest in its archive, beside its own files."""
_RENDERING = re.compile(rf"digest\.[a-z0-9]+|{re.escape(PAGE)}")
_PAPER_PAGE = ".html"
_ARCHIVE_FILE = re.compile(r"[a-z0-9-]+(?:\.[A-Za-z]+)?\.[a-z]+")

RUNS = "runs/"
_REQUESTED = re.compile(rf"{RUNS}(?P<run>{_RUN.pattern})/(?P<language>{_LANGUAGE.pattern})/requested\.json")
ADOPTED = f"{RUNS}adopted.json"
"""That the ledger was taken over from another bucket."""
INCIDENTS = f"{RUNS}incidents.json"
"""What is wrong, and what an operator was told of it: among the runs, so that a tick's one listing shows whether it is
there at all."""
RESULTS = "results/"
"""The prefix whose object-created events wake aggregate."""
MEMORY = "memory/"
_OF_PAPERS = f"{MEMORY}papers/"
ANSWERS = "answers/"
"""What engines were paid for; S3 removes it when no message can ask for it any more."""
DIGESTS = "digests/"
LANGUAGES = f"{DIGESTS}languages.json"
"""Which languages have an archive."""
FRONT = f"{DIGESTS}{PAGE}"
"""The page that leads to each language's archive."""


def of_run(prefix: str, run: str) -> str:
    """The prefix of what belongs to a run below `RUNS`, `RESULTS`, `ANSWERS` or `DIGESTS`."""
    return f"{prefix}{_run(run)}/"


def manifest(run: str) -> str:
    """The papers of a run."""
    return f"{RUNS}{_run(run)}/manifest.json"


def proposed(run: str) -> str:
    """The papers that a person may have the run hold instead."""
    return f"{RUNS}{_run(run)}/proposed.json"


def replaced(run: str, revision: int) -> str:
    """The manifest that the run had before, by its revision."""
    return f"{RUNS}{_run(run)}/manifest-{revision}.json"


def forgotten(run: str) -> str:
    """That a person had the run taken away."""
    return f"{RUNS}{_run(run)}/forgotten.json"


def requested(edition: Edition) -> str:
    """That an edition is wanted: a language of a run."""
    return f"{RUNS}{_edition(edition)}/requested.json"


def dispatched(edition: Edition) -> str:
    """That all messages of an edition are out."""
    return f"{RUNS}{_edition(edition)}/dispatched.json"


def reasked(edition: Edition, makers: Makers) -> str:
    """That an edition's doubtful papers are asked for by these makers, or that no others made them."""
    return f"{RUNS}{_edition(edition)}/reasked-{makers.fingerprint}.json"


def announced(edition: Edition, state: str) -> str:
    """That subscribers know of the digest in this state, `complete` or `partial`."""
    if state not in ("complete", "partial"):
        raise InvalidKey(f"{state!r} is not a state that is announced.")
    return f"{RUNS}{_edition(edition)}/announced-{state}.json"


def accepted(edition: Edition) -> str:
    """That a person left it at what an edition lacks."""
    return f"{RUNS}{_edition(edition)}/accepted.json"


def results(edition: Edition) -> str:
    """The prefix of all results of an edition."""
    return f"{RESULTS}{_edition(edition)}/"


def result(edition: Edition, paper: str) -> str:
    """The result of one paper."""
    if not is_arxiv_id(paper):
        raise InvalidKey(f"{paper!r} is not an arXiv id.")
    return f"{results(edition)}{paper}.json"


def answers(edition: Edition, paper: str) -> str:
    """What engines answered about a paper in the life of its latest message."""
    if not is_arxiv_id(paper):
        raise InvalidKey(f"{paper!r} is not an arXiv id.")
    return f"{ANSWERS}{_edition(edition)}/{paper}.json"


def memories(language: str) -> str:
    """The prefix of what is remembered of papers in a language."""
    return f"{_OF_PAPERS}{_language(language)}/"


def memory(language: str, paper: str) -> str:
    """What is remembered of a paper in a language, whichever runs it is in."""
    if not is_arxiv_id(paper):
        raise InvalidKey(f"{paper!r} is not an arXiv id.")
    return f"{memories(language)}{paper}.json"


def is_memory(key: str) -> bool:
    """Whether what is remembered of a paper is at `key`; below `MEMORY`, everything else is a loose text."""
    return key.startswith(_OF_PAPERS)


def loose_texts(language: str) -> str:
    """The prefix of texts in a language that are remembered of no paper."""
    return f"{MEMORY}{_language(language)}/"


def loose_text(language: str, digest: str) -> str:
    """One of them, by the sha256 of what went in, as 64 hexadecimal digits."""
    if _HASH.fullmatch(digest) is None:
        raise InvalidKey(f"{digest!r} is not a sha256.")
    return f"{loose_texts(language)}{digest}.json"


def digests_of_run(run: str) -> str:
    """The prefix of a run's digests in all languages."""
    return f"{DIGESTS}{_run(run)}/"


def digests(edition: Edition) -> str:
    """The prefix of an edition's digest: all its files."""
    return f"{DIGESTS}{_edition(edition)}/"


def digest(edition: Edition, name: str) -> str:
    """One file of an edition's digest: `digest.json`, `digest.txt` and so on, or a paper's page."""
    if _RENDERING.fullmatch(name) is None and not _is_paper_page(name):
        raise InvalidKey(f"{name!r} is not a rendering of a digest.")
    return f"{digests(edition)}{name}"


def paper_page(paper: str) -> str:
    """The name of a paper's page beside its digest."""
    return f"{paper}{_PAPER_PAGE}"


def paper_pages(edition: Edition, among: Iterable[str]) -> tuple[str, ...]:
    """The names of those papers' pages of an edition whose keys are `among` these, sorted."""
    names = (key.removeprefix(digests(edition)) for key in among if key.startswith(digests(edition)))
    return tuple(sorted(filter(_is_paper_page, names)))


def published(edition: Edition) -> str:
    """That an edition's digest is published, and which files it is."""
    return f"{digests(edition)}published.json"


def archives(language: str) -> str:
    """The prefix of a language's archive."""
    return f"{DIGESTS}{_language(language)}/"


def archive(language: str, name: str) -> str:
    """A file of a language's archive: `archive.json`, `index.html` and so on."""
    if _ARCHIVE_FILE.fullmatch(name) is None:
        raise InvalidKey(f"{name!r} is not a file of an archive.")
    return f"{archives(language)}{name}"


def parse_result(key: str) -> tuple[Edition, str]:
    """The edition and the paper of a result's key. Raises InvalidKey for any other key."""
    prefix, _, rest = key.partition("/")
    parts = rest.split("/")
    if prefix + "/" != RESULTS or len(parts) != 3 or not parts[2].endswith(".json"):
        raise InvalidKey(f"{key!r} is not a result's key.")
    edition, paper = Edition(parts[0], parts[1]), parts[2].removesuffix(".json")
    if result(edition, paper) != key:
        raise InvalidKey(f"{key!r} is not a result's key.")
    return edition, paper


def parse_requested(key: str) -> Edition | None:
    """The edition that the key of a `requested.json` is about, or None for any other key."""
    match = _REQUESTED.fullmatch(key)
    return None if match is None else Edition(match["run"], match["language"])


def parse_digest(key: str) -> tuple[Edition, str] | None:
    """The edition and the name of a digest's file, or None for any other key."""
    parts = key.removeprefix(DIGESTS).split("/")
    if len(parts) != 3:
        return None
    edition, name = Edition(parts[0], parts[1]), parts[2]
    try:
        return (edition, name) if digest(edition, name) == key else None
    except InvalidKey:
        return None


def period_of(run: str) -> str:
    """The period that a run's name says, "" for the sample."""
    return "" if run == SAMPLE else run.partition("-healed-")[0]


def is_run(text: str) -> bool:
    """Whether `text` names a run."""
    return _RUN.fullmatch(text) is not None


def healed_run(period: str, sha256: str) -> str:
    """The run of an old digest's file beside the run of its period."""
    return f"{period}{_HEALED}{sha256[:8]}"


def healed_runs(period: str) -> str:
    """The prefix of all such runs of a period."""
    return f"{RUNS}{period}{_HEALED}"


def is_healed(run: str) -> bool:
    """Whether `run` is one of them."""
    return _HEALED in run


def is_manifest(key: str) -> bool:
    """Whether a run's manifest is at `key`."""
    return key.startswith(RUNS) and key.endswith("/manifest.json")


def _is_paper_page(name: str) -> bool:
    return name.endswith(_PAPER_PAGE) and is_arxiv_id(name.removesuffix(_PAPER_PAGE))


def _edition(edition: Edition) -> str:
    return f"{_run(edition.run)}/{_language(edition.language)}"


def _run(run: str) -> str:
    if not is_run(run):
        raise InvalidKey(f"{run!r} is not a run. Runs are called 2025-W37, 2025-09, 2025-09-12 or sample.")
    return run


def _language(language: str) -> str:
    if _LANGUAGE.fullmatch(language) is None:
        raise InvalidKey(f"{language!r} is not a language code.")
    return language
