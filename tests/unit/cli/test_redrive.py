"""Whatever failed goes back to work exactly once, and what failed again is told."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cli.redrive import RedriveOptions, redrive
from shared.doubts import Doubt
from shared.editions import Edition
from shared.errors import UsageError
from shared.ledger import keys
from shared.services.events import SendRequest
from tests.fakes import aws
from tests.fakes.results import translation
from tests.fakes.texts import PAPERS
from tests.unit.cli.deployment import RUN, Deployment

FIRST, SECOND = PAPERS[:2]


def chosen(out: Path, run: str = "", wait: float = 60.0, *, doubtful: bool = False) -> RedriveOptions:
    return RedriveOptions(run, wait, out, doubtful)


def deployment_with(*refused: str, **settings: object) -> Deployment:
    """A week of which some texts were refused."""
    deployment = Deployment(**settings)
    deployment.engine.refused = dict.fromkeys(refused, "InternalServerException")
    deployment.request()
    return deployment


def test_a_dead_paper_is_healed_with_one_call(tmp_path: Path) -> None:
    deployment = deployment_with(FIRST.title)
    deployment.engine.refused.clear()
    answered = len(deployment.engine.answered)

    complete = redrive(deployment.pipeline, chosen(tmp_path), deployment.console)

    assert complete
    assert len(deployment.engine.answered) == answered + 1
    assert deployment.dead() == []
    assert json.loads((tmp_path / RUN / "ko" / "digest.json").read_bytes())["state"] == "complete"
    assert len(deployment.requests) == 1, "nothing was sent from the ledger: its message was there"


def test_what_fails_again_is_told_with_its_cause_and_stays_dead_once(tmp_path: Path) -> None:
    deployment = deployment_with(FIRST.title)

    complete = redrive(deployment.pipeline, chosen(tmp_path), deployment.console)

    assert not complete
    assert "InternalServerException" in deployment.output
    assert "4 of 5" in deployment.output
    assert len(deployment.dead()) == 1


def test_a_paper_whose_message_is_gone_is_sent_from_the_ledger_and_no_other(tmp_path: Path) -> None:
    deployment = deployment_with(FIRST.title, SECOND.title)
    messages = deployment.sqs.messages(aws.PAPERS_DEAD)
    messages[:] = [message for message in messages if SECOND.title in message.body]
    del deployment.engine.refused[FIRST.title]

    complete = redrive(deployment.pipeline, chosen(tmp_path), deployment.console)

    assert not complete
    sent = [request.papers for request in deployment.requests if isinstance(request, SendRequest)]
    assert sent == [(FIRST.id,)]
    assert len(deployment.dead()) == 1, "the second paper, which failed again, was not sent once more"


def test_nothing_is_sent_from_the_ledger_while_messages_are_in_flight(tmp_path: Path) -> None:
    deployment = deployment_with(FIRST.title)
    deployment.working = False

    complete = redrive(deployment.pipeline, chosen(tmp_path, wait=0.5), deployment.console)

    assert not complete
    assert len(deployment.sqs.bodies(aws.PAPERS)) == 1
    assert not any(isinstance(request, SendRequest) for request in deployment.requests)


def test_redriving_twice_does_no_harm(tmp_path: Path) -> None:
    deployment = deployment_with(FIRST.title)
    deployment.engine.refused.clear()
    redrive(deployment.pipeline, chosen(tmp_path), deployment.console)
    answered = len(deployment.engine.answered)

    again = redrive(deployment.pipeline, chosen(tmp_path), deployment.console)

    assert again
    assert len(deployment.engine.answered) == answered


def test_a_dead_message_that_is_done_meanwhile_or_none_of_ours_costs_no_call(tmp_path: Path) -> None:
    deployment = deployment_with(FIRST.title)
    deployment.engine.refused.clear()
    deployment.request()
    deployment.sqs.put(aws.PAPERS_DEAD, "poison")
    answered = len(deployment.engine.answered)

    complete = redrive(deployment.pipeline, chosen(tmp_path), deployment.console)

    assert complete
    assert deployment.dead() == ["poison"]
    assert len(deployment.engine.answered) == answered


def test_a_run_only_says_what_to_wait_for(tmp_path: Path) -> None:
    deployment = deployment_with(FIRST.title)
    deployment.request("2025-W36")
    deployment.engine.refused.clear()

    complete = redrive(deployment.pipeline, chosen(tmp_path, "2025-W36"), deployment.console)

    assert complete
    assert deployment.dead() == []
    assert sorted(folder.name for folder in tmp_path.iterdir()) == ["2025-W36"]


def test_a_digest_that_nobody_published_is_published(tmp_path: Path) -> None:
    deployment = Deployment()
    deployment.request()
    for key in (keys.digest(Edition(RUN, "ko"), "digest.json"), keys.announced(Edition(RUN, "ko"), "complete")):
        del deployment.cloud.s3.objects[key]

    complete = redrive(deployment.pipeline, chosen(tmp_path), deployment.console)

    assert complete
    assert deployment.cloud.store.etag(keys.announced(Edition(RUN, "ko"), "complete"))


def test_a_run_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    deployment = deployment_with()

    with pytest.raises(UsageError, match=r"There is no run 2024-W01 here\. Runs there are: 2025-W37\."):
        redrive(deployment.pipeline, chosen(tmp_path, "2024-W01"), deployment.console)


# What others have left.


def doubtful_deployment() -> Deployment:
    """Two complete weeks, of which the first paper is doubtful, and was made by engines of before."""
    deployment = Deployment()
    for run in (RUN, "2025-W36"):
        deployment.request(run)
        held = translation(deployment.result(FIRST, run))
        doubted = replace(held, doubts=(Doubt(0, "number", "7 is missing", ""),), asked="older")
        deployment.cloud.store.write_record(keys.result(held.edition, FIRST.id), doubted)
    return deployment


def test_what_others_have_left_doubtful_is_asked_for_once_more(tmp_path: Path) -> None:
    deployment = doubtful_deployment()

    complete = redrive(deployment.pipeline, chosen(tmp_path, RUN, doubtful=True), deployment.console)

    assert complete
    assert translation(deployment.result(FIRST)).doubts == ()
    assert translation(deployment.result(FIRST, "2025-W36")).doubts != ()
    assert "asked for once more: 1, without doubts now: 1" in deployment.output
    assert sorted(folder.name for folder in tmp_path.iterdir()) == [RUN]


def test_without_a_run_all_are_asked_and_a_second_time_none(tmp_path: Path) -> None:
    deployment = doubtful_deployment()
    redrive(deployment.pipeline, chosen(tmp_path, doubtful=True), deployment.console)
    answered = len(deployment.engine.answered)

    again = redrive(deployment.pipeline, chosen(tmp_path, doubtful=True), deployment.console)

    assert again
    assert [translation(deployment.result(FIRST, run)).doubts for run in (RUN, "2025-W36")] == [(), ()]
    assert len(deployment.engine.answered) == answered
    assert "Nothing is left of another judge or engine" in deployment.output


def test_where_nothing_better_comes_what_stood_stands(tmp_path: Path) -> None:
    deployment = doubtful_deployment()
    before = deployment.result(FIRST)
    forget_memory(deployment)
    deployment.engine.refused = {FIRST.title: "AccessDeniedException"}

    complete = redrive(deployment.pipeline, chosen(tmp_path, RUN, wait=5.0, doubtful=True), deployment.console)

    assert complete
    assert deployment.result(FIRST) == before
    assert "asked for once more: 1, without doubts now: 0" in deployment.output
    assert not any(isinstance(request, SendRequest) for request in deployment.requests)


def forget_memory(deployment: Deployment) -> None:
    for key in [key for key in deployment.cloud.s3.objects if key.startswith(keys.MEMORY)]:
        del deployment.cloud.s3.objects[key]
