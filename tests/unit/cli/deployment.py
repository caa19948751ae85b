"""A whole deployment in memory, as a command sees it: the real three functions, with nothing to wait for.

Every invocation, and every message that a person sends, is followed by the work it causes, until the queues are empty;
with `working` false nobody works on them.
"""
# ruff: noqa: N803 - the names of arguments are boto3's

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, cast

import msgspec
from rich.console import Console

from cli.connecting.dead_letters import FailureQueue, WorkQueue, redrive_by_hand
from cli.connecting.deployment import Pipeline
from cli.connecting.survey import Ledger, ledger_of
from functions.aggregate import handler as aggregate
from functions.translate import handler as translate
from shared.editions import Edition
from shared.engines.amazon import amazon_engine
from shared.errors import ChorokError, SourceRefused, SourceThrottled
from shared.ledger.records import Result
from shared.ledger.results import read_result
from shared.notices.mail import sns_announce
from shared.papers import Paper
from shared.periods import Period
from shared.services.deliver import Translating
from shared.services.events import KINDS, Answer, PaperAnswer, Request, RunRequest, parse_event, parse_request
from shared.services.fetching import Fetching
from shared.services.publish import Publishing
from shared.services.request import answer
from shared.settings import Settings
from tests.fakes import aws
from tests.fakes.texts import PAPERS, TRANSLATIONS

RUN = "2025-W37"


class OperatorSQS(aws.FakeSQS):
    """The queues, with the calls that only an operator makes. `sent` hears of every message a person sends."""

    sent: Callable[[], None] = staticmethod(lambda: None)

    def send_message(self, *, QueueUrl: str, MessageBody: str) -> dict[str, Any]:
        message_id = self.put(QueueUrl, MessageBody)
        self.sent()
        return {"MessageId": message_id}


class Engine(aws.FakeTranslate):
    """Translates the five papers; a text that holds a snippet of `refused` gets its code instead."""

    def __init__(self) -> None:
        super().__init__(TRANSLATIONS)
        self.refused: dict[str, str] = {}
        self.answered: list[str] = []

    def translate_text(self, *, Text: str, **request: Any) -> dict[str, Any]:
        for snippet, code in self.refused.items():
            if snippet in Text:
                raise aws.client_error(code, 400, "TranslateText")
        self.answered.append(Text)
        return super().translate_text(Text=Text, **request)


@dataclass
class HuggingFace:
    """The papers of every period, and the errors it answers first; `others` are had by their ids alone.

    `asked` are the periods, and the ids.
    """

    papers: Sequence[Paper] = PAPERS
    errors: list[ChorokError] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    others: dict[str, Paper] = field(default_factory=dict)

    def __call__(self, base: str, period: Period, top: int, believe_few: bool) -> tuple[Paper, ...]:
        self.asked.append(period.name)
        if self.errors:
            raise self.errors.pop(0)
        return tuple(self.papers[:top])

    def paper(self, base: str, paper: str) -> Paper:
        self.asked.append(paper)
        if paper not in self.others:
            raise SourceRefused(f"{base}/api/papers/{paper} answered 404: it has no such page.")
        return self.others[paper]


