"""The JSON Schema of `digest.json`, made from the dataclasses: `python -m shared.digest.schema` prints it."""

import sys
from inspect import cleandoc
from typing import Any

import msgspec

from shared.digest.model import Digest


def json_schema() -> bytes:
    """The schema (https://json-schema.org/draft/2020-12), as it is published in `docs/digest.schema.json`."""
    schema: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema |= msgspec.json.schema(Digest)
    for definition in schema["$defs"].values():
        definition["description"] = cleandoc(definition["description"])
    return msgspec.json.format(msgspec.json.encode(schema), indent=2) + b"\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(json_schema())
