"""A back end that answers Converse out of any model behind an OpenAI-compatible address: Ollama, vLLM, a paid service.

    POST <address>/chat/completions

https://platform.openai.com/docs/api-reference/chat/create has the shapes, of which nothing is used but what everybody
who calls himself compatible has. The errors are Converse's own:
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors.
"""

import re
import time
from collections.abc import Callable, Mapping
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from infra.engine.wire import CONVERSE, JSON_TYPE, Answer, Request, ServiceError
from shared.addresses import is_loopback
from shared.errors import CloudError, UsageError

URL, MODEL, KEY = "CHOROK_CHAT_URL", "CHOROK_CHAT_MODEL", "CHOROK_CHAT_KEY"
"""The variables of the environment that say where, what, and, where it takes one, with which key."""

_CONNECT_SECONDS, _ANSWER_SECONDS = 5, 70
"""Below what the functions wait for an answer (`shared.engines.bedrock`), so that they hear who was late."""
_SLACK_BYTES = 64 * 1024
_CHUNK_BYTES = 64 * 1024
_KEY = re.compile(r"[!-~]{1,4096}")

_STOP_REASONS = {"stop": "end_turn", "length": "max_tokens", "content_filter": "content_filtered"}
_REFUSED = {
    400: "ValidationException",
    401: "AccessDeniedException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    413: "ValidationException",
    422: "ValidationException",
    429: "ThrottlingException",
}


class _Text(msgspec.Struct):
    text: str


class _Turn(msgspec.Struct):
    role: Literal["user", "assistant"]
    content: tuple[_Text, ...]


class _Inference(msgspec.Struct, rename="camel"):
    max_tokens: Annotated[int, msgspec.Meta(ge=1)] | None = None
    temperature: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None


class _Converse(msgspec.Struct, rename="camel"):
    messages: Annotated[tuple[_Turn, ...], msgspec.Meta(min_length=1)]
    system: tuple[_Text, ...] = ()
    inference_config: _Inference = msgspec.field(default_factory=_Inference)


