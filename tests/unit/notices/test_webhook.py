"""The webhook's notice: what Slack and Discord are told, over a real connection, and that it can do no harm."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.digest.model import Digest
from shared.errors import SettingsError
from shared.notices import webhook
from shared.notices.webhook import payload, webhook_announce
from shared.papers import Paper
from shared.settings import Settings
from tests.fakes.aws import client_error
from tests.fakes.webhook import SECRET, FakeWebhook, fake_webhook
from tests.unit.digest.attacks import attacked_digest
from tests.unit.notices.test_mail import SITE, digest_of


@pytest.fixture
def receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeWebhook]:
    with fake_webhook(tmp_path) as fake:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(fake.certificate))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield fake


def warnings_of(address: Callable[[], str], digest: Digest | None = None) -> list[str]:
    """What is told when a digest is announced through the webhook at `address`."""
    warned: list[str] = []
    webhook_announce(address, SITE, warned.append)(digest or digest_of(2), False)
    return warned


def test_both_services_get_the_titles_in_one_post_to_the_secret_address(receiver: FakeWebhook) -> None:
    warned = warnings_of(lambda: receiver.address + "\n")

    [(path, headers, body)] = receiver.taken
    assert warned == []
    assert path == SECRET
    assert headers["Content-Type"] == "application/json"
    assert "Authorization" not in headers
    assert body["text"] == body["content"]
    assert body["text"].startswith("2025년 37주 차 · Hugging Face 주간 인기 논문\n")
    assert "\nhttps://digests.example.org/digests/2025-W37/ko/digest.html\n" in body["text"]
    assert "\n1. 듣는 법을 배우기\n<https://huggingface.co/papers/2509.00001>\n" in body["text"]


@pytest.mark.parametrize("status", [302, 400, 404, 429, 500])
def test_a_refusal_is_told_by_its_status_and_no_redirect_is_followed(receiver: FakeWebhook, status: int) -> None:
    receiver.status = status
    receiver.location = f"https://127.0.0.1:{receiver.port}/elsewhere" if status == 302 else ""

    warned = warnings_of(lambda: receiver.address)

    assert warned == [f"it answered {status}"]
    assert len(receiver.taken) == 1


def test_a_service_that_does_not_answer_is_not_waited_for(
    receiver: FakeWebhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "DEADLINE_SECONDS", 0.1)
    receiver.open.clear()

    assert warnings_of(lambda: receiver.address) == ["TimeoutError"]


@pytest.mark.parametrize("address", ["http://127.0.0.1:9" + SECRET, "", "hooks.slack.com" + SECRET, "https:///x"])
def test_nothing_is_posted_but_over_https(address: str) -> None:
    assert warnings_of(lambda: address) == ["the parameter holds no https address"]


@pytest.mark.parametrize("address", ["https://127.0.0.1:9" + SECRET, "https://[" + SECRET, "https://127.0.0.1:x/"])
def test_no_failure_tells_the_address(address: str) -> None:
    [warned] = warnings_of(lambda: address)

    assert warned.isidentifier()


def test_a_service_whose_certificate_nobody_signed_gets_nothing(
    receiver: FakeWebhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")

    assert warnings_of(lambda: receiver.address) == ["SSLError"]
    assert receiver.taken == []


def test_a_parameter_that_may_not_be_read_is_told_by_its_code() -> None:
    def address() -> str:
        raise client_error("ParameterNotFound", 400, "GetParameter")

    assert warnings_of(address) == ["its parameter cannot be read: ParameterNotFound"]


def test_a_hostile_title_mentions_nobody_and_is_no_markup() -> None:
    paper = Paper("2509.00001", "<!channel> @everyone <@U1> [x] https://evil.example a|b & c", "An abstract.")

    body = payload(digest_of(0, (paper,)), "")

    assert "\n1. &lt;!channel&gt; @everyone &lt;@U1&gt; [x] https://evil.example a|b &amp; c\n<" in body["text"]
    escaped = r"1. \<!channel\> \@everyone \<\@U1\> \[x\] https\://evil.example a\|b & c"
    assert f"\n{escaped}\n<" in body["content"]
    assert body["allowed_mentions"] == {"parse": []}


def test_what_is_too_long_for_discord_is_cut_at_a_paper() -> None:
    body = payload(attacked_digest(), SITE)

    for name in ("text", "content"):
        assert len(body[name].encode("utf-16-le")) // 2 <= 2000
        assert body[name].endswith(">\n\n…\n")


@pytest.mark.parametrize("name", ["/chorok/webhook", "chorok-webhook", "chorok_webhook.1"])
def test_the_setting_is_a_parameter_s_name(name: str) -> None:
    assert Settings(webhook_parameter=name).to_environment("aggregate") == {"CHOROK_WEBHOOK_PARAMETER": name}


@pytest.mark.parametrize(
    "value", ["https://hooks.slack.com" + SECRET, "chorok/webhook", "/chorok/*", "/chorok/", "a b"]
)
def test_anything_else_is_refused_and_an_address_is_not_told_on(value: str) -> None:
    with pytest.raises(SettingsError, match=r"^webhook_parameter is no name of an SSM parameter") as caught:
        Settings(webhook_parameter=value)

    assert SECRET not in str(caught.value)
