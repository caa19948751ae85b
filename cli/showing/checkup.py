"""What `chorok doctor` looks at: pure judgements of facts that somebody else has collected, each with its remedy.

A fact that could not be had is a Trouble, which says why; the check that needed it has failed, and says so.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from rich.console import Console

from cli.showing.terminal import say
from infra.costs import HOURS, bill, dollars, load_of
from shared.settings import AMAZON, Settings


@dataclass(frozen=True)
class Trouble:
    """Why a fact could not be had, in one line."""

    why: str


@dataclass(frozen=True)
class Check:
    """What was looked at, how it is, what was found, and what to do about it ("" where nothing has to be done)."""

    name: str
    state: Literal["good", "failed"]
    found: str
    remedy: str = ""


@dataclass(frozen=True)
class Checkup:
    """All of it, as `--json` prints it."""

    healthy: bool
    checks: tuple[Check, ...]

    @classmethod
    def of(cls, checks: Iterable[Check]) -> "Checkup":
        """The checkup of these checks: healthy where none has failed."""
        listed = tuple(checks)
        return cls(all(check.state == "good" for check in listed), listed)


@dataclass(frozen=True)
class Hearing:
    """Who is told on a stack's topic: how many addresses have confirmed, and which have not; and what is in alarm."""

    confirmed: int
    pending: tuple[str, ...]
    alarms: tuple[str, ...]


@dataclass(frozen=True)
class Deployed:
    """A stack as AWS describes it. `runtime` is Lambda's name of it, `functions_at_once` what its settings allow.

    `ticked` is when a tick last did its work, None where none has.
    """

    status: str
    created: datetime
    settings: Settings
    runtime: str
    functions_at_once: int
    hearing: Hearing | Trouble
    ticked: datetime | Trouble | None
    gap: timedelta


@dataclass(frozen=True)
class StackFacts:
    """What was found of an account and a stack in it at the time `now`.

    `offered` says whether Amazon Translate is offered in the region. `bootstrap` is the version of CDK's, None where
    there is none; `translated` what came of the one word; `terminologies` how many there are.
    """

    stack: str
    now: datetime
    region: str
    offered: bool = True
    account: str | Trouble = ""
    bootstrap: int | Trouble | None = None
    translated: str | Trouble = ""
    terminologies: int | Trouble = 0
    concurrency: int | Trouble = 0
    deployed: Deployed | Trouble | None = None


@dataclass(frozen=True)
class LaptopFacts:
    """What was found of this machine. `damage` is what is wrong with the state folder, each in one sentence.

    `model` is how many bytes of the local model are here, None where it has not been fetched yet; `behind` how far this
    clock is behind that of Hugging Face's answer.
    """

    free_bytes: int
    model: int | Trouble | None
    has_state: bool
    damage: tuple[str, ...]
    behind: timedelta | Trouble
    where: str = ""
    cache: str = ""


_NO_REGION = "set AWS_DEFAULT_REGION, or a region in your AWS profile"
_LEAST_BOOTSTRAP = 6
"""https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html: what the default synthesizer needs."""
_MOST_TERMINOLOGIES = 100
"""An account and region: https://docs.aws.amazon.com/translate/latest/dg/what-is-limits.html."""
_BROKEN = ("FAILED", "ROLLBACK_COMPLETE", "DELETE_COMPLETE", "DELETE_IN_PROGRESS")
END_OF_LIFE = {
    "python3.12": date(2028, 10, 31),
    "python3.13": date(2029, 6, 30),
    "python3.14": date(2029, 6, 30),
}
"""When AWS ends a runtime: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, as of July 2026."""
_NOTICE = timedelta(days=180)
"""How long before that the check fails, as AWS writes to whoever has functions on it."""
_LEAST_FREE_BYTES = 1_000_000_000
"""Room for the model, the assemblies, and years of digests."""
_CLOCK = timedelta(minutes=5)
"""What AWS lets a signature's time be off: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html."""
_SLACK = timedelta(minutes=30)
_OTHER_FUNCTIONS = 1
"""The fetch function, beside those that queues start."""
_CDK = "npx aws-cdk@2.1148.1"


