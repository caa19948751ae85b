"""What went wrong with one paper: its code, what that means, and what mends it, in one table.

The *code* of an error decides, because its type cannot: `ThrottlingException` is not even in Amazon Translate's service
model, so botocore raises it as a bare `ClientError`. A code that the table does not hold counts as transient: a retry
that was not needed costs seconds, a retry that was missing costs the paper.

`chorok status` and the runbook show the table's remedies; `digest.json` and every command show its causes. Readers are
told a reason in their own language instead: `failed_<reason>` in its `strings.json`.
"""

from collections.abc import Sequence
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


@dataclass(frozen=True)
class KnownFailure:
    """A row of the table: what a code means.

    `cause` has names in braces for what is only known when it happens; where it is "", the words of whoever answered
    stand in its place. `remedy` is what an operator does, with {redrive} for the command that sends the paper again.
    `reason` is what readers are told, "" for what they are told of the class.
    """

    code: str
    kind: FailureClass
    cause: str = ""
    remedy: str = "{redrive}"
    reason: str = ""


NETWORK_CODE = "NetworkError"
"""No answer came back at all: name resolution, connection, timeout, or a cut connection."""
LOST = "Lost"
NOTHING_TO_TRANSLATE = "NothingToTranslate"
ODD_ENTRY = "OddEntry"
EMPTY_TEXT = "EmptyText"
TOO_LARGE = "TooLarge"
BUDGET_EXCEEDED = "BudgetExceeded"
REFUSED_BY_JUDGE = "RefusedByGate"
"""Version 0.1.0 called the judge a gate; ledgers hold the code, so it stays."""
UNREADABLE_ANSWER = "UnreadableAnswer"
MALFORMED_CREDENTIALS = "MalformedCredentials"
NOT_IN_REGION = "NotInRegion"
ANSWER_CUT_SHORT = "AnswerCutShort"
ANSWER_WITHHELD = "AnswerWithheld"
DAMAGED = "DamagedObject"
"""The codes of chorok's own; all others are those of AWS and botocore."""

TOO_LONG = "TextSizeLimitExceededException"
NOT_FOUND = "ResourceNotFoundException"
ACCESS_DENIED = "AccessDeniedException"
NO_ROOM = "LimitExceededException"
"""Codes of Amazon Translate that chorok gives itself, or gives another meaning."""

THROTTLING_CODES = frozenset({NO_ROOM, "Throttling", "ThrottlingException", "TooManyRequestsException"})
"""The service is asked too fast. None of these is permanent."""

_TRANSIENT, _PERMANENT, _OURS = FailureClass.TRANSIENT, FailureClass.PERMANENT, FailureClass.OURS
_MEND = "Mend that first, then: {redrive}"
_NO_TEXT = "Nothing can be done: the source gives no text."


def _ours(code: str, cause: str = "") -> KnownFailure:
    return KnownFailure(code, _OURS, cause, _MEND)


