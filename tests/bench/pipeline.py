"""Runs on the embedded cloud: their time over the floor, and what a paper takes of requests, processor and bytes."""

import io
import json
import time
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta

from rich.console import Console

from cli.backfill import backfill
from cli.run import RunOptions
from shared.services.events import RunRequest
from tests.asked import FUNCTIONS
from tests.bench.cloud import Counts, Measured, wait_until
from tests.bench.papers import source
from tests.bench.rows import Row
from tests.bench.runs import Measurement, cloud_for, run

SECONDS, CALLERS = 0.15, 5
_SLEEPER = """
import time
def handler(event, context):
    time.sleep({seconds})
    print("slept")
"""
_MEGABYTES = 256


def timed(large: bool) -> Iterator[Row]:
    """A run with an engine that takes its time, cold and warm, beside the same number of calls that only sleep."""
    sizes = {"2025-W35": 10, "2025-W36": 100, "2025-W37": 100, "2025-W38": 1000}
    with cloud_for(sizes, SECONDS, CALLERS) as measured:
        run(measured, "2025-W35", 10)
        first, warm, long = (run(measured, week, sizes[week]) for week in ("2025-W36", "2025-W37", "2025-W38"))
        again = run(measured, "2025-W38", 1000)
        tick = _idle_tick(measured, "2025-W38")
        peer = _sleeping(measured, 1000)
    yield from (
        _wall("100 papers, the first of a deployment", first, 1.8),
        _wall("100 papers, warm", warm, 1.2),
        _wall("1000 papers", long, 1.4),
        Row("A run", "1000 calls that only sleep, on the emulator", peer, "s", floor=1000 * SECONDS / CALLERS),
        Row("A run", "1000 papers, from the last result to the digest", long.tail, "s", most=2.0),
        Row("Requests", "an idle tick, four runs", tick.total("requests", "Fetch"), "requests", most=9),
        Row("Requests", "an idle tick, bytes written", _written(tick), "bytes", most=0),
        Row("The bill", "calls the second time, 1000 papers", again.calls, "calls", most=0),
        *_requests(warm, "100 papers"),
        *_requests(long, "1000 papers"),
        *_growth(warm, long),
        *_memory(long),
    )


def busy(large: bool) -> Iterator[Row]:
    """Runs at fifty callers whose engine answers at once: what the processor does for each paper, and how it grows."""
    count = 10_000 if large else 1_000
    with cloud_for({"2025-W35": 50, "2025-W36": 100, "2025-W37": count}, 0.0, 50) as measured:
        run(measured, "2025-W35", 50)
        small, long = run(measured, "2025-W36", 100), run(measured, "2025-W37", count)
    what = f"{count:,} papers, fifty callers"
    spent = {name: seconds / count * 1000 for name, seconds in long.processor.items()}
    ours = sum(spent[name] for name in FUNCTIONS) + long.command / count * 1000
    yield Row("Processor", f"{what}: functions and command", ours, "ms a paper", most=60)
    for name in ("Fetch", "Translate", "Aggregate", "emulator"):
        yield Row("Processor", f"{what}: {name.lower()}", spent[name], "ms a paper")
    yield Row("Processor", f"{what}: the command's watching", long.command / count * 1000, "ms a paper")
    yield Row("Processor", f"{what}: in all", long.wall / count * 1000, "ms a paper of time")
    yield from _growth(small, long)
    yield from _requests(long, what)
    yield from _memory(long)


def many_weeks(large: bool) -> Iterator[Row]:
    """`chorok backfill` of a year, its weeks of ten papers."""
    weeks = {f"2024-W{number:02}": 10 for number in range(1, 53)}
    with cloud_for({"2025-W35": 10, **weeks}, SECONDS, CALLERS) as measured:
        run(measured, "2025-W35", 10)
        called, began = measured.calls(), time.monotonic()
        chosen = RunOptions(RunRequest("", ("ko",), 10), 900.0, measured.state / "out")
        done = backfill(measured.pipeline, list(weeks), chosen, Console(quiet=True))
        taken, calls = time.monotonic() - began, measured.calls() - called
    assert all(week.is_complete for week in done)
    yield Row("Backfill", "52 weeks of 10 papers", taken, "s", floor=calls * SECONDS / CALLERS, most=1.6)


