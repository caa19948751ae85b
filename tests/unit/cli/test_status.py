"""What an operator reads: how every run stands, and one thing to do for each thing that is wrong."""

import json
import shlex
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.connecting.dead_letters import discard
from cli.connecting.survey import incomplete, survey
from cli.options import where
from cli.showing.checkup import Hearing, Trouble
from cli.showing.overview import Finding, Marked, show
from cli.showing.terminal import say_json
from shared.doubts import Doubt, Kept
from shared.editions import Edition
from shared.errors import UsageError
from shared.failures import Failure, FailureClass
from shared.incidents import Cause, Incident, Incidents, Kind
from shared.ledger import keys
from shared.ledger.file import File
from shared.ledger.records import FailedResult, Manifest, TranslatedResult
from shared.ledger.results import store_result
from shared.services.accept import accept_results
from tests.fakes import aws
from tests.fakes.texts import PAPERS
from tests.unit.cli.deployment import RUN, Deployment

FIRST, SECOND, THIRD = PAPERS[:3]
WHERE = " --state elsewhere"


def deployment_with(refused: dict[str, str], **settings: Any) -> Deployment:
    deployment = Deployment(**settings)
    deployment.engine.refused = refused
    deployment.request()
    return deployment


def findings(deployment: Deployment) -> list[tuple[str, str]]:
    return [(finding.what, finding.do) for finding in survey(deployment.ledger, WHERE).findings]


def test_every_run_and_language_is_counted_from_the_ledger() -> None:
    deployment = deployment_with({FIRST.title: "AccessDeniedException", SECOND.title: "InternalServerException"})
    deployment.engine.refused = {}
    deployment.request("2025-W36", languages=("ko", "pt"))

    status = survey(deployment.ledger, WHERE)

    assert [(str(run.edition), run.state, run.expected, run.translated, run.pending) for run in status.runs] == [
        ("2025-W36 ko", "complete", 5, 5, 0),
        ("2025-W36 pt", "complete", 5, 5, 0),
        ("2025-W37 ko", "partial", 5, 3, 0),
    ]
    assert [(entry.kind, entry.code, entry.papers) for entry in status.runs[2].failed] == [
        ("ours", "AccessDeniedException", (FIRST.id,)),
        ("transient", "InternalServerException", (SECOND.id,)),
    ]
    assert [(queue.name, queue.waiting, queue.in_flight, queue.dead) for queue in status.queues or ()] == [
        ("papers", 0, 0, 1),
        ("digests", 0, 0, 0),
    ]
    assert not status.is_complete


def test_the_same_cause_is_told_once_for_all_runs_with_what_to_mend_first() -> None:
    deployment = Deployment()
    deployment.engine.refused = {"": "UnrecognizedClientException"}
    for run in (RUN, "2025-W36"):
        deployment.request(run)

    assert findings(deployment) == [
        (
            "10 papers of 2025-W36 ko, 2025-W37 ko failed: AWS does not know this access key: check the credentials and"
            " their region. (UnrecognizedClientException)",
            "Mend that first, then: chorok redrive --state elsewhere",
        )
    ]


def test_an_outage_that_may_be_over_is_redriven() -> None:
    deployment = deployment_with({FIRST.title: "InternalServerException"})

    assert [do for _, do in findings(deployment)] == ["chorok redrive --state elsewhere"]


def test_a_paper_without_any_text_cannot_be_healed() -> None:
    deployment = Deployment()
    deployment.source.papers = [*PAPERS[:4], type(FIRST)("2509.00009", "A title alone", "")]
    deployment.request()

    ((what, do),) = findings(deployment)

    assert "NothingToTranslate" in what
    assert do == "Nothing can be done: the source gives no text."


def test_pending_papers_are_waited_for_while_messages_are_at_work() -> None:
    deployment = Deployment()
    deployment.working = False
    deployment.request()

    assert findings(deployment) == [
        ("5 papers of 2025-W37 ko pending; messages at work: 5.", "Wait, then: chorok status --state elsewhere")
    ]


