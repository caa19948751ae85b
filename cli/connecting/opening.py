"""The pipeline that a command works on: the embedded cloud that is up, or one of its own for as long as it runs."""

import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from rich.console import Console

from cli.connecting.dead_letters import redrive_by_hand
from cli.connecting.deployment import Pipeline
from cli.connecting.stacks import deployed_pipeline
from cli.connecting.watching import Stillness, until
from cli.showing.meters import ModelDownloads
from cli.showing.phases import phase
from infra.assembly import STACK, synthesize
from infra.embedded.cloud import ENDPOINTS, Cloud, Plan, running_cloud
from infra.embedded.deploy import REGION, read_assembly
from infra.embedded.emulator import Emulator, fresh_key, reachable
from infra.embedded.keeper import running
from infra.embedded.state import deployed_on, hold, is_held, owner
from infra.engine import SECOND
from infra.loopback import HOST
from infra.places import cache_folder
from shared.errors import CloudError, StateInUse, UsageError
from shared.languages.table import codes
from shared.settings import PREFIX

AUTO, MODEL, AMAZON, CHAT = "auto", "model", "amazon", "chat"
BEDROCK = "bedrock:"
"""With the id of a model or inference profile behind it."""
RECEIVES = 10
_RETRY_SECONDS = {"retry_base_seconds": "1", "retry_cap_seconds": "2"}
"""Nothing throttles on the embedded cloud, so there is no reason to wait an hour."""
_POLL_SECONDS = 0.1
_NOTHING = "Nothing has run here yet. Start with `chorok run`, or give --state."
_FINISH_SECONDS, _STILL_SECONDS = 10.0, 2.0
_ENDPOINT = "AWS_ENDPOINT_URL_TRANSLATE"
_MODELS = "CHOROK_MODELS"
_ENGINES, _SECOND_ENGINE = f"{PREFIX}ENGINES", f"{PREFIX}SECOND_ENGINE"
_COMMAND = (sys.executable, "-P", "-m", "infra.engine")


@dataclass(frozen=True)
class Engine:
    """What translates on an embedded cloud: the endpoint's command, and the settings that the functions get of it."""

    command: tuple[str, ...]
    engines: tuple[str, ...] = ()
    second_engine: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """The settings as environment variables; what is not set is left out."""
        settings = {_ENGINES: ",".join(self.engines), _SECOND_ENGINE: self.second_engine}
        return {name: value for name, value in settings.items() if value}


NO_ENGINE = Engine((*_COMMAND, "forward", "http://127.0.0.1:9"))
"""Nothing answers: for the sample week, whose translations all come from the memory."""


@dataclass(frozen=True)
class CloudOptions:
    """Which cloud a command works on: the deployed `stack` if one is named, else the embedded one on `state`.

    What it needs of an embedded cloud are an engine for `languages`, a second engine, and a number of `receives`; None
    for these, "auto" for the engine, and "" for the second, accept whatever there is.
    """

    state: Path
    engine: str = AUTO
    languages: tuple[str, ...] = ("ko",)
    receives: int | None = None
    stack: str = ""
    second_engine: str = ""

    def __post_init__(self) -> None:
        if self.stack and (self.engine != AUTO or self.second_engine or self.receives is not None):
            raise UsageError(
                "--engine, --second-engine and --receives are for the embedded cloud: a deployed stack has its own."
            )
        if self.second_engine == self.engine:
            raise UsageError(f"--second-engine is {self.engine}, as --engine is: a second engine is another one.")


def choose_engine(wanted: CloudOptions, environment: Mapping[str, str], console: Console) -> Engine:
    """The engines that are asked for; models that are not here yet are fetched. Raises ModelError and UsageError."""
    # The second first: what is wrong with it is known before anything is fetched.
    second = _converse(wanted.second_engine, environment) if wanted.second_engine else None
    first = _first_engine(wanted, environment, console)
    if second is None:
        return first
    name, *arguments = second
    return replace(first, command=(*first.command, SECOND, *arguments), second_engine=name)


