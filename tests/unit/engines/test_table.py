"""A name in the setting `engines`: what it stands for, and what readers are shown of it."""

import pytest

from shared.engines.by_name import find_engine
from shared.engines.naming import credit
from shared.errors import SettingsError
from shared.languages.table import find_language

PROFILE = "us.amazon.nova-lite-v1:0"


@pytest.mark.parametrize(
    ("name", "credited"),
    [
        ("amazon-translate", "amazon-translate"),
        ("firefox-translations/en-ko-1.0", "firefox-translations/en-ko-1.0"),
        (f"bedrock:{PROFILE}", f"bedrock:{PROFILE}"),
        (f"bedrock:arn:aws:bedrock:us-east-1:111122223333:inference-profile/{PROFILE}", f"bedrock:{PROFILE}"),
        ("chat:meta-llama/Llama-3.1-8B-Instruct", "chat:meta-llama/Llama-3.1-8B-Instruct"),
    ],
)
def test_an_engine_is_credited_by_its_name_without_the_account(name: str, credited: str) -> None:
    assert credit(name) == credited


@pytest.mark.parametrize(
    "name", ["bedrok:amazon.nova", "bedrock:", "bedrock:nova", "chat:", "chat:a b", "chat:a,b", ":x"]
)
def test_what_can_be_no_engine_is_refused_with_what_to_write(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        credit(name)

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["amazon-translate", f"bedrock:{PROFILE}", "chat:qwen2.5:7b"])
def test_every_kind_of_name_has_an_engine(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")

    assert callable(find_engine(name, find_language("ko")))


def test_a_name_that_nothing_has_is_no_engine() -> None:
    with pytest.raises(SettingsError, match="no engine 'bedrok:x'"):
        find_engine("bedrok:x", find_language("ko"))
