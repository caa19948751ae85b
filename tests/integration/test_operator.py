"""What a deployed stack is to a command: StartMessageMoveTask as botocore knows it, and errors in one line."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from cli.connecting.dead_letters import WorkQueue, redrive_by_task
from cli.connecting.deployment import Pipeline
from cli.connecting.opening import AUTO, CloudOptions
from cli.connecting.stacks import deployed_pipeline
from shared.errors import CloudError, UsageError
from tests.conftest import ROOT

URL, DEAD_URL = "https://sqs.example/papers", "https://sqs.example/papers-dead"
DEAD = "arn:aws:sqs:ap-northeast-2:000000000000:papers-dead"


class Sqs:
    """SQS that expects these calls, in this order, and answers them."""

    def __init__(self) -> None:
        self.client = boto3.client(
            "sqs", region_name="ap-northeast-2", aws_access_key_id="test", aws_secret_access_key="test"
        )
        self.stubber = Stubber(self.client)
        self.pauses: list[float] = []
        self.stubber.add_response(
            "get_queue_attributes",
            {"Attributes": {"QueueArn": DEAD}},
            {"QueueUrl": DEAD_URL, "AttributeNames": ["QueueArn"]},
        )

    def task(self, status: str = "", started: int = 0, **told: Any) -> None:
        """A look at the newest task, or at none."""
        results = [{"Status": status, "SourceArn": DEAD, "StartedTimestamp": started, **told}] if status else []
        self.stubber.add_response("list_message_move_tasks", {"Results": results}, {"SourceArn": DEAD, "MaxResults": 1})

    def start(self, code: str = "") -> None:
        """The start of a task: no destination means the queue that the messages came from."""
        if code:
            self.stubber.add_client_error("start_message_move_task", code, "No.", expected_params={"SourceArn": DEAD})
        else:
            self.stubber.add_response("start_message_move_task", {"TaskHandle": "handle"}, {"SourceArn": DEAD})

    def redrive(self, seconds: float = 60) -> int:
        moved = redrive_by_task(WorkQueue(self.client, "papers", URL, DEAD_URL), seconds, self.pauses.append)
        self.stubber.assert_no_pending_responses()
        return moved


@pytest.fixture
def sqs() -> Iterator[Sqs]:
    stubbed = Sqs()
    with stubbed.stubber:
        yield stubbed


def test_a_task_moves_the_whole_dead_letter_queue_and_is_waited_for(sqs: Sqs) -> None:
    sqs.task()
    sqs.start()
    sqs.task("RUNNING", 1)
    sqs.task("COMPLETED", 1, ApproximateNumberOfMessagesMoved=7)

    assert sqs.redrive() == 7
    assert sqs.pauses == [2.0, 2.0]


def test_a_task_of_yesterday_does_not_count(sqs: Sqs) -> None:
    sqs.task("COMPLETED", 1, ApproximateNumberOfMessagesMoved=3)
    sqs.start()
    sqs.task("COMPLETED", 1, ApproximateNumberOfMessagesMoved=3)
    sqs.task("COMPLETED", 2, ApproximateNumberOfMessagesMoved=0)

    assert sqs.redrive() == 0


def test_a_running_task_is_joined(sqs: Sqs) -> None:
    sqs.task("RUNNING", 1)
    sqs.task("COMPLETED", 1, ApproximateNumberOfMessagesMoved=2)

    assert sqs.redrive() == 2


def test_a_task_that_somebody_else_started_a_moment_before_is_joined(sqs: Sqs) -> None:
    sqs.task()
    sqs.start("UnsupportedOperation")
    sqs.task("RUNNING", 1)
    sqs.task("COMPLETED", 1, ApproximateNumberOfMessagesMoved=1)

    assert sqs.redrive() == 1


def test_a_task_that_cannot_be_started_is_told(sqs: Sqs) -> None:
    sqs.task()
    sqs.start("ResourceNotFoundException")
    sqs.task()

    with pytest.raises(CloudError, match=r"does not redrive the papers dead-letter queue: No\."):
        sqs.redrive()


def test_a_task_that_fails_says_why(sqs: Sqs) -> None:
    sqs.task()
    sqs.start()
    sqs.task("FAILED", 1, FailureReason="AccessDenied")

    with pytest.raises(CloudError, match="failed: AccessDenied"):
        sqs.redrive()


def test_a_task_that_lasts_is_left_to_itself(sqs: Sqs) -> None:
    sqs.task("RUNNING", 1)
    sqs.task("RUNNING", 1)
    sqs.task("RUNNING", 1)

    with pytest.raises(CloudError, match=r"still runs, after 4 s\. Nothing is lost: repeat the command"):
        sqs.redrive(seconds=4)


def test_without_credentials_or_region_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    with pytest.raises(CloudError, match=r"^Stack Chorok cannot be used: no AWS region is set\."):
        deployed_pipeline("Chorok")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-2")
    with pytest.raises(CloudError, match=r"^Stack Chorok cannot be used: there are no AWS credentials\."):
        deployed_pipeline("Chorok")


def test_a_stack_that_another_version_has_deployed_is_told_from_one_that_works() -> None:
    with pytest.raises(CloudError, match=r"The stack has no output Schedule: .* Deploy it again"):
        Pipeline.of({"Bucket": "ledger"}, lambda service: None, redrive_by_task, 0.0)


def test_what_a_deployed_stack_decides_itself_cannot_be_asked_for() -> None:
    for wish in ({"engine": "model"}, {"receives": 3}):
        with pytest.raises(UsageError, match="a deployed stack has its own"):
            CloudOptions(ROOT, **({"engine": AUTO, "stack": "Chorok"} | wish))
