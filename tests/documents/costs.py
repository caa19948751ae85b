"""What a deployment costs and where it ends, as two documents: `docs/cost.md` and `docs/scale.md`."""

import textwrap
from collections.abc import Iterator, Sequence
from datetime import timedelta

from infra.costs import (
    A_PAPER,
    AN_EDITION,
    CHARACTERS,
    IDLE,
    PAPER_SECONDS,
    PRICED,
    PRICES,
    REGION,
    Load,
    bill,
    dollars,
    duration,
    limits,
)
from shared.settings import Settings

_LOADS = {
    "idle": IDLE,
    "10 papers, 1 language": Load(10, 1, 1),
    "100 papers, 3 languages": Load(100, 3, 3),
    "1,000 papers, 5 languages": Load(1_000, 5, 5),
}
"""A week's."""
_LARGE = Load(100_000, 20, 20)
_CALL_SECONDS = 0.15


def cost(written: str) -> Iterator[str]:
    """What a deployment costs a month at four sizes, and what it meets first at each."""
    yield f"# What it costs\n\n{written}\n"
    yield _text(
        "US dollars a month, with a year of digests stored, with every hour's tick, and with Amazon Translate for every"
        f" language. A paper in one language is {CHARACTERS:,} characters, {A_PAPER.writes:g} writes and"
        f" {A_PAPER.reads:g} reads of S3, and {A_PAPER.messages:g} requests of SQS; a digest takes another"
        f" {AN_EDITION.writes:g} writes and {AN_EDITION.reads:g} reads. Characters and S3's requests are measured, and"
        " a test holds them against the real handlers. The rest, which costs least, is reckoned: SQS's requests, a"
        f" function's {PAPER_SECONDS:g} s a paper, what is logged. A model of Amazon Bedrock costs what its provider"
        " asks."
    )
    bills = {name: bill(load) for name, load in _LOADS.items()}
    yield _row(["", *_LOADS])
    yield _rule(len(_LOADS))
    for number, what in enumerate(PRICES):
        yield _row([what, *(_money(lines[number].dollars) for lines in bills.values())])
    yield _row(["**in all**", *(f"**{_money(dollars(lines))}**" for lines in bills.values())])
    yield _row(["within AWS's free tier", *(_money(dollars(lines, free_tier=True)) for lines in bills.values())])
    yield "\n"
    yield _text(
        "A stack at rest costs its alarms, its dashboard, the four metrics that ticks report, and Lambda's looks into"
        " two empty queues; the free tier, which is the account's and not the stack's, covers nearly all of it. From"
        " 100 papers on the bill is the engine's. The translation memory makes it less: a text that was"
        " translated before costs nothing again. `chorok doctor --stack NAME` says what your own settings come to, and"
        " `budget_dollars` has AWS write to you when a month becomes dearer."
    )
    yield "## What is met first\n\n"
    yield _row(["", "first", "needed", "limit", "what to turn"])
    yield _rule(4)
    for name, load in _LOADS.items():
        if load.papers:
            first = limits(load, Settings())[0]
            over = " ✗" if first.share > 1 else ""
            needed, most = f"{_count(first.needed)} {first.unit}", f"{_count(first.most)} {first.unit}{over}"
            yield _row([name, first.what, needed, most, first.turn])
    yield "\n## The prices\n\n"
    yield _text(
        f"What AWS asks in {REGION}, as far as known in {PRICED}. Its own pages could not be read for it: look them up."
    )
    yield _row(["", "US dollars", "free each month", "from"])
    yield _rule(3)
    for what, price in PRICES.items():
        a_million = price.dollars < 1e-3
        each = (
            f"{price.dollars * 1e6:g} per million {price.unit}s" if a_million else f"{price.dollars:g} per {price.unit}"
        )
        yield _row([what, each, _count(price.free) if price.free else "", f"<{price.page}>"])


def scale(written: str) -> Iterator[str]:
    """100,000 papers a week in 20 languages, on paper."""
    settings = Settings()
    yield f"# 100,000 papers a week in 20 languages, on paper\n\n{written}\n"
    yield _text(
        f"{_LARGE.translations:,} translations a week, with the default settings unless it is said otherwise. Counts"
        " are those measured, limits and prices AWS's public ones; see [what it costs](cost.md)."
    )
    yield "## What it costs\n\n"
    yield _row(["", "a month", "US dollars"])
    yield _rule(2)
    lines = bill(_LARGE)
    for line in lines:
        if line.dollars >= 5:
            yield _row([line.what, f"{_count(line.amount)} {_units(PRICES[line.what].unit)}", _money(line.dollars)])
    yield _row(["**in all**", "", f"**{_money(dollars(lines))}**"])
    engine = next(line.dollars for line in lines if line.what == "Amazon Translate")
    yield "\n"
    yield _text(
        f"The engine is {engine / dollars(lines):.1%} of it: what chorok asks for beside it matters for time alone."
    )
    yield "## What is met first\n\nEach limit, how many times over it is needed, and what to turn.\n\n"
    yield _row(["", "needed", "limit", "times", "what to turn"])
    yield _rule(4)
    for limit in limits(_LARGE, settings):
        needed, most = f"{_count(limit.needed)} {limit.unit}", f"{_count(limit.most)} {limit.unit}"
        yield _row([limit.what, needed, most, f"{limit.share:.3g}", limit.turn])
    yield "\n"
    yield _text(
        "The rate of Amazon Translate is what AWS once published, 10 kB in ten seconds for a pair of languages; today"
        " it names [no number](https://docs.aws.amazon.com/translate/latest/dg/what-is-limits.html), and says to ask"
        " for more where throttling lasts."
    )
    yield "## How long it takes\n\n"
    yield _row(["`translate_concurrency`", "all papers", "writes of S3 a second", "calls of Translate a second"])
    yield _rule(3)
    for concurrency in (settings.translate_concurrency, 50, 500):
        faster = Settings(translate_concurrency=concurrency)
        writes, calls = A_PAPER.writes * concurrency / PAPER_SECONDS, concurrency / _CALL_SECONDS
        yield _row([str(concurrency), _hours(duration(_LARGE, faster)), _count(writes), f"{_count(calls)} at most"])
    yield "\n## What to change\n\n"
    yield _text(
        "Make runs of days and not of weeks, and each of at most 1,000 papers: everything that grows with a run then"
        " stays as it is. Set `budget_characters` to what a day may cost. Raise Translate's quota and"
        " `translate_concurrency` together, to 50 or so. Give aggregate 1,769 MB, which is one whole core, and page the"
        " digest: no reader opens a page of 100,000 papers. Give each stack a few of the languages: two stacks share"
        " neither queue nor alarm."
    ).removesuffix("\n")


def _text(paragraph: str) -> str:
    return textwrap.fill(paragraph, 118, break_long_words=False, break_on_hyphens=False) + "\n\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _rule(numbers: int) -> str:
    return f"|---|{'---:|' * numbers}\n"


def _money(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 100 else f"{amount:.2f}"


def _count(number: float) -> str:
    if number >= 1e6:
        return f"{number / 1e6:,.3g} million" if number < 1e9 else f"{number / 1e6:,.0f} million"
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"


def _hours(time: timedelta) -> str:
    return f"{time.total_seconds() / 3600:.1f} hours"


def _units(unit: str) -> str:
    return unit if unit == "GB" else f"{unit}s"
