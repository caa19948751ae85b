"""Skipping for a named reason, which `CHOROK_REQUIRE` (names separated by commas) turns into a failure."""

import os
from typing import NoReturn

import pytest


def skip(reason: str, detail: str) -> NoReturn:
    """Skip the running test for `reason`, or fail it where the environment requires what is missing."""
    if reason in os.environ.get("CHOROK_REQUIRE", "").split(","):
        pytest.fail(f"CHOROK_REQUIRE names {reason!r}, but {detail}")
    pytest.skip(f"{reason}: {detail}")