def stack_checks(facts: StackFacts) -> Iterator[Check]:
    """What is to be said of a stack and its account; without region and credentials nothing else can be."""
    if not facts.region:
        yield _failed("region", "no AWS region is set", _NO_REGION)
        return
    deployed = facts.deployed
    settings = deployed.settings if isinstance(deployed, Deployed) else Settings()
    by_amazon = [code for code in settings.languages if settings.engine(code) == AMAZON]
    if by_amazon and not facts.offered:
        yield _failed(
            "region", f"{facts.region}, where Amazon Translate is not offered", "take another region or engine"
        )
    else:
        yield _good("region", facts.region)
    if isinstance(facts.account, Trouble):
        yield _failed("credentials", facts.account.why, "set AWS_PROFILE, or use `aws configure` or `aws sso login`")
        return
    yield _good("credentials", facts.account)
    yield _bootstrap(facts)
    if by_amazon:
        yield _translate(facts)
        yield _terminologies(facts)
    yield from _stack(facts)
    yield _concurrency(facts)
    load = load_of(settings)
    if isinstance(deployed, Deployed):
        load = replace(load, ticks=timedelta(hours=HOURS) / deployed.gap)
    month = bill(load)
    yield _good(
        "cost",
        f"about {dollars(month):.2f} dollars a month, {dollars(month, free_tier=True):.2f} within AWS's free tier, for"
        f" {settings.top} papers a week in {', '.join(settings.languages)}; models of Bedrock come on top",
    )


def laptop_checks(facts: LaptopFacts) -> Iterator[Check]:
    """What is to be said of this machine and of the embedded cloud on it."""
    free = f"{facts.free_bytes / 1e9:.1f} GB free"
    if facts.free_bytes < _LEAST_FREE_BYTES:
        yield _failed("disk", free, f"make room for {_LEAST_FREE_BYTES / 1e9:.0f} GB, or give --state another place")
    else:
        yield _good("disk", free)
    if isinstance(facts.model, Trouble):
        yield _failed("model", facts.model.why, f"delete {facts.cache}; the next run fetches it again")
    elif facts.model is None:
        yield _good("model", "not here yet: the next run fetches it")
    else:
        yield _good("model", f"whole, {facts.model / 1e6:.0f} MB")
    if facts.damage:
        yield _failed("state", " ".join(facts.damage), f"chorok doctor --repair{facts.where}")
    else:
        yield _good("state", "whole" if facts.has_state else "nothing has run here yet")
    if isinstance(facts.behind, Trouble):
        yield _failed("source", facts.behind.why, "check the network and the proxy settings; what is here can be read")
        yield _good("clock", "not known without an answer to hold it against")
        return
    yield _good("source", "Hugging Face answers")
    off = abs(facts.behind)
    direction = "behind" if facts.behind > timedelta() else "ahead"
    if off > _CLOCK:
        yield _failed("clock", f"{_time(off)} {direction}", "set it: AWS refuses what is signed at another time")
    else:
        yield _good("clock", "right")


def show(console: Console, checkup: Checkup) -> None:
    """One line a check, and one more for what to do about it."""
    for check in checkup.checks:
        sign, style = ("✓", "green") if check.state == "good" else ("✗", "red")
        say(console, f"{sign} {check.name}: {check.found}", style if check.state == "failed" else "")
        if check.remedy:
            say(console, f"  → {check.remedy}")


def heard(hearing: Hearing) -> str:
    """Who hears a stack, and what is in alarm, in one line."""
    waiting = f", not yet confirmed: {', '.join(hearing.pending)}" if hearing.pending else ""
    return f"Confirmed addresses: {hearing.confirmed}{waiting}. In alarm: {', '.join(hearing.alarms) or 'nothing'}."


def _bootstrap(facts: StackFacts) -> Check:
    again = f"{_CDK} bootstrap aws://{facts.account}/{facts.region}"
    if isinstance(facts.bootstrap, Trouble):
        return _failed("bootstrap", facts.bootstrap.why, "allow ssm:GetParameter on /cdk-bootstrap/hnb659fds/version")
    if facts.bootstrap is None:
        return _failed("bootstrap", f"the account is not bootstrapped for CDK in {facts.region}", again)
    if facts.bootstrap < _LEAST_BOOTSTRAP:
        return _failed("bootstrap", f"version {facts.bootstrap}; {_LEAST_BOOTSTRAP} is needed", again)
    return _good("bootstrap", f"version {facts.bootstrap}")


def _translate(facts: StackFacts) -> Check:
    if isinstance(facts.translated, Trouble):
        return _failed("translate", facts.translated.why, "allow translate:TranslateText, and activate the service")
    return _good("translate", f"answers: {facts.translated} (that cost a few characters)")