def _converse(wanted: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """How results call the model that is wanted, and the endpoint's arguments for it. Raises UsageError."""
    if wanted == CHAT:
        # Only here, as it brings an HTTP client along.
        from infra.engine.chat import chosen

        address, model = chosen(environment)
        return f"chat:{model}", "chat", address, model
    return wanted, "bedrock", wanted.removeprefix(BEDROCK)


def _first_engine(wanted: CloudOptions, environment: Mapping[str, str], console: Console) -> Engine:
    address = environment.get(_ENDPOINT, "")
    if wanted.engine == AMAZON:
        return Engine((*_COMMAND, "amazon"))
    if wanted.engine == AUTO and address:
        return _everywhere("translate-endpoint", "forward", address)
    if wanted.engine == CHAT or wanted.engine.startswith(BEDROCK):
        return _everywhere(*_converse(wanted.engine, environment))
    # Only here, as it brings an HTTP client along.
    from infra.engine.models import model_of, provide

    languages = tuple(dict.fromkeys(wanted.languages))
    models = [model_of(f"en-{language}") for language in languages]
    with ModelDownloads(console) as downloads:
        folder = provide(models, environment.get(_MODELS, ""), cache_folder(environment, "models"), downloads.show)
    engines = tuple(f"{language}={model.engine}" for language, model in zip(languages, models, strict=True))
    return Engine((*_COMMAND, "model", str(folder.resolve()), *(model.pair for model in models)), engines)


def _everywhere(name: str, *arguments: str) -> Engine:
    """The endpoint's command with `arguments`, which translates into every language; results call it `name`."""
    return Engine((*_COMMAND, *arguments), tuple(f"{code}={name}" for code in codes()))


def plan(wanted: CloudOptions, engine: Engine) -> Plan:
    """The embedded cloud that is `wanted`, with `engine`. Raises CloudError where the stack cannot be synthesised."""
    settings = {"embedded": "true", "receives": str(wanted.receives or RECEIVES), **_RETRY_SECONDS}
    return Plan(
        state=wanted.state.resolve(),
        assembly=synthesize(settings),
        stack=STACK,
        engine=engine.command,
        environment=engine.environment,
    )


@contextmanager
def open_pipeline(wanted: CloudOptions, console: Console, engine: Engine | None = None) -> Iterator[Pipeline]:
    """The pipeline of the deployed stack, or of the embedded cloud that is up, or of one that lives for this block.

    Where another command has the embedded cloud, that is waited for. `engine` is what `choose_engine` would be asked
    for otherwise. Raises CloudError, ModelError and UsageError.
    """
    if wanted.stack:
        yield deployed_pipeline(wanted.stack)
        return
    state = wanted.state.resolve()
    with ExitStack() as cleanup:
        while (found := running(state)) is None:
            chosen = engine or choose_engine(wanted, os.environ, console)
            with phase("synthesising the stack"):
                made = plan(wanted, chosen)
            try:
                with phase("starting the embedded cloud"):
                    cloud = cleanup.enter_context(running_cloud(made))
            except StateInUse:
                _wait_for_others(state)
                continue
            opened = pipeline(cloud)
            yield opened
            with phase("stopping the embedded cloud"):
                _let_finish(opened)
                cleanup.close()
            return
    _require(found.plan, wanted)
    yield pipeline(found.cloud)


@contextmanager
def open_without_engine(wanted: CloudOptions) -> Iterator[Pipeline]:
    """As `open_pipeline`, but nothing is translated, so no engine is needed.

    Raises UsageError where nothing was ever deployed on the state folder.
    """
    state = wanted.state.resolve()
    found = None if wanted.stack else running(state)
    if wanted.stack:
        yield deployed_pipeline(wanted.stack)
    elif found is not None:
        yield pipeline(found.cloud)
    elif deployed_on(state) is None:
        raise UsageError(_NOTHING)
    else:
        with phase("synthesising the stack"):
            made = plan(wanted, NO_ENGINE)
        # Functions may receive what waits in the queues. As this engine never answers, no translation comes of it, and
        # where papers wait the emulator is killed, so that the queues are afterwards what they were.
        with hold(state) as folder, socket.create_server((HOST, 0)) as silence:
            deployed = folder.deployed()
            if deployed is None:
                raise UsageError(_NOTHING)
            address = f"http://{HOST}:{silence.getsockname()[1]}"
            key = fresh_key()
            emulator = Emulator(
                folder, dict.fromkeys(ENDPOINTS, address), key, read_assembly(made.assembly, made.stack)
            )
            with phase("starting the embedded cloud, which translates nothing"):
                endpoint = emulator.start()
            papers_wait = True
            try:
                opened = pipeline(Cloud(endpoint, key, REGION, reachable(deployed.outputs, endpoint), engine=""))
                papers_wait = bool(opened.papers.depth().alive)
                yield opened
            except BaseException:
                papers_wait = True
                raise
            finally:
                if papers_wait:
                    emulator.kill()
                else:
                    emulator.stop(deployed)


def _wait_for_others(state: Path) -> None:
    """Wait, and say for whom, until nobody has the state folder or a cloud is up on it for everybody."""
    with phase(f"waiting for process {owner(state)}, which works on {state}"):
        while is_held(state) and running(state) is None:
            time.sleep(_POLL_SECONDS)


def pipeline(cloud: Cloud) -> Pipeline:
    """The pipeline that is deployed on the embedded `cloud`."""
    return Pipeline.of(cloud.outputs, cloud.client, redrive_by_hand, settle_seconds=0.0)


def _let_finish(ended: Pipeline) -> None:
    """Wait for the last messages to leave the queues: one in flight when its cloud stops stays hidden for minutes.

    A paper that failed for good still has to use up its receives, and its message moves all the time. A message that
    does not move any more is not being worked on.
    """
    stillness = Stillness(_STILL_SECONDS)

    def nothing_moves() -> bool:
        depths = ended.papers.depth(), ended.digests.depth()
        return stillness.lasts(depths) or not any(depth.alive for depth in depths)

    until(_FINISH_SECONDS, nothing_moves)


def _require(up: Plan, wanted: CloudOptions) -> None:
    """Raise CloudError unless the cloud that is up, made of the plan `up`, serves `wanted`."""
    kind, *arguments = takewhile(lambda argument: argument != SECOND, up.engine[len(_COMMAND) :])
    needed, _, model = wanted.engine.partition(":") if wanted.engine != AUTO else (kind, "", "")
    pairs = {f"en-{language}" for language in wanted.languages} if kind == "model" else {model} - {""}
    served = f"{kind} {arguments[0]}" if kind in ("forward", "bedrock", "chat") else kind
    if kind != needed or not pairs <= set(arguments):
        asked = f"{needed} into {', '.join(wanted.languages)}"
        raise CloudError(
            f"The cloud that is up on {up.state} translates with {' '.join([served, *sorted(arguments[1:])])}, not with"
            f" {asked}. Stop it with `chorok down`, or start it with what you need."
        )
    second = up.environment.get(_SECOND_ENGINE, "")
    if wanted.second_engine not in ("", second, second.partition(":")[0]):
        raise CloudError(
            f"The cloud that is up on {up.state} has {second or 'nothing'} as its second engine, not"
            f" {wanted.second_engine}. Stop it with `chorok down`, or start it with what you need."
        )
    if wanted.receives is not None and up.assembly != plan(wanted, Engine(up.engine)).assembly:
        raise CloudError(f"The cloud that is up on {up.state} has other settings. Stop it with `chorok down`.")
