"""A link is signed for the time asked for, and says what may end it before."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import botocore.session
import pytest
from boto3.session import Session
from botocore.credentials import Credentials

from cli.connecting.link import LONGEST_SECONDS, Link, presign

KEY = "digests/2025-W37/ko/digest.html"
DAY = 24 * 3600


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
    assert link.lifetime.startswith(f"It works until {now + timedelta(days=7):%Y-%m-%d %H:%M:%S} UTC, unless")


@pytest.mark.parametrize("token", [None, "token"])
def test_no_link_is_said_to_outlive_what_signed_it(token: str | None) -> None:
    link = sign(Credentials("ASIA", "secret", token), DAY, datetime(2026, 9, 15, 1, tzinfo=UTC))

    assert "until 2026-09-16 01:00:00 UTC, unless the credentials that signed it end before" in link.lifetime
