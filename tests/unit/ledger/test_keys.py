"""Where everything stands in the bucket, and that no part of a key can lead elsewhere."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.editions import Edition
from shared.errors import InvalidKey
from shared.ledger import keys
from shared.papers import ARXIV_ID

RUN, LANGUAGE, PAPER = "2025-W37", "ko", "2509.08721"
HASH = "0123456789abcdef" * 4

runs = st.sampled_from(["sample", "2025-W01", "2025-09", "2025-09-12", "2025-W37-healed-0a1b2c3d"])
languages = st.sampled_from(["ko", "pt", "zh", "fil", "pt-BR"])
papers = st.from_regex(ARXIV_ID, fullmatch=True)


def test_every_object_has_its_place() -> None:
    assert keys.manifest(RUN) == "runs/2025-W37/manifest.json"
    assert keys.requested(Edition(RUN, LANGUAGE)) == "runs/2025-W37/ko/requested.json"
    assert keys.dispatched(Edition(RUN, LANGUAGE)) == "runs/2025-W37/ko/dispatched.json"
    assert keys.announced(Edition(RUN, LANGUAGE), "partial") == "runs/2025-W37/ko/announced-partial.json"
    assert keys.result(Edition(RUN, LANGUAGE), PAPER) == "results/2025-W37/ko/2509.08721.json"
    assert keys.memory(LANGUAGE, PAPER) == f"memory/papers/ko/{PAPER}.json"
    assert keys.loose_text(LANGUAGE, HASH) == f"memory/ko/{HASH}.json"
    assert keys.digest(Edition(RUN, LANGUAGE), "digest.html") == "digests/2025-W37/ko/digest.html"


@pytest.mark.parametrize(
    "run", ["", "..", "2025-W37/..", "2025-W3", "2025-W37\n", "٢٠٢٥-W٣٧", "2025-W37-healed-XYZ", "samples"]
)
@pytest.mark.parametrize(
    "place",
    [
        keys.manifest,
        lambda run: keys.requested(Edition(run, LANGUAGE)),
        lambda run: keys.dispatched(Edition(run, LANGUAGE)),
        lambda run: keys.announced(Edition(run, LANGUAGE), "complete"),
        lambda run: keys.results(Edition(run, LANGUAGE)),
        lambda run: keys.digests(Edition(run, LANGUAGE)),
        lambda run: keys.digest(Edition(run, LANGUAGE), "digest.json"),
    ],
)
def test_what_is_no_run_becomes_no_key(run: str, place: Callable[[str], str]) -> None:
    assert not keys.is_run(run)
    with pytest.raises(InvalidKey):
        place(run)


@pytest.mark.parametrize("language", ["", "KO", "../ko", "korean", "ko\n", "pt-br"])
def test_what_is_no_language_becomes_no_key(language: str) -> None:
    with pytest.raises(InvalidKey):
        keys.results(Edition(RUN, language))
    with pytest.raises(InvalidKey):
        keys.memory(language, HASH)


@pytest.mark.parametrize("paper", ["", "2509.08721v2", "../2509.08721", "2509.1", "cs/0112017", "２５０９.08721"])
def test_what_is_no_arxiv_id_becomes_no_key(paper: str) -> None:
    with pytest.raises(InvalidKey):
        keys.result(Edition(RUN, LANGUAGE), paper)
    with pytest.raises(InvalidKey):
        keys.memory(LANGUAGE, paper)


@pytest.mark.parametrize("name", ["search.html", "digest.", "digest.html/../x", "digest.HTML", "archive.json"])
def test_what_is_no_rendering_becomes_no_key(name: str) -> None:
    with pytest.raises(InvalidKey):
        keys.digest(Edition(RUN, LANGUAGE), name)


def test_only_what_is_announced_has_a_marker_and_only_a_hash_a_loose_text() -> None:
    with pytest.raises(InvalidKey):
        keys.announced(Edition(RUN, LANGUAGE), "open")
    with pytest.raises(InvalidKey):
        keys.loose_text(LANGUAGE, HASH[1:])


@given(runs, languages, papers)
def test_the_key_of_a_result_says_whose_it_is(run: str, language: str, paper: str) -> None:
    assert keys.parse_result(keys.result(Edition(run, language), paper)) == (Edition(run, language), paper)


@given(st.text() | st.builds("results/{}/{}/{}.json".format, st.text(), st.text(), st.text()))
def test_any_other_key_is_no_result(key: str) -> None:
    with pytest.raises(InvalidKey):
        keys.parse_result(key)


@given(runs, languages)
def test_the_key_of_a_request_says_what_is_wanted(run: str, language: str) -> None:
    assert keys.parse_requested(keys.requested(Edition(run, language))) == Edition(run, language)
    assert keys.parse_requested(keys.dispatched(Edition(run, language))) is None
    assert keys.parse_requested(keys.manifest(run)) is None
