"""What a deployment costs a month, and which limit it meets first: from measured requests and AWS's public prices.

What a paper and an edition ask for is measured by the real handlers (`tests.bench.counts`, which a test holds these
figures against); the prices are AWS's own for us-east-1. They change: look them up before you rely on them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.metrics import Metric
from shared.schedule import longest_gap
from shared.settings import AMAZON, Settings

REGION, PRICED = "us-east-1", "2026-11"
"""Where the prices are for, and the month in which they were looked up."""
HOURS = 730
"""In a month."""
WEEKS = 52 / 12
"""In a month."""


@dataclass(frozen=True)
class Price:
    """Dollars for one of `unit`; what AWS never charges for, each month and account; and the page that says so."""

    dollars: float
    unit: str
    page: str
    free: float = 0


_CLOUDWATCH = "https://aws.amazon.com/cloudwatch/pricing/"
_LAMBDA = "https://aws.amazon.com/lambda/pricing/"
_S3 = "https://aws.amazon.com/s3/pricing/"
PRICES: Mapping[str, Price] = {
    "Amazon Translate": Price(15e-6, "character", "https://aws.amazon.com/translate/pricing/"),
    "S3 writes": Price(5e-6, "request", _S3),
    "S3 reads": Price(0.4e-6, "request", _S3),
    "S3 storage": Price(0.023, "GB", _S3),
    "SQS": Price(0.4e-6, "request", "https://aws.amazon.com/sqs/pricing/", free=1e6),
    "Lambda invocations": Price(0.2e-6, "invocation", _LAMBDA, free=1e6),
    "Lambda time": Price(13.3334e-6, "GB-second", _LAMBDA, free=400_000),
    "Logs": Price(0.5, "GB", _CLOUDWATCH, free=5),
    "Alarms": Price(0.1, "alarm", _CLOUDWATCH, free=10),
    "Metrics": Price(0.3, "metric", _CLOUDWATCH, free=10),
    "Dashboard": Price(3.0, "dashboard", _CLOUDWATCH, free=3),
    "Schedule": Price(1e-6, "tick", "https://aws.amazon.com/eventbridge/pricing/", free=14e6),
    "Mails": Price(2e-5, "mail", "https://aws.amazon.com/sns/pricing/", free=1000),
}
"""Of Lambda, that on arm64; of S3, the first tier of the Standard class; a write is a PUT or a LIST."""


@dataclass(frozen=True)
class Asked:
    """What something asks for: S3's writes and reads, requests of SQS, invocations and GB-seconds, bytes of logs."""

    writes: float = 0
    reads: float = 0
    messages: float = 0
    invocations: float = 0
    gigabyte_seconds: float = 0
    log_bytes: float = 0


CHARACTERS = 1_750
"""Of a paper that are sent to an engine: its title, its abstract, the summary, and what is asked again."""
STORED_BYTES = 91_000
"""Of a paper in one language, for good: its result, its memory, its page, and its part of the digest's files."""
PAPER_SECONDS = 0.6
"""How long the translate function has one paper; mostly it waits for the engine."""
_MEMORY_GB = 0.5
A_PAPER = Asked(4.1, 3.3, 3.3, 1.1, _MEMORY_GB * (PAPER_SECONDS + 0.035), 3_000)
"""In one language. A message is sent among ten, received, deleted; its result is a signal, ten come together."""
AN_EDITION = Asked(41, 18, 6, 4, _MEMORY_GB * 5, 6_000)
"""Whatever the number of its papers: what a publication reads and writes of archive, search and feeds."""
A_TICK = Asked(writes=1, messages=1, invocations=1, gigabyte_seconds=_MEMORY_GB * 0.3, log_bytes=2_000)
"""One with no work is one listing, and one look at what is dead."""
POLLS = 2 * 5 * 3 * 60 * HOURS
"""What Lambda asks two empty queues: five pollers each, every 20 seconds
(https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html)."""
ALARMS = 5
_METRICS_OF_TICKS = 4
_HOURS_OF_WORK = 2
"""A week. Metrics are charged for the hours in which they are reported."""


@dataclass(frozen=True)
class Load:
    """Papers a week, in how many languages, of which how many are Amazon Translate's; and ticks a month."""

    papers: int
    languages: int
    by_amazon: int
    ticks: float = HOURS
    addresses: int = 1

    @property
    def translations(self) -> int:
        """Papers to be translated in a week, each language counted."""
        return self.papers * self.languages


IDLE = Load(0, 0, 0)


@dataclass(frozen=True)
class Line:
    """One line of a month's bill: how much of what, what it costs, and what it costs within AWS's free tier."""

    what: str
    amount: float
    dollars: float
    with_free_tier: float


def load_of(settings: Settings) -> Load:
    """What these settings make for in a week."""
    by_amazon = sum(settings.engine(code) == AMAZON for code in settings.languages)
    ticks = timedelta(hours=HOURS) / longest_gap(settings.schedule)
    return Load(settings.top, len(settings.languages), by_amazon, ticks, max(1, len(settings.notify_email)))


