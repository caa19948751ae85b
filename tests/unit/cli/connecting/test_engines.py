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


def chosen(engine: str, tmp_path: Path, environment: dict[str, str], second: str = "") -> opening.Engine:
    return choose_engine(CloudOptions(tmp_path, engine, second_engine=second), environment, Console(quiet=True))


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


@pytest.mark.parametrize(
    ("second", "command", "credited"),
    [
        ("chat", ("--second", "chat", "https://example.org/v1", "qwen2.5:7b"), "chat:qwen2.5:7b"),
        (f"bedrock:{PROFILE}", ("--second", "bedrock", PROFILE), f"bedrock:{PROFILE}"),
    ],
)
def test_a_second_engine_stands_beside_the_first(
    tmp_path: Path, second: str, command: tuple[str, ...], credited: str
) -> None:
    found = chosen("amazon", tmp_path, CHAT, second)

    assert found.command[-len(command) - 1 :] == ("amazon", *command)
    assert found.environment == {"CHOROK_SECOND_ENGINE": credited}
    assert Settings.from_environment(found.environment).second_engine == credited
    assert "sk-secret" not in repr(found)


def test_without_a_second_engine_none_is_set(tmp_path: Path) -> None:
    assert chosen("amazon", tmp_path, CHAT).environment == {}


@pytest.mark.parametrize("engine", ["chat", f"bedrock:{PROFILE}"])
def test_a_second_engine_is_another_than_the_first(tmp_path: Path, engine: str) -> None:
    with pytest.raises(UsageError, match="another one"):
        chosen(engine, tmp_path, CHAT, engine)


def test_a_deployed_stack_has_a_second_engine_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--second-engine"):
        CloudOptions(tmp_path, stack="Chorok", second_engine="chat")


@pytest.mark.parametrize("command", ["run", "up", "redrive", "heal", "backfill"])
def test_a_second_engine_that_cannot_be_is_refused_before_anything_starts(tmp_path: Path, command: str) -> None:
    state = tmp_path / "state"

    done = CliRunner().invoke(chorok, [command, "--second-engine", "model", "--state", str(state)])

    assert done.exit_code == 2
    assert "--second-engine" in done.output
    assert not state.exists()


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

    def open_for(arguments: tuple[str, ...], wanted: str, second: str = "", wanted_second: str = "") -> Any:
        environment = {"CHOROK_SECOND_ENGINE": second} if second else {}
        plan = Plan(tmp_path, tmp_path, "Chorok", (*opening._COMMAND, *arguments), environment)
        monkeypatch.setattr(opening, "running", lambda _state: Running(1, cast("Any", "the cloud"), plan))
        monkeypatch.setattr(opening, "pipeline", lambda cloud: cloud)
        return open_pipeline(CloudOptions(tmp_path, wanted, second_engine=wanted_second), Console(quiet=True))

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


BOTH_ARE_UP = ("amazon", "--second", *CHAT_IS_UP)


@pytest.mark.parametrize("wanted", ["", "chat"])
def test_a_cloud_that_is_up_with_a_second_engine_serves_whom_it_suits(up: Any, wanted: str) -> None:
    with up(BOTH_ARE_UP, "amazon", "chat:qwen2.5:7b", wanted) as opened:
        assert opened == "the cloud"


@pytest.mark.parametrize(("second", "has"), [("chat:qwen2.5:7b", "has chat:qwen2.5:7b"), ("", "has nothing")])
def test_a_cloud_that_is_up_with_another_second_engine_says_with_which(up: Any, second: str, has: str) -> None:
    arguments = BOTH_ARE_UP if second else ("amazon",)
    with pytest.raises(CloudError, match=has), up(arguments, "auto", second, f"bedrock:{PROFILE}"):
        pass