def test_on_a_cloud_that_does_not_run_nothing_is_waited_for() -> None:
    deployment = Deployment()
    deployment.working = False
    deployment.request()

    status = survey(replace(deployment.ledger, is_running=False), WHERE)

    assert status.findings == (
        Finding(
            "5 papers of 2025-W37 ko pending, and nothing runs that could work on them.",
            "chorok redrive --state elsewhere",
        ),
    )


def test_pending_papers_without_a_message_are_redriven() -> None:
    deployment = Deployment()
    deployment.working = False
    deployment.request()
    deployment.forget_messages()

    assert findings(deployment) == [
        ("5 papers of 2025-W37 ko pending, and no message is left.", "chorok redrive --state elsewhere")
    ]


def test_an_accepted_failure_is_counted_and_nothing_is_left_to_do() -> None:
    deployment = deployment_with({FIRST.title: "InternalServerException"})
    manifest = deployment.cloud.store.record(keys.manifest(RUN), Manifest)
    assert manifest is not None
    accept_results(deployment.cloud.store, manifest, "ko", datetime(2025, 9, 20, tzinfo=UTC))
    discard(deployment.pipeline.papers, lambda body: True)
    deployment.work()

    status = survey(deployment.ledger, WHERE)

    assert status.findings == ()
    assert status.is_complete
    assert [(run.state, run.translated, run.accepted, run.failed) for run in status.runs] == [
        ("accepted", 4, (FIRST.id,), ())
    ]
    assert incomplete(deployment.cloud.store) == ()


def test_a_translated_week_that_is_not_published_is_told() -> None:
    deployment = deployment_with({})
    del deployment.cloud.s3.objects[keys.announced(Edition(RUN, "ko"), "complete")]

    assert findings(deployment) == [
        ("2025-W37 ko is translated and not published yet.", "chorok redrive --state elsewhere")
    ]


def test_a_dead_message_that_no_paper_misses_can_be_looked_at() -> None:
    deployment = deployment_with({})
    deployment.sqs.put(aws.PAPERS_DEAD, "poison")

    ((what, do),) = findings(deployment)

    assert what == "The papers dead-letter queue holds messages, though no paper is missing: 1."
    assert do.endswith("aws sqs receive-message --endpoint-url https://sqs --queue-url https://sqs/papers-dead")
    assert survey(deployment.ledger, WHERE).is_complete


def test_a_tick_that_came_to_nothing_is_told_with_what_to_purge() -> None:
    deployment = deployment_with({})
    deployment.sqs.put(aws.SCHEDULE_FAILURES, "{}")

    ((what, do),) = findings(deployment)

    assert what == (
        "The schedule failure queue holds ticks that came to nothing: 1. Later ones make up for them, and they go by"
        " themselves within a day."
    )
    assert do == (
        "See docs/runbook.md#ticksmissing; to have them go now:"
        ' eval "$(chorok up --state elsewhere | grep ^export)";'
        " aws sqs purge-queue --endpoint-url https://sqs --queue-url https://sqs/schedule-failures"
    )
    assert survey(deployment.ledger, WHERE).is_complete


def test_no_queue_is_asked_where_no_cloud_is_up_and_no_keys_of_one_for_a_stack() -> None:
    deployment = deployment_with({})
    deployment.sqs.put(aws.SCHEDULE_FAILURES, "{}")
    stopped = replace(deployment.ledger, is_running=False)

    ((_, do),) = ((found.what, found.do) for found in survey(stopped, WHERE).findings)
    (deployed,) = survey(deployment.ledger, " --stack chorok").findings

    assert do.endswith("now: chorok up --state elsewhere; chorok status --state elsewhere")
    assert deployed.do.endswith(
        "now: aws sqs purge-queue --endpoint-url https://sqs --queue-url https://sqs/schedule-failures"
    )