def bill(load: Load, months: int = 12) -> tuple[Line, ...]:
    """What the load costs in a month, when that many months of digests are stored."""
    editions = load.languages * WEEKS if load.papers else 0
    papers = load.translations * WEEKS
    asked = [(A_PAPER, papers), (AN_EDITION, editions), (A_TICK, load.ticks)]

    def total(part: str) -> float:
        return sum(float(getattr(each, part)) * count for each, count in asked)

    worked = WEEKS * _HOURS_OF_WORK / HOURS if load.papers else 0
    amounts = {
        "Amazon Translate": load.papers * load.by_amazon * WEEKS * CHARACTERS,
        "S3 writes": total("writes"),
        "S3 reads": total("reads"),
        "S3 storage": papers * months * STORED_BYTES / 1e9,
        "SQS": total("messages") + POLLS,
        "Lambda invocations": total("invocations"),
        "Lambda time": total("gigabyte_seconds"),
        "Logs": total("log_bytes") / 1e9,
        "Alarms": ALARMS,
        "Metrics": _METRICS_OF_TICKS + (len(Metric) - _METRICS_OF_TICKS) * worked,
        "Dashboard": 1,
        "Schedule": load.ticks,
        "Mails": editions * load.addresses,
    }
    return tuple(
        Line(what, amount, amount * PRICES[what].dollars, max(0.0, amount - PRICES[what].free) * PRICES[what].dollars)
        for what, amount in amounts.items()
    )


def dollars(lines: Iterable[Line], *, free_tier: bool = False) -> float:
    """What a bill comes to."""
    return sum(line.with_free_tier if free_tier else line.dollars for line in lines)


@dataclass(frozen=True)
class Limit:
    """What a week needs of something that has a limit, where the limit is said, and what to turn when it is met."""

    what: str
    needed: float
    most: float
    unit: str
    turn: str

    @property
    def share(self) -> float:
        """How much of it is used: 1 is all."""
        return self.needed / self.most


def limits(load: Load, settings: Settings) -> tuple[Limit, ...]:
    """The limits of chorok and AWS for this load, the first to be met first; 0 of a setting is no limit."""
    return tuple(sorted(_limits(load, settings), key=lambda limit: -limit.share))


def duration(load: Load, settings: Settings) -> timedelta:
    """How long all papers of a week are at work, where the engine answers all that is asked."""
    return timedelta(seconds=load.translations * PAPER_SECONDS / settings.translate_concurrency)


LISTED_PAPERS = 5_000
PUBLISHED_PAPERS = 1_500
"""As many as aggregate publishes in its minute, with 0.29 of a core: about 10 ms of a whole one for each."""
_FETCH_SECONDS, _BATCH_SECONDS, _BATCH = 120, 0.01, 10
_LAMBDA_CONCURRENCY = 1_000
_OTHER_FUNCTIONS = 3
_SQS_IN_FLIGHT = 120_000
_S3_WRITES, _S3_READS = 3_500, 5_500
_TRANSLATE_BYTES = 1_000


def _limits(load: Load, settings: Settings) -> Iterator[Limit]:
    if settings.budget_characters:
        yield Limit(
            "the budget of a dispatch",
            load.papers * CHARACTERS,
            settings.budget_characters,
            "characters",
            "`budget_characters`, 0 for none",
        )
    yield Limit(
        "a period's list",
        load.papers,
        LISTED_PAPERS,
        "papers",
        "runs of days instead of weeks: `chorok run --date DATE`",
    )
    yield Limit("aggregate's minute", load.papers, PUBLISHED_PAPERS, "papers", "the function's memory, or shorter runs")
    yield Limit(
        "fetch's two minutes",
        load.translations / _BATCH * _BATCH_SECONDS,
        _FETCH_SECONDS,
        "seconds",
        "shorter runs, or fewer languages a stack",
    )
    yield Limit(
        "the time after which a paper is lost",
        duration(load, settings).total_seconds() / 3600,
        settings.lost_after_hours,
        "hours",
        "`translate_concurrency`, or `lost_after_hours`",
    )
    yield Limit(
        "Lambda's functions at once",
        settings.translate_concurrency + _OTHER_FUNCTIONS,
        _LAMBDA_CONCURRENCY,
        "functions",
        "the account's quota; a new account may have 10",
    )
    yield Limit(
        "SQS's messages in flight, where all wait for an engine that is down",
        load.translations,
        _SQS_IN_FLIGHT,
        "messages",
        "shorter runs",
    )
    at_once = settings.translate_concurrency / PAPER_SECONDS
    yield Limit("S3's writes to a prefix", A_PAPER.writes * at_once, _S3_WRITES, "a second", "`translate_concurrency`")
    yield Limit("S3's reads of a prefix", A_PAPER.reads * at_once, _S3_READS, "a second", "`translate_concurrency`")
    if load.by_amazon:
        yield Limit(
            "Amazon Translate's rate for a pair, as once published",
            load.papers * CHARACTERS / _TRANSLATE_BYTES / 3600,
            settings.lost_after_hours,
            "hours",
            "AWS's support raises it; `retry_cap_seconds` and `receives` wait for it",
        )
