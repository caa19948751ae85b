"""Notices by https: what Slack and Discord are sent, over a real connection, and that it can do no harm."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.digest.model import Digest
from shared.digest.view import view
from shared.errors import AwsError, SettingsError
from shared.notices import channels
from shared.notices.channel import Channel
from shared.notices.channels import CHANNELS, post_announce
from shared.notices.webhook import payload
from shared.papers import Paper
from shared.settings import Settings
from tests.fakes.webhook import SECRET, FakeWebhook, fake_webhook
from tests.unit.digest.attacks import attacked_digest
from tests.unit.digest.digests import digest_of as summarised_digest
from tests.unit.digest.digests import translated
from tests.unit.notices.test_mail import SITE, digest_of


@pytest.fixture
def receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeWebhook]:
    with fake_webhook(tmp_path) as fake:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(fake.certificate))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield fake


def warnings_of(addresses: Callable[[], str], digest: Digest | None = None) -> list[str]:
    """What is said when a digest is announced at `addresses`."""
    warned: list[str] = []
    post_announce(addresses, SITE, warned.append)(view(digest or digest_of(2)), False)
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
    assert "\nhttps://digests.example.org/digests/2025-W37/ko/index.html\n" in body["text"]
    assert "\n1. 듣는 법을 배우기\n<https://huggingface.co/papers/2509.00001>\n" in body["text"]


def test_each_address_gets_the_form_of_the_first_channel_that_accepts_it(
    receiver: FakeWebhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_up = Channel(lambda address: "/cards/" in address, lambda view, site: {"card": view.title})
    monkeypatch.setattr(channels, "CHANNELS", (made_up, *CHANNELS))
    other = receiver.address.replace("/services/", "/cards/")

    warned = warnings_of(lambda: f"{receiver.address}\n\n{other}\n")

    taken = {path: body for path, _, body in receiver.taken}
    assert warned == []
    assert taken.keys() == {SECRET, SECRET.replace("/services/", "/cards/")}
    assert taken[SECRET].keys() == {"text", "content", "allowed_mentions"}
    assert taken[SECRET.replace("/services/", "/cards/")] == {"card": "2025년 37주 차 · Hugging Face 주간 인기 논문"}


def test_an_address_that_fails_is_named_by_its_place_and_keeps_no_other_waiting(receiver: FakeWebhook) -> None:
    warned = warnings_of(lambda: f"http://127.0.0.1:9{SECRET}\n{receiver.address}")

    assert warned == ["address 1 of 2: the parameter holds no https address"]
    assert len(receiver.taken) == 1


def test_every_address_is_some_channel_s() -> None:
    assert CHANNELS[-1].accepts("https://chat.example.org/hooks/1")


@pytest.mark.parametrize("status", [302, 400, 404, 429, 500])
def test_a_refusal_is_reported_by_its_status_and_no_redirect_is_followed(receiver: FakeWebhook, status: int) -> None:
    receiver.status = status
    receiver.location = f"https://127.0.0.1:{receiver.port}/elsewhere" if status == 302 else ""

    warned = warnings_of(lambda: receiver.address)

    assert warned == [f"it answered {status}"]
    assert len(receiver.taken) == 1


def test_a_service_that_does_not_answer_is_not_waited_for(
    receiver: FakeWebhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channels, "DEADLINE_SECONDS", 0.1)
    receiver.open.clear()

    assert warnings_of(lambda: receiver.address) == ["TimeoutError"]


@pytest.mark.parametrize("address", ["http://127.0.0.1:9" + SECRET, "", "hooks.slack.com" + SECRET, "https:///x"])
def test_nothing_is_posted_but_over_https(address: str) -> None:
    assert warnings_of(lambda: address) == ["the parameter holds no https address"]


@pytest.mark.parametrize("address", ["https://127.0.0.1:9" + SECRET, "https://[" + SECRET, "https://127.0.0.1:x/"])
def test_no_failure_shows_the_address(address: str) -> None:
    [warned] = warnings_of(lambda: address)

    assert warned.isidentifier()


def test_a_service_whose_certificate_nobody_signed_gets_nothing(
    receiver: FakeWebhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")

    assert warnings_of(lambda: receiver.address) == ["SSLError"]
    assert receiver.taken == []


def test_a_parameter_that_may_not_be_read_is_reported_by_its_code() -> None:
    def address() -> str:
        raise AwsError("The parameter cannot be read.", "ParameterNotFound")

    assert warnings_of(address) == ["its parameter cannot be read: ParameterNotFound"]


def test_a_hostile_title_mentions_nobody_and_is_no_markup() -> None:
    paper = Paper("2509.00001", "<!channel> @everyone <@U1> [x] https://evil.example a|b & c", "An abstract.")

    body = payload(view(digest_of(0, (paper,))), "")

    assert "\n1. &lt;!channel&gt; @everyone &lt;@U1&gt; [x] https://evil.example a|b &amp; c\n<" in body["text"]
    escaped = r"1. \<!channel\> \@everyone \<\@U1\> \[x\] https\://evil.example a\|b & c"
    assert f"\n{escaped}\n<" in body["content"]
    assert body["allowed_mentions"] == {"parse": []}


def test_what_is_too_long_for_discord_is_cut_at_a_paper() -> None:
    body = payload(view(attacked_digest()), SITE)

    for name in ("text", "content"):
        assert len(body[name].encode("utf-16-le")) // 2 <= 2000
        assert body[name].endswith(">\n\n…\n")


@pytest.mark.parametrize("characters", [20, 150, 400])
def test_summaries_take_the_room_that_the_titles_leave(characters: int) -> None:
    papers = tuple(Paper(f"2509.{number:05}", f"Title {number}", "An abstract.") for number in range(1, 11))
    results = [
        translated(paper, "본문", summary=f"*{number} " + "가" * characters) for number, paper in enumerate(papers)
    ]

    body = payload(view(summarised_digest(papers, results)), SITE)

    for name, mark in (("text", "\n*"), ("content", "\n\\*")):
        assert len(body[name].encode("utf-16-le")) // 2 <= 2000
        assert all(f"<{paper.page}>" in body[name] for paper in papers)
        assert 0 < body[name].count(mark) <= 10
        assert (body[name].count(mark) == 10) is (characters == 20)
        assert "Hugging Face의 AI" in body[name]
        assert "…" not in body[name].replace("가…", "")


@pytest.mark.parametrize("name", ["/chorok/webhook", "chorok-webhook", "chorok_webhook.1"])
def test_the_setting_is_a_parameter_s_name(name: str) -> None:
    assert Settings(webhook_parameter=name).to_environment("aggregate") == {"CHOROK_WEBHOOK_PARAMETER": name}


@pytest.mark.parametrize(
    "value", ["https://hooks.slack.com" + SECRET, "chorok/webhook", "/chorok/*", "/chorok/", "a b"]
)
def test_anything_else_is_refused_and_an_address_is_not_repeated(value: str) -> None:
    with pytest.raises(SettingsError, match=r"^webhook_parameter is not the name of an SSM parameter") as caught:
        Settings(webhook_parameter=value)

    assert SECRET not in str(caught.value)
