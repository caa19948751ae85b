"""What the functions may do is what they do: every call has its allowance, and every allowance its call."""

from collections.abc import Sequence

import pytest

from tests.conftest import ROOT
from tests.permissions.paths import record
from tests.permissions.policies import Allowance, allowances
from tests.permissions.proof import BY_AWS, Proof, by_aws, prove, table
from tests.permissions.recording import Call

Recorded = tuple[Sequence[Call], Sequence[Allowance]]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """The calls of one run through the usual and the rare paths, and what the stack allows."""
    found = record(tmp_path_factory.mktemp("permissions"))
    return found.calls, allowances(found.template, found.names)


@pytest.fixture(scope="module")
def proof(recorded: Recorded) -> Proof:
    return prove(*recorded)


def test_every_call_is_allowed(proof: Proof) -> None:
    assert proof.not_allowed == ()


def test_everything_allowed_is_used_or_known_to_be_used_by_aws(proof: Proof) -> None:
    assert proof.not_used == ()


def test_what_aws_is_said_to_use_is_allowed_and_called_by_nobody_else(proof: Proof) -> None:
    unused = [allowance for allowance, count in proof.used if not count]

    for who, action, part in BY_AWS:
        assert [a for a in unused if (a.who, a.action) == (who, action) and part in a.shown]
    assert all(map(by_aws, unused))


def test_each_allowance_that_is_taken_away_is_missed(recorded: Recorded, proof: Proof) -> None:
    calls, allowed = recorded

    for allowance, count in proof.used:
        if count:
            assert prove(calls, [other for other in allowed if other != allowance]).not_allowed, allowance


def test_an_allowance_too_many_is_told(recorded: Recorded) -> None:
    calls, allowed = recorded
    more = Allowance("Fetch", "s3:DeleteObject", "arn:aws:s3:::ledger/*", "Ledger/*")

    assert prove(calls, [*allowed, more]).not_used == (more,)


def test_a_call_of_a_function_without_a_name_is_not_overlooked(recorded: Recorded) -> None:
    calls, _ = recorded

    assert {call.who for call in calls} == {"Fetch", "Translate", "Aggregate"}


def test_the_table_is_kept_for_whoever_signs_it_off(proof: Proof) -> None:
    path = ROOT / "artefacts" / "permissions.txt"
    path.parent.mkdir(exist_ok=True)

    path.write_text("\n".join(table(proof)) + "\n")

    assert path.read_text().count("\n") > len(proof.used)