KNOWN_FAILURES: tuple[KnownFailure, ...] = (
    # What chorok finds out by itself.
    KnownFailure(LOST, _TRANSIENT, "no result came within {hours} hours of sending it", reason="late"),
    KnownFailure(NOTHING_TO_TRANSLATE, _PERMANENT, "the source gives no {text}", _NO_TEXT, "no_text"),
    KnownFailure(
        ODD_ENTRY,
        _PERMANENT,
        "the source gives {oddity}",
        "Nothing can be done: the source's entry is damaged.",
        "damaged",
    ),
    KnownFailure(EMPTY_TEXT, _PERMANENT, "There is neither a title nor an abstract to translate.", _NO_TEXT, "no_text"),
    KnownFailure(
        TOO_LARGE,
        _PERMANENT,
        "a title or an abstract is longer than what is translated ({title} and {abstract} characters)",
        "Nothing can be done: the text is too long.",
        "too_long",
    ),
    KnownFailure(
        BUDGET_EXCEEDED,
        _PERMANENT,
        "the budget of {budget} characters for one dispatch is used up",
        "Deploy with a higher budget_characters, then: {redrive}",
        "budget",
    ),
    KnownFailure(
        REFUSED_BY_JUDGE,
        _PERMANENT,
        "The judge refused every form tried: {rules}.",
        "Read what the judge found wrong; with a better engine or glossary: {redrive}",
        "refused",
    ),
    # What an engine answers, or what stands in its place.
    KnownFailure(NETWORK_CODE, _TRANSIENT, "No answer from {service} ({error}): check the network."),
    KnownFailure(
        UNREADABLE_ANSWER,
        _TRANSIENT,
        "What answered is not {service}: check the endpoint and any proxy on the way.",
    ),
    *(KnownFailure(code, _TRANSIENT) for code in sorted(THROTTLING_CODES)),
    KnownFailure(
        "UnsupportedLanguagePairException",
        _PERMANENT,
        "The engine has no translation from English into this language.",
        "Choose an engine that knows the language, then: {redrive}",
        "no_pair",
    ),
    KnownFailure("DetectedLanguageLowConfidenceException", _PERMANENT),
    KnownFailure(
        TOO_LONG,
        _PERMANENT,
        "A stretch of the text without a space is longer than one TranslateText call may be.",
        "Nothing can be done: no call can hold the stretch.",
        "too_long",
    ),
    KnownFailure(
        ANSWER_CUT_SHORT,
        _PERMANENT,
        "The model's answer was longer than a translation of this text can be, or than the model can write.",
        "With another engine: {redrive}",
        "cut_short",
    ),
    KnownFailure(
        ANSWER_WITHHELD,
        _PERMANENT,
        "The model's provider, or a guardrail, withheld the answer to this text.",
        "With another engine or guardrail: {redrive}",
        "withheld",
    ),
    _ours(DAMAGED, "{what} Put its last good version back, as the runbook says."),
    # What a wrong deployment causes. https://docs.aws.amazon.com/translate/latest/APIReference/CommonErrors.html
    _ours(NOT_IN_REGION, "{service} is not offered in the region {region}: set AWS_REGION to one that has it."),
    _ours(ACCESS_DENIED, "The translate function may not call TranslateText: allow translate:TranslateText."),
    _ours("AccessDenied"),
    _ours("ExpiredTokenException", "The AWS session has expired: sign in again and redrive."),
    _ours("IncompleteSignature", "The AWS credentials are malformed: set them anew, without spaces or line breaks."),
    _ours("InvalidClientTokenId"),
    _ours("InvalidParameterValueException"),
    _ours("InvalidRequestException"),
    _ours("InvalidSignatureException", "The AWS secret key does not belong to the access key: set both anew."),
    _ours(
        MALFORMED_CREDENTIALS,
        "The AWS credentials hold characters that no credential has: set them anew, without line breaks.",
    ),
    _ours("MissingAuthenticationToken"),
    _ours(
        "NoCredentialsError",
        "There are no AWS credentials: sign in, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    ),
    _ours("NotAuthorized"),
    _ours("OptInRequired", "This AWS account has no access to {service}: subscribe to it in this region."),
    _ours("ParamValidationError"),
    _ours(NOT_FOUND, "{service} does not find what the call names: check the endpoint."),
    _ours("SerializationException"),
    _ours("SignatureDoesNotMatch"),
    _ours("SubscriptionRequiredException", "This AWS account has no access to {service}: subscribe to it."),
    _ours("UnknownOperationException"),
    _ours("UnrecognizedClientException", "AWS does not know this access key: check the credentials and their region."),
    _ours("ValidationError"),
    _ours("ValidationException"),
    # What botocore raises before a request leaves.
    _ours("CredentialRetrievalError"),
    _ours("InvalidRegionError"),
    _ours("NoRegionError", "No AWS region is set: set AWS_REGION to one that has {service}."),
    _ours("PartialCredentialsError", "The AWS credentials are incomplete: set access key and secret key together."),
    _ours("SSOError"),
    _ours("SSOTokenLoadError"),
    _ours("TokenRetrievalError"),
    _ours("UnauthorizedSSOTokenError"),
)
"""The table. No code stands in it twice."""

MENDED_BY_OTHERS = frozenset({REFUSED_BY_JUDGE, ANSWER_CUT_SHORT, ANSWER_WITHHELD, "UnsupportedLanguagePairException"})
"""What another judge or another engine may well do: neither the paper nor the deployment is wrong."""

IMPORT_FAILURES: tuple[KnownFailure, ...] = (
    _ours(ACCESS_DENIED, "The translate function may not import a terminology: allow translate:ImportTerminology."),
    _ours(
        NO_ROOM,
        "There is no room for another terminology: delete those of earlier glossaries, chorok-….",
    ),
)
"""What these codes mean when a terminology is imported, which comes first there."""
BEDROCK_FAILURES: tuple[KnownFailure, ...] = (
    _ours(
        ACCESS_DENIED,
        "The translate function may not invoke the model: allow bedrock:InvokeModel on it, and give this AWS account"
        " access to it in Amazon Bedrock.",
    ),
    _ours(NOT_FOUND, "The model or inference profile that the setting names is not there in this region."),
)
CHAT_FAILURES: tuple[KnownFailure, ...] = (_ours(ACCESS_DENIED), _ours(NOT_FOUND))
"""The same for the engines that answer Converse. The local endpoint says by itself what is to be mended."""

_BY_CODE = {known.code: known for known in KNOWN_FAILURES}
_REASONS = {_TRANSIENT: "engine", _PERMANENT: "text", _OURS: "setup"}
"""What readers are told of a class."""


def class_of(code: str) -> FailureClass:
    """The class that an error code belongs to; an unknown code is transient."""
    return _BY_CODE[code].kind if code in _BY_CODE else FailureClass.TRANSIENT


def reason_of(code: str) -> str:
    """What readers are told of a failure with this code: a reason, never the code or its cause."""
    known = _BY_CODE.get(code)
    return known.reason if known is not None and known.reason else _REASONS[class_of(code)]


def known_failure(code: str, **details: object) -> Failure:
    """The failure of a code that the table holds with a cause; `details` are what the cause has names for."""
    known = _BY_CODE[code]
    return Failure(known.kind, code, known.cause.format(**details))


def answered_failure(code: str, said: str, service: str, special: Sequence[KnownFailure] = ()) -> Failure:
    """The failure of any code: with the table's cause, or where it has none, with what was `said`.

    `service` is whose code it is; the rows of `special` come before the table's.
    """
    known = next((row for row in special if row.code == code), None) or _BY_CODE.get(code)
    if known is None:
        return Failure(FailureClass.TRANSIENT, code, said)
    return Failure(known.kind, code, known.cause.replace("{service}", service) or said)


def remedy_of(kind: FailureClass, code: str, redrive: str) -> str:
    """What mends a failure; `redrive` is the command that sends the paper again."""
    unknown = _MEND if kind is FailureClass.OURS else "{redrive}"
    return (_BY_CODE[code].remedy if code in _BY_CODE else unknown).format(redrive=redrive)