def test_where_nothing_has_run_the_first_thing_to_do_is_said() -> None:
    assert survey(None, WHERE).findings == (Finding("Nothing has run here yet.", "chorok run --state elsewhere"),)
    with pytest.raises(UsageError, match=r"There is no run 2025-W37 here\. Runs there are: none\."):
        survey(None, WHERE, RUN)


def test_one_run_alone_or_none_of_that_name() -> None:
    deployment = deployment_with({})
    deployment.request("2025-W36")

    assert [run.run for run in survey(deployment.ledger, WHERE, "2025-W36").runs] == ["2025-W36"]
    with pytest.raises(UsageError, match=r"no run 2025-W35 here\. Runs there are: 2025-W37, 2025-W36\."):
        survey(deployment.ledger, WHERE, "2025-W35")


def test_a_complete_archive_costs_one_listing_a_manifest_a_run_and_the_incidents() -> None:
    deployment = deployment_with({})
    for week in ("2024-W52", "2025-W01", "2025-W02"):
        deployment.request(week)
    asked: list[str] = []
    get = deployment.cloud.s3.get_object

    def counted(**request: str) -> dict[str, Any]:
        asked.append(request["Key"])
        return get(**request)

    deployment.cloud.s3.get_object = counted  # type: ignore[method-assign]

    status = survey(deployment.ledger, WHERE)

    assert status.is_complete
    assert asked == [*(keys.manifest(run.run) for run in status.runs), keys.INCIDENTS]


def test_what_strangers_wrote_drives_no_terminal() -> None:
    deployment = deployment_with({FIRST.title: "InternalServerException"})
    failure = Failure(FailureClass.TRANSIENT, "Hostile", "\x1b[2Jgone")
    store_result(
        deployment.cloud.store, FailedResult(RUN, "ko", FIRST.id, datetime(2025, 9, 15, tzinfo=UTC), failure=failure)
    )

    show(deployment.console, survey(deployment.ledger, WHERE))

    assert "[2Jgone (Hostile)" in deployment.output
    assert "\x1b" not in deployment.output


def test_json_says_the_same() -> None:
    deployment = deployment_with({FIRST.title: "AccessDeniedException"})

    say_json(deployment.console, survey(deployment.ledger, WHERE))

    told = json.loads(deployment.output)

    assert told["runs"][0]["failed"][0]["papers"] == [FIRST.id]
    assert told["queues"][0]["dead"] == 0
    assert told["findings"][0]["do"].startswith("Mend that first")


def test_each_failed_paper_is_named_once() -> None:
    deployment = deployment_with({FIRST.title: "InternalServerException", SECOND.title: "InternalServerException"})

    show(deployment.console, survey(deployment.ledger, WHERE))

    assert deployment.output.count(FIRST.id) == deployment.output.count(SECOND.id) == 1
    assert f"  → chorok show 2025-W37 {FIRST.id} --lang ko --state elsewhere\n" in deployment.output


def test_one_run_is_shown_alone_and_so_is_what_to_do_about_it() -> None:
    deployment = deployment_with({FIRST.title: "InternalServerException"})
    deployment.request("2025-W36")
    deployment.sqs.put(aws.SCHEDULE_FAILURES, "{}")

    status = survey(deployment.ledger, WHERE, "2025-W36")
    show(deployment.console, status)

    assert (status.queues, status.failures) == ((), ())
    assert [finding.do for finding in status.findings] == ["chorok redrive 2025-W36 --state elsewhere"]
    assert "2025-W37" not in deployment.output


def test_a_command_to_paste_stays_one_command() -> None:
    deployment = deployment_with({FIRST.title: "InternalServerException"})
    state = Path("a state/of; things'")

    (finding,) = survey(deployment.ledger, where(state, "")).findings

    assert shlex.split(finding.do) == ["chorok", "redrive", "--state", str(state)]


