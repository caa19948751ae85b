"""What went wrong with one paper, decided by the error's *code*.

A code decides because types cannot: `ThrottlingException` is not even in Amazon Translate's service model, so botocore
raises it as a bare `ClientError`. An unknown code counts as transient: a retry that was not needed costs seconds, a
retry that was missing costs the paper.
"""

from dataclasses import dataclass
from enum import StrEnum


class FailureClass(StrEnum):
    """What may be done about a failure."""

    TRANSIENT = "transient"
    """It may heal by itself: back off and try again."""
    PERMANENT = "permanent"
    """It will not heal for this paper by trying again."""
    OURS = "ours"
    """Our deployment is wrong (credentials, permissions, parameters): nothing heals until it is mended."""


@dataclass(frozen=True)
class Failure:
    """One failure: its class, a stable code, and a plain cause in English for the operator."""

    kind: FailureClass
    code: str
    cause: str


NETWORK_CODE = "NetworkError"
"""No answer came back at all: name resolution, connection, timeout, or a cut connection."""

THROTTLING_CODES = frozenset(
    {"LimitExceededException", "Throttling", "ThrottlingException", "TooManyRequestsException"}
)
"""The service is asked too fast. None of these is permanent."""

PERMANENT_CODES = frozenset(
    {
        "UnsupportedLanguagePairException",
        "DetectedLanguageLowConfidenceException",
        "TextSizeLimitExceededException",
    }
)

OUR_CODES = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidParameterValueException",
        "InvalidRequestException",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "NoCredentialsError",
        "NotAuthorized",
        "OptInRequired",
        "ParamValidationError",
        "ResourceNotFoundException",
        "SerializationException",
        "SignatureDoesNotMatch",
        "SubscriptionRequiredException",
        "UnknownOperationException",
        "UnrecognizedClientException",
        "ValidationError",
        "ValidationException",
    }
)
"""Common errors of every AWS service (https://docs.aws.amazon.com/translate/latest/APIReference/CommonErrors.html) and
those of TranslateText that a wrong deployment causes."""


def class_of(code: str) -> FailureClass:
    """The class that an error code belongs to; an unknown code is transient."""
    if code in PERMANENT_CODES:
        return FailureClass.PERMANENT
    if code in OUR_CODES:
        return FailureClass.OURS
    return FailureClass.TRANSIENT
