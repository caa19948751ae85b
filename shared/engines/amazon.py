"""Amazon Translate as an engine: the one module that calls TranslateText and ImportTerminology.

https://docs.aws.amazon.com/translate/latest/APIReference/API_TranslateText.html
https://docs.aws.amazon.com/translate/latest/APIReference/API_ImportTerminology.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from shared.engines.calls import UNPARSED, asking_once, failure_of
from shared.engines.protocol import Engine, EngineAnswer
from shared.engines.terminology import Terminology
from shared.errors import TranslationError
from shared.failures import IMPORT_FAILURES, NOT_FOUND, UNREADABLE_ANSWER, Failure, FailureClass, known_failure
from shared.languages.table import Language

if TYPE_CHECKING:
    from types_boto3_translate import TranslateClient
    from types_boto3_translate.type_defs import TranslateTextRequestTypeDef

SOURCE_LANGUAGE = "en"
_SERVICE = "Amazon Translate"

_BEING_IMPORTED = "ConcurrentModificationException"


def translate_client(connect_timeout_seconds: int = 5, read_timeout_seconds: int = 25) -> TranslateClient:
    """A client that asks once and gives up in time: retries belong to the queue.

    Region, credentials and endpoint are botocore's to find. Raises BotoCoreError where no region is set.
    """
    # A session of its own: boto3's default one would remember the credentials of its first client.
    return boto3.session.Session().client(
        "translate",
        config=asking_once(connect_timeout_seconds, read_timeout_seconds),
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
            translated = answer["TranslatedText"]
        except (ClientError, BotoCoreError) as error:
            raise TranslationError(failure_of(error, client, _SERVICE)) from error
        except UNPARSED as error:
            # A page of HTML with status 200, as a proxy sends it, is an empty answer to botocore.
            raise TranslationError(known_failure(UNREADABLE_ANSWER, service=_SERVICE)) from error
        applied = (used["Name"] for used in answer.get("AppliedTerminologies", ()) if "Name" in used)
        return EngineAnswer(translated, tuple(applied))

    def ask_and_import(text: str) -> EngineAnswer:
        try:
            return ask(text)
        except TranslationError as error:
            if terminology is None or error.failure.code != NOT_FOUND:
                raise
        _import(client, terminology)
        try:
            return ask(text)
        except TranslationError as error:
            if error.failure.code != NOT_FOUND:
                raise
            cause = "Amazon Translate does not find the terminology that was just imported; it is tried again."
            raise TranslationError(Failure(FailureClass.TRANSIENT, NOT_FOUND, cause)) from error

    return ask_and_import


def _import(client: TranslateClient, terminology: Terminology) -> None:
    """Import `terminology`, unless somebody else is just doing so. Raises TranslationError."""
    try:
        client.import_terminology(
            Name=terminology.name,
            MergeStrategy="OVERWRITE",
            TerminologyData={"File": terminology.file, "Format": "CSV", "Directionality": "UNI"},
        )
    except (ClientError, BotoCoreError) as error:
        failure = failure_of(error, client, _SERVICE, IMPORT_FAILURES)
        if failure.code != _BEING_IMPORTED:
            raise TranslationError(failure) from error
