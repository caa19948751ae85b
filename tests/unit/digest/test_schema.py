import json
from pathlib import Path

from shared.digest.model import Digest
from shared.digest.schema import json_schema

PUBLISHED = Path(__file__).parents[3] / "docs" / "digest.schema.json"


def test_the_published_schema_is_that_of_the_digest() -> None:
    """When this fails: python -m shared.digest.schema > docs/digest.schema.json, and is it still chorok-digest/1?"""
    assert PUBLISHED.read_bytes() == json_schema()


def test_the_schema_tells_the_three_kinds_of_translation_apart() -> None:
    definitions = json.loads(json_schema())["$defs"]

    assert set(definitions["DigestPaper"]["properties"]["translation"]["discriminator"]["mapping"]) == {
        "translated",
        "failed",
        "pending",
    }
    assert "text" not in definitions["Failed"]["properties"]
    assert set(definitions["Digest"]["properties"]) == {"schema", *Digest.__annotations__}