def test_a_damaged_object_is_named_and_hides_nothing_else() -> None:
    deployment = deployment_with({FIRST.title: "InternalServerException", SECOND.title: "InternalServerException"})
    deployment.engine.refused = {}
    deployment.request("2025-W36")
    deployment.request("2025-W35")
    result = keys.result(Edition(RUN, "ko"), FIRST.id)
    deployment.cloud.store.write(keys.manifest("2025-W36"), File(b"{", "application/json"))
    deployment.cloud.store.write(result, File(b"\0\0", "application/json"))

    status = survey(deployment.ledger, WHERE)

    assert [(run.run, run.state) for run in status.runs] == [("2025-W35", "complete"), (RUN, "partial")]
    named = [finding for finding in status.findings if "Damaged" in finding.what]
    assert ["runs/2025-W36/manifest.json" in finding.what for finding in named] == [True, False]
    assert result in named[1].what
    assert {finding.do for finding in named} == {"chorok doctor --repair --state elsewhere"}
    assert [entry.papers for entry in status.runs[1].failed] == [(SECOND.id,)]
    assert not status.is_complete


def test_while_a_command_has_the_queues_nothing_is_claimed_about_them() -> None:
    deployment = Deployment()
    deployment.working = False
    deployment.request()

    status = survey(replace(deployment.ledger, queues=lambda: None), WHERE)
    show(deployment.console, status)

    assert (status.queues, status.failures) == (None, None)
    assert "What is in the queues is not known" in deployment.output
    assert [finding.do for finding in status.findings] == ["Wait, then: chorok status --state elsewhere"]


def test_marked_sentences_are_counted_by_paper_where_a_run_is_asked_about() -> None:
    deployment = deployment_with({})
    held = deployment.result(SECOND)
    assert isinstance(held, TranslatedResult)
    doubts = (Doubt(0, "number", "7", ""), Doubt(0, "unit", "GB", ""), Doubt(1, "name", "X", ""))
    marked = replace(held, doubts=doubts, kept=(Kept(1, "loop", "x"),))
    deployment.cloud.store.write_record(keys.result(held.edition, held.paper), marked)

    status = survey(deployment.ledger, WHERE, RUN)

    (run,), (finding,) = status.runs, status.findings
    assert (run.state, run.marked) == ("complete", (Marked(SECOND.id, doubtful=1, kept=1),))
    assert finding.do.endswith("chorok redrive --doubtful 2025-W37 --state elsewhere")
    assert status.is_complete
    assert survey(deployment.ledger, WHERE).runs[0].marked == ()


def test_open_incidents_are_told_in_a_line_each_with_the_command() -> None:
    deployment = deployment_with({})
    cause = Cause(Kind.OURS, "AccessDenied", "the deployment has to be mended (AccessDenied)", "why", "chorok redrive")
    since = datetime(2025, 9, 15, 1, tzinfo=UTC)
    opened = Incident(cause, since, counted=since, told=since)
    awaited = replace(opened, cause=replace(cause, about="Another"), told=None)
    deployment.cloud.store.write_record(keys.INCIDENTS, Incidents((opened, awaited)))

    status = survey(deployment.ledger, WHERE)
    show(deployment.console, status)

    assert [incident.name for incident in status.incidents] == ["ours:AccessDenied"]
    assert (
        "! the deployment has to be mended (AccessDenied), since 2025-09-15 01:00 UTC → chorok redrive\n"
        in deployment.output
    )
    assert status.is_complete


def test_who_hears_of_a_stack_and_what_is_in_alarm_is_said_in_one_line() -> None:
    deployment = Deployment()
    status = survey(deployment.ledger, WHERE)

    show(deployment.console, replace(status, hearing=Hearing(2, ("c@d.org",), ("FetchErrors",))))
    show(deployment.console, replace(status, hearing=Trouble("You may not. (AccessDenied)")))

    told = deployment.console.file.getvalue()  # type: ignore[attr-defined]
    assert "Confirmed addresses: 2, not yet confirmed: c@d.org. In alarm: FetchErrors." in told
    assert "is not known: You may not. (AccessDenied)" in told
