"""A small archive as it lies in the bucket: the sample, a week of real papers, and a week of attacks."""

from collections.abc import Sequence
from pathlib import Path

from shared.digest.archive_entries import Archive, around, entry_of, with_entry
from shared.digest.archive_files import archive_files
from shared.digest.feeds import feed_entries
from shared.digest.model import Digest, build
from shared.digest.search import Shard, shard_name, with_digest
from shared.digest.text_reader import parse_text
from shared.digest.view import view
from shared.doubts import Doubt, Kept
from shared.failures import NETWORK_CODE
from shared.languages.table import find_language
from shared.ledger.keys import SAMPLE
from shared.ledger.records import Manifest, Result, TranslatedResult, encode
from shared.papers import HUGGING_FACE, Paper
from shared.services.sample import sample_memory, sample_papers
from tests.fakes.results import failure
from tests.unit.digest.attacks import attacked_digest
from tests.unit.digest.digests import LATER, MONDAY, digest_of, failed, files_of, translated

SITE = "https://digests.example.org/digests/"
ATTACKED = "2025-W36"
REAL = "2025-W37"


def sample_digest() -> Digest:
    """The sample week in Korean, as a person translated it."""
    texts = {entry.source: entry.text for entry in sample_memory() if entry.language == "ko"}
    manifest = Manifest(SAMPLE, "", HUGGING_FACE, f"{HUGGING_FACE}/papers", 10, MONDAY, sample_papers())
    results = {
        paper.id: TranslatedResult(SAMPLE, "ko", paper.id, LATER, texts[paper.abstract], "person", texts[paper.title])
        for paper in manifest.papers
    }
    return build(manifest, find_language("ko"), results)


def real_digest(user_file: bytes) -> Digest:
    """The real papers of a week: two without a translation, the others with one as long as a real one, and marks."""
    papers = [Paper(paper.id, paper.title, paper.abstract, upvotes=100) for paper in parse_text(user_file).papers]
    borrowed = [paper.translation for paper in sample_digest().papers]
    first = failed(papers[1])
    results: list[Result] = [first]
    for paper, translation in list(zip(papers, borrowed, strict=True))[3:]:
        sentence = paper.abstract.partition(". ")[0] + "."
        text = f"{sentence}\n{getattr(translation, 'text', '')}"
        doubts = (Doubt(1, "number", "94", sentence), Doubt(2, "unit", "GB", ""))
        kept = (Kept(0, "loop", "94"),)
        results.append(translated(paper, text, engine="firefox-en-ko-1.0", marks=(doubts, kept)))
    assert failure(first).failure.code == NETWORK_CODE
    return digest_of(papers, results)


def write_site(folder: Path, digests: Sequence[Digest]) -> None:
    """Write every file of these digests and of their archive below `folder`, under the bucket's own keys."""
    views = {digest.run: view(digest) for digest in digests}
    archive = Archive(language="ko")
    shards: dict[str, Shard] = {}
    for digest in digests:
        archive = with_entry(archive, entry_of(views[digest.run]))
        name = shard_name(digest.period)
        shards[name] = with_digest(shards.get(name, Shard(language="ko")), views[digest.run])
    newest = {entry.run: views[entry.run] for entry in feed_entries(archive)}
    files = {f"ko/{name}": file.body for name, file in archive_files(archive, newest, SITE).items()}
    files |= {f"ko/{name}": encode(shard) for name, shard in shards.items()}
    for digest in digests:
        pages = files_of(digest, around(archive, digest.run))
        files |= {f"{digest.run}/ko/{name}": body for name, body in pages.items()}
    for name, body in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)


def attacks() -> Digest:
    """The week in which every stranger is hostile."""
    return attacked_digest(run=ATTACKED)
