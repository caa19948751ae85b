"""Digests that a run made: the real command on the embedded cloud, real pages, and an engine that fails now and then.

What a run writes holds what no test would think of: times with microseconds, summaries, stars, marks of the judge.
"""

import json
import re
from pathlib import Path

from shared.digest.model import Digest
from shared.ledger.records import decode
from tests.e2e.conftest import Chorok, served
from tests.fakes.faults import Rule
from tests.fakes.translate import FakeTranslate, korean

REAL, WHOLE = "2025-W37", "2025-W35"
"""A week of which three papers have no translation, and one that is complete."""
_CODES = ("ThrottlingException", "UnsupportedLanguagePairException", "ValidationException")
_LOOP = " ".join(["그리고 다시"] * 12)


def digests_of_runs(data: Path, folder: Path) -> tuple[Digest, ...]:
    """The digests of both weeks; `data` is the folder of real pages, `folder` one for the embedded cloud."""
    chorok = Chorok(folder / "state", folder / "out")
    with served(data / "hf") as source, FakeTranslate(_sometimes_wrong) as engine:
        for week, faults in ((WHOLE, ()), (REAL, tuple(_faults(data)))):
            engine.fail(*faults)
            done = chorok.run(
                "--week", week, "--source", source, "--receives", "2", AWS_ENDPOINT_URL_TRANSLATE=engine.address
            )
            assert done.returncode == (3 if faults else 0), done.stdout + done.stderr
        chorok("down")
    files = ((week, folder / "out" / week / "ko" / "digest.json") for week in (REAL, WHOLE))
    return tuple(decode(file.read_bytes(), Digest, week) for week, file in files)


def _sometimes_wrong(sentence: str, pair: str) -> str:
    """Korean of a kind, with a wrong number here and a loop there, so that sentences are doubtful or kept."""
    text = korean(sentence, pair)
    numbers = re.findall(r"\d+", sentence)
    if len(numbers) == 1:
        return text.replace(numbers[0], f"{int(numbers[0]) + 3}")
    return f"{_LOOP}." if len(numbers) == 2 and len(sentence) < 250 else text


def _faults(data: Path) -> list[Rule]:
    """Three papers of the partial week fail, each in its own way: a paper is known by a word that no other has."""
    entries = json.loads((data / "hf" / "api" / "daily_papers" / f"{REAL}.json").read_bytes())
    voted = sorted((entry["paper"] for entry in entries), key=lambda paper: -paper["upvotes"])[:10]
    words = [set(re.findall(r"\b[a-z]{6,}\b", f"{paper['summary']} {paper.get('ai_summary', '')}")) for paper in voted]
    own = [sorted(found.difference(*words[:number], *words[number + 1 :])) for number, found in enumerate(words)]
    return [Rule(contains=found[0], code=code) for found, code in zip(own[1:], _CODES, strict=False)]
