"""The code of an error decides what is done about it."""

from pathlib import Path

import pytest

import shared
from shared.failures import (
    ANSWER_CUT_SHORT,
    ANSWER_WITHHELD,
    BEDROCK_FAILURES,
    CHAT_FAILURES,
    EMPTY_TEXT,
    IMPORT_FAILURES,
    KNOWN_FAILURES,
    LOST,
    MALFORMED_CREDENTIALS,
    NETWORK_CODE,
    NOTHING_TO_TRANSLATE,
    ODD_ENTRY,
    REFUSED_BY_JUDGE,
    TOO_LARGE,
    UNREADABLE_ANSWER,
    Failure,
    FailureClass,
    KnownFailure,
    answered_failure,
    class_of,
    known_failure,
    remedy_of,
)


@pytest.mark.parametrize(
    "code",
    [
        "ThrottlingException",
        "TooManyRequestsException",
        "LimitExceededException",
        "InternalServerException",
        "ServiceUnavailableException",
        "503",
        NETWORK_CODE,
        "SomethingThatAmazonInventsNextYear",
    ],
)
def test_what_may_heal_by_itself_and_what_nobody_knows_is_tried_again(code: str) -> None:
    assert class_of(code) is FailureClass.TRANSIENT


@pytest.mark.parametrize("code", ["UnsupportedLanguagePairException", "TextSizeLimitExceededException"])
def test_what_cannot_heal_for_this_paper_is_not_tried_again(code: str) -> None:
    assert class_of(code) is FailureClass.PERMANENT


@pytest.mark.parametrize(
    "code",
    [
        "AccessDeniedException",
        "UnrecognizedClientException",
        "IncompleteSignature",
        "InvalidSignatureException",
        "ExpiredTokenException",
        "NoCredentialsError",
        "ResourceNotFoundException",
        "InvalidParameterValueException",
        "ParamValidationError",
    ],
)
def test_a_wrong_deployment_is_recognised_on_the_first_call(code: str) -> None:
    assert class_of(code) is FailureClass.OURS


@pytest.mark.parametrize("table", [KNOWN_FAILURES, IMPORT_FAILURES, BEDROCK_FAILURES, CHAT_FAILURES])
def test_no_code_means_two_things(table: tuple[KnownFailure, ...]) -> None:
    codes = [known.code for known in table]

    assert sorted(codes) == sorted(set(codes))


def test_a_cause_says_what_is_only_known_when_it_happens() -> None:
    lost = known_failure("Lost", hours=4)

    assert lost == Failure(FailureClass.TRANSIENT, "Lost", "no result came within 4 hours of sending it")


def test_what_the_table_has_no_words_for_is_said_in_those_of_the_service() -> None:
    unknown, known = (answered_failure(code, "it said so", "X") for code in ("NewException", "ValidationException"))

    assert unknown == Failure(FailureClass.TRANSIENT, "NewException", "it said so")
    assert known == Failure(FailureClass.OURS, "ValidationException", "it said so")


def test_a_cause_names_the_service_whose_code_it_is_whatever_else_stands_in_it() -> None:
    assert "Amazon Bedrock" in answered_failure("NoRegionError", "", "Amazon Bedrock").cause
    assert answered_failure(LOST, "", "whoever answers with a code of ours").cause


def test_a_code_may_mean_something_else_when_a_terminology_is_imported() -> None:
    asking, importing = (answered_failure("LimitExceededException", "", "X", rows) for rows in ((), IMPORT_FAILURES))

    assert (asking.kind, importing.kind) == (FailureClass.TRANSIENT, FailureClass.OURS)


@pytest.mark.parametrize("known", KNOWN_FAILURES, ids=lambda known: known.code)
def test_every_failure_has_a_remedy_with_the_command_in_its_place(known: KnownFailure) -> None:
    remedy = remedy_of(known.kind, known.code, "chorok redrive --stack X")

    assert "{" not in remedy
    assert "chorok redrive --stack X" in remedy or remedy.startswith("Nothing can be done")


def test_an_unknown_fault_of_ours_is_mended_before_anything_is_sent_again() -> None:
    assert remedy_of(FailureClass.OURS, "SomethingNew", "redrive") == "Mend that first, then: redrive"
    assert remedy_of(FailureClass.TRANSIENT, "SomethingNew", "redrive") == "redrive"


def test_no_code_of_the_table_is_written_out_anywhere_else() -> None:
    """A code that is written twice is one that only one of them is changed of."""
    root = Path(shared.__file__).parent.parent
    own = {
        LOST,
        NOTHING_TO_TRANSLATE,
        ODD_ENTRY,
        EMPTY_TEXT,
        TOO_LARGE,
        REFUSED_BY_JUDGE,
        UNREADABLE_ANSWER,
        MALFORMED_CREDENTIALS,
        ANSWER_CUT_SHORT,
        ANSWER_WITHHELD,
    }
    files = [path for room in ("shared", "cli", "functions") for path in (root / room).rglob("*.py")]

    written = [
        (path.name, code)
        for path in files
        if path.name != "failures.py"
        for code in own
        if f'"{code}"' in path.read_text(encoding="utf-8")
    ]

    assert len(files) > 50
    assert written == []
