"""One period as a person asks for it: what is waited for, and when it is over."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cli.run import RunOptions, run
from shared.errors import CloudError, UsageError
from shared.services.events import AgainRequest, RunRequest
from tests.fakes.results import translation
from tests.fakes.texts import PAPERS
from tests.unit.cli.deployment import RUN, Deployment

FIRST = PAPERS[0]
ORDER = RunOptions(RunRequest(RUN), wait=60.0, out=Path())


def test_the_languages_and_the_number_of_papers_are_the_deployments_own(tmp_path: Path) -> None:
    deployment = Deployment(languages=("ko", "pt"), top=2)

    complete = run(deployment.pipeline, replace(ORDER, out=tmp_path), deployment.console)

    assert complete
    assert sorted(folder.name for folder in (tmp_path / RUN).iterdir()) == ["ko", "pt"]
    assert "2025-W37 ko: fetched 2, done 2" in deployment.output


def test_a_paper_is_translated_again_whatever_the_memory_holds(tmp_path: Path) -> None:
    deployment = Deployment()
    deployment.request()
    answered = len(deployment.engine.answered)

    complete = run(deployment.pipeline, RunOptions(AgainRequest((FIRST.id,), RUN), 60.0, tmp_path), deployment.console)

    result = deployment.result(FIRST)
    assert complete
    assert [FIRST.title in text for text in deployment.engine.answered[answered:]] == [True]
    assert translation(result).again


def test_where_the_engine_fails_the_earlier_translation_stays_and_that_is_told(tmp_path: Path) -> None:
    deployment = Deployment()
    deployment.request()
    deployment.engine.refused = {FIRST.title: "InternalServerException"}

    with pytest.raises(CloudError, match=f"No new translation came for {FIRST.id}, so the digest keeps the one before"):
        run(deployment.pipeline, RunOptions(AgainRequest((FIRST.id,), RUN), 60.0, tmp_path), deployment.console)

    assert json.loads((tmp_path / RUN / "ko" / "digest.json").read_bytes())["state"] == "complete"


def test_a_paper_that_the_run_does_not_hold_cannot_be_translated_again(tmp_path: Path) -> None:
    deployment = Deployment()
    chosen = RunOptions(AgainRequest(("2501.00001",), RUN), 60.0, tmp_path)

    with pytest.raises(UsageError, match=r"2501\.00001 is not a paper of run 2025-W37"):
        run(deployment.pipeline, chosen, deployment.console)


def test_papers_that_nobody_works_on_any_more_are_not_waited_for(tmp_path: Path) -> None:
    deployment = Deployment()
    deployment.settings = replace(deployment.settings, receives=3)
    deployment.engine.refused = {FIRST.title: "InternalServerException"}
    # The queue gives up before the function does, so that no result ever says so.

    complete = run(deployment.pipeline, replace(ORDER, out=tmp_path), deployment.console)

    assert not complete
    assert deployment.result(FIRST) is None
    assert "1 pending" in deployment.output
