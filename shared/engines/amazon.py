"""Amazon Translate as an engine: the one module that calls TranslateText and ImportTerminology.

https://docs.aws.amazon.com/translate/latest/APIReference/API_TranslateText.html
https://docs.aws.amazon.com/translate/latest/APIReference/API_ImportTerminology.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotocoreConnectionError

from shared.engines.protocol import Engine, EngineAnswer
from shared.engines.terminology import Terminology
from shared.errors import TranslationError
from shared.failures import NETWORK_CODE, Failure, FailureClass, class_of
from shared.languages.table import Language

if TYPE_CHECKING:
    from types_boto3_translate import TranslateClient
    from types_boto3_translate.type_defs import TranslateTextRequestTypeDef

SOURCE_LANGUAGE = "en"

_CAUSES = {
    "AccessDeniedException": "The translate function may not call TranslateText: allow translate:TranslateText.",
    "ExpiredTokenException": "The AWS session has expired: sign in again and redrive.",
    "IncompleteSignature": "The AWS credentials are malformed: set them anew, without spaces or line breaks.",
    "InvalidSignatureException": "The AWS secret key does not belong to the access key: set both anew.",
    "NoCredentialsError": "There are no AWS credentials: sign in, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    "NoRegionError": "No AWS region is set: set AWS_REGION to one that has Amazon Translate.",
    "OptInRequired": "This AWS account has no access to Amazon Translate: subscribe to it in this region.",
    "PartialCredentialsError": "The AWS credentials are incomplete: set access key and secret key together.",
    "ResourceNotFoundException": "Amazon Translate does not find what the call names: check the endpoint.",
    "SubscriptionRequiredException": "This AWS account has no access to Amazon Translate: subscribe to it.",
    "TextSizeLimitExceededException": "The text is too large for one TranslateText call, though it was split.",
    "UnrecognizedClientException": "AWS does not know this access key: check the credentials and their region.",
    "UnsupportedLanguagePairException": "The engine has no translation from English into this language.",
}
_IMPORT_CAUSES = {
    "AccessDeniedException": "The translate function may not import a terminology: allow translate:ImportTerminology.",
    "LimitExceededException": "There is no room for another terminology: delete those of earlier glossaries, chorok-….",
}
"""What these codes mean of ImportTerminology, where each is a fault of the deployment."""
_MISSING = "ResourceNotFoundException"
_BEING_IMPORTED = "ConcurrentModificationException"
_OUR_ERRORS = frozenset(
    {
        "CredentialRetrievalError",
        "InvalidRegionError",
        "NoRegionError",
        "PartialCredentialsError",
        "SSOError",
        "SSOTokenLoadError",
        "TokenRetrievalError",
        "UnauthorizedSSOTokenError",
    }
)
"""What botocore raises before a request leaves and `shared.failures` need not know: a wrong deployment, every one."""


def translate_client(connect_timeout_seconds: int = 5, read_timeout_seconds: int = 25) -> TranslateClient:
    """A client that asks once and gives up in time: retries belong to the queue.

    Region, credentials and endpoint are botocore's to find. Raises BotoCoreError where no region is set.
    """
    # A session of its own: boto3's default one would remember the credentials of its first client.
    return boto3.session.Session().client(
        "translate",
        config=Config(
            connect_timeout=connect_timeout_seconds,
            read_timeout=read_timeout_seconds,
            retries={"total_max_attempts": 1, "mode": "standard"},
        ),
    )


def amazon_engine(client: TranslateClient, target: Language, terminology: Terminology | None) -> Engine:
    """The engine behind `client`, from English into `target`, with a custom terminology unless that is None.

    The call that names a terminology first is what finds it missing, and imports it: after a new glossary, in a new
    account, or at an endpoint that has just started. Every other call is one request.
    """
    request: TranslateTextRequestTypeDef = {
        "Text": "",
        "SourceLanguageCode": SOURCE_LANGUAGE,
        "TargetLanguageCode": target.code,
    }
    if target.formality:
        request["Settings"] = {"Formality": "FORMAL"}
    if terminology is not None:
        request["TerminologyNames"] = [terminology.name]

    def ask(text: str) -> EngineAnswer:
        try:
            answer = client.translate_text(**(request | {"Text": text}))
        except ClientError as error:
            raise TranslationError(_service_failure(error)) from error
        except BotoCoreError as error:
            raise TranslationError(_client_failure(error)) from error
        try:
            translated = answer["TranslatedText"]
        except KeyError as error:
            # A page of HTML with status 200, as a proxy sends it, is an empty answer to botocore.
            cause = "What answered is not Amazon Translate: check the endpoint and any proxy on the way."
            raise TranslationError(Failure(FailureClass.TRANSIENT, "UnreadableAnswer", cause)) from error
        applied = (used["Name"] for used in answer.get("AppliedTerminologies", ()) if "Name" in used)
        return EngineAnswer(translated, tuple(applied))

    def ask_and_import(text: str) -> EngineAnswer:
        try:
            return ask(text)
        except TranslationError as error:
            if terminology is None or error.failure.code != _MISSING:
                raise
        _import(client, terminology)
        try:
            return ask(text)
        except TranslationError as error:
            if error.failure.code != _MISSING:
                raise
            cause = "Amazon Translate does not find the terminology that was just imported; it is tried again."
            raise TranslationError(Failure(FailureClass.TRANSIENT, _MISSING, cause)) from error

    return ask_and_import


def _import(client: TranslateClient, terminology: Terminology) -> None:
    """Import `terminology`, unless somebody else is just doing so. Raises TranslationError."""
    try:
        client.import_terminology(
            Name=terminology.name,
            MergeStrategy="OVERWRITE",
            TerminologyData={"File": terminology.file, "Format": "CSV", "Directionality": "UNI"},
        )
    except ClientError as error:
        failure = _service_failure(error)
        if failure.code in _IMPORT_CAUSES:
            failure = Failure(FailureClass.OURS, failure.code, _IMPORT_CAUSES[failure.code])
        if failure.code != _BEING_IMPORTED:
            raise TranslationError(failure) from error
    except BotoCoreError as error:
        raise TranslationError(_client_failure(error)) from error


def _service_failure(error: ClientError) -> Failure:
    """The service answered with an error: its code decides."""
    details = error.response.get("Error", {})
    code = details.get("Code") or "Unknown"
    message = " ".join(details.get("Message", "").split())
    cause = _CAUSES.get(code) or f"Amazon Translate answered {code}{': ' + message if message else ''}."
    return Failure(class_of(code), code, cause)


def _client_failure(error: BotoCoreError) -> Failure:
    """No answer came: the request could not be built or sent, or the connection failed."""
    if isinstance(error, HTTPClientError) and isinstance(error.kwargs.get("error"), ValueError):
        # An HTTP header that cannot be sent holds a credential: its text must not get into a cause.
        cause = "The AWS credentials hold characters that no credential has: set them anew, without line breaks."
        return Failure(FailureClass.OURS, "MalformedCredentials", cause)
    if isinstance(error, (HTTPClientError, BotocoreConnectionError)):
        cause = f"No answer from Amazon Translate ({type(error).__name__}): check the network; it is tried again."
        return Failure(FailureClass.TRANSIENT, NETWORK_CODE, cause)
    code = type(error).__name__
    kind = FailureClass.OURS if code in _OUR_ERRORS else class_of(code)
    return Failure(kind, code, _CAUSES.get(code) or " ".join(f"botocore could not send the request: {error}".split()))
