"""A run gets the papers that the source has now: shown and asked first, the ones before kept, nothing paid twice."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import CliRunner

from cli.commands import chorok
from cli.connecting.survey import survey
from cli.run import RunOptions, renew, run
from shared.editions import Edition
from shared.errors import RunConflict, UsageError
from shared.ledger import keys
from shared.ledger.records import Manifest
from shared.ledger.store import Store
from shared.services.events import RunRequest
from shared.services.fetching import Fetching
from shared.services.messages import DigestMessage
from shared.services.publish import Publishing
from shared.services.refetch import adopt
from shared.services.tick import tick
from tests.fakes import aws
from tests.fakes.texts import PAPERS, no_paper
from tests.unit.cli.deployment import RUN, Deployment

EDITION = Edition(RUN, "ko")
FIRST, SECOND, THIRD, FOURTH = PAPERS[:4]


@pytest.fixture
def deployment() -> Deployment:
    """The week holds three papers. The source has another third one by now, and the first two in the other order."""
    made = Deployment(top=3)
    made.request()
    made.source.papers = (SECOND, FIRST, FOURTH)
    return made


def manifest(deployment: Deployment) -> Manifest:
    held = deployment.cloud.store.record(keys.manifest(RUN), Manifest)
    assert held is not None
    return held


def refetch(deployment: Deployment, out: Path, *, yes: bool = True) -> bool | None:
    chosen = RunOptions(RunRequest(RUN, top=10), 60.0, out)
    renewed = renew(deployment.pipeline, chosen, None, None, deployment.console, yes=yes)
    return None if renewed is None else run(deployment.pipeline, renewed, deployment.console)


def shown(deployment: Deployment) -> list[str]:
    """The papers of the digest as it is published."""
    digest = deployment.cloud.s3.objects[keys.digest(EDITION, "digest.json")].body
    return [paper["id"] for paper in json.loads(digest)["papers"]]


def test_what_changes_is_shown_and_then_published(deployment: Deployment, tmp_path: Path) -> None:
    complete = refetch(deployment, tmp_path)

    assert complete
    assert shown(deployment) == [SECOND.id, FIRST.id, FOURTH.id]
    assert f"in: {FOURTH.id}" in deployment.output
    assert f"out: {THIRD.id}" in deployment.output
    assert f"moved: 2 → 1: {SECOND.id}" in deployment.output
    assert json.loads((tmp_path / RUN / "ko" / "digest.json").read_bytes())["papers"][2]["id"] == FOURTH.id


def test_the_manifest_of_before_is_kept_and_only_the_new_paper_is_paid_for(
    deployment: Deployment, tmp_path: Path
) -> None:
    before, answered = manifest(deployment), len(deployment.engine.answered)

    refetch(deployment, tmp_path)

    assert deployment.cloud.store.record(keys.replaced(RUN, 0), Manifest) == before
    assert [FOURTH.title in text for text in deployment.engine.answered[answered:]] == [True]


def test_the_archive_and_the_search_hold_the_new_papers_alone(deployment: Deployment, tmp_path: Path) -> None:
    refetch(deployment, tmp_path)

    search = deployment.cloud.s3.objects[keys.archive("ko", "search-2025.json")].body
    assert FOURTH.id.encode() in search
    assert THIRD.id.encode() not in search


def test_nothing_changes_where_nobody_can_be_asked(deployment: Deployment, tmp_path: Path) -> None:
    before = manifest(deployment)

    with pytest.raises(UsageError, match="give --yes"):
        refetch(deployment, tmp_path, yes=False)

    assert manifest(deployment) == before
    assert shown(deployment) == [FIRST.id, SECOND.id, THIRD.id]


def test_papers_that_are_what_they_were_change_nothing(deployment: Deployment, tmp_path: Path) -> None:
    deployment.source.papers = (FIRST, SECOND, THIRD)
    before = manifest(deployment)

    refetch(deployment, tmp_path, yes=False)

    assert manifest(deployment) == before
    assert f"The papers of {RUN} are what they were." in deployment.output


def test_a_paper_that_stays_keeps_its_text_which_is_what_was_translated(deployment: Deployment, tmp_path: Path) -> None:
    deployment.source.papers = (replace(FIRST, abstract="Another text."), SECOND, FOURTH)

    refetch(deployment, tmp_path)

    assert manifest(deployment).papers[0].abstract == FIRST.abstract


def test_a_paper_whose_text_was_missing_gets_it(tmp_path: Path) -> None:
    deployment = Deployment(top=3)
    deployment.source.papers = (FIRST, replace(SECOND, abstract=""), THIRD)
    deployment.request()
    deployment.source.papers = (FIRST, SECOND, THIRD)

    complete = refetch(deployment, tmp_path)

    assert complete
    assert f"now with its text: {SECOND.id}" in deployment.output


def test_somebody_elses_change_in_between_is_not_undone(deployment: Deployment) -> None:
    seen = manifest(deployment)
    theirs = replace(seen, papers=(FOURTH,), revision=1)
    adopt(deployment.cloud.store, seen, theirs)

    with pytest.raises(RunConflict, match="look again"):
        adopt(deployment.cloud.store, seen, replace(seen, papers=(FIRST,), revision=1))

    assert manifest(deployment) == theirs


def test_after_a_crash_the_next_tick_finishes_what_a_person_began(deployment: Deployment) -> None:
    held = manifest(deployment)
    adopt(deployment.cloud.store, held, replace(held, papers=(FIRST, SECOND, FOURTH), revision=1))
    store, papers, digests = deployment.cloud.store, deployment.cloud.papers, deployment.cloud.digests
    open_before = survey(deployment.ledger, "", RUN).runs[0]

    tick(
        Fetching(deployment.settings, store, papers, digests, deployment.source, no_paper),
        deployment.cloud.clock.now + timedelta(hours=1),
    )
    deployment.work()

    assert (open_before.state, open_before.pending) == ("partial", 1)
    assert shown(deployment) == [FIRST.id, SECOND.id, FOURTH.id]
    assert survey(deployment.ledger, "", RUN).runs[0].state == "complete"


def test_the_digest_of_before_stays_until_the_new_papers_have_results(deployment: Deployment) -> None:
    held = manifest(deployment)
    adopt(deployment.cloud.store, held, replace(held, papers=(FIRST, SECOND, FOURTH), revision=1))

    deployment.sqs.put(aws.DIGESTS, '{"run": "2025-W37", "language": "ko"}')
    deployment.work()

    assert shown(deployment) == [FIRST.id, SECOND.id, THIRD.id]


def test_who_publishes_the_papers_of_before_just_then_puts_them_over_no_newer_ones(deployment: Deployment) -> None:
    held = manifest(deployment)

    class Overtaken:
        """S3, where the papers are replaced and published right after the manifest was read for the first time."""

        waiting = True

        def __getattr__(self, name: str) -> Any:
            return getattr(deployment.cloud.s3, name)

        def get_object(self, **request: str) -> Any:
            answer = deployment.cloud.s3.get_object(**request)
            if self.waiting and request["Key"] == keys.manifest(RUN):
                self.waiting = False
                adopt(deployment.cloud.store, held, replace(held, papers=(SECOND, FIRST), revision=1))
                deployment.request()
            return answer

    store = Store(cast("Any", Overtaken()), aws.BUCKET)
    Publishing(store, lambda view, healed: None).publish(DigestMessage(RUN, "ko"))

    assert shown(deployment) == [SECOND.id, FIRST.id]


@pytest.mark.parametrize("also", [["--again", FIRST.id], ["--or-sample"]])
def test_what_contradicts_it_is_refused(also: list[str]) -> None:
    refused = CliRunner().invoke(chorok, ["run", "--refetch", *also], standalone_mode=False)

    assert isinstance(refused.exception, UsageError)