def _terminologies(facts: StackFacts) -> Check:
    if isinstance(facts.terminologies, Trouble):
        return _failed("terminologies", facts.terminologies.why, "allow translate:ListTerminologies")
    found = f"{facts.terminologies} of {_MOST_TERMINOLOGIES}"
    if facts.terminologies >= _MOST_TERMINOLOGIES:
        remedy = "delete old ones, chorok-en-…: aws translate delete-terminology --name chorok-en-ko-00000000"
        return _failed("terminologies", found, remedy)
    return _good("terminologies", found)


def _stack(facts: StackFacts) -> Iterator[Check]:
    deployed = facts.deployed
    if deployed is None:
        yield _failed("stack", f"{facts.stack} is not deployed in {facts.region}", f"{_CDK} deploy, or another --stack")
        return
    if isinstance(deployed, Trouble):
        yield _failed("stack", deployed.why, "see docs/access.md for what an operator is allowed")
        return
    if any(part in deployed.status for part in _BROKEN):
        yield _failed("stack", deployed.status, f"look at its events in CloudFormation, then: {_CDK} deploy")
    else:
        yield _good("stack", deployed.status)
    yield from _hearing(deployed)
    yield _tick(deployed, facts.now)
    yield _runtime(deployed, facts.now)


def _hearing(deployed: Deployed) -> Iterator[Check]:
    hearing = deployed.hearing
    if isinstance(hearing, Trouble):
        yield _failed("subscriptions", hearing.why, "allow sns:ListSubscriptionsByTopic and cloudwatch:DescribeAlarms")
        return
    if hearing.pending:
        waiting = f"not confirmed: {', '.join(hearing.pending)}; confirmed: {hearing.confirmed}"
        yield _failed("subscriptions", waiting, "follow the link in the mail of AWS Notifications, or look in the spam")
    elif not hearing.confirmed:
        remedy = f"{_CDK} deploy -c chorok:notify_email=you@example.org"
        yield _failed("subscriptions", "nobody hears of digests and failures", remedy)
    else:
        yield _good("subscriptions", f"{hearing.confirmed} confirmed")
    if hearing.alarms:
        places = ", ".join(f"docs/runbook.md#{name.lower()}" for name in hearing.alarms)
        yield _failed("alarms", f"in alarm: {', '.join(hearing.alarms)}", f"see {places}")
    else:
        yield _good("alarms", "nothing is in alarm")


def _tick(deployed: Deployed, now: datetime) -> Check:
    remedy = "see docs/runbook.md#ticksmissing"
    if isinstance(deployed.ticked, Trouble):
        return _failed("tick", deployed.ticked.why, "allow cloudwatch:GetMetricStatistics")
    most = 2 * deployed.gap + _SLACK
    if deployed.ticked is None:
        if now - deployed.created <= most:
            return _good("tick", "none yet: the stack is new")
        return _failed("tick", "none has done its work in the last two weeks", remedy)
    age = now - deployed.ticked
    found = f"the last one did its work {_time(age)} ago; they come every {_time(deployed.gap)}"
    return _failed("tick", found, remedy) if age > most else _good("tick", found)


def _runtime(deployed: Deployed, now: datetime) -> Check:
    end = END_OF_LIFE.get(deployed.runtime)
    if end is None:
        return _failed("runtime", f"{deployed.runtime}, of which no end is known here", "deploy this version of chorok")
    found = f"{deployed.runtime}, until {end.isoformat()}"
    if now.date() >= end - _NOTICE:
        return _failed("runtime", found, "deploy a version of chorok on a newer runtime")
    return _good("runtime", found)


def _concurrency(facts: StackFacts) -> Check:
    if isinstance(facts.concurrency, Trouble):
        return _failed("concurrency", facts.concurrency.why, "allow lambda:GetAccountSettings")
    wanted = Settings().translate_concurrency + 2
    if isinstance(facts.deployed, Deployed):
        wanted = facts.deployed.functions_at_once
    needed = wanted + _OTHER_FUNCTIONS
    found = f"{needed} functions at once of the account's {facts.concurrency} that are not reserved"
    if facts.concurrency < needed:
        remedy = "ask AWS for more (Service Quotas, Lambda, Concurrent executions), or lower translate_concurrency"
        return _failed("concurrency", found, remedy)
    return _good("concurrency", found)


def _good(name: str, found: str) -> Check:
    return Check(name, "good", found)


def _failed(name: str, found: str, remedy: str) -> Check:
    return Check(name, "failed", found, remedy)


def _time(time: timedelta) -> str:
    """A time in the largest unit of which it holds two, or in the smallest."""
    seconds = time.total_seconds()
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} seconds"
