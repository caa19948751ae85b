"""A back end that hands calls on: to Amazon with the user's credentials, or unchanged to another address."""

from collections.abc import Callable, Mapping
from urllib.parse import quote, urlsplit

import botocore.session
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError

from infra.engine.wire import (
    CONTENT_TYPE,
    CONVERSE,
    JSON_TYPE,
    OPERATIONS,
    TARGET_PREFIX,
    Answer,
    Request,
    error,
)
from shared.addresses import is_loopback
from shared.engines.calls import region_without_it
from shared.errors import CloudError, UsageError
from shared.failures import NOT_IN_REGION, known_failure

Path = Callable[[Request], str | None]
"""What stands after the address where a call is posted; None for a call that is not handed on."""
Headers = Callable[[Request, str], Mapping[str, str]]
"""The headers to send with a call to an address."""

_CONNECT_SECONDS = 5
_READ_SECONDS = 70

_OF_ONE_CONNECTION = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-encoding",
        "content-length",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers of one connection (https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1), or of how its body is coded."""


class Relay:
    """Posts the body of each call that has a `path` below `address`, and answers with what comes back.

    Where nothing comes, there is no answer either: the caller sees a network failure, as it would without a relay.
    """

    def __init__(self, address: str, path: Path, headers: Headers) -> None:
        self._address = address
        self._path = path
        self._headers = headers
        self._session = requests.Session()
        # A proxy of the environment never stands between two programs of this machine.
        self._session.trust_env = not is_loopback(urlsplit(address).hostname or "")

    def __call__(self, request: Request) -> Answer | None:
        """What the address answers, or None."""
        path = self._path(request)
        if path is None:
            return error("UnknownOperationException", f"{request.operation} {request.model} is not answered here.")
        address = f"{self._address}{path}"
        try:
            headers = {**self._headers(request, address), "Accept-Encoding": "identity"}
        except BotoCoreError as problem:
            # An expired login, for example. The code is one that the user must mend, and it never left this machine.
            return error("NoCredentialsError", f"The AWS credentials cannot be had: {problem}")
        try:
            response = self._session.post(
                address,
                data=request.body,
                headers=headers,
                timeout=(_CONNECT_SECONDS, _READ_SECONDS),
                allow_redirects=False,
            )
        except requests.exceptions.InvalidHeader:
            # Not what it says: it would put a credential into a log.
            return error("IncompleteSignature", "The AWS credentials hold characters that no credential has.")
        except requests.RequestException:
            return None
        return Answer(response.status_code, response.content, _passed_on(response.headers))


def forward(address: str) -> Relay:
    """The relay to another endpoint of the same protocol. Raises UsageError where `address` is no http address."""
    url = urlsplit(address)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise UsageError(f"{address!r} is no address of an endpoint: write it as http://127.0.0.1:4566.")
    return Relay(address, _translate_path, lambda request, _address: _passed_on(request.headers) | _target(request))


def amazon(session: botocore.session.Session) -> Relay:
    """The relay to Amazon Translate as `session` is configured, signed with its credentials.

    The caller's own signature is dropped. Raises CloudError where credentials or region are missing.
    """
    return _signed(
        session,
        "translate",
        "Amazon Translate",
        _translate_path,
        lambda request: {"content-type": CONTENT_TYPE, **_target(request)},
    )


def bedrock(session: botocore.session.Session, model: str) -> Relay:
    """The relay to Amazon Bedrock's Converse with `model`, and to no other model; otherwise as `amazon`."""

    def path(request: Request) -> str | None:
        wanted = request.operation == CONVERSE and request.model == model
        return f"/model/{quote(model, safe='')}/converse" if wanted else None

    return _signed(session, "bedrock-runtime", "Amazon Bedrock", path, lambda _request: {"content-type": JSON_TYPE})


def _signed(
    session: botocore.session.Session,
    service: str,
    name: str,
    path: Path,
    headers: Callable[[Request], dict[str, str]],
) -> Relay:
    try:
        client = session.create_client(service)
        credentials = session.get_credentials()
    except BotoCoreError as problem:
        raise CloudError(f"{name} cannot be used: {problem} Set up credentials and region for AWS.") from problem
    if region := region_without_it(client):
        raise CloudError(known_failure(NOT_IN_REGION, service=name, region=region).cause)
    if credentials is None:
        raise CloudError(f"{name} cannot be used: there are no AWS credentials. Set them up, or choose --engine model.")

    def signed(request: Request, address: str) -> Mapping[str, str]:
        unsigned = AWSRequest("POST", address, data=request.body, headers=headers(request))
        signer = SigV4Auth(credentials.get_frozen_credentials(), OPERATIONS[request.operation], client.meta.region_name)
        signer.add_auth(unsigned)
        return dict(unsigned.headers.items())

    return Relay(client.meta.endpoint_url.rstrip("/"), path, signed)


def _translate_path(request: Request) -> str | None:
    return "" if OPERATIONS[request.operation] == "translate" else None


def _target(request: Request) -> dict[str, str]:
    """The header that names the operation, written anew: it says what was let in, whatever the caller's looked like."""
    return {"x-amz-target": f"{TARGET_PREFIX}{request.operation}"}


def _passed_on(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items() if name.lower() not in _OF_ONE_CONNECTION}
