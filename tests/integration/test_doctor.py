"""What `chorok doctor` asks of AWS: the calls are those of AWS's own models, and what it refuses hides nothing else."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from click.testing import CliRunner

from cli.commands import chorok
from cli.connecting.laptop_facts import laptop_facts
from cli.connecting.stack_facts import collect
from cli.showing.checkup import Deployed, Hearing, StackFacts, Trouble, laptop_checks, stack_checks

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
REGION = "ap-northeast-2"
TOPIC = f"arn:aws:sns:{REGION}:111122223333:Chorok-Published"
FETCH = f"arn:aws:lambda:{REGION}:111122223333:function:Chorok-Fetch"
QUEUE = f"https://sqs.{REGION}.amazonaws.com/111122223333/Chorok"
OUTPUTS = {
    "Schedule": "Chorok-Schedule",
    "Topic": TOPIC,
    "PapersQueue": f"{QUEUE}-Papers",
    "DigestsQueue": f"{QUEUE}-Digests",
}
ALARM = {"AlarmName": "Chorok-x", "AlarmDescription": "FetchErrors: see docs/runbook.md", "AlarmActions": [TOPIC]}
OTHER = {"AlarmName": "Other-x", "AlarmDescription": "Somebody's", "AlarmActions": ["arn:aws:sns:x:1:y"]}


def mapping(queue: str, most: int) -> dict[str, Any]:
    arn = f"arn:aws:sqs:{REGION}:111122223333:{queue}"
    return {"EventSourceArn": arn, "ScalingConfig": {"MaximumConcurrency": most}}


Answer = Mapping[str, Any] | str | None
"""What a call is answered: a response, or the code of an error; None where it is not made."""

ANSWERS: dict[tuple[str, str], Answer] = {
    ("sts", "get_caller_identity"): {"Account": "111122223333"},
    ("cloudformation", "describe_stacks"): {
        "Stacks": [
            {
                "StackName": "Chorok",
                "CreationTime": NOW - timedelta(days=9),
                "StackStatus": "CREATE_COMPLETE",
                "Outputs": [{"OutputKey": name, "OutputValue": value} for name, value in OUTPUTS.items()],
            }
        ]
    },
    ("scheduler", "get_schedule"): {
        "ScheduleExpression": "cron(0 * * * ? *)",
        "Target": {"Arn": FETCH, "RoleArn": "arn:aws:iam::111122223333:role/x"},
    },
    ("lambda", "get_function_configuration"): {
        "Runtime": "python3.14",
        "Environment": {"Variables": {"CHOROK_TOP": "20", "CHOROK_BUCKET": "ledger"}},
    },
    ("lambda", "list_event_source_mappings"): {
        "EventSourceMappings": [
            mapping("Chorok-Papers", 5),
            mapping("Chorok-Digests", 2),
            mapping("Other", 900),
        ]
    },
    ("sns", "list_subscriptions_by_topic"): {
        "Subscriptions": [
            {"SubscriptionArn": f"{TOPIC}:1", "Endpoint": "a@b.org"},
            {"SubscriptionArn": "PendingConfirmation", "Endpoint": "c@d.org"},
        ]
    },
    ("cloudwatch", "describe_alarms"): {"MetricAlarms": [ALARM, OTHER]},
    ("cloudwatch", "get_metric_statistics"): {
        "Datapoints": [
            {"Timestamp": NOW - timedelta(hours=hours), "Maximum": done} for hours, done in ((5, 1), (1, 0), (3, 1))
        ]
    },
    ("ssm", "get_parameter"): {"Parameter": {"Value": "21"}},
    ("translate", "translate_text"): {
        "TranslatedText": "안녕하세요",
        "SourceLanguageCode": "en",
        "TargetLanguageCode": "ko",
    },
    ("translate", "list_terminologies"): {"TerminologyPropertiesList": [{"Name": "chorok-en-ko-1"}]},
    ("lambda", "get_account_settings"): {"AccountLimit": {"UnreservedConcurrentExecutions": 1000}},
}
"""In the order in which each service is asked."""


@pytest.fixture
def facts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[StackFacts]:
    """What is found where the calls are answered as ANSWERS says, but for the parameter's."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    clients: dict[str, Any] = {}
    with ExitStack() as stack:
        for (service, operation), answer in (ANSWERS | getattr(request, "param", {})).items():
            if service not in clients:
                clients[service] = boto3.client(service, region_name=REGION)
                clients[service].stubber = stack.enter_context(Stubber(clients[service]))
            stubber = clients[service].stubber
            if answer is None:
                continue
            if isinstance(answer, str):
                stubber.add_client_error(operation, answer, "You may not.")
            else:
                stubber.add_response(operation, answer)
        yield collect("Chorok", REGION, clients.__getitem__, NOW)


