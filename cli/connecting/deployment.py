"""A deployed pipeline as a command sees it: its ledger, its queues, and the schedule's target that it can fire."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from cli.connecting.dead_letters import FailureQueue, Redrive, WorkQueue
from shared import errors
from shared.aws import aws_errors
from shared.errors import AwsError, CloudError, SourceThrottled
from shared.ledger.store import Store
from shared.services.events import SCHEDULED_TIME, Answer, Dispatch, PaperAnswer, PaperRequest, Request, Work, kind_of
from shared.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from types_boto3_lambda import LambdaClient
    from types_boto3_s3 import S3Client
    from types_boto3_scheduler import EventBridgeSchedulerClient

    from shared.papers import Paper

_DEPLOY_AGAIN = "Deploy it again; an embedded cloud with `chorok down` and `chorok up`."


@dataclass(frozen=True)
class Pipeline:
    """One deployment of the stack.

    `objects` is the S3 of its bucket, for links, which the store cannot make. `schedule` is the name of its schedule,
    `papers` and `digests` are its two queues, and `redrive` how their dead letters go back to work; `failures` are the
    queues of failed ticks. Its queues count as empty once they have looked so for `settle_seconds`. Its functions
    understand these kinds of `requests`.
    """

    store: Store
    objects: S3Client
    functions: LambdaClient
    scheduler: EventBridgeSchedulerClient
    schedule: str
    papers: WorkQueue
    digests: WorkQueue
    failures: tuple[FailureQueue, ...]
    redrive: Redrive
    settle_seconds: float
    requests: frozenset[str]

    @classmethod
    def of(
        cls, outputs: Mapping[str, str], client: Callable[[str], Any], redrive: Redrive, settle_seconds: float
    ) -> Pipeline:
        """The pipeline of a stack with these `outputs`; `client` makes a service's. Raises CloudError without one."""

        def output(name: str) -> str:
            if name not in outputs:
                raise CloudError(
                    f"The stack has no output {name}: it is not a chorok stack, or another version has deployed it."
                    f" {_DEPLOY_AGAIN}"
                )
            return outputs[name]

        s3, sqs = client("s3"), client("sqs")
        return cls(
            store=Store(s3, output("Bucket")),
            objects=s3,
            functions=client("lambda"),
            scheduler=client("scheduler"),
            schedule=output("Schedule"),
            papers=WorkQueue(sqs, "papers", output("PapersQueue"), output("PapersDeadLetterQueue")),
            digests=WorkQueue(sqs, "digests", output("DigestsQueue"), output("DigestsDeadLetterQueue")),
            failures=(
                FailureQueue(sqs, "schedule", output("ScheduleFailuresQueue")),
                FailureQueue(sqs, "fetch", output("FetchFailuresQueue")),
            ),
            redrive=redrive,
            settle_seconds=settle_seconds,
            requests=frozenset(outputs.get("Requests", "").split(",")),
        )

    @aws_errors(AwsError, "AWS cannot be used")
    def settings(self) -> Settings:
        """The deployed settings, as far as the fetch function reads them. Raises SettingsError."""
        target = self.scheduler.get_schedule(Name=self.schedule)["Target"]
        deployed = self.functions.get_function_configuration(FunctionName=target["Arn"])
        return Settings.from_environment(deployed.get("Environment", {}).get("Variables", {}))

    def fire(self, time: datetime, request: Work) -> tuple[Dispatch, ...]:
        """Have what a person asks for done, as if at `time`; raises as `_ask` does."""
        return msgspec.json.decode(self._ask(time, request), type=Answer).dispatches

    def look_up(self, time: datetime, paper: str, source: str) -> Paper:
        """The paper with this arXiv id, from the deployment's source for ""; raises as `_ask` does."""
        return msgspec.json.decode(self._ask(time, PaperRequest(paper, source)), type=PaperAnswer).paper

    def require(self, kind: str) -> None:
        """Raise CloudError where the stack is of a version that does not understand requests of this kind."""
        if kind not in self.requests:
            raise CloudError(
                f"The stack does not understand requests of the kind {kind!r}: another version of chorok has deployed"
                f" it. {_DEPLOY_AGAIN}"
            )

    @aws_errors(AwsError, "AWS cannot be used")
    def _ask(self, time: datetime, request: Request) -> bytes:
        """Invoke the schedule's own target for `time` with a person's request, and wait for its answer.

        Raises what the fetch function ran into, as the error of the same name; CloudError where it crashed, or where
        the stack is of a version that would not understand the request: then nothing is sent.
        """
        self.require(kind_of(request))
        target = self.scheduler.get_schedule(Name=self.schedule)["Target"]
        event = json.loads(target["Input"].replace(SCHEDULED_TIME, time.isoformat()))
        invoked = self.functions.invoke(
            FunctionName=target["Arn"], Payload=json.dumps(event | {"request": msgspec.to_builtins(request)}).encode()
        )
        payload = invoked["Payload"].read()
        if invoked.get("FunctionError"):
            raise CloudError(f"The fetch function crashed: {payload.decode(errors='replace')[:500]}")
        answer = msgspec.json.decode(payload, type=Answer)
        if answer.error == SourceThrottled.__name__:
            raise SourceThrottled(answer.message, answer.retry_after)
        if answer.error:
            raise getattr(errors, answer.error, CloudError)(answer.message)
        return payload
