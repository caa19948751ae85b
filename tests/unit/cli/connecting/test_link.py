"""A link says truly until when it works."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import botocore.session
import pytest
from boto3.session import Session
from botocore.credentials import Credentials, RefreshableCredentials

from cli.connecting.link import LONGEST_SECONDS, Link, presign

KEY = "digests/2025-W37/ko/digest.html"
DAY = 24 * 3600


def temporary(seconds: int, now: datetime) -> RefreshableCredentials:
    """Credentials that end after so many seconds, as a role's do, on a clock that stands still."""
    ends = now + timedelta(seconds=seconds)
    return RefreshableCredentials("ASIA", "secret", "token", ends, dict, "assume-role", time_fetcher=lambda: now)


def sign(credentials: Any, seconds: int, now: datetime) -> Link:
    core: Any = botocore.session.Session()
    core._credentials = credentials
    return presign(Session(botocore_session=core, region_name="ap-northeast-2"), "ledger-of-a-stack", KEY, seconds, now)


@pytest.fixture(autouse=True)
def no_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")


def test_a_link_is_signed_for_the_bucket_s_own_region_and_for_the_time_asked_for() -> None:
    now = datetime.now(UTC).replace(microsecond=0)

    link = sign(Credentials("AKIA", "secret"), 7 * DAY, now)

    address = urlsplit(link.address)
    query = parse_qs(address.query)
    assert (address.scheme, address.netloc) == ("https", "ledger-of-a-stack.s3.ap-northeast-2.amazonaws.com")
    assert address.path == f"/{KEY}"
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == [str(LONGEST_SECONDS)]
    signed = datetime.strptime(query["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert signed >= now
    assert link.lifetime.startswith(f"It works until {now + timedelta(days=7):%Y-%m-%d %H:%M:%S} UTC, as asked for")


def test_temporary_credentials_that_end_first_end_the_link() -> None:
    now = datetime(2026, 9, 15, 1, tzinfo=UTC)

    link = sign(temporary(DAY // 2, now), 7 * DAY, now)

    assert link.lifetime.startswith("It works until 2026-09-15 13:00:00 UTC: then the temporary credentials")


def test_temporary_credentials_that_last_longer_do_not() -> None:
    now = datetime(2026, 9, 15, 1, tzinfo=UTC)

    link = sign(temporary(DAY // 2, now), 3600, now)

    assert link.lifetime.startswith("It works until 2026-09-15 02:00:00 UTC, as asked for")


def test_temporary_credentials_that_do_not_say_when_they_end_are_no_promise() -> None:
    now = datetime(2026, 9, 15, 1, tzinfo=UTC)

    link = sign(Credentials("ASIA", "secret", "token"), DAY, now)

    assert link.lifetime.startswith("It works until 2026-09-16 01:00:00 UTC at the latest: temporary credentials")
