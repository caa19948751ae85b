"""What goes over the wire, as plain values: awsJson1.1 as Amazon Translate speaks it, restJson1 as Amazon Bedrock does.

The protocols: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html and
https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html. The operations and shapes:
https://docs.aws.amazon.com/translate/latest/APIReference/API_TranslateText.html and
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import msgspec

TARGET_PREFIX = "AWSShineFrontendService_20170701."
CONTENT_TYPE = "application/x-amz-json-1.1"
JSON_TYPE = "application/json"
TRANSLATE_TEXT, IMPORT_TERMINOLOGY, CONVERSE = "TranslateText", "ImportTerminology", "Converse"
OPERATIONS = {TRANSLATE_TEXT: "translate", IMPORT_TERMINOLOGY: "translate", CONVERSE: "bedrock"}
"""What the functions call, and the service as which each is signed. Nothing else is answered, nor ever signed with the
user's credentials."""

SERVER_FAULTS = frozenset({"InternalFailure", "InternalServerException", "ServiceUnavailableException"})
"""The codes that answer 500; every other error answers 400. An SDK reads the code, whatever the status."""


@dataclass(frozen=True)
class Request:
    """One call: the operation's name, the request's headers, its body as it came, and the model that Converse names."""

    operation: str
    headers: Mapping[str, str]
    body: bytes
    model: str = ""


@dataclass(frozen=True)
class Answer:
    """An answer's HTTP status, body and headers."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": CONTENT_TYPE})


Backend = Callable[[Request], Answer | None]
"""What answers calls. None: no answer came, so the connection is cut and the caller's SDK sees a network failure."""


class ServiceError(Exception):
    """An error answer in the making. It never leaves this package, so it is not in the tree of `shared.errors`."""

    def __init__(self, code: str, message: str, content_type: str = CONTENT_TYPE, **members: str) -> None:
        super().__init__(message)
        self.answer = error(code, message, content_type, **members)


def success(value: object) -> Answer:
    """The answer that carries `value`, an encodable structure."""
    return Answer(200, msgspec.json.encode(value))


def error(code: str, message: str, content_type: str = CONTENT_TYPE, **members: str) -> Answer:
    """The answer that an SDK turns into an error with `code`."""
    body = msgspec.json.encode({"__type": code, "Message": message, **members})
    status = 500 if code in SERVER_FAULTS else 400
    return Answer(status, body, {"Content-Type": content_type, "x-amzn-ErrorType": code})