def test_everything_is_found(facts: StackFacts) -> None:
    assert isinstance(facts.deployed, Deployed)
    assert facts.deployed.settings.top == 20
    assert facts.deployed.hearing == Hearing(1, ("c@d.org",), ("FetchErrors",))
    assert facts.deployed.functions_at_once == 7
    assert facts.deployed.ticked == NOW - timedelta(hours=3), "not the one that failed"
    assert (facts.account, facts.bootstrap, facts.terminologies, facts.concurrency) == ("111122223333", 21, 1, 1000)
    assert [check.name for check in stack_checks(facts) if check.state == "failed"] == [
        "subscriptions",
        "alarms",
        "tick",
    ]


@pytest.mark.parametrize("facts", [{key: "AccessDenied"} for key in ANSWERS if key[0] != "sts"], indirect=True)
def test_a_call_that_is_refused_fails_a_check_and_is_no_traceback(facts: StackFacts) -> None:
    failed = [check for check in stack_checks(facts) if check.state == "failed"]

    assert any("You may not. (AccessDenied)" in check.found for check in failed)
    assert all(check.remedy for check in failed)


@pytest.mark.parametrize("facts", [{("ssm", "get_parameter"): "ParameterNotFound"}], indirect=True)
def test_an_account_without_bootstrap_is_told_from_one_that_may_not_be_looked_at(facts: StackFacts) -> None:
    assert facts.bootstrap is None


NOT_DEPLOYED: dict[tuple[str, str], Answer] = {
    ("cloudformation", "describe_stacks"): "ValidationError",
    ("lambda", "get_function_configuration"): None,
    ("lambda", "list_event_source_mappings"): None,
}


@pytest.mark.parametrize("facts", [NOT_DEPLOYED], indirect=True)
def test_a_stack_that_is_not_there_yet_fails_alone(facts: StackFacts) -> None:
    assert [check.name for check in stack_checks(facts) if check.state == "failed"] == ["stack"]


def test_without_a_region_nothing_is_asked() -> None:
    facts = collect("Chorok", "", lambda service: pytest.fail(f"{service} is asked"), NOW)

    assert [check.name for check in stack_checks(facts)] == ["region"]


@pytest.fixture
def clock() -> Iterator[tuple[str, list[str]]]:
    """A server whose answers have the Date that is in the list."""
    dates = [format_datetime(datetime.now(UTC), usegmt=True)]

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response_only(200)
            self.send_header("Date", dates[0])
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", dates
        finally:
            server.shutdown()
            thread.join()


def test_a_machine_that_has_never_run_is_in_order(clock: tuple[str, list[str]], tmp_path: Path) -> None:
    facts = laptop_facts(tmp_path / "state", "", clock[0], {"XDG_CACHE_HOME": str(tmp_path)})

    assert (facts.model, facts.has_state, facts.damage) == (None, False, ())
    assert {check.name: check.state for check in laptop_checks(facts)}["clock"] == "good"
    assert not (tmp_path / "state").exists()


def test_a_machine_on_which_everything_is_wrong_says_so(clock: tuple[str, list[str]], tmp_path: Path) -> None:
    clock[1][0] = "Wed, 01 Jan 2025 00:00:00 GMT"
    model = tmp_path / "chorok" / "models" / "en-ko"
    model.mkdir(parents=True)
    (model / "model.bin").write_bytes(b"no model")

    facts = laptop_facts(tmp_path / "state", "", clock[0], {"XDG_CACHE_HOME": str(tmp_path)})

    failed = {check.name for check in laptop_checks(facts) if check.state == "failed"}
    assert isinstance(facts.model, Trouble)
    assert failed >= {"model", "clock"}


def test_an_address_that_does_not_answer_is_no_traceback(tmp_path: Path) -> None:
    facts = laptop_facts(tmp_path / "state", "", "http://127.0.0.1:9", {"XDG_CACHE_HOME": str(tmp_path)})

    assert isinstance(facts.behind, Trouble)
    assert "ConnectionError" in facts.behind.why


def test_the_command_prints_json_and_says_by_its_status_whether_all_is_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: tuple[str, list[str]]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    asked = ["doctor", "--json", "--state", str(tmp_path / "state")]

    monkeypatch.setattr("cli.doctor.HUGGING_FACE", clock[0])
    good = CliRunner().invoke(chorok, asked, standalone_mode=False)
    monkeypatch.setattr("cli.doctor.HUGGING_FACE", "http://127.0.0.1:9")
    broken = CliRunner().invoke(chorok, asked, standalone_mode=False)

    assert (good.return_value, broken.return_value) == (0, 1)
    assert json.loads(good.stdout)["healthy"]
    [failed] = [check for check in json.loads(broken.stdout)["checks"] if check["state"] == "failed"]
    assert failed.keys() == {"name", "state", "found", "remedy"}