class Deployment:
    """The deployment. It is its own Lambda and EventBridge Scheduler."""

    def __init__(self, **settings: Any) -> None:
        self.settings = Settings(**({"top": len(PAPERS), "receives": 2} | settings))
        self.cloud = aws.Cloud(self.settings.receives)
        self.cloud.sqs = self.sqs = OperatorSQS(self.cloud.clock, self.settings.receives)
        self.sqs.sent = self.work
        self.engine = Engine()
        self.source = HuggingFace()
        self.requests: list[Request] = []
        self.working = True
        self.console = Console(file=io.StringIO(), width=200)

    @property
    def output(self) -> str:
        """What a person has been told."""
        assert isinstance(self.console.file, io.StringIO)
        return self.console.file.getvalue()

    @property
    def pipeline(self) -> Pipeline:
        sqs = cast("Any", self.sqs)
        return Pipeline(
            store=self.cloud.store,
            objects=cast("Any", self.cloud.s3),
            functions=cast("Any", self),
            scheduler=cast("Any", self),
            schedule="schedule",
            papers=WorkQueue(sqs, "papers", aws.PAPERS, aws.PAPERS_DEAD),
            digests=WorkQueue(sqs, "digests", aws.DIGESTS, aws.DIGESTS_DEAD),
            failures=(FailureQueue(sqs, "schedule", aws.SCHEDULE_FAILURES),),
            redrive=redrive_by_hand,
            settle_seconds=0.0,
            requests=frozenset(KINDS),
        )

    @property
    def ledger(self) -> Ledger:
        return ledger_of(self.pipeline)

    def result(self, paper: Paper, run: str = RUN, language: str = "ko") -> Result | None:
        return read_result(self.cloud.store, Edition(run, language), paper.id)

    def request(self, run: str = RUN, **request: Any) -> None:
        """What a person asked for at some time before."""
        self.pipeline.fire(self.cloud.clock.now, RunRequest(run, **request))

    def dead(self) -> list[str]:
        return self.sqs.bodies(aws.PAPERS_DEAD)

    def forget_messages(self) -> None:
        for url in (aws.PAPERS, aws.PAPERS_DEAD, aws.DIGESTS, aws.DIGESTS_DEAD):
            self.sqs.messages(url).clear()

    def work(self) -> None:
        """Deliver what can be received, and let time pass for what cannot yet, until both queues are empty."""
        handlers = ((aws.PAPERS, self._translate), (aws.DIGESTS, self._aggregate))
        while self.working and any(self.sqs.messages(url) for url, _ in handlers):
            for url, handle in handlers:
                received = self.sqs.receive_message(QueueUrl=url, VisibilityTimeout=540).get("Messages", [])
                if received and not handle(aws.sqs_event(received))["batchItemFailures"]:
                    self.sqs.delete_message(QueueUrl=url, ReceiptHandle=received[0]["ReceiptHandle"])
            self.cloud.clock.advance(hours=1)

    # EventBridge Scheduler and Lambda.

    def get_schedule(self, *, Name: str) -> dict[str, Any]:
        return {"Target": {"Arn": "fetch", "Input": '{"scheduled_time": "<aws.scheduler.scheduled-time>"}'}}

    def get_function_configuration(self, *, FunctionName: str) -> dict[str, Any]:
        return {"Environment": {"Variables": self.settings.to_environment(FunctionName)}}

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        time, content = parse_event(json.loads(Payload))
        assert content is not None
        request = parse_request(content)
        self.requests.append(request)
        answer = self._answer(time, request)
        self.work()
        return {"Payload": io.BytesIO(msgspec.json.encode(asdict(answer)))}

    def _answer(self, time: datetime, request: Request) -> Answer | PaperAnswer:
        fetching = Fetching(
            self.settings, self.cloud.store, self.cloud.papers, self.cloud.digests, self.source, self.source.paper
        )
        try:
            return answer(fetching, time, request)
        except ChorokError as error:
            retry_after = error.retry_after if isinstance(error, SourceThrottled) else None
            return Answer(error=type(error).__name__, message=str(error), retry_after=retry_after)

    def _translate(self, event: dict[str, Any]) -> Any:
        translating = Translating(
            self.settings,
            self.cloud.store,
            lambda target: amazon_engine(cast("Any", self.engine), target, None),
            jitter=lambda: 0.5,
        )
        return translate.handle(event, cast("Any", aws.Context()), translate.Runtime(translating, self.cloud.papers))

    def _aggregate(self, event: dict[str, Any]) -> Any:
        publishing = Publishing(self.cloud.store, sns_announce(cast("Any", self.cloud.sns), aws.TOPIC, aws.BUCKET))
        runtime = aggregate.Runtime(self.settings, publishing, self.cloud.digests)
        return aggregate.handle(event, cast("Any", aws.Context()), runtime)
