"""What becomes of a call to an AWS service that failed, whichever service it was."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import boto3
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, HTTPClientError
from botocore.exceptions import ConnectionError as BotocoreConnectionError
from botocore.parsers import ResponseParserError

from shared.failures import (
    MALFORMED_CREDENTIALS,
    NETWORK_CODE,
    NOT_IN_REGION,
    Failure,
    KnownFailure,
    answered_failure,
    known_failure,
)

UNPARSED = (AttributeError, LookupError, TypeError, ValueError, ResponseParserError)
"""What botocore's parsers raise at a successful answer of another shape, as a proxy or a wrong server sends it."""


def asking_once(connect_timeout_seconds: int, read_timeout_seconds: int) -> Config:
    """How every engine's client calls: once, and giving up in time, for retries belong to the queue."""
    return Config(
        connect_timeout=connect_timeout_seconds,
        read_timeout=read_timeout_seconds,
        retries={"total_max_attempts": 1, "mode": "standard"},
    )


def failure_of(
    error: ClientError | BotoCoreError, client: BaseClient, service: str, special: Sequence[KnownFailure] = ()
) -> Failure:
    """The failure behind `error`, which a call of `client` raised.

    `service` is its name for an operator; the rows of `special` come before the table's own.
    """
    if isinstance(error, ClientError):
        details = error.response.get("Error", {})
        code = details.get("Code") or "Unknown"
        message = " ".join(details.get("Message", "").split())
        said = f"{service} answered {code}{': ' + message if message else ''}."
        return answered_failure(code, said, service, special)
    if isinstance(error, HTTPClientError) and isinstance(error.kwargs.get("error"), ValueError):
        # An HTTP header that cannot be sent holds a credential: its text must not get into a cause.
        return known_failure(MALFORMED_CREDENTIALS)
    if isinstance(error, EndpointConnectionError) and (region := region_without_it(client)):
        return known_failure(NOT_IN_REGION, service=service, region=region)
    if isinstance(error, (HTTPClientError, BotocoreConnectionError)):
        return known_failure(NETWORK_CODE, service=service, error=type(error).__name__)
    said = " ".join(f"botocore could not send the request: {error}".split())
    return answered_failure(type(error).__name__, said, service, special)


def region_without_it(client: BaseClient) -> str:
    """The client's region, where AWS does not offer the service in it: its name then leads nowhere; else "".

    An endpoint of the user's own may be anywhere.
    """
    region, host = client.meta.region_name, urlsplit(client.meta.endpoint_url).hostname or ""
    model = client.meta.service_model
    if not host.startswith(f"{model.endpoint_prefix}.{region}."):
        return ""
    return "" if is_offered(model.service_name, region) else region


def is_offered(service: str, region: str) -> bool:
    """Whether AWS offers a service in a region, as far as botocore knows: of some services it lists no regions."""
    session = boto3.session.Session()
    partitions = session.get_available_partitions()
    regions = {at for partition in partitions for at in session.get_available_regions(service, partition)}
    return not regions or region in regions
