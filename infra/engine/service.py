"""A back end that behaves like Amazon Translate around anything that translates single sentences.

Limits, error codes, shapes: https://docs.aws.amazon.com/translate/latest/APIReference/API_TranslateText.html. What that
page does not name (ValidationException, SerializationException, UnknownOperationException) is common to all services:
https://docs.aws.amazon.com/translate/latest/APIReference/CommonErrors.html.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Literal, TypeVar

import msgspec

from infra.engine import markup
from infra.engine.term_files import Terminologies, Terminology
from infra.engine.wire import IMPORT_TERMINOLOGY, TRANSLATE_TEXT, Answer, Request, ServiceError, success
from shared.errors import ModelError

LONGEST_TEXT_BYTES = 10_000
_MOST_APPLIED_TERMS = 250
"""https://docs.aws.amazon.com/translate/latest/APIReference/API_AppliedTerminology.html"""

SentenceEngine = Callable[[str, str], str]
"""Translates one sentence of plain text for a language pair such as "en-ko". Raises ModelError."""

_Shape = TypeVar("_Shape")
_Code = Annotated[str, msgspec.Meta(min_length=2, max_length=5)]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=256, pattern="^([A-Za-z0-9-]_?)+$")]


class _Settings(msgspec.Struct, rename="pascal"):
    formality: Literal["FORMAL", "INFORMAL"] | None = None
    profanity: Literal["MASK"] | None = None
    brevity: Literal["ON"] | None = None


class _TranslateText(msgspec.Struct, rename="pascal"):
    text: Annotated[str, msgspec.Meta(min_length=1)]
    source_language_code: _Code
    target_language_code: _Code
    terminology_names: tuple[_Name, ...] = ()
    settings: _Settings | None = None


class _TerminologyData(msgspec.Struct, rename="pascal"):
    file: bytes
    format: Literal["CSV", "TMX", "TSV"]
    directionality: Literal["UNI", "MULTI"] = "UNI"


class _ImportTerminology(msgspec.Struct, rename="pascal"):
    name: _Name
    merge_strategy: Literal["OVERWRITE"]
    terminology_data: _TerminologyData
    description: Annotated[str, msgspec.Meta(max_length=256)] = ""


class Service:
    """Answers as Amazon Translate does, for the language `pairs` that `translate` knows."""

    def __init__(self, translate: SentenceEngine, pairs: frozenset[str]) -> None:
        self._translate = translate
        self._pairs = pairs
        self._terminologies = Terminologies()
        self._operations: Mapping[str, Callable[[bytes], object]] = {
            TRANSLATE_TEXT: self._translate_text,
            IMPORT_TERMINOLOGY: self._import_terminology,
        }

    def __call__(self, request: Request) -> Answer:
        """The answer to one call; every failure is an answer too."""
        try:
            if request.operation not in self._operations:
                raise ServiceError("UnknownOperationException", f"There is no operation {request.operation!r} here.")
            return success(self._operations[request.operation](request.body))
        except ServiceError as error:
            return error.answer
        except ModelError as error:
            return ServiceError("InternalServerException", str(error)).answer

    def _translate_text(self, body: bytes) -> object:
        call = _parsed(body, _TranslateText)
        size = len(call.text.encode())
        if size > LONGEST_TEXT_BYTES:
            raise ServiceError(
                "TextSizeLimitExceededException",
                f"Input text size exceeds limit. Max length of request text allowed is {LONGEST_TEXT_BYTES} bytes "
                f"while in this request the text size is {size} bytes",
            )
        source, target = call.source_language_code, call.target_language_code
        pair = f"{source}-{target}"
        if pair not in self._pairs:
            raise ServiceError(
                "UnsupportedLanguagePairException",
                f"Unsupported language pair: {source} to {target}.",
                SourceLanguageCode=source,
                TargetLanguageCode=target,
            )
        if len(call.terminology_names) > 1:
            raise ServiceError("InvalidRequestException", "Only one terminology can be applied to a request.")
        terminologies = [self._terminologies.get(name) for name in call.terminology_names]
        terms = {
            term: translation
            for terminology in terminologies
            if terminology.source == source
            for term, translation in terminology.terms.get(target, {}).items()
        }
        translated = markup.translate(call.text, source, terms, lambda sentence: self._translate(sentence, pair))
        answer: dict[str, object] = {
            "TranslatedText": translated.text,
            "SourceLanguageCode": source,
            "TargetLanguageCode": target,
        }
        if terminologies:
            applied = [{"SourceText": term, "TargetText": text} for term, text in translated.terms]
            answer["AppliedTerminologies"] = [
                {"Name": terminology.name, "Terms": applied[:_MOST_APPLIED_TERMS]} for terminology in terminologies
            ]
        return answer

    def _import_terminology(self, body: bytes) -> object:
        call = _parsed(body, _ImportTerminology)
        data = call.terminology_data
        return {
            "TerminologyProperties": _properties(
                self._terminologies.put(call.name, call.description, data.format, data.file)
            )
        }


def _parsed(body: bytes, shape: type[_Shape]) -> _Shape:
    """The request in `body`. Raises ServiceError where it is no JSON, or breaks the shape's constraints."""
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise ServiceError("ValidationException", f"1 validation error detected: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ServiceError("SerializationException", f"The request is no JSON: {error}") from error


def _properties(terminology: Terminology) -> dict[str, object]:
    """What the service tells of a terminology; times are seconds since 1970, as the protocol writes them."""
    return {
        "Name": terminology.name,
        "Description": terminology.description,
        "Arn": f"arn:aws:translate:us-east-1:000000000000:terminology/{terminology.name}/LATEST",
        "SourceLanguageCode": terminology.source,
        "TargetLanguageCodes": list(terminology.terms),
        "SizeBytes": terminology.size,
        "TermCount": terminology.count,
        "CreatedAt": terminology.created,
        "LastUpdatedAt": terminology.updated,
        "Directionality": "UNI",
        "SkippedTermCount": 0,
        "Format": terminology.format,
    }
