"""What strangers may try, all the way: from Hugging Face's page through an engine into every format."""

import io
import zipfile
from datetime import UTC, datetime

import boto3
import pytest
from botocore.config import Config
from selectolax.lexbor import LexborHTMLParser

from shared.digest.model import Digest, build
from shared.digest.text_reader import parse_text
from shared.engines.amazon import amazon_engine
from shared.errors import TranslationError
from shared.huggingface.page import parse_page
from shared.languages.table import find_language
from shared.ledger.records import FailedResult, Manifest, Result, TranslatedResult, decode
from shared.papers import HUGGING_FACE, LONGEST_ABSTRACT, LONGEST_TITLE, Paper
from shared.periods import parse_period
from shared.text.clean import clean_abstract, clean_title
from shared.translation.ask import Asked
from shared.translation.pipeline import Engines, translate
from tests.fakes.translate import FakeTranslate
from tests.unit.digest.attacks import attacked_papers
from tests.unit.digest.digests import files_of
from tests.unit.huggingface.made import page, props

WEEK = "2025-W37"
MOMENT = datetime(2025, 9, 15, 1, tzinfo=UTC)
KOREAN = find_language("ko")


def listed(paper: Paper) -> dict[str, object]:
    return {
        "paper": {
            "id": paper.id,
            "title": paper.title,
            "summary": paper.abstract,
            "upvotes": paper.upvotes,
            "authors": [{"name": name} for name in paper.authors],
            "githubRepo": paper.code,
            "projectPage": paper.project,
            "ai_keywords": list(paper.keywords),
        }
    }


@pytest.fixture(scope="module")
def read() -> tuple[Paper, ...]:
    """The attacks as they come out of a page of Hugging Face."""
    return parse_page(page(props([listed(paper) for paper in attacked_papers()])), parse_period(WEEK)).listing.papers


@pytest.fixture(scope="module")
def files(read: tuple[Paper, ...]) -> dict[str, bytes]:
    """Every format of the digest of the attacks, translated as far as the judge lets them through."""
    results: dict[str, Result] = {}
    with FakeTranslate() as fake:
        client = boto3.client(
            "translate",
            endpoint_url=fake.address,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}),
        )
        for paper in read:
            try:
                engines = Engines(Asked.plain("test", amazon_engine(client, KOREAN, None)))
                made = translate(clean_title(paper.title), clean_abstract(paper.abstract), KOREAN, engines, {})
                results[paper.id] = TranslatedResult(WEEK, "ko", paper.id, MOMENT, made.text, "test", made.title)
            except TranslationError as error:
                results[paper.id] = FailedResult(WEEK, "ko", paper.id, MOMENT, failure=error.failure)
    manifest = Manifest(WEEK, WEEK, HUGGING_FACE, f"{HUGGING_FACE}/papers/week/{WEEK}", len(read), MOMENT, read)
    return files_of(build(manifest, KOREAN, results))


def cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def test_the_page_gives_every_attack_to_the_character_up_to_its_limits(read: tuple[Paper, ...]) -> None:
    sent = attacked_papers()

    assert [(paper.id, paper.title, paper.abstract) for paper in read] == [
        (paper.id, cut(paper.title, LONGEST_TITLE), cut(paper.abstract, LONGEST_ABSTRACT)) for paper in sent
    ]


def test_nothing_of_them_is_lost_on_the_way(files: dict[str, bytes], read: tuple[Paper, ...]) -> None:
    digest = decode(files["digest.json"], Digest, "digest.json")

    assert [paper.abstract for paper in digest.papers] == [paper.abstract for paper in read]
    assert digest.translated > 0
    assert [paper.id for paper in parse_text(files["digest.txt"]).papers] == [paper.id for paper in read]


def test_the_page_holds_no_element_that_they_brought(files: dict[str, bytes]) -> None:
    tree = LexborHTMLParser(files["digest.html"].decode())

    assert not tree.css("script, iframe, object, embed, img, base, [onerror], [onfocus], [onload], [onmouseover]")
    links = [link.attributes.get("href") or "" for link in tree.css("a")]
    assert not [link for link in links if link.lower().lstrip().startswith(("javascript:", "data:", "file:", "http:"))]


def test_the_e_book_unpacks_into_its_own_folder(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(files["digest.epub"])) as book:
        names = book.namelist()

        assert book.testzip() is None
    assert not [name for name in names if name.startswith("/") or ".." in name.split("/")]