def _wall(what: str, found: Measurement, most: float) -> Row:
    return Row("A run", what, found.wall, "s", floor=found.calls * SECONDS / CALLERS, most=most, note=source())


def _requests(found: Measurement, what: str) -> Iterator[Row]:
    asked, papers = found.requests, found.papers
    ours = asked.total("requests", "Fetch", "Translate")
    yield Row("Requests", f"{what}: fetch and translate", ours / papers, "a paper", most=6)
    aggregate = asked.total("requests", "Aggregate")
    yield Row("Requests", f"{what}: aggregate", max(0, aggregate - 45) / papers, "a paper, but for 45", most=2.5)
    yield Row("Requests", f"{what}: the command's looks", asked.total("requests", "command"), "a run", most=20)
    for name in (*FUNCTIONS, "command"):
        listed = asked.by_operation("requests", name)
        shown = ", ".join(f"{count / papers:.2f} {operation}" for operation, count in list(listed.items())[:6])
        yield Row("Requests", f"{what}: {name}", sum(listed.values()) / papers, "a paper", note=shown)


def _growth(small: Measurement, long: Measurement) -> Iterator[Row]:
    """What a paper costs in a long run over what it costs in a short one."""
    what = f"a paper of {long.papers:,} over one of {small.papers:,}"

    def read(found: Measurement) -> float:
        return found.requests.total("read", *FUNCTIONS) / found.papers / 1000

    def spent(found: Measurement) -> float:
        return sum(found.processor[name] for name in FUNCTIONS) / found.papers * 1000

    yield Row("Growth", f"{what}: read from S3", read(long), "kB", peer=read(small), most=1.1)
    yield Row("Growth", f"{what}: processor", spent(long), "ms", peer=spent(small), most=1.1)


def _memory(found: Measurement) -> Iterator[Row]:
    for name, peak in found.memory.items():
        most = _MEGABYTES if name == "Aggregate" else None
        yield Row("Memory", f"{name.lower()} at {found.papers:,} papers", peak, "MB", most=most)


def _sleeping(measured: Measured, count: int) -> float:
    """How long the emulator takes for as many messages whose function only sleeps."""
    cloud = measured.cloud
    sqs, functions = cloud.client("sqs"), cloud.client("lambda")
    url = sqs.create_queue(QueueName="sleepers")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    role = functions.list_functions()["Functions"][0]["Role"]
    functions.create_function(
        FunctionName="sleeper",
        Runtime=functions.list_functions()["Functions"][0]["Runtime"],
        Role=role,
        Handler="sleeper.handler",
        Code={"ZipFile": _zipped(_SLEEPER.format(seconds=SECONDS))},
    )
    entries = [{"Id": str(number), "MessageBody": "x"} for number in range(10)]
    for _ in range(count // 10):
        sqs.send_message_batch(QueueUrl=url, Entries=entries)
    began = time.monotonic()
    functions.create_event_source_mapping(
        FunctionName="sleeper", EventSourceArn=arn, BatchSize=1, ScalingConfig={"MaximumConcurrency": CALLERS}
    )
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

    def empty() -> bool:
        return not any(map(int, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"].values()))

    wait_until(empty)
    return time.monotonic() - began


def _zipped(text: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("sleeper.py", text)
    return body.getvalue()


def _written(tick: Counts) -> int:
    """What it has put into S3: what it asks of queues has a body too."""
    return tick.by_operation("sent", "Fetch").get("PutObject", 0)


def _idle_tick(measured: Measured, newest: str) -> Counts:
    """What a tick asks for when all is done: the week after `newest` is not over."""
    pipeline = measured.pipeline
    functions = pipeline.functions
    fetch = next(
        found["FunctionName"] for found in functions.list_functions()["Functions"] if "Fetch" in found["FunctionName"]
    )
    year, week = newest.split("-W")
    moment = datetime.fromisocalendar(int(year), int(week) + 1, 1) + timedelta(hours=12)
    event = json.dumps({"scheduled_time": f"{moment.isoformat()}+00:00"}).encode()
    functions.invoke(FunctionName=fetch, Payload=event)
    before = measured.counts()
    answer = functions.invoke(FunctionName=fetch, Payload=event)
    assert not answer.get("FunctionError"), answer["Payload"].read()
    return measured.counts() - before
