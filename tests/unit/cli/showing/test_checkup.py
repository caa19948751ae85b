"""What `chorok doctor` makes of what it finds: each thing that is wrong fails one check, which says what to do."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console

from cli.showing.checkup import (
    END_OF_LIFE,
    Checkup,
    Deployed,
    Hearing,
    LaptopFacts,
    StackFacts,
    Trouble,
    laptop_checks,
    show,
    stack_checks,
)
from infra.bundling import VERSION
from shared.settings import Settings
from tests.conftest import ROOT

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
DEPLOYED = Deployed(
    status="UPDATE_COMPLETE",
    created=NOW - timedelta(days=90),
    settings=Settings(),
    runtime="python3.14",
    functions_at_once=7,
    hearing=Hearing(1, (), ()),
    ticked=NOW - timedelta(minutes=40),
    gap=timedelta(hours=1),
)
STACK = StackFacts(
    stack="Chorok",
    now=NOW,
    region="ap-northeast-2",
    account="111122223333",
    bootstrap=21,
    translated="안녕하세요",
    terminologies=3,
    concurrency=1000,
    deployed=DEPLOYED,
)
LAPTOP = LaptopFacts(
    free_bytes=80_000_000_000,
    model=30_000_000,
    has_state=True,
    damage=(),
    behind=timedelta(seconds=2),
    where=" --state elsewhere",
    cache="/home/ada/.cache/chorok/models/en-ko",
)
DENIED = Trouble("You are not allowed. (AccessDenied)")


def failed(checkup: Checkup) -> list[tuple[str, str]]:
    """The checks that failed, and what each says to do."""
    return [(check.name, check.remedy) for check in checkup.checks if check.state == "failed"]


def test_a_good_stack_has_a_line_for_everything_that_was_looked_at() -> None:
    checkup = Checkup.of(stack_checks(STACK))

    assert checkup.healthy
    assert [check.name for check in checkup.checks] == [
        "region",
        "credentials",
        "bootstrap",
        "translate",
        "terminologies",
        "stack",
        "subscriptions",
        "alarms",
        "tick",
        "runtime",
        "concurrency",
        "cost",
    ]
    assert "6.41 dollars a month" in checkup.checks[-1].found


STACK_FAULTS: dict[str, tuple[str, dict[str, Any], dict[str, Any], str]] = {
    "no Translate there": ("region", {"offered": False}, {}, "another region"),
    "not bootstrapped": ("bootstrap", {"bootstrap": None}, {}, "bootstrap aws://111122223333/ap-northeast-2"),
    "bootstrapped long ago": ("bootstrap", {"bootstrap": 4}, {}, "bootstrap aws://"),
    "bootstrap not to be read": ("bootstrap", {"bootstrap": DENIED}, {}, "ssm:GetParameter"),
    "Translate refuses": ("translate", {"translated": DENIED}, {}, "translate:TranslateText"),
    "too many terminologies": ("terminologies", {"terminologies": 100}, {}, "delete"),
    "not deployed": ("stack", {"deployed": None}, {}, "deploy"),
    "not to be looked at": ("stack", {"deployed": DENIED}, {}, "docs/access.md"),
    "half deployed": ("stack", {}, {"status": "UPDATE_ROLLBACK_FAILED"}, "events"),
    "nobody hears": ("subscriptions", {}, {"hearing": Hearing(0, (), ())}, "notify_email"),
    "mail not confirmed": ("subscriptions", {}, {"hearing": Hearing(1, ("a@b.org",), ())}, "link in the mail"),
    "hearing not known": ("subscriptions", {}, {"hearing": DENIED}, "sns:ListSubscriptionsByTopic"),
    "in alarm": ("alarms", {}, {"hearing": Hearing(1, (), ("FetchErrors",))}, "docs/runbook.md#fetcherrors"),
    "no ticks any more": ("tick", {}, {"ticked": NOW - timedelta(hours=3)}, "docs/runbook.md#ticksmissing"),
    "no ticks ever": ("tick", {}, {"ticked": None}, "docs/runbook.md#ticksmissing"),
    "runtime near its end": ("runtime", {"now": datetime(2029, 3, 1, tzinfo=UTC)}, {}, "newer runtime"),
    "runtime unknown": ("runtime", {}, {"runtime": "python3.9"}, "deploy this version"),
    "too few functions": ("concurrency", {"concurrency": 7}, {}, "Service Quotas"),
}


@pytest.mark.parametrize("fault", STACK_FAULTS)
def test_what_is_wrong_with_a_stack_fails_its_check_and_names_the_remedy(fault: str) -> None:
    name, of_facts, of_deployed, remedy = STACK_FAULTS[fault]
    facts = replace(STACK, **({"deployed": replace(DEPLOYED, **of_deployed)} | of_facts))
    if "now" in of_facts:
        facts = replace(facts, deployed=replace(DEPLOYED, ticked=facts.now))

    checkup = Checkup.of(stack_checks(facts))

    assert not checkup.healthy
    assert [found for found, _ in failed(checkup)] == [name]
    assert remedy in failed(checkup)[0][1]


def test_without_region_or_credentials_nothing_else_is_said() -> None:
    no_region = Checkup.of(stack_checks(replace(STACK, region="")))
    no_credentials = Checkup.of(stack_checks(replace(STACK, account=Trouble("There are no AWS credentials."))))

    assert [check.name for check in no_region.checks] == ["region"]
    assert [check.name for check in no_credentials.checks] == ["region", "credentials"]
    assert not no_region.healthy
    assert not no_credentials.healthy


def test_a_stack_that_is_new_need_not_have_ticked() -> None:
    new = replace(DEPLOYED, created=NOW - timedelta(minutes=20), ticked=None)

    assert Checkup.of(stack_checks(replace(STACK, deployed=new))).healthy


def test_a_stack_that_ticks_seldom_is_given_its_time() -> None:
    seldom = replace(DEPLOYED, ticked=NOW - timedelta(hours=20), gap=timedelta(hours=12))

    assert Checkup.of(stack_checks(replace(STACK, deployed=seldom))).healthy


def test_amazon_translate_is_not_asked_for_where_a_model_translates() -> None:
    by_bedrock = replace(DEPLOYED, settings=Settings(engines=("ko=bedrock:amazon.nova-lite-v1:0",)))

    checkup = Checkup.of(stack_checks(replace(STACK, offered=False, deployed=by_bedrock, translated=DENIED)))

    assert checkup.healthy
    assert "translate" not in [check.name for check in checkup.checks]


def test_the_end_of_the_runtime_that_is_deployed_is_known() -> None:
    assert f"python{VERSION}" in END_OF_LIFE


def test_the_cdk_command_is_the_readmes() -> None:
    [named] = set(re.findall(r"npx aws-cdk@[0-9.]+[0-9]", (ROOT / "README.md").read_text()))

    remedies = [remedy for _, remedy in failed(Checkup.of(stack_checks(replace(STACK, bootstrap=None, deployed=None))))]

    assert all(remedy.startswith(f"{named} ") for remedy in remedies)


LAPTOP_FAULTS: dict[str, tuple[str, dict[str, Any], str]] = {
    "disk full": ("disk", {"free_bytes": 200_000_000}, "make room"),
    "model damaged": ("model", {"model": Trouble("The model file x is damaged.")}, "delete /home/ada/.cache"),
    "state damaged": ("state", {"damage": ("damaged: x",)}, "chorok doctor --repair --state elsewhere"),
    "no network": ("source", {"behind": Trouble("no")}, "network"),
    "clock slow": ("clock", {"behind": timedelta(hours=3)}, "set it"),
    "clock fast": ("clock", {"behind": timedelta(hours=-3)}, "set it"),
}


@pytest.mark.parametrize("fault", LAPTOP_FAULTS)
def test_what_is_wrong_with_a_machine_fails_its_check_and_names_the_remedy(fault: str) -> None:
    name, of_facts, remedy = LAPTOP_FAULTS[fault]

    checkup = Checkup.of(laptop_checks(replace(LAPTOP, **of_facts)))

    assert [found for found, _ in failed(checkup)] == [name]
    assert remedy in failed(checkup)[0][1]


@pytest.mark.parametrize("facts", [LAPTOP, replace(LAPTOP, model=None, has_state=False)])
def test_a_machine_in_order_is_healthy_before_and_after_its_first_run(facts: LaptopFacts) -> None:
    checkup = Checkup.of(laptop_checks(facts))

    assert checkup.healthy
    assert [check.name for check in checkup.checks] == ["disk", "model", "state", "source", "clock"]


def test_what_failed_is_shown_with_its_remedy_below_it() -> None:
    console = Console(file=io.StringIO(), width=200)

    show(console, Checkup.of(laptop_checks(replace(LAPTOP, free_bytes=1))))

    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "✗ disk: 0.0 GB free\n  → make room" in text
    assert "✓ state: whole" in text
