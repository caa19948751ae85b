"""The code of an error decides what is done about it."""

import pytest

from shared.failures import NETWORK_CODE, OUR_CODES, PERMANENT_CODES, FailureClass, class_of


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


def test_no_code_means_two_things() -> None:
    assert OUR_CODES.isdisjoint(PERMANENT_CODES)