class _Said(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Said
    finish_reason: str | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Completion(msgspec.Struct):
    choices: Annotated[tuple[_Choice, ...], msgspec.Meta(min_length=1)]
    usage: _Usage | None = None


class Chat:
    """Answers Converse for `model`, which is asked for at `address`, with `key` unless that is ""."""

    def __init__(self, address: str, model: str, key: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` counts seconds. Raises UsageError for an address that is none, CloudError for such a key."""
        self._address = f"{checked_address(address)}/chat/completions"
        self._model = model
        self._clock = clock
        if key and not _KEY.fullmatch(key):
            raise CloudError(f"{KEY} holds characters that no key has: set it anew, without spaces or line breaks.")
        self._session = requests.Session()
        # A proxy of the environment never stands between two programs of this machine.
        self._session.trust_env = not is_loopback(urlsplit(address).hostname or "")
        # Always set, for without it the user's .netrc would say whose name to send.
        self._session.auth = _Bearer(key)

    def __call__(self, request: Request) -> Answer | None:
        """The answer to one call, or None where nothing answers at the address; every failure is an answer too."""
        try:
            if request.operation != CONVERSE:
                raise ServiceError("UnknownOperationException", "This endpoint asks a chat model: Converse alone.")
            if request.model != self._model:
                raise _error("ResourceNotFoundException", f"The model here is {self._model}, not {request.model}.")
            started = self._clock()
            completion = self._asked(_parsed(request.body), most_bytes=4 * len(request.body) + _SLACK_BYTES)
        except ServiceError as error:
            return error.answer
        except (requests.Timeout, ReadTimeoutError):
            return _error("ModelTimeoutException", f"The model gave no answer in {_ANSWER_SECONDS} seconds.").answer
        except (requests.RequestException, HTTPError):
            return None
        return _answer(completion, milliseconds=round((self._clock() - started) * 1000))

    def _asked(self, call: _Converse, most_bytes: int) -> _Completion:
        deadline = self._clock() + _ANSWER_SECONDS
        with self._session.post(
            self._address,
            json=_question(self._model, call),
            headers={"Accept-Encoding": "identity"},
            timeout=(_CONNECT_SECONDS, _ANSWER_SECONDS),
            allow_redirects=False,
            stream=True,
        ) as response:
            # Not through `iter_content`, which waits until a chunk is full however slowly it comes.
            body = bytearray()
            while chunk := response.raw.read1(_CHUNK_BYTES):
                body += chunk
                if len(body) > most_bytes:
                    raise _error("ModelErrorException", "The answer is longer than any translation of this text.")
                if self._clock() > deadline:
                    raise requests.Timeout
        if response.status_code != 200:
            raise _refused(response.status_code)
        if response.raw.length_remaining:
            raise requests.ConnectionError
        try:
            return msgspec.json.decode(body, type=_Completion)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise _error("ModelErrorException", "What answers at the address is no chat completion.") from error


def checked_address(address: str) -> str:
    """`address` without a slash at its end. Raises UsageError where no prompt and no key may be sent there."""
    try:
        url = urlsplit(address)
        _ = url.port
        host = url.hostname or ""
    except ValueError:
        host, url = "", urlsplit("")
    safe = url.scheme == "https" or (url.scheme == "http" and is_loopback(host))
    # Not told on: a user name in an address has a password beside it.
    if (
        not host
        or not safe
        or "@" in address
        or url.query
        or url.fragment
        or not address.isprintable()
        or " " in address
    ):
        raise UsageError(
            f"{URL} must be an address such as http://127.0.0.1:11434/v1: https, or http on this machine, without user"
            " name and query."
        )
    return address.rstrip("/")


def chosen(environment: Mapping[str, str]) -> tuple[str, str]:
    """The address and the model that the environment names. Raises UsageError where it does not."""
    address, model = environment.get(URL, ""), environment.get(MODEL, "")
    if not address or not model:
        raise UsageError(
            f"The engine chat needs {URL}, such as http://127.0.0.1:11434/v1, and {MODEL}, such as qwen2.5:14b, in the"
            f" environment, and {KEY} where the address takes a key."
        )
    return checked_address(address), model


class _Bearer(requests.auth.AuthBase):
    """Sends `key`, or nothing."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._key:
            request.headers["Authorization"] = f"Bearer {self._key}"
        return request


def _parsed(body: bytes) -> _Converse:
    try:
        return msgspec.json.decode(body, type=_Converse)
    except msgspec.ValidationError as error:
        raise _error("ValidationException", f"1 validation error detected: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _error("ValidationException", f"The request is no JSON: {error}") from error


def _question(model: str, call: _Converse) -> dict[str, object]:
    turns = [("system", call.system)] if call.system else []
    turns += [(turn.role, turn.content) for turn in call.messages]
    messages = [{"role": role, "content": "\n".join(part.text for part in parts)} for role, parts in turns]
    limits = {"max_tokens": call.inference_config.max_tokens, "temperature": call.inference_config.temperature}
    given = {name: value for name, value in limits.items() if value is not None}
    return {"model": model, "messages": messages, "stream": False, **given}


def _answer(completion: _Completion, milliseconds: int) -> Answer:
    choice, usage = completion.choices[0], completion.usage or _Usage()
    body = {
        "output": {"message": {"role": "assistant", "content": [{"text": choice.message.content or ""}]}},
        "stopReason": _STOP_REASONS.get(choice.finish_reason or "stop", "malformed_model_output"),
        "usage": {
            "inputTokens": usage.prompt_tokens,
            "outputTokens": usage.completion_tokens,
            "totalTokens": usage.prompt_tokens + usage.completion_tokens,
        },
        "metrics": {"latencyMs": milliseconds},
    }
    return Answer(200, msgspec.json.encode(body), {"Content-Type": JSON_TYPE})


def _refused(status: int) -> ServiceError:
    """What an answer without a completion means. Its own words stay out: they may hold the key."""
    code = _REFUSED.get(status, "ServiceUnavailableException" if status >= 500 else "ValidationException")
    advice = {
        "AccessDeniedException": f"set {KEY} to a key that it takes",
        "ResourceNotFoundException": f"check {URL}, which usually ends in /v1, and that it has the model {MODEL} names",
        "ThrottlingException": "it is asked too fast",
        "ValidationException": f"check {URL} and what the model takes",
    }.get(code, "see its own log")
    return _error(code, f"The address in {URL} answered with status {status}: {advice}.")


def _error(code: str, message: str) -> ServiceError:
    return ServiceError(code, message, content_type=JSON_TYPE)
