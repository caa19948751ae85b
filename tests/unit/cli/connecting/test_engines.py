"""What `--engine` makes of an embedded cloud: the endpoint's command, the functions' setting, and no key in either."""

from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import CliRunner
from rich.console import Console

from cli.commands import chorok
from cli.connecting import opening
from cli.connecting.opening import CloudOptions, choose_engine, open_pipeline
from infra.embedded.cloud import Plan
from infra.embedded.keeper import Running
from shared.errors import CloudError, UsageError
from shared.languages.table import codes
from shared.settings import Settings

PROFILE = "us.amazon.nova-pro-v1:0"
CHAT = {"CHOROK_CHAT_URL": "https://example.org/v1/", "CHOROK_CHAT_MODEL": "qwen2.5:7b", "CHOROK_CHAT_KEY": "sk-secret"}


def chosen(engine: str, tmp_path: Path, environment: dict[str, str]) -> opening.Engine:
    return choose_engine(CloudOptions(tmp_path, engine), environment, Console(quiet=True))


@pytest.mark.parametrize(
    ("engine", "command", "credited"),
    [
        ("chat", ("chat", "https://example.org/v1", "qwen2.5:7b"), "chat:qwen2.5:7b"),
        (f"bedrock:{PROFILE}", ("bedrock", PROFILE), f"bedrock:{PROFILE}"),
    ],
)
def test_a_large_model_translates_into_every_language(
    tmp_path: Path, engine: str, command: tuple[str, ...], credited: str
) -> None:
    found = chosen(engine, tmp_path, CHAT)

    assert found.command[-len(command) :] == command
    assert "sk-secret" not in repr(found)
    settings = Settings(engines=found.engines, embedded=True)
    assert {settings.engine(code) for code in codes()} == {credited}


def test_a_chat_model_that_nobody_named_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="CHOROK_CHAT_MODEL"):
        chosen("chat", tmp_path, {"CHOROK_CHAT_URL": "https://example.org/v1"})


@pytest.mark.parametrize("engine", ["bedrock:nova", "bedrock:", "nova"])
def test_an_engine_that_cannot_be_is_refused_before_anything_starts(tmp_path: Path, engine: str) -> None:
    done = CliRunner().invoke(chorok, ["run", "--engine", engine, "--state", str(tmp_path / "state")])

    assert done.exit_code == 2
    assert "--engine" in done.output
    assert not (tmp_path / "state").exists()


CHAT_IS_UP, BEDROCK_IS_UP = ("chat", "https://example.org/v1", "qwen2.5:7b"), ("bedrock", PROFILE)


@pytest.fixture
def up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Lets a cloud be up with an engine of these arguments, and opens it for who wants another engine, or that one."""

    def open_for(arguments: tuple[str, ...], wanted: str) -> Any:
        plan = Plan(tmp_path, tmp_path, "Chorok", (*opening._COMMAND, *arguments))
        monkeypatch.setattr(opening, "running", lambda _state: Running(1, cast("Any", "the cloud"), plan))
        monkeypatch.setattr(opening, "pipeline", lambda cloud: cloud)
        return open_pipeline(CloudOptions(tmp_path, wanted), Console(quiet=True))

    return open_for


@pytest.mark.parametrize(
    ("arguments", "wanted"), [(CHAT_IS_UP, "chat"), (CHAT_IS_UP, "auto"), (BEDROCK_IS_UP, f"bedrock:{PROFILE}")]
)
def test_a_cloud_that_is_up_serves_whom_its_engine_suits(up: Any, arguments: tuple[str, ...], wanted: str) -> None:
    with up(arguments, wanted) as opened:
        assert opened == "the cloud"


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (CHAT_IS_UP, "amazon"),
        (BEDROCK_IS_UP, "bedrock:amazon.nova-lite-v1:0"),
        (("amazon",), f"bedrock:{PROFILE}"),
        (("model", "/models", "en-ko"), "chat"),
    ],
)
def test_a_cloud_that_is_up_with_another_engine_says_with_which(
    up: Any, arguments: tuple[str, ...], wanted: str
) -> None:
    with pytest.raises(CloudError, match=f"translates with {arguments[0]}"), up(arguments, wanted):
        pass
