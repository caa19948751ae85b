"""Who asks the embedded cloud for what, as its gateway sees a request: for tests that count or record requests.

Who asks is the application id in the user agent
(https://docs.aws.amazon.com/sdkref/latest/guide/feature-appid.html): each function gets one of its own.
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from infra.embedded.cloud import Cloud

APPLICATION = "AWS_SDK_UA_APP_ID"
"""The environment variable from which AWS's SDKs take the application id."""
FUNCTIONS = ("Fetch", "Translate", "Aggregate")
_APPLICATION = re.compile(r" app/(\w+)")
_SERVICE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([a-z0-9-]+)/")
_OF_OBJECTS = {"GET": "GetObject", "PUT": "PutObject", "HEAD": "HeadObject", "DELETE": "DeleteObject"}


@dataclass(frozen=True)
class Asked:
    """One request: `who` is "" without an application id, bucket and key are "" for all services but S3.

    The operation is the API's name. The key of a ListObjectsV2 is the prefix that it lists.
    """

    who: str
    service: str
    operation: str
    bucket: str = ""
    key: str = ""


def application(user_agent: str) -> str:
    """The application id in a user agent, or ""."""
    found = _APPLICATION.search(user_agent)
    return found[1] if found else ""


def asked(scope: Any, body: bytes = b"") -> Asked:
    """What a request asks for, by its ASGI scope; services that name the operation in a form need its body as well."""
    headers = {bytes(name).decode().lower(): bytes(value).decode("latin-1") for name, value in scope["headers"]}
    signed = _SERVICE.search(headers.get("authorization", ""))
    who, service = application(headers.get("user-agent", "")), signed[1] if signed else "none"
    if service != "s3":
        named = headers.get("x-amz-target", "").rpartition(".")[2] or parse_qs(body.decode("latin-1")).get("Action")
        operation = named[0] if isinstance(named, list) else named
        return Asked(who, service, operation or scope["path"].rpartition("/")[2])
    bucket, _, key = scope["path"].lstrip("/").partition("/")
    query = parse_qs(scope["query_string"].decode(), keep_blank_values=True)
    if "list-type" in query:
        return Asked(who, service, "ListObjectsV2", bucket, query.get("prefix", [""])[0])
    if key and not query.keys() - {"x-id"}:
        return Asked(who, service, _OF_OBJECTS.get(scope["method"], scope["method"]), bucket, key)
    return Asked(who, service, f"{scope['method']} {' '.join(query)}".strip(), bucket, key)


def name_functions(cloud: Cloud) -> None:
    """Have each function's requests carry its name."""
    functions = cloud.client("lambda")
    for found in functions.list_functions()["Functions"]:
        name = next(name for name in FUNCTIONS if name in found["FunctionName"])
        variables = found.get("Environment", {}).get("Variables", {}) | {APPLICATION: name}
        functions.update_function_configuration(
            FunctionName=found["FunctionName"], Environment={"Variables": variables}
        )


def json_of(body: bytes) -> dict[str, Any]:
    """A request's body as JSON, {} where it is none."""
    try:
        read = json.loads(body or b"{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
